"""Who is not bound by what holds at the layer of the client only, in words."""

from __future__ import annotations

from schemalint.context import Context
from schemalint.model import Dialect, Schema

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


def library(schema: Schema) -> str:
    """What the schema's own programs go through, by its name where it has one."""
    return "SQLAlchemy" if schema.language == "sqlmodel" else "the client library"


def unless(context: Context) -> str:
    """What gets past it: the end of a sentence that says what holds.

    A schema in SQL knows of no client library; there it is what the declared types would keep
    (E01, E18, E23) and the database does not.
    """
    if context.schema.client_validates and context.schema.language != "sql":
        return "unless a writer does without the client library: the database takes other values"
    if context.dialect in _MYSQL:
        return (
            "unless a writer says `INSERT IGNORE` or `UPDATE IGNORE`, which store '' for any value "
            "that an enum has not (E05b), or a number in a Boolean (E18)"
        )
    if context.dialect is Dialect.SQLITE:
        return "unless a writer stores values of another type, which SQLite takes (E18, E19)"
    return (
        "unless a query that finds no row is written where a domain refuses NULL: it stores NULL "
        "all the same (E23b)"
    )
