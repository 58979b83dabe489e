"""Constraints and indexes: of `__table_args__`, of `Table(...)`, and beside a class.

Each reader gives drafts in their order, or gaps for what could not be told: a unique index whose
predicate is not known must not pass for a full one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, is_none, path_of, text_of
from schemalint.loaders.sqlmodel.declarations.expressions import render
from schemalint.loaders.sqlmodel.declarations.references import TableColumns, View
from schemalint.loaders.sqlmodel.declarations.sql_literals import raw_text
from schemalint.loaders.sqlmodel.declarations.sql_text import UnrenderableError
from schemalint.loaders.sqlmodel.drafts import (
    CheckDraft,
    Draft,
    ExclusionDraft,
    ForeignKeyDraft,
    Gap,
    IndexDraft,
    KeyMember,
    UniqueDraft,
)
from schemalint.loaders.sqlmodel.emission.naming import Kind, Named, constraint_name
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.model import Action
from schemalint.source import Span

_PREFIXES = ("FULLTEXT", "SPATIAL")
_LENGTHS = {"mysql_length": "mysql", "mariadb_length": "mariadb"}
_WHERE = re.compile(r"(postgresql|sqlite|mysql|mariadb|mssql)_where\Z")
_ORDERED_TEXT = re.compile(r'"?(\w+)"?(?:\s+(asc|desc))?\Z', re.IGNORECASE)
_DESCENDING = frozenset({"sqlalchemy.desc"})
_ASCENDING = frozenset({"sqlalchemy.asc"})
_ACTIONS = {action.value: action for action in Action}
# Arguments of an index that change neither its members nor which rows it holds.
_FOREIGN_KEY = (
    "columns", "refcolumns", "name", "onupdate", "ondelete", "deferrable", "initially",
)  # fmt: skip
_EXCLUDE = "sqlalchemy.dialects.postgresql.ExcludeConstraint"


class PrimaryKeyNames(Draft, frozen=True, kw_only=True):
    """A PrimaryKeyConstraint: its columns' physical names."""

    columns: tuple[str, ...]
    name: str | None = None


Nulls = Literal["distinct", "equal"]
Item = (
    UniqueDraft | IndexDraft | CheckDraft | ExclusionDraft | ForeignKeyDraft | PrimaryKeyNames | Gap
)


def is_constraint(value: Value) -> bool:
    """Whether it is a call that makes a constraint or an index."""
    return path_of(without_limit(value)) in _READERS


def without_limit(value: Value) -> Value:
    """`Index(...)` of `Index(...).ddl_if(...)`; anything else as it is."""
    callee = value.callee if isinstance(value, Call) else None
    if isinstance(callee, Attribute) and callee.name == "ddl_if":
        return callee.of
    return value


def read_constraint(value: Value, view: View) -> Item:
    """What a member of `__table_args__` declares, or what about it could not be told."""
    if isinstance(value, Unresolved):
        return Gap(span=value.span, reason=value.reason)
    if isinstance(value, Call):
        inner = without_limit(value)
        if inner is not value:
            return _limited(value, inner, view)
        reader = _READERS.get(path_of(value))
        if reader is not None and value.keyword("_create_rule") is not None:
            return Gap(span=value.span, reason="which databases get this depends on `_create_rule`")
        if reader is not None:
            try:
                return reader(value, view)
            except UnrenderableError as failure:
                return failure.gap
    return Gap(span=value.span, reason="this is no constraint that is known")


def _limited(call: Call, of: Value, view: View) -> Item:
    """`Index(...).ddl_if(dialect="postgresql")`."""
    arguments = Arguments(call, ("dialect", "callable_"))
    databases = arguments.value("dialect")
    names = [text_of(one) for one in getattr(databases, "items", None) or [databases]]
    decided = arguments.value("callable_") is None and not arguments.gaps and None not in names
    if not decided:
        return Gap(span=call.span, reason="which databases get this depends on `ddl_if`")
    only_on = tuple(str(name) for name in names)
    return msgspec.structs.replace(read_constraint(of, view), only_on=only_on)


# -- one reader for each kind --------------------------------------------------------------------


def _unique(call: Call, view: View) -> UniqueDraft:
    arguments = Arguments(call)
    members = _members(call.args, view)
    if not members:  # SQLAlchemy writes an empty element into CREATE TABLE
        raise UnrenderableError(call.span, "the unique constraint has no column", refused=True)
    nulls: Nulls = "equal" if arguments.flag("postgresql_nulls_not_distinct") else "distinct"
    deferrable = _deferrable(arguments)
    _settled(arguments)
    return UniqueDraft(
        span=call.span,
        members=members,
        name=name_of(arguments, "uq", _columns_of(members), view),
        nulls=nulls,
        deferrable=deferrable,
    )


