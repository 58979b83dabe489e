"""Primary keys, unique constraints and exclusions."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    Constraint,
    ExclusionClause,
    ForeignKeyClause,
    PrimaryKeyClause,
    UniqueClause,
)
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.replay.automatic_names import mysql_index_name
from schemalint.loaders.sql.replay.constraint_names import (
    automatic_name,
    note_name,
    refuse_taken,
)
from schemalint.loaders.sql.replay.index_names import index_words
from schemalint.loaders.sql.replay.indexes import (
    index_taken,
    named_index,
    parts_of,
    register,
    remove_index,
)
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.model import Dialect, Exclusion, PrimaryKey, Unique
from schemalint.source import Span

Added = tuple[Constraint, Column | None]
"""A constraint that is to be added, and the column in whose definition it stands."""


def rank(clause: Constraint) -> int:
    """The order in which databases name and make the constraints of one CREATE TABLE: checks, the
    primary key, other keys, foreign keys."""
    if isinstance(clause, CheckClause):
        return 0
    if isinstance(clause, PrimaryKeyClause):
        return 1
    return 3 if isinstance(clause, ForeignKeyClause) else 2


def add_primary_key(replay: Replay, table: Table, clause: PrimaryKeyClause) -> None:
    if table.primary_key is not None:
        raise RefusedError(f"`{table.name}` has a primary key already", clause.span, [table.name])
    refuse_taken(replay, table, clause.name, clause.span)
    name = clause.name
    if clause.index is not None:
        parts = _taken_index(replay, table, clause.index, clause.span).parts
        name = name or clause.index
    else:
        parts = parts_of(replay, table, clause.parts)
        if name is None and replay.postgres_like:
            name = automatic_name(replay, table, (), "pkey")
        elif replay.mysql_like:
            name = None  # whatever it is called there, its name is PRIMARY
    table.primary_key = PrimaryKey(name, parts, clause.span, deferrable=clause.deferrable)
    register(replay, table, name)
    note_name(replay, table, name)
    _settle_nullability(replay, table, clause)


def _settle_nullability(replay: Replay, table: Table, clause: PrimaryKeyClause) -> None:
    """A key's columns are NOT NULL, and stay so without it; on SQLite only in a few tables."""
    assert table.primary_key is not None
    columns = [table.columns[replay.catalog.fold(name)] for name in table.primary_key.columns]
    if replay.sqlite:
        if _is_row_id(replay, table, clause):
            if columns[0].counts is None:  # else AUTOINCREMENT stands there
                columns[0].counts, columns[0].reused = clause.span, True
        elif not (table.without_rowid or table.strict):
            return
    for column in columns:
        if column.nullable:
            column.nullable = False
            if not column.span.start <= clause.span.start < column.span.end:
                column.nullable_span = clause.span


def _is_row_id(replay: Replay, table: Table, clause: PrimaryKeyClause) -> bool:
    """Whether the key is SQLite's INTEGER PRIMARY KEY, which is no index of its own (O06d)."""
    if not replay.sqlite or table.without_rowid or len(clause.parts) != 1:
        return False
    column = replay.catalog.column(table, clause.parts[0].column or "")
    kind = None if column is None else column.type
    return kind is not None and kind.text.upper() == "INTEGER" and not clause.descending_rowid


def _taken_index(replay: Replay, table: Table, index: str, span: Span) -> Unique:
    """Take the unique index out of which a constraint is made (USING INDEX)."""
    found = named_index(replay, table, index)
    if not isinstance(found, Unique):
        raise RefusedError(
            f"`{table.name}` has no unique index called `{index}`", span, [table.name]
        )
    remove_index(replay, table, found)
    return found


def add_unique(replay: Replay, table: Table, clause: UniqueClause) -> None:
    refuse_taken(replay, table, clause.name, clause.span)
    name, nulls = clause.name, clause.nulls
    if clause.index is not None:
        index = _taken_index(replay, table, clause.index, clause.span)
        parts, nulls, name = index.parts, index.nulls, name or clause.index
    else:
        parts = parts_of(replay, table, clause.parts)
        if name is None and replay.postgres_like:
            words = index_words(parts, clause.span, replay.dialect)
            name = automatic_name(replay, table, words, "key")
        elif name is None and replay.mysql_like:
            name = mysql_index_name(parts[0].column, index_taken(replay, table, parts))
    if replay.dialect is Dialect.SQLSERVER:
        nulls = "equal"  # documented: a unique constraint takes NULL for a value like any other
    table.uniques.append(
        Unique(
            name,
            parts,
            clause.span,
            nulls=nulls,
            index=replay.mysql_like,
            deferrable=clause.deferrable,
        )
    )
    register(replay, table, name)
    note_name(replay, table, name)


def without_redundant(replay: Replay, table: Table, clauses: Iterable[Added]) -> list[Added]:
    """PostgreSQL and SQLite make one index of several keys of one CREATE TABLE over the same
    columns; it takes the name of the first that has one, and the primary key comes before all."""
    seen: dict[tuple[object, ...], int] = {}
    kept: list[Added] = []
    for clause, column in sorted(clauses, key=lambda one: rank(one[0])):
        key = _index_of(replay, table, clause)
        if key is not None:
            at = seen.setdefault(key, len(kept))
            if at < len(kept):
                first, own = kept[at]
                if first.name is None:
                    kept[at] = (msgspec.structs.replace(first, name=clause.name), own)
                continue
        kept.append((clause, column))
    return kept


def _index_of(replay: Replay, table: Table, clause: Constraint) -> tuple[object, ...] | None:
    """What makes the indexes of two constraints the same one; None where there is no index."""
    if not isinstance(clause, PrimaryKeyClause | UniqueClause) or clause.index is not None:
        return None
    if isinstance(clause, PrimaryKeyClause) and _is_row_id(replay, table, clause):
        return None
    fold = replay.catalog.fold
    nulls = clause.nulls if isinstance(clause, UniqueClause) else "distinct"
    columns = [(fold(part.column or ""), (part.collation or "").lower()) for part in clause.parts]
    return (tuple(columns), nulls, clause.deferrable)


def add_exclusion(replay: Replay, table: Table, clause: ExclusionClause) -> None:
    refuse_taken(replay, table, clause.name, clause.span)
    parts = parts_of(replay, table, clause.parts)
    name = clause.name
    if name is None:
        name = automatic_name(
            replay, table, index_words(parts, clause.span, replay.dialect), "excl"
        )
    where = None if clause.where is None else clause.where.text
    table.exclusions.append(
        Exclusion(
            name,
            parts,
            clause.operators,
            clause.span,
            where,
            clause.type,
            clause.deferrable,
        )
    )
    register(replay, table, name)
    note_name(replay, table, name)
