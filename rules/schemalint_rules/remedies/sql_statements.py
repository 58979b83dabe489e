"""The statements that change a schema written in SQL, for the `help` of findings.

SQLite changes no constraint of a table that is there: what would be a statement elsewhere is a line
of the table's definition there, and a note that the table has to be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from schemalint.condition.quoting import quoted
from schemalint.model import Action, Dialect, Field, ForeignKey, Model
from schemalint_rules.remedies import sqlalchemy_lines
from schemalint_rules.remedies.migration_sql import constraint_name, set_not_null, table

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


def added(*statements: str) -> str:
    """The statements as a `help` shows them."""
    lines = "\n".join(statements).replace("\n", "\n    ")
    return f"add to a migration:\n    {lines}"


def rebuilt(model: Model, line: str) -> str:
    """How a line of a table's definition comes into a table of SQLite's."""
    return (
        f"write this line in the definition of {table(model, Dialect.SQLITE)} (a table that is "
        "there already has to be rebuilt: create a new one, copy the rows, drop the old one, "
        f"rename):\n    {line}"
    )


# -- columns -----------------------------------------------------------------------------------


def make_not_null(model: Model, fields: Iterable[Field], dialect: Dialect) -> str:
    """How columns become NOT NULL."""
    columns = list(fields)
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.not_null(columns)
    if dialect is Dialect.SQLITE:
        words = ", ".join(_column(field, dialect, " NOT NULL") for field in columns)
        return rebuilt(model, words)
    statements = [set_not_null(model, field, dialect).partition("\n    ")[2] for field in columns]
    return added(*statements)


def set_default(model: Model, field: Field, value: str, dialect: Dialect) -> str:
    """How a column gets a default; `value` is SQL."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.server_default(field, value)
    if dialect is Dialect.SQLITE:
        null = "" if field.nullable else " NOT NULL"
        return rebuilt(model, _column(field, dialect, f"{null} DEFAULT {value}"))
    column = quoted(field.column, dialect)
    where = table(model, dialect)
    if dialect is Dialect.SQLSERVER:
        return added(f"ALTER TABLE {where} ADD DEFAULT {value} FOR {column};")
    expression = f"({value})" if dialect in _MYSQL and "(" in value else value
    return added(f"ALTER TABLE {where} ALTER COLUMN {column} SET DEFAULT {expression};")


def _column(field: Field, dialect: Dialect, clauses: str) -> str:
    kind = f" {field.native}" if field.native else ""
    return f"{quoted(field.column, dialect)}{kind}{clauses}"


# -- foreign keys ------------------------------------------------------------------------------


def foreign_key(key: ForeignKey, dialect: Dialect, *, deferred: bool = False) -> str:
    """FOREIGN KEY ... REFERENCES ... with its actions, as in a table's definition."""
    columns = ", ".join(quoted(column, dialect) for column in key.columns)
    references = ", ".join(quoted(column, dialect) for column in key.references)
    target = quoted(key.table, dialect)
    if key.schema:
        target = f"{quoted(key.schema, dialect)}.{target}"
    words = f"FOREIGN KEY ({columns}) REFERENCES {target}"
    words += f" ({references})" if references else ""
    words += " MATCH FULL" if key.match == "full" else ""
    for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
        if action is not Action.NO_ACTION:
            words += f" ON {event} {action.upper()}"
    return f"{words} DEFERRABLE INITIALLY DEFERRED" if deferred else words


def add_foreign_key(model: Model, key: ForeignKey, dialect: Dialect) -> str:
    """How a foreign key comes into the database."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.foreign_key(model, key)
    words = foreign_key(key, dialect)
    if dialect is Dialect.SQLITE:
        return rebuilt(model, words)
    name = quoted(constraint_name(model, key.columns, "fkey"), dialect)
    return added(f"ALTER TABLE {table(model, dialect)} ADD CONSTRAINT {name} {words};")


def change_foreign_key(model: Model, old: ForeignKey, new: ForeignKey, dialect: Dialect) -> str:
    """How a foreign key becomes another one."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.foreign_key(model, new)
    words = foreign_key(new, dialect, deferred=new.deferrable == "deferred")
    if dialect is Dialect.SQLITE:
        return rebuilt(model, words)
    default = constraint_name(model, old.columns, "fkey")
    name = quoted(old.name or (default if dialect in _POSTGRES else "its name"), dialect)
    drop = "DROP FOREIGN KEY" if dialect in _MYSQL else "DROP CONSTRAINT"
    where = table(model, dialect)
    # MySQL does not drop and add a key of the same name in one statement.
    return added(
        f"ALTER TABLE {where} {drop} {name};",
        f"ALTER TABLE {where} ADD CONSTRAINT {quoted(old.name or default, dialect)} {words};",
    )


def change_action(
    model: Model,
    key: ForeignKey,
    event: Literal["delete", "update"],
    action: Action,
    dialect: Dialect,
) -> str:
    """How a foreign key gets another action."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.action(key, event, action)
    changed = {"on_delete": action} if event == "delete" else {"on_update": action}
    if action is Action.RESTRICT and dialect is Dialect.SQLSERVER:  # it knows NO ACTION only
        changed = dict.fromkeys(changed, Action.NO_ACTION)
    new = msgspec.structs.replace(key, **changed, set_columns=())
    return change_foreign_key(model, key, new, dialect)


# -- keys --------------------------------------------------------------------------------------


def make_unique(model: Model, columns: Sequence[str], dialect: Dialect) -> str:
    """How columns become unique together."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.unique(model, columns)
    name = quoted(constraint_name(model, columns, "key"), dialect)
    members = ", ".join(quoted(column, dialect) for column in columns)
    return added(f"CREATE UNIQUE INDEX {name} ON {table(model, dialect)} ({members});")
