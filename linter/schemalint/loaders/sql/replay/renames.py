"""Renamed columns and tables, followed wherever they are named.

Expressions are text, so that names in them are replaced token by token; the spans stay those of
the text as it was written. SQLite does so in triggers' bodies too (observed on 3.40); PostgreSQL
keeps a function's body as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from schemalint.loaders.sql.clauses import Name, Sql
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.identifiers import Identifier, renamed
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.model import Index, KeyPart, PrimaryKey, Unique
from schemalint.source import Span

_Keyed = TypeVar("_Keyed", PrimaryKey, Unique, Index)
_OldNew = ("old", "new", "excluded")


def rename_column(replay: Replay, table: Table, column: Column, name: Name) -> None:
    """Give `column` of `table` another name, everywhere.

    Raises:
        RefusedError: the name is taken.
    """
    fold = replay.catalog.fold
    old, new = column.name, name.text
    if fold(old) != fold(new) and fold(new) in table.columns:
        raise RefusedError(
            f"the table `{table.name}` has a column `{new}` already",
            name.span,
            [table.name],
            removes=True,
        )
    rewrite = _rewriting(replay, fold(old), new, table)
    column.name, column.name_span = new, name.span
    table.columns = {fold(one.name): one for one in table.columns.values()}
    for one in table.columns.values():
        if one.generated is not None:
            expression = _sql(one.generated.expression, rewrite)
            one.generated = msgspec.structs.replace(one.generated, expression=expression)
        one.checks = [
            msgspec.structs.replace(check, expression=rewrite(check.expression))
            for check in one.checks
        ]
    if table.primary_key is not None:
        table.primary_key = _keyed(table.primary_key, old, new, rewrite)
    table.uniques[:] = [_where(_keyed(one, old, new, rewrite), rewrite) for one in table.uniques]
    table.indexes[:] = [_where(_keyed(one, old, new, rewrite), rewrite) for one in table.indexes]
    table.partition_key = _parts(table.partition_key, old, new, rewrite)
    table.checks[:] = [
        msgspec.structs.replace(one, expression=rewrite(one.expression)) for one in table.checks
    ]
    table.exclusions[:] = [
        msgspec.structs.replace(
            one,
            parts=_parts(one.parts, old, new, rewrite),
            where=None if one.where is None else rewrite(one.where),
        )
        for one in table.exclusions
    ]
    table.grants[:] = [
        msgspec.structs.replace(one, columns=_names(one.columns, old, new)) if one.columns else one
        for one in table.grants
    ]
    _in_foreign_keys(replay, table, old, new)
    _in_triggers(replay, table, old, name, rewrite)
    for view in replay.catalog.views_of(table):  # it still shows the column, by its old name
        if old in view.view_names or fold(old) in view.columns:
            view.view_names |= {new}


def _rewriting(replay: Replay, old: str, new: str, table: Table) -> Callable[[str], str]:
    """Replaces the column in an expression of `table`: alone, or behind the table's name."""
    fold = replay.catalog.fold
    own = fold(table.name)

    def is_meant(one: Identifier) -> bool:
        if fold(one.name) != old:
            return False
        return one.qualifier is None or fold(one.qualifier) in (own, *_OldNew)

    return lambda text: renamed(text, is_meant, new, replay.dialect)


def _sql(sql: Sql, rewrite: Callable[[str], str]) -> Sql:
    return msgspec.structs.replace(sql, text=rewrite(sql.text))