def _index(call: Call, view: View) -> IndexDraft:
    arguments = Arguments(call, ("name",))
    members = _with_operators(call, _members(call.args[1:], view), view)
    if not members:  # such models can be imported, and lived with where migrations make the tables
        raise UnrenderableError(call.span, "the index has no column, so that CREATE INDEX fails")
    unique = arguments.flag("unique") or False
    where: dict[str, str] = {}
    for keyword, value in call.keywords:
        match = _WHERE.match(keyword)
        if match and not is_none(value):
            where[match.group(1)] = _condition(value, view)
        elif keyword in _LENGTHS and not is_none(value):
            members = _cut(members, _LENGTHS[keyword], value)
    using = arguments.text("postgresql_using")
    prefix = arguments.text("mysql_prefix") or arguments.text("mariadb_prefix")
    nulls: Nulls = "equal" if arguments.flag("postgresql_nulls_not_distinct") else "distinct"
    _settled(arguments)
    return IndexDraft(
        span=call.span,
        members=_classed(members, arguments.value("postgresql_ops")),
        name=name_of(arguments, "ix", _columns_of(members), view),
        unique=unique,
        where=where,
        type=using.lower() if using else "btree",
        mysql_type=prefix.lower() if prefix and prefix.upper() in _PREFIXES else None,
        nulls=nulls,
    )


def _check(call: Call, view: View) -> CheckDraft:
    arguments = Arguments(call, ("sqltext", "name"))
    condition = arguments.value("sqltext")
    if condition is None:
        raise UnrenderableError(call.span, "the condition could not be told")
    return CheckDraft(
        span=call.span,
        sql=_condition(condition, view),
        name=name_of(arguments, "ck", (), view),
    )


def _foreign_key(call: Call, view: View) -> ForeignKeyDraft:
    arguments = Arguments(call, _FOREIGN_KEY)
    local, remote = arguments.value("columns"), arguments.value("refcolumns")
    if not isinstance(local, Sequence) or not isinstance(remote, Sequence):
        raise UnrenderableError(call.span, "the columns of the foreign key could not be told")
    if not local.items or len(local.items) != len(remote.items):  # SQLAlchemy raises
        reason = "the foreign key needs columns, and as many as it refers to"
        raise UnrenderableError(call.span, reason, refused=True)
    columns = tuple(_member(value, view).column or "" for value in local.items)
    targets = tuple(
        target(value, column, view) for value, column in zip(remote.items, columns, strict=True)
    )
    return _with_rest(call, arguments, columns, targets, view)


def column_foreign_key(call: Call, column: str, view: View) -> ForeignKeyDraft | Gap:
    """`ForeignKey(...)` of one column."""
    arguments = Arguments(call, ("column",))
    refers = arguments.value("column")
    if refers is None:
        return Gap(span=call.span, reason="what the foreign key refers to could not be told")
    try:
        return _with_rest(call, arguments, (column,), (target(refers, column, view),), view)
    except UnrenderableError as failure:
        return failure.gap


def _with_rest(
    call: Call,
    arguments: Arguments,
    columns: tuple[str, ...],
    targets: tuple[str, ...],
    view: View,
) -> ForeignKeyDraft:
    referred = tuple(one.split(".") for one in targets)
    given, final = _given(arguments)
    subject = Named(
        kind="fk",
        table=view.own.table,
        schema=view.own.schema,
        columns=columns,
        keys=columns,
        referred_table=referred[0][-2] if referred and len(referred[0]) > 1 else None,
        referred_columns=tuple(one[-1] for one in referred),
    )
    match = arguments.text("match")
    deferrable = _deferrable(arguments)
    actions = _action(arguments, "ondelete"), _action(arguments, "onupdate")
    _settled(arguments)
    return ForeignKeyDraft(
        span=call.span,
        columns=columns,
        targets=targets,
        name=constraint_name(subject, view.conventions, given, final=final),
        on_delete=actions[0],
        on_update=actions[1],
        on_delete_span=_written_span(arguments, "ondelete"),
        on_update_span=_written_span(arguments, "onupdate"),
        deferrable=deferrable,
        match="full" if match is not None and match.upper() == "FULL" else "simple",
    )


def _primary_key(call: Call, view: View) -> PrimaryKeyNames:
    members = _members(call.args, view)
    columns = _columns_of(members)
    name = name_of(Arguments(call), "pk", columns, view)
    return PrimaryKeyNames(span=call.span, columns=columns, name=name)


