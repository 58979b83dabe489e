"""Tables made of other tables: LIKE, AS, INHERITS, PARTITION OF."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from schemalint.loaders.sql.clauses import LikeClause, Sql, TableName, TypeName
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.native_types import affinity
from schemalint.loaders.sql.replay.constraint_names import automatic_name, note_name
from schemalint.loaders.sql.replay.index_names import index_words
from schemalint.loaders.sql.replay.indexes import register
from schemalint.loaders.sql.replay.projections import projected
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.replay.stored_rows import as_validated
from schemalint.model import Dialect, Index, Unique

_Keyed = TypeVar("_Keyed", Unique, Index)
# Where columns of a query can be NULL that are not so in their tables.
_MORE_NULLS = re.compile(r"\b(?:LEFT|RIGHT|FULL|UNION|ROLLUP|CUBE|GROUPING)\b", re.IGNORECASE)


# -- LIKE


def take_like(replay: Replay, table: Table, clause: LikeClause) -> None:
    """LIKE inside a table (PostgreSQL: what INCLUDING says) or MySQL's, which takes all but
    foreign keys (cases O23, O23b).

    Raises:
        RefusedError: there is no such table.
    """
    source = replay.table(clause.table)
    _take_doubt(replay, table, source)
    everything = "all" in clause.including or replay.mysql_like
    for column in source.columns.values():
        copy = msgspec.structs.replace(column, inherited=False)
        if not everything:
            _strip(copy, clause)
        replay.catalog.set_column(table, copy)
    if everything or "constraints" in clause.including:
        table.checks += map(as_validated, source.checks)
        replay.catalog.forget_names(table)
    if everything or "indexes" in clause.including:
        _take_keys(replay, table, source)
    if everything and replay.mysql_like:
        table.engine, table.collation = source.engine, source.collation


def _strip(column: Column, clause: LikeClause) -> None:
    """What LIKE leaves out unless INCLUDING names it; NOT NULL always stays."""
    if "defaults" not in clause.including:
        column.default = column.default_span = None
        column.counts = None if not _identity(column) else column.counts
    if "identity" not in clause.including and _identity(column):
        column.counts = None
    if "generated" not in clause.including:
        column.generated = None
    if "comments" not in clause.including:
        column.comment = None


def _identity(column: Column) -> bool:
    return column.counts is not None and "IDENTITY" in column.counts.text.upper()


def _take_keys(replay: Replay, table: Table, source: Table) -> None:
    """The keys and indexes of `source` that `table` has not yet. PostgreSQL gives them automatic
    names, MySQL keeps theirs."""
    if source.primary_key is not None and table.primary_key is None:
        name = source.primary_key.name
        if replay.postgres_like:
            name = automatic_name(replay, table, (), "pkey")
        table.primary_key = msgspec.structs.replace(source.primary_key, name=name)
        register(replay, table, name)
        note_name(replay, table, name)
    uniques = {(one.columns, one.expressions, one.where) for one in table.uniques}
    for unique in source.uniques:
        if (unique.columns, unique.expressions, unique.where) not in uniques:
            copy = _renamed_copy(replay, table, unique, "idx" if unique.index else "key")
            table.uniques.append(copy)
            register(replay, table, copy.name)
            note_name(replay, table, copy.name)
    indexes = {(one.columns, one.expressions, one.where) for one in table.indexes}
    for index in source.indexes:
        if (index.columns, index.expressions, index.where) not in indexes:
            plain = _renamed_copy(replay, table, index, "idx")
            table.indexes.append(plain)
            register(replay, table, plain.name)


def _renamed_copy(replay: Replay, table: Table, index: _Keyed, label: str) -> _Keyed:
    if not replay.postgres_like:
        return index
    words = index_words(index.parts, index.span, replay.dialect)
    name = automatic_name(replay, table, words, label)
    return msgspec.structs.replace(index, name=name)


def _take_doubt(replay: Replay, table: Table, source: Table) -> None:
    """Whose columns are not all known, its copies' are not."""
    if source.more_columns and not table.more_columns:
        replay.columns_unknown(table, f"has of `{source.name}`", table.span)


# -- INHERITS and partitions


def inherit(replay: Replay, table: Table, name: TableName) -> None:
    """INHERITS: the parent's columns and checks; no key.

    Raises:
        RefusedError: there is no such table.
    """
    parent = replay.table(name)
    table.parents.append(parent)
    parent.children.append(table)
    _copy_columns(replay, table, parent)