def _names(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple([new if name == old else name for name in names])


def _parts(
    parts: tuple[KeyPart, ...], old: str, new: str, rewrite: Callable[[str], str]
) -> tuple[KeyPart, ...]:
    found = []
    for part in parts:
        if part.column == old:
            found.append(msgspec.structs.replace(part, column=new))
        elif part.expression is not None:
            found.append(msgspec.structs.replace(part, expression=rewrite(part.expression)))
        else:
            found.append(part)
    return tuple(found)


def _keyed(key: _Keyed, old: str, new: str, rewrite: Callable[[str], str]) -> _Keyed:
    return msgspec.structs.replace(key, parts=_parts(key.parts, old, new, rewrite))


_Partial = TypeVar("_Partial", Unique, Index)


def _where(index: _Partial, rewrite: Callable[[str], str]) -> _Partial:
    if index.where is None:
        return index
    return msgspec.structs.replace(index, where=rewrite(index.where))


def _in_foreign_keys(replay: Replay, table: Table, old: str, new: str) -> None:
    table.foreign_keys[:] = [
        msgspec.structs.replace(
            key,
            columns=_names(key.columns, old, new),
            set_columns=_names(key.set_columns, old, new),
        )
        for key in table.foreign_keys
    ]
    for other, at, key in replay.catalog.foreign_keys_to(table):
        other.foreign_keys[at] = msgspec.structs.replace(
            key, references=_names(key.references, old, new)
        )


def _in_triggers(
    replay: Replay, table: Table, old: str, name: Name, rewrite: Callable[[str], str]
) -> None:
    fold = replay.catalog.fold
    for trigger in table.triggers.values():
        statement = trigger.statement
        columns = tuple(
            [
                Name(text=name.text, span=one.span) if fold(one.text) == fold(old) else one
                for one in statement.columns
            ]
        )
        when = None if statement.when is None else _sql(statement.when, rewrite)
        body = statement.body
        if body is not None and replay.sqlite:
            body = _sql(body, rewrite)
        trigger.statement = msgspec.structs.replace(
            statement, columns=columns, when=when, body=body
        )


# -- tables


def rename_table(replay: Replay, table: Table, name: str, schema: str | None, span: Span) -> None:
    """Give `table` another name or schema; foreign keys and SQLite's triggers follow it, save under
    its `legacy_alter_table`.

    Raises:
        RefusedError: the name is taken.
    """
    catalog = replay.catalog
    taken = catalog.tables.get(catalog.key_in(schema, name))
    if taken is not None and taken is not table:
        raise RefusedError(
            f"there is a table called `{name}` already", span, [table.name, name], removes=True
        )
    old = table.name
    legacy = replay.pragmas.get("legacy_alter_table", False)
    followed = not legacy or replay.pragmas.get("foreign_keys", False)
    pointing = catalog.foreign_keys_to(table) if followed else []
    _move_indexes(replay, table, schema)
    catalog.rename_table(table, name, schema)
    table.name_span = span
    for other, at, key in pointing:
        changed = msgspec.structs.replace(key, table=name, model=name, schema=schema)
        other.foreign_keys[at] = changed
        catalog.note_reference(other, changed)
    if replay.mysql_like:
        _rename_numbered(replay, table, old)
    if replay.sqlite and not legacy:
        _in_bodies(replay, old, name)


def _move_indexes(replay: Replay, table: Table, schema: str | None) -> None:
    if schema == table.schema:
        return
    catalog = replay.catalog
    for one in (*table.uniques, *table.indexes, *table.exclusions, table.primary_key):
        if one is not None and one.name is not None:
            owner = catalog.indexes.pop(catalog.key_in(table.schema, one.name), None)
            if owner is not None:
                catalog.indexes[catalog.key_in(schema, one.name)] = table


def _rename_numbered(replay: Replay, table: Table, old: str) -> None:
    """InnoDB renames `old_ibfk_1` with its table (observed)."""
    replay.catalog.forget_names(table)
    for at, key in enumerate(table.foreign_keys):
        if key.name is not None and key.name.startswith(f"{old}_ibfk_"):
            table.foreign_keys[at] = msgspec.structs.replace(
                key, name=table.name + key.name[len(old) :]
            )


def _in_bodies(replay: Replay, old: str, new: str) -> None:
    """SQLite renames the table in every trigger; a column of that name is not met in practice."""
    fold = replay.catalog.fold
    folded = fold(old)

    def rewrite(text: str) -> str:
        return renamed(text, lambda one: fold(one.name) == folded, new, replay.dialect)

    for table in replay.catalog.triggered.values():
        for trigger in table.triggers.values():
            body = trigger.statement.body
            if body is not None and folded in body.text.lower():
                trigger.statement = msgspec.structs.replace(
                    trigger.statement, body=_sql(body, rewrite)
                )