def _exclusion(call: Call, view: View) -> ExclusionDraft:
    arguments = Arguments(call)
    members: list[KeyMember] = []
    operators: list[str] = []
    for element in call.args:
        if not isinstance(element, Sequence) or len(element.items) != 2:
            raise UnrenderableError(element.span, "the element of the exclusion could not be told")
        operator = text_of(element.items[1])
        if operator is None:
            raise UnrenderableError(element.span, "the operator of the exclusion could not be told")
        members.append(_member(element.items[0], view))
        operators.append(operator)
    if not members:
        raise UnrenderableError(call.span, "the exclusion has no column", refused=True)
    where = arguments.value("where")
    return ExclusionDraft(
        span=call.span,
        members=tuple(members),
        operators=tuple(operators),
        name=_given(arguments)[0],  # no naming convention is for these
        where=None if where is None or is_none(where) else _condition(where, view),
        type=(arguments.text("using") or "gist").lower(),
        deferrable=_deferrable(arguments),
    )


_READERS: dict[str, Callable[[Call, View], Item]] = {
    "sqlalchemy.UniqueConstraint": _unique,
    "sqlalchemy.Index": _index,
    "sqlalchemy.CheckConstraint": _check,
    "sqlalchemy.ForeignKeyConstraint": _foreign_key,
    "sqlalchemy.PrimaryKeyConstraint": _primary_key,
    _EXCLUDE: _exclusion,
}


# -- members, names, conditions --------------------------------------------------------------------


def _members(values: tuple[Value, ...], view: View) -> tuple[KeyMember, ...]:
    return tuple(_member(value, view) for value in values)


def _member(value: Value, view: View) -> KeyMember:
    """A column by its key, its attribute or `desc(...)`; or an expression."""
    span = value.span
    written = text_of(value)
    if written is not None:
        column = view.named(written)
        if column is None:
            raise UnrenderableError(
                span, f"`{view.own.table}` has no column `{written}` that is known"
            )
        return KeyMember(span=span, column=column.name)
    found = view.column(value)
    if found is not None:
        return KeyMember(span=span, column=found.name)
    inner, descending = _ordering(value)
    if inner is not None:
        member = _member(inner, view)
        if member.column is not None:
            return KeyMember(span=span, column=member.column, descending=descending)
    raw = raw_text(value)
    if raw is not None:
        return _text_member(raw, span, view)
    named = _plain_column(value)
    if named is not None and view.physical(named) is not None:
        return KeyMember(span=span, column=named)
    if isinstance(value, Unresolved):
        raise UnrenderableError(span, value.reason)
    sql = render(value, view)
    if isinstance(sql, Gap):
        raise UnrenderableError(sql.span, sql.reason)
    return KeyMember(span=span, expression=sql)


def _with_operators(
    call: Call, members: tuple[KeyMember, ...], view: View
) -> tuple[KeyMember, ...]:
    """The members with their operator classes, which `postgresql_ops` has by SQLAlchemy's key."""
    given = call.keyword("postgresql_ops")
    if not isinstance(given, Mapping):
        return members
    classes: dict[str, str] = {}
    for key, value in given.items:
        name, operators = text_of(key), text_of(value)
        column = None if name is None else view.named(name)
        if column is not None and operators is not None:
            classes[column.name] = operators
    return tuple(
        msgspec.structs.replace(one, operator_class=classes.get(one.column or ""))
        for one in members
    )


def _cut(members: tuple[KeyMember, ...], database: str, length: Value) -> tuple[KeyMember, ...]:
    """The members with the lengths of `mysql_length`: one for all of them, or by their columns.

    Raises:
        UnrenderableError: where a length cannot be told.
    """
    lengths: dict[str | None, Value] = {}
    if isinstance(length, Mapping):
        lengths = {text_of(key): value for key, value in length.items}
    found = []
    for member in members:
        value = lengths.get(member.column) if isinstance(length, Mapping) else length
        if value is None and None not in lengths:
            found.append(member)
        elif isinstance(value, Constant) and isinstance(value.value, int):
            counted = {**member.length, database: value.value}
            found.append(msgspec.structs.replace(member, length=counted))
        else:
            raise UnrenderableError(length.span, "how much of each value counts could not be told")
    return tuple(found)


def _plain_column(value: Value) -> str | None:
    """The name that `column("name")` is of."""
    if isinstance(value, Call) and path_of(value) == "sqlalchemy.column" and value.args:
        return text_of(value.args[0])
    return None


