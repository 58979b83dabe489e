"""Types of the schema's own: enums, domains and others."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    CollateClause,
    DefaultClause,
    NullClause,
    TableName,
)
from schemalint.loaders.sql.entries import UserType
from schemalint.loaders.sql.replay.columns import user_type
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import (
    AddEnumValue,
    AlterDomain,
    CreateDomain,
    CreateEnum,
    CreateType,
    Drop,
    RenameEnumValue,
    RenameType,
)
from schemalint.source import Span


def create_enum(replay: Replay, statement: CreateEnum) -> None:
    """CREATE TYPE ... AS ENUM.

    Raises:
        RefusedError: there is such a type already.
    """
    made = _made(replay, statement.type, statement.span)
    made.kind, made.values = "enum", list(statement.values)
    _add(replay, made)


def create_other(replay: Replay, statement: CreateType) -> None:
    """CREATE TYPE of another kind.

    Raises:
        RefusedError: there is such a type already.
    """
    _add(replay, _made(replay, statement.type, statement.span))


def create_domain(replay: Replay, statement: CreateDomain) -> None:
    """CREATE DOMAIN.

    Raises:
        RefusedError: there is such a type already.
    """
    made = _made(replay, statement.domain, statement.span)
    made.kind, made.base = "domain", statement.type
    made.base_type = user_type(replay, statement.type)
    for clause in statement.clauses:
        if isinstance(clause, NullClause):
            made.not_null = None if clause.nullable else clause.span
        elif isinstance(clause, DefaultClause):
            made.default, made.default_span = clause.expression, clause.span
        elif isinstance(clause, CollateClause):
            made.collation = clause.collation
        elif isinstance(clause, CheckClause):
            made.checks.append(_named_check(made, clause))
        else:
            replay.unknown_clause(clause, (), removes=False)
    _add(replay, made)


def _made(replay: Replay, name: TableName, span: Span) -> UserType:
    return UserType(name.name, replay.catalog.schema_of(name), span, name.span, "other")


def _add(replay: Replay, made: UserType) -> None:
    types = replay.catalog.types
    key = replay.catalog.key_in(made.schema, made.name)
    if key in types:
        raise RefusedError(
            f"there is a type called `{made.name}` already",
            made.name_span,
            tables_with(replay, types[key]),
        )
    types[key] = made


def tables_with(replay: Replay, kind: UserType) -> list[str]:
    """The tables that have a column of the type."""
    return list(dict.fromkeys([table.name for table, _ in replay.catalog.columns_of(kind)]))


def _known(replay: Replay, name: TableName, *, removes: bool = True) -> UserType:
    found = replay.catalog.type(name)
    if found is None:
        hint = replay.hint(name.name, replay.catalog.types.values())
        raise RefusedError(f"there is no type `{name.name}` here{hint}", name.span, removes=removes)
    return found


# -- enums


def add_value(replay: Replay, statement: AddEnumValue) -> None:
    """ALTER TYPE ... ADD VALUE.

    Raises:
        RefusedError: there is no such type, or such a value already.
    """
    enum = _known(replay, statement.type, removes=False)
    texts = [value.text for value in enum.values]
    if statement.value.text in texts:
        if statement.if_not_exists:
            return
        raise RefusedError(
            f"the type `{enum.name}` has a value `{statement.value.text}` already",
            statement.value.span,
            tables_with(replay, enum),
            harmless=True,
        )
    beside = statement.before or statement.after
    at = len(texts)
    if beside is not None:
        at = _value_at(replay, enum, beside, statement.span) + (statement.before is None)
    enum.values.insert(at, statement.value)


def rename_value(replay: Replay, statement: RenameEnumValue) -> None:
    """ALTER TYPE ... RENAME VALUE; defaults follow.

    Raises:
        RefusedError: there is no such type or value.
    """
    enum = _known(replay, statement.type)
    at = _value_at(replay, enum, statement.value, statement.span)
    enum.values[at] = statement.name
    old, new = _literal(statement.value), _literal(statement.name.text)
    for _, column in replay.catalog.columns_of(enum):
        if column.default is not None and old in column.default.text:
            text = column.default.text.replace(old, new)
            column.default = msgspec.structs.replace(column.default, text=text)


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _value_at(replay: Replay, enum: UserType, value: str, span: Span) -> int:
    texts = [one.text for one in enum.values]
    if value not in texts:
        raise RefusedError(
            f"the type `{enum.name}` has no value `{value}`",
            span,
            tables_with(replay, enum),
            removes=True,
        )
    return texts.index(value)


def rename(replay: Replay, statement: RenameType) -> None:
    """ALTER TYPE or DOMAIN ... RENAME TO and SET SCHEMA; columns of the type follow.

    Raises:
        RefusedError: there is no such type, or the new name is taken.
    """
    kind = _known(replay, statement.type)
    catalog = replay.catalog
    schema = kind.schema
    if statement.name.schema is not None and statement.name.schema != statement.type.schema:
        schema = catalog.schema_of(statement.name)
    key = catalog.key_in(schema, statement.name.name)
    if key in catalog.types:
        raise RefusedError(
            f"there is a type called `{statement.name.name}` already",
            statement.name.span,
            tables_with(replay, kind),
        )
    del catalog.types[catalog.key_in(kind.schema, kind.name)]
    kind.name, kind.schema, kind.name_span = statement.name.name, schema, statement.name.span
    catalog.types[key] = kind


def drop(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP TYPE or DOMAIN; with CASCADE the columns of the type go too, and the defaults that were
    written for it.

    Raises:
        RefusedError: there is no such type, or a column or a default is of it.
    """
    from schemalint.loaders.sql.replay.dropped_columns import drop_column
    from schemalint.loaders.sql.replay.views import remove_views

    kind = replay.catalog.type(name)
    if kind is None:
        if statement.if_exists:
            return
        raise RefusedError(f"there is no type `{name.name}` here", name.span, harmless=True)
    users = replay.catalog.columns_of(kind)
    if users and not statement.cascade:
        table, column = users[0]
        raise RefusedError(
            f"the type `{kind.name}` cannot be dropped: `{table.name}.{column.name}` is of it",
            name.span,
            harmless=True,
        )
    defaults = replay.catalog.defaults_of(kind)
    if defaults and not statement.cascade:
        table, column = defaults[0]
        raise RefusedError(
            f"the type `{kind.name}` cannot be dropped: the default of "
            f"`{table.name}.{column.name}` is of it",
            name.span,
            harmless=True,
        )
    for _, column in defaults:
        column.default = column.default_span = None
        column.default_types = []
    remove_views(replay, [table for table, _ in users if table.kind == "view"])
    for table, column in users:
        if replay.catalog.has(table) and column.name in table.columns:
            drop_column(replay, table, column, statement.span, cascade=True)
    del replay.catalog.types[replay.catalog.key_in(kind.schema, kind.name)]