def become_partition(replay: Replay, table: Table, name: TableName) -> None:
    """PARTITION OF: the columns and checks of the whole.

    Raises:
        RefusedError: there is no such table.
    """
    whole = replay.table(name)
    table.partition_of = whole
    whole.children.append(table)
    _copy_columns(replay, table, whole)


def _copy_columns(replay: Replay, table: Table, source: Table) -> None:
    _take_doubt(replay, table, source)
    for key, column in source.columns.items():
        if key not in table.columns:
            replay.catalog.set_column(table, msgspec.structs.replace(column, inherited=True))
    names = {one.name for one in table.checks} | source.own_checks
    table.checks += [as_validated(one) for one in source.checks if one.name not in names]
    replay.catalog.forget_names(table)


def take_partition_keys(replay: Replay, table: Table, whole: Table) -> None:
    """The keys and foreign keys of the whole hold in each partition too, those it has not yet."""
    _take_keys(replay, table, whole)
    if whole.primary_key is not None:
        for column in whole.primary_key.columns:
            table.columns[replay.catalog.fold(column)].nullable = False
    keys = {(one.columns, one.table) for one in table.foreign_keys}
    for one in whole.foreign_keys:
        if (one.columns, one.table) not in keys:
            replay.catalog.add_foreign_key(table, one)
            note_name(replay, table, one.name)
    spread_keys(replay, table)


def spread_keys(replay: Replay, table: Table) -> None:
    """Give the keys of a partitioned table to its partitions."""
    for child in replay.catalog.children(table):
        if child.partition_of is table:
            take_partition_keys(replay, child, table)


# -- AS


def take_query(replay: Replay, table: Table, query: Sql) -> None:
    """CREATE TABLE ... AS: columns without constraints (case O23); MariaDB and MySQL keep NOT NULL.

    Columns that the query computes get a type on PostgreSQL, where it can be told.
    """
    found = projected(replay, query)
    if found is None or any(name is None for name, _ in found):
        replay.columns_unknown(table, "gets from its query", query.span)
        found = found or []
    listed = [column.name for column in table.columns.values() if column.type is None]
    if not replay.mysql_like and len(listed) <= len(found):
        # CREATE TABLE t (x, y) AS ...: that is what the first columns are called
        for at, own in enumerate(listed):
            found[at] = (own, found[at][1])
            del table.columns[replay.catalog.fold(own)]
    unclear = _MORE_NULLS.search(query.text) or any(one is None or one.computed for _, one in found)
    if _keeps_not_null(replay) and unclear:
        found = [(name, source and _with_nulls(source)) for name, source in found]
        replay.opaque(
            "NOT NULL",
            f"which columns of `{table.name}` take NULL depends on its query",
            query.span,
            [table.name],
            removes=False,
        )
    for name, source in found:
        if name is not None and replay.catalog.column(table, name) is None:
            replay.catalog.set_column(table, _column_of_query(replay, name, source, query))


def _with_nulls(column: Column) -> Column:
    return msgspec.structs.replace(column, nullable=True)


def _keeps_not_null(replay: Replay) -> bool:
    """Whether columns of CREATE TABLE ... AS are NOT NULL where the query shows that they can be
    (observed on MariaDB; documented for SQL Server's SELECT INTO)."""
    return replay.mysql_like or replay.dialect is Dialect.SQLSERVER


def _column_of_query(replay: Replay, name: str, source: Column | None, query: Sql) -> Column:
    column = Column(name, query.span, query.span, None)
    if source is None:
        return column
    column.type, column.user_type = source.type, source.user_type
    column.collation = source.collation
    if replay.sqlite:
        column.type, column.collation = _affinity_type(source.type), None
    elif _keeps_not_null(replay):
        column.nullable = source.nullable
    if replay.mysql_like:
        column.default, column.default_span = source.default, source.default_span
        if source.counts is not None:  # it does not count there: 0 is the default
            column.default, column.default_span = Sql(text="0", span=query.span), query.span
    return column


def _affinity_type(kind: TypeName | None) -> TypeName | None:
    """What SQLite declares for a column of CREATE TABLE ... AS ("CREATE TABLE", 3.1)."""
    name = "" if kind is None else affinity(kind.text)
    if kind is None or not name:
        return None
    return TypeName(name=name, text=name, span=kind.span)
