"""What holds of all rows of a table that has some through others (PostgreSQL): those that inherit
from it, and the parts of a partitioned table. Observed on PostgreSQL 15."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.loaders.sql.catalog import Catalog
from schemalint.loaders.sql.entries import Column, Table, TableTrigger
from schemalint.model import Check, Index, PrimaryKey, Unique


def heirs(table: Table, catalog: Catalog) -> list[Table]:
    """The tables that inherit from `table`, directly or not; its parts are none."""
    return [one for one in catalog.descendants(table) if one.partition_of is None]


def columns_of_all(table: Table, catalog: Catalog) -> list[Column]:
    """The columns; one that a table below can lack a value in can lack it here, too: up to
    PostgreSQL 17, DROP NOT NULL on the heir alone is taken."""
    below = heirs(table, catalog)
    found = []
    for folded, column in table.columns.items():
        looser = [one for heir in below if (one := heir.columns.get(folded)) and one.nullable]
        if looser and not column.nullable:
            at = looser[0].nullable_span
            found.append(msgspec.structs.replace(column, nullable=True, nullable_span=at))
        else:
            found.append(column)
    return found


def checks_of_all(table: Table, catalog: Catalog) -> list[Check]:
    """The checks; those with NO INHERIT say nothing of the rows of heirs."""
    if table.own_checks and heirs(table, catalog):
        return [one for one in table.checks if one.name not in table.own_checks]
    return list(table.checks)


def has_each_part(table: Table, key: Unique | Index | PrimaryKey, catalog: Catalog) -> bool:
    """Whether each part has the key or the index. One that is made for ONLY the whole is not
    valid before; of keys, which count the columns that tell the parts apart, it is then the same
    whether or not they are attached to that of the whole."""
    parts = [one for one in catalog.children(table) if one.partition_of is table]
    return all(
        any(_same(key, one) for one in _alike(part, key)) and has_each_part(part, key, catalog)
        for part in parts
    )


def _alike(table: Table, key: Unique | Index | PrimaryKey) -> Iterator[Unique | Index | PrimaryKey]:
    yield from table.uniques
    if table.primary_key is not None:
        yield table.primary_key
    if isinstance(key, Index):
        yield from table.indexes


def _same(one: Unique | Index | PrimaryKey, other: Unique | Index | PrimaryKey) -> bool:
    where = getattr(one, "where", None)
    return (one.columns, one.expressions, where) == (
        other.columns,
        other.expressions,
        getattr(other, "where", None),
    )


def triggers_of(table: Table, catalog: Catalog) -> Iterator[tuple[TableTrigger, bool]]:
    """The triggers that fire for rows of `table`, and whether they are switched on, of all its
    rows: PostgreSQL clones row triggers onto parts (case I22b), where each can be switched off."""
    for name, trigger in table.triggers.items():
        yield trigger, trigger.enabled and not _muted(table, name, catalog)
    whole = table.partition_of
    while whole is not None:
        for name, trigger in whole.triggers.items():
            if trigger.statement.for_each == "row":
                off = name in table.muted or _muted(table, name, catalog)
                yield trigger, trigger.enabled and not off
        whole = whole.partition_of


def _muted(table: Table, name: str, catalog: Catalog) -> bool:
    return any(
        name in one.muted for one in catalog.descendants(table) if one.partition_of is not None
    )
