"""The SQL to add in a migration, where the source language has no words for a constraint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemalint.condition.quoting import quoted
from schemalint.model import Dialect, Field, Model
from schemalint_rules.remedies import sqlalchemy_lines

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


def table(model: Model, dialect: Dialect) -> str:
    """The model's table, quoted, with its database schema where it names one."""
    name = quoted(model.table, dialect)
    return f"{quoted(model.schema, dialect)}.{name}" if model.schema else name


def constraint_name(model: Model, columns: Iterable[str], suffix: str) -> str:
    """A name as Migrate forms them: table, columns, suffix; 63 characters at most, which is
    PostgreSQL's limit for identifiers (documentation, "Identifiers and Key Words")."""
    stem = "_".join([model.table, *columns])
    return f"{stem[: 62 - len(suffix)]}_{suffix}"


def add_check(model: Model, columns: Iterable[str], condition: str, dialect: Dialect) -> str:
    """How a CHECK on `condition` (SQL over quoted physical names) comes into the database."""
    if dialect is Dialect.MONGODB:
        return (
            "MongoDB checks nothing that its schema files can say; add a `$jsonSchema` validator "
            f"to the collection `{model.table}`, or leave the rule to the service"
        )
    named = constraint_name(model, columns, "check")
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.check_constraint(model, condition, named)
    name = quoted(named, dialect)
    constraint = f"CONSTRAINT {name} CHECK ({condition})"
    if dialect is Dialect.SQLITE:
        return (
            "SQLite adds a CHECK only while it creates a table, so let the migration rebuild "
            f"{table(model, dialect)} (create a new table, copy the rows, drop the old one, "
            f"rename) with this line in it:\n    {constraint}"
        )
    return f"add to a migration:\n    ALTER TABLE {table(model, dialect)} ADD {constraint};"


def set_not_null(model: Model, field: Field, dialect: Dialect) -> str:
    """How a column becomes NOT NULL in the database."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.not_null([field])
    column, where = quoted(field.column, dialect), table(model, dialect)
    if dialect in _MYSQL:
        kind = field.native or "<its type>"
        return f"add to a migration:\n    ALTER TABLE {where} MODIFY {column} {kind} NOT NULL;"
    if dialect in (Dialect.SQLITE, Dialect.MONGODB):
        return add_check(model, [field.column], f"{column} IS NOT NULL", dialect)
    if dialect is Dialect.SQLSERVER:
        kind = field.native or "<its type>"
        return (
            f"add to a migration:\n    ALTER TABLE {where} ALTER COLUMN {column} {kind} NOT NULL;"
        )
    return f"add to a migration:\n    ALTER TABLE {where} ALTER COLUMN {column} SET NOT NULL;"


def create_unique_index(
    model: Model,
    columns: Sequence[str],
    members: Sequence[str],
    dialect: Dialect,
    *,
    where: str | None = None,
    options: str = "",
) -> str:
    """CREATE UNIQUE INDEX over `members` (SQL), named after `columns`, by a name still free; or
    what says so in a class."""
    taken = {key.name for key in (*model.keys, *model.indexes)}
    names = (constraint_name(model, columns, suffix) for suffix in ("key", "unique", "unique_2"))
    free = next((one for one in names if one not in taken), "<a free name>")
    if sqlalchemy_lines.in_python(model):
        plain = {quoted(column, dialect): column for column in columns}
        written = [plain.get(member, member) for member in members]
        return sqlalchemy_lines.unique_index(free, written, dialect, where=where, options=options)
    name = quoted(free, dialect)
    predicate = f" WHERE {where}" if where else ""
    return (
        f"CREATE UNIQUE INDEX {name} ON {table(model, dialect)} "
        f"({', '.join(members)}){options}{predicate};"
    )