# -- domains


def alter_domain(replay: Replay, statement: AlterDomain) -> None:
    """ALTER DOMAIN: what it sets holds for every column of the domain.

    Raises:
        RefusedError: there is no such domain or constraint.
    """
    domain = _known(replay, statement.domain)
    if statement.check is not None:
        domain.checks.append(_named_check(domain, statement.check))
    elif statement.null is not None:
        domain.not_null = None if statement.null.nullable else statement.null.span
    elif statement.default is not None:
        domain.default = statement.default.expression
        domain.default_span = statement.default.span
    elif statement.drop_default:
        domain.default = domain.default_span = None
    elif statement.drop is not None:
        kept = [one for one in domain.checks if one.name != statement.drop]
        if len(kept) == len(domain.checks):
            raise RefusedError(
                f"the domain `{domain.name}` has no constraint `{statement.drop}`",
                statement.span,
                tables_with(replay, domain),
                removes=True,
            )
        domain.checks[:] = kept


def _named_check(domain: UserType, clause: CheckClause) -> CheckClause:
    """`d_check`, `d_check1` and so on, as PostgreSQL names those without a name."""
    if clause.name is not None:
        return clause
    names = {one.name for one in domain.checks}
    name, count = f"{domain.name}_check", 0
    while name in names:
        count += 1
        name = f"{domain.name}_check{count}"
    return msgspec.structs.replace(clause, name=name)
