"""Indexes: made, found by name, renamed and dropped; the parts of every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.replay.automatic_names import mysql_index_name
from schemalint.loaders.sql.replay.constraint_names import automatic_name
from schemalint.loaders.sql.replay.index_names import index_words
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.unnamed import left_open, unnamed_index
from schemalint.loaders.sql.statements import CreateIndex, Reindex, RenameIndex
from schemalint.model import Index, KeyPart, PrimaryKey, Unique
from schemalint.source import Span

_CONSTANTS = ("TRUE", "FALSE")

Indexed = PrimaryKey | Unique | Index


def create_index(replay: Replay, statement: CreateIndex) -> None:
    """CREATE INDEX.

    Raises:
        RefusedError: there is no such table or column, or there is such an index already.
    """
    table = replay.table(statement.table)
    where = statement.where
    parts = parts_of(replay, table, statement.parts, of_index=True)
    name = statement.name
    if name is None and replay.postgres_like:
        words = index_words(parts, statement.span, replay.dialect)
        name = automatic_name(replay, table, words, "idx")
    elif name is not None and _exists(replay, table, name):
        if statement.if_not_exists:
            return
        raise RefusedError(
            f"there is an index called `{name}` already", statement.span, [table.name]
        )
    where_text = None if where is None else where.text
    where_span = None if where is None else where.span
    if statement.unique:
        table.uniques.append(
            Unique(name, parts, statement.span, where_text, where_span, statement.nulls, index=True)
        )
    else:
        table.indexes.append(
            Index(name, parts, statement.span, where_text, where_span, statement.type)
        )
    register(replay, table, name)


def add_plain_index(replay: Replay, table: Table, index: Index) -> None:
    """MySQL's KEY inside a table or an ALTER TABLE.

    Raises:
        RefusedError: a column does not exist, or the name is taken.
    """
    parts = parts_of(replay, table, index.parts, of_index=True)
    name = index.name
    if name is None:
        name = mysql_index_name(parts[0].column, index_taken(replay, table, parts))
    elif _exists(replay, table, name):
        raise RefusedError(
            f"`{table.name}` has an index called `{name}` already", index.span, [table.name]
        )
    table.indexes.append(msgspec.structs.replace(index, name=name, parts=parts))


def parts_of(
    replay: Replay, table: Table, parts: Iterable[KeyPart], *, of_index: bool = False
) -> tuple[KeyPart, ...]:
    """The parts with their columns as the table spells them.

    SQLite takes a name in double quotes that is no column's for a string (case U51), in CREATE
    INDEX alone, and TRUE and FALSE there for 1 and 0 (observed on 3.40).

    Raises:
        RefusedError: there is no such column.
    """
    return tuple([_part(replay, table, part, of_index=of_index) for part in parts])


def _part(replay: Replay, table: Table, part: KeyPart, *, of_index: bool) -> KeyPart:
    if part.collation is not None:
        part = msgspec.structs.replace(part, collation=replay.catalog.collation(part.collation))
    name = part.column
    if name is None:
        return part
    constant = of_index and replay.sqlite and part.span.text.strip("() ").upper() == name.upper()
    if constant and name.upper() in _CONSTANTS and replay.catalog.column(table, name) is None:
        return msgspec.structs.replace(part, column=None, expression=name)
    may_be_text = of_index and replay.sqlite and part.span.text[:1] == '"'
    if may_be_text and replay.catalog.column(table, name) is None:
        text = name.replace("'", "''")
        return msgspec.structs.replace(part, column=None, expression=f"'{text}'")
    spelled = replay.column(table, name, part.span).name
    return part if spelled == name else msgspec.structs.replace(part, column=spelled)


# -- names


def register(replay: Replay, table: Table, name: str | None) -> None:
    """Make an index or key known by its name."""
    if name is not None and not replay.index_names_are_tables:
        replay.catalog.indexes[replay.catalog.key_in(table.schema, name)] = table


def forget(replay: Replay, table: Table, name: str | None) -> None:
    """The reverse of `register`."""
    replay.catalog.forget_names(table)
    if name is not None:
        replay.catalog.indexes.pop(replay.catalog.key_in(table.schema, name), None)


def index_taken(replay: Replay, table: Table, parts: Sequence[KeyPart]) -> Callable[[str], bool]:
    """Whether `table` has an index of a name already (MySQL, where they are the table's own); one
    that a key of these parts will take the place of does not count."""
    columns = tuple([part.column for part in parts])

    def taken(name: str) -> bool:
        there = named_index(replay, table, name)
        if there is None or there.name not in table.implied:
            return there is not None
        return there.columns != columns[: len(there.columns)]

    return taken


def _exists(replay: Replay, table: Table, name: str) -> bool:
    if replay.index_names_are_tables:
        return named_index(replay, table, name) is not None and name not in table.implied
    key = replay.catalog.key_in(table.schema, name)
    return key in replay.catalog.indexes or key in replay.catalog.tables


def _all(table: Table) -> list[Indexed]:
    key = table.primary_key
    return [*table.uniques, *table.indexes, *([] if key is None else [key])]


def named_index(replay: Replay, table: Table, name: str) -> Indexed | None:
    """The index or key of `table` called `name`, or None."""
    fold = replay.catalog.fold
    folded = fold(name)
    indexes: list[Unique | Index] = [*table.uniques, *table.indexes]
    for one in indexes:
        if one.name is not None and fold(one.name) == folded:
            return one
    key = table.primary_key
    if key is not None and fold(key.name or "primary") == folded:
        return key
    return None


# -- drops and renames


def drop_index(replay: Replay, name: TableName, table: Table | None, *, if_exists: bool) -> None:
    """DROP INDEX; `table` where the statement names it (MySQL, SQL Server).

    Raises:
        RefusedError: there is no such index, or it belongs to a constraint.
    """
    owner = table or replay.catalog.index_table(name)
    index = None if owner is None else named_index(replay, owner, name.name)
    if owner is None or index is None:
        found = unnamed_index(replay, name.name)
        if found is not None:
            remove_index(replay, *found)
            return
        among = replay.catalog.tables.values() if owner is None else [owner]
        if if_exists or left_open(replay, name.name, among, name.span):
            return
        tables = [] if owner is None else [owner.name]
        raise RefusedError(f"there is no index `{name.name}` here", name.span, tables, removes=True)
    belongs = isinstance(index, PrimaryKey) or (isinstance(index, Unique) and not index.index)
    if belongs and not replay.mysql_like:
        raise RefusedError(
            f"the index `{name.name}` belongs to a constraint of `{owner.name}`; "
            "drop the constraint",
            name.span,
            [owner.name],
            harmless=True,
        )
    remove_index(replay, owner, index)


def drop_covered(replay: Replay, table: Table) -> None:
    """Take away what InnoDB made for a foreign key where another key leads with the same columns,
    whether the foreign key is still there or not (tried on MariaDB 10.11)."""
    for index in [one for one in table.indexes if one.name in table.implied]:
        width = len(index.columns)
        if any(
            one is not index
            and one.columns[:width] == index.columns
            and all(part.length is None for part in one.parts[:width])
            for one in _all(table)
            if len(one.columns) == len(one.parts)
        ):
            remove_index(replay, table, index)


def remove_index(replay: Replay, table: Table, index: Indexed) -> None:
    """Take an index or key away from `table`, and from the partitions that have it of the table."""
    for child in replay.catalog.children(table):
        if child.partition_of is table:
            for one in _all(child):
                if one.span == index.span:
                    remove_index(replay, child, one)
    if isinstance(index, PrimaryKey):
        table.primary_key = None
    elif isinstance(index, Unique):
        table.uniques[:] = [one for one in table.uniques if one is not index]
    else:
        table.indexes[:] = [one for one in table.indexes if one is not index]
        table.implied.discard(index.name or "")
    forget(replay, table, index.name)


def reindex(replay: Replay, statement: Reindex) -> None:
    """REINDEX TABLE. Its indexes are made anew, which fails where two rows are equal to a key or
    conflict: what switched them off or on may be forgotten. Not so the indexes of a whole in parts,
    which stay as they are (observed on PostgreSQL 15)."""
    catalog = replay.catalog
    table = catalog.table(statement.table)
    if table is None or table.partition_by:
        return
    mended = [
        one for one in catalog.opaque if one.kind == "indexes" and one.tables == (table.name,)
    ]
    spans = [one.span for one in mended]
    catalog.opaque = [one for one in catalog.opaque if one not in mended]
    replay.problems = [one for one in replay.problems if one.span not in spans]


def rename_index(replay: Replay, statement: RenameIndex) -> None:
    """ALTER INDEX ... RENAME TO.

    Raises:
        RefusedError: there is no such index, or the name is taken.
    """
    owner = replay.catalog.index_table(statement.index)
    if owner is None:
        found = unnamed_index(replay, statement.index.name)
        if found is not None:
            rename_found(replay, found[0], found[1], statement.name)
            return
        if left_open(replay, statement.index.name, replay.catalog.tables.values(), statement.span):
            return
        raise RefusedError(
            f"there is no index `{statement.index.name}` here",
            statement.index.span,
            harmless=True,
        )
    rename_index_of(replay, owner, statement.index.name, statement.name, statement.span)


def rename_index_of(replay: Replay, table: Table, old: str, new: str, span: Span) -> None:
    """Give an index or key of `table` another name.

    Raises:
        RefusedError: there is no such index, or the name is taken.
    """
    index = named_index(replay, table, old)
    if index is None:
        raise RefusedError(
            f"`{table.name}` has no index `{old}`", span, [table.name], harmless=True
        )
    if replay.catalog.fold(old) != replay.catalog.fold(new) and _exists(replay, table, new):
        raise RefusedError(
            f"there is an index called `{new}` already", span, [table.name], harmless=True
        )
    rename_found(replay, table, index, new)


def rename_found(replay: Replay, table: Table, index: Indexed, new: str) -> None:
    """Give an index or key of `table` another name, which is free."""
    replaced = msgspec.structs.replace(index, name=new)
    if isinstance(replaced, PrimaryKey):
        table.primary_key = replaced
    elif isinstance(replaced, Unique):
        table.uniques[:] = [replaced if one is index else one for one in table.uniques]
    else:
        table.indexes[:] = [replaced if one is index else one for one in table.indexes]
    forget(replay, table, index.name)
    register(replay, table, new)