def _ordering(value: Value) -> tuple[Value | None, bool]:
    """The operand of `.desc()` or `desc(...)`, and whether it descends."""
    if isinstance(value, Call) and isinstance(value.callee, Attribute):
        if value.callee.name in {"desc", "asc"}:
            return value.callee.of, value.callee.name == "desc"
        if value.callee.name in {"nulls_first", "nulls_last", "nullsfirst", "nullslast"}:
            inner, descending = _ordering(value.callee.of)
            return inner or value.callee.of, descending
    path = path_of(value)
    if isinstance(value, Call) and value.args and path in _DESCENDING | _ASCENDING:
        return value.args[0], path in _DESCENDING
    return None, False


def _text_member(raw: str, span: Span, view: View) -> KeyMember:
    match = _ORDERED_TEXT.match(raw.strip())
    column = view.physical(match.group(1)) if match else None
    if match and column is not None:
        descending = (match.group(2) or "").lower() == "desc"
        return KeyMember(span=span, column=column.name, descending=descending)
    return KeyMember(span=span, expression=raw)


def _classed(members: tuple[KeyMember, ...], classes: Value | None) -> tuple[KeyMember, ...]:
    """The members with the operator classes that `postgresql_ops` gives them by their keys."""
    if not isinstance(classes, Mapping):
        return members
    by_column = {text_of(key): text_of(value) for key, value in classes.items}
    return tuple(
        msgspec.structs.replace(member, operator_class=by_column.get(member.column))
        for member in members
    )


def _columns_of(members: tuple[KeyMember, ...]) -> tuple[str, ...]:
    return tuple(member.column for member in members if member.column is not None)


def _condition(value: Value, view: View) -> str:
    """A condition as SQL: a string is SQL already."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    sql = render(value, view)
    if isinstance(sql, Gap):
        raise UnrenderableError(sql.span, sql.reason)
    return sql


def name_of(arguments: Arguments, kind: Kind, columns: tuple[str, ...], view: View) -> str | None:
    """The name in the database: as written, or as the naming convention makes it."""
    given, final = _given(arguments)
    subject = Named(
        kind=kind, table=view.own.table, schema=view.own.schema, columns=columns, keys=columns
    )
    return constraint_name(subject, view.conventions, given, final=final)


def _settled(arguments: Arguments) -> None:
    """Refuse what was read where an argument that matters could not be told."""
    if arguments.gaps:
        raise UnrenderableError(arguments.gaps[0].span, arguments.gaps[0].reason)


def _given(arguments: Arguments) -> tuple[str | None, bool]:
    value = arguments.value("name")
    text = text_of(value)
    if text is None and value is not None and not is_none(value):
        return None, True  # it has a name, which cannot be told
    return text, path_of(value).rsplit(".", 1)[-1] == "conv"


def _deferrable(arguments: Arguments) -> Literal["immediate", "deferred"] | None:
    initially = arguments.text("initially")
    if initially is not None and initially.upper() == "DEFERRED":
        return "deferred"
    return "immediate" if arguments.flag("deferrable") else None


def _action(arguments: Arguments, name: str) -> Action | None:
    text = arguments.text(name)
    if text is None:
        if arguments.gaps:
            gap = arguments.gaps[-1]
            raise UnrenderableError(gap.span, gap.reason)
        return None
    action = _ACTIONS.get(" ".join(text.lower().replace("_", " ").split()))
    if action is None:
        span = arguments.span(name) or arguments.call.span
        raise UnrenderableError(span, f"`{text}` is no referential action")
    return action


def _written_span(arguments: Arguments, name: str) -> Span | None:
    value = arguments.value(name)
    return None if value is None or is_none(value) else value.span


def target(value: Value, column: str, view: View) -> str:
    """What a foreign key refers to, as `table.column` or `schema.table.column`.

    Raises:
        UnrenderableError: where it cannot be told.
    """
    found = view.references.of_value(view.called(value))
    if found is not None:
        table, name = found
        return ".".join(part for part in (table.schema, table.table, name.name) if part)
    text = text_of(value)
    if text is None:
        reason = value.reason if isinstance(value, Unresolved) else "it is no column that is known"
        raise UnrenderableError(
            value.span, f"what the foreign key refers to could not be told: {reason}"
        )
    if not all(text.split(".")):
        raise UnrenderableError(value.span, f"`{text}` names no column")
    return _from_text(text, column, view)


def _from_text(text: str, column: str, view: View) -> str:
    parts = text.split(".")
    if len(parts) == 1:
        # Only a table: the column of the same name there.
        parts = [parts[0], column]
    schema = ".".join(parts[:-2]) or view.metadata_schema
    table, key = parts[-2], parts[-1]
    known: TableColumns | None = view.references.of_table(schema, table)
    if known is not None:
        name = known.by_key.get(key)
        key = name.name if name is not None else key
    return ".".join(part for part in (schema, table, key) if part)
