"""What writing a schema gives: statements, what could not be written, what the database has to
have for it."""

from __future__ import annotations

import msgspec

from schemalint.source import Span


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One statement of DDL, no semicolon behind it; `span` is the construct that it makes."""

    sql: str
    span: Span


class Omission(msgspec.Struct, frozen=True, gc=False):
    """Something of the schema that the statements do not make.

    `what` names it for people, `reason` ends the sentence "... is left out: "; `tables` are the
    physical names of the tables that it could have touched, () for any. `bears` tells whether it
    may bear on what rows the tables take; `is_of_rows` that it is a column, or a whole table, so
    that the tables have not the rows that the schema speaks of.
    """

    what: str
    reason: str
    span: Span
    tables: tuple[str, ...] = ()
    bears: bool = True
    is_of_rows: bool = False


class Ddl(msgspec.Struct, frozen=True, gc=False):
    """A schema as DDL.

    `statements` are in an order in which an empty database takes them. `extensions` are the names
    of PostgreSQL's extensions without which it would not; whether they can be had is the
    database's affair, so that no statement creates them.
    """

    statements: tuple[Statement, ...]
    omissions: tuple[Omission, ...]
    extensions: tuple[str, ...] = ()
