"""The SQL to add in a migration, where the source language has no words for a constraint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from schemalint.condition.quoting import quoted, quoted_string
from schemalint.model import Action, Default, Dialect, Field, Layer, Model
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


def free_trigger_name(model: Model, columns: Iterable[str], suffix: str) -> str:
    """A name as `constraint_name` forms it that no trigger of the table has."""
    stem = tuple(columns)
    taken = {trigger.name for trigger in model.triggers}
    names = (constraint_name(model, stem, f"{suffix}{number}") for number in ("", *range(2, 100)))
    return next((one for one in names if one not in taken), "<a free name>")


def add_check(model: Model, columns: Iterable[str], condition: str, dialect: Dialect) -> str:
    """How a CHECK on `condition` (SQL over quoted physical names) comes into the database."""
    if dialect is Dialect.MONGODB:
        return (
            "MongoDB checks nothing that its schema files can say; add a `$jsonSchema` validator "
            f"to the collection `{model.table}`, or leave the rule to the service"
        )
    columns = tuple(columns)
    named = _free_check_name(model, columns, dialect)
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
    first = _first_other_actions(model, columns) if dialect in _MYSQL else ""
    return f"{first}add to a migration:\n    ALTER TABLE {table(model, dialect)} ADD {constraint};"


def _free_check_name(model: Model, columns: Sequence[str], dialect: Dialect) -> str:
    """A name for a CHECK over the columns that no other constraint of the table has."""
    constraints = (*model.checks, *model.keys, *model.foreign_keys)
    taken = {one.name for one in constraints if one.name}
    if dialect is Dialect.POSTGRESQL:
        taken.update(_given_names(model))
    names = (constraint_name(model, columns, f"check{number}") for number in ("", *range(2, 100)))
    return next((one for one in names if one not in taken), "<a free name>")


def _given_names(model: Model) -> Iterator[str]:
    """What PostgreSQL calls the CHECKs that are written without a name: after the table, and the
    column where they speak of one (observed on 15)."""
    unnamed = [check for check in model.checks if check.name is None]
    if not unnamed:
        return
    from schemalint.condition.parse import parse_predicate  # imports sqlglot

    for check in unnamed:
        columns = parse_predicate(check.expression, Dialect.POSTGRESQL).columns
        yield constraint_name(model, columns if len(columns) == 1 else (), "check")


_REWRITING = {
    "DELETE": (Action.SET_NULL, Action.SET_DEFAULT),
    "UPDATE": (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT),
}
"""The actions that give a column another value. MariaDB 10.11 takes no CHECK over a column of a
foreign key with one of these but SET DEFAULT, which it does not do (error 1901, observed); MySQL
over none (error 3823, documentation, "CHECK Constraints")."""


def _first_other_actions(model: Model, columns: Sequence[str]) -> str:
    """What has to be done before MySQL or MariaDB takes a CHECK over the columns; else ""."""
    found = [
        (column, f"ON {event} {action.upper()}")
        for key in model.foreign_keys
        if key.enforced and key.layer is Layer.DATABASE
        for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update))
        if action in _REWRITING[event]
        for column in columns
        if column in key.columns
    ]
    if not found:
        return ""
    told = "; ".join(f"that of `{column}` says {action}" for column, action in dict.fromkeys(found))
    return (
        "the database takes no CHECK over a column that a foreign key rewrites, and "
        f"{told}: first make it RESTRICT (ON DELETE CASCADE is taken, too), then "
    )


def set_not_null(model: Model, field: Field, dialect: Dialect) -> str:
    """How a column becomes NOT NULL in the database."""
    if sqlalchemy_lines.in_python(model):
        return sqlalchemy_lines.not_null([field])
    column, where = quoted(field.column, dialect), table(model, dialect)
    if dialect in _MYSQL:
        definition = _modified(field, dialect)
        return f"add to a migration:\n    ALTER TABLE {where} MODIFY {column} {definition};"
    if dialect in (Dialect.SQLITE, Dialect.MONGODB):
        return add_check(model, [field.column], f"{column} IS NOT NULL", dialect)
    if dialect is Dialect.SQLSERVER:
        kind = field.native or "<its type>"
        return (
            f"add to a migration:\n    ALTER TABLE {where} ALTER COLUMN {column} {kind} NOT NULL;"
        )
    return f"add to a migration:\n    ALTER TABLE {where} ALTER COLUMN {column} SET NOT NULL;"


_CONSTANT = re.compile(r"'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false", re.IGNORECASE)


def _modified(field: Field, dialect: Dialect) -> str:
    """The definition of a column that becomes NOT NULL: MODIFY drops what it does not repeat
    (observed on MariaDB 10.11: default, ON UPDATE, AUTO_INCREMENT, collation, comment)."""
    words = [field.native or "<its type>"]
    if field.collation:
        words.append(f"COLLATE {field.collation}")
    words.append("NOT NULL")
    if field.default is not None and field.default.layer is Layer.DATABASE:
        words.append(_default_again(field, field.default))
    if field.updated_at is Layer.DATABASE:
        words.append(f"ON UPDATE {_now(field)}")
    if field.doc:
        words.append(f"COMMENT {quoted_string(field.doc, dialect)}")
    return " ".join(words)


def _default_again(field: Field, default: Default) -> str:
    """The DEFAULT clause as it is there."""
    if default.expression == "autoincrement()":
        return "AUTO_INCREMENT"
    written = default.span.text if default.span is not None else ""
    if written.upper().startswith("DEFAULT"):
        return written
    if default.expression == "now()":
        return f"DEFAULT {_now(field)}"
    constant = _CONSTANT.fullmatch(default.expression)
    return f"DEFAULT {default.expression if constant else '<its default>'}"


def _now(field: Field) -> str:
    """The current time as precise as the column is, which the two have to agree on."""
    _, bracket, digits = field.native.partition("(")
    return f"CURRENT_TIMESTAMP{bracket}{digits}"


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
