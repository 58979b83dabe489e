"""What goes with a column that is dropped, and what holds it there, database by database.

PostgreSQL drops every key, index and check that the column is part of, and refuses where something
of another object depends on it, unless told CASCADE. MySQL and MariaDB take the column out of its
indexes and drop the checks that name no other column; they refuse where a foreign key, of its table
or of another to it, or a check of other columns too needs it, and MariaDB where a primary or unique
key of several columns does, which MySQL narrows. SQLite refuses all of these. Observed on
PostgreSQL 15, MariaDB 10.11, SQLite 3.40; of MySQL, see "ALTER TABLE Statement" in its manual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.identifiers import columns_in
from schemalint.loaders.sql.replay.checks import known_columns
from schemalint.loaders.sql.replay.foreign_keys import foreign_keys_to
from schemalint.loaders.sql.replay.indexes import forget
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.views import remove_views
from schemalint.model import Dialect, Exclusion, Index, KeyPart, PrimaryKey, Unique
from schemalint.source import Span

_OfParts = TypeVar("_OfParts", PrimaryKey, Unique, Index)
Uses = Callable[[str | None], bool]


def drop_column(replay: Replay, table: Table, column: Column, span: Span, *, cascade: bool) -> None:
    """Take `column` away from `table`.

    Raises:
        RefusedError: something holds it there.
    """
    name = column.name
    known = known_columns(replay, table)

    def used(text: str | None) -> list[str]:
        return [] if text is None else columns_in(text, known, replay.dialect)

    def uses(text: str | None) -> bool:
        return name in used(text)

    if replay.sqlite:
        _refuse_on_sqlite(table, column, uses, span)
    elif replay.mysql_like:
        for check in table.checks:
            if uses(check.expression) and len(used(check.expression)) > 1:
                raise _held(table, column, f"the check `{check.name}`", span)
        _take_out_of_indexes(replay, table, column, uses, span)
    else:
        _drop_what_uses(replay, table, column, uses, span, cascade=cascade)
    del table.columns[replay.catalog.fold(name)]
    replay.catalog.forget_names(table)


def _in_parts(parts: tuple[KeyPart, ...], name: str, uses: Uses) -> bool:
    return any(part.column == name or uses(part.expression) for part in parts)


def _held(table: Table, column: Column, what: str, span: Span) -> RefusedError:
    return RefusedError(
        f"`{table.name}.{column.name}` cannot be dropped: {what} needs it",
        span,
        [table.name],
        harmless=True,
    )


# -- SQLite


def _refuse_on_sqlite(table: Table, column: Column, uses: Uses, span: Span) -> None:
    name = column.name
    key = table.primary_key
    if key is not None and _in_parts(key.parts, name, uses):
        raise _held(table, column, "the primary key", span)
    indexes: list[Unique | Index] = [*table.uniques, *table.indexes]
    for one in indexes:
        if _in_parts(one.parts, name, uses) or uses(one.where):
            raise _held(table, column, f"the index `{one.name}`" if one.name else "a key", span)
    for foreign_key in table.foreign_keys:
        if name in foreign_key.columns and not _within(foreign_key.span, column):
            raise _held(table, column, "a foreign key", span)
    for check in table.checks:
        if uses(check.expression) and not _within(check.span, column):
            raise _held(table, column, "a check", span)
    for other in table.columns.values():
        if other is not column and other.generated and uses(other.generated.expression.text):
            raise _held(table, column, f"the generated column `{other.name}`", span)
    table.checks[:] = [one for one in table.checks if not _within(one.span, column)]
    table.foreign_keys[:] = [one for one in table.foreign_keys if name not in one.columns]


def _within(span: Span, column: Column) -> bool:
    own = column.span
    return span.file is own.file and own.start <= span.start and span.end <= own.end


# -- MySQL and MariaDB


def _take_out_of_indexes(
    replay: Replay, table: Table, column: Column, uses: Uses, span: Span
) -> None:
    name = column.name
    for foreign_key in table.foreign_keys:
        if name in foreign_key.columns:
            raise _held(table, column, f"the foreign key `{foreign_key.name}`", span)
    for other, _, foreign_key in replay.catalog.foreign_keys_to(table):
        if name in foreign_key.references:
            by = f"the foreign key `{foreign_key.name}` of `{other.name}`"
            raise _held(table, column, by, span)
    if replay.dialect is not Dialect.MYSQL:
        key = table.primary_key
        if key is not None and len(key.parts) > 1 and name in key.columns:
            raise _held(table, column, "the primary key", span)
        for unique in table.uniques:
            if len(unique.parts) > 1 and _in_parts(unique.parts, name, uses):
                raise _held(table, column, f"the unique key `{unique.name}`", span)
    if table.primary_key is not None:
        table.primary_key = next(_narrowed([table.primary_key], name, uses), None)
    table.uniques[:] = _narrowed(table.uniques, name, uses)
    table.indexes[:] = _narrowed(table.indexes, name, uses)
    table.checks[:] = [one for one in table.checks if not uses(one.expression)]


def _narrowed(keys: Iterable[_OfParts], name: str, uses: Uses) -> Iterator[_OfParts]:
    """The keys without the column; one that has no other goes with it."""
    for key in keys:
        parts = tuple(
            [part for part in key.parts if part.column != name and not uses(part.expression)]
        )
        if len(parts) == len(key.parts):
            yield key
        elif parts:
            yield msgspec.structs.replace(key, parts=parts)


# -- PostgreSQL and others


def _drop_what_uses(
    replay: Replay, table: Table, column: Column, uses: Uses, span: Span, *, cascade: bool
) -> None:
    name = column.name
    generated = [
        other
        for other in table.columns.values()
        if other is not column and other.generated and uses(other.generated.expression.text)
    ]
    if generated and not cascade:
        raise _held(table, column, f"the generated column `{generated[0].name}`", span)
    triggers = [
        key
        for key, trigger in table.triggers.items()
        if any(one.text == name for one in trigger.statement.columns)
        or (trigger.statement.when is not None and uses(trigger.statement.when.text))
    ]
    if triggers and not cascade:
        raise _held(table, column, f"the trigger `{triggers[0]}`", span)
    dropped_keys: list[PrimaryKey | Unique] = []
    key = table.primary_key
    if key is not None and _in_parts(key.parts, name, uses):
        dropped_keys.append(key)
    dropped_keys += [
        one for one in table.uniques if _in_parts(one.parts, name, uses) or uses(one.where)
    ]
    pointing = [
        (other, foreign_key)
        for other, foreign_key in foreign_keys_to(replay, table, dropped_keys)
        if other is not table or name not in foreign_key.columns
    ]
    if pointing and not cascade:
        other, foreign_key = pointing[0]
        raise _held(table, column, f"the foreign key `{foreign_key.name}` of `{other.name}`", span)
    for other, foreign_key in pointing:
        replay.catalog.remove_foreign_key(other, foreign_key)
    for trigger_name in triggers:
        del table.triggers[trigger_name]
    if cascade:
        remove_views(
            replay,
            [
                view
                for view in replay.catalog.views_of(table)
                if name in view.view_names or name in view.columns or view.more_columns
            ],
        )
    for one in dropped_keys:
        forget(replay, table, one.name)
    if key in dropped_keys:
        table.primary_key = None
    table.uniques[:] = [one for one in table.uniques if one not in dropped_keys]
    table.indexes[:] = [one for one in table.indexes if _stays(replay, table, one, name, uses)]
    table.exclusions[:] = [
        one for one in table.exclusions if _stays(replay, table, one, name, uses)
    ]
    table.foreign_keys[:] = [one for one in table.foreign_keys if name not in one.columns]
    table.checks[:] = [one for one in table.checks if not uses(one.expression)]
    for dependent in generated:
        drop_column(replay, table, dependent, span, cascade=True)


def _stays(replay: Replay, table: Table, index: Index | Exclusion, name: str, uses: Uses) -> bool:
    if _in_parts(index.parts, name, uses) or uses(index.where):
        forget(replay, table, index.name)
        return False
    return True
