"""The constraints of a table by name, and whether a name is still to be had."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.replay.automatic_names import postgres_name
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.model import Check, Exclusion, ForeignKey, PrimaryKey, Unique
from schemalint.source import Span

Named = PrimaryKey | Unique | ForeignKey | Check | Exclusion


def constraints_of(table: Table) -> list[Named]:
    """All constraints of `table` that have or could have a name; plain indexes are none."""
    found: list[Named] = [] if table.primary_key is None else [table.primary_key]
    found += [one for one in table.uniques if not one.index]
    return [*found, *table.foreign_keys, *table.checks, *table.exclusions]


def names_of(replay: Replay, table: Table) -> set[str]:
    """The names of the constraints of `table`, folded; collected anew only after some are gone."""
    if table.names is None:
        fold = replay.catalog.fold
        table.names = {fold(one.name) for one in constraints_of(table) if one.name is not None}
    return table.names


def note_name(replay: Replay, table: Table, name: str | None) -> None:
    """Remember the name of a constraint that was added."""
    if name is None:
        return
    catalog = replay.catalog
    if table.names is not None:
        table.names.add(catalog.fold(name))
    catalog.constrained.setdefault(catalog.key_in(table.schema, name), {})[id(table)] = table


def refuse_taken(replay: Replay, table: Table, name: str | None, span: Span) -> None:
    """Check that a new constraint's name is free; SQLite does not care.

    Raises:
        RefusedError: it is not.
    """
    if name is None or replay.sqlite:
        return
    if replay.catalog.fold(name) in names_of(replay, table):
        raise RefusedError(
            f"`{table.name}` has a constraint called `{name}` already", span, [table.name]
        )


def automatic_name(
    replay: Replay, table: Table, columns: Sequence[str], label: str, *, relation: bool = True
) -> str:
    """The name that PostgreSQL gives to a constraint or, for a `relation`, to an index.

    An index has to differ from every table and index, other constraints from those of all tables
    (ChooseConstraintName; tried on 15).
    """
    catalog = replay.catalog
    names = names_of(replay, table)

    def taken(name: str) -> bool:
        if name in names:
            return True
        key = catalog.key_in(table.schema, name)
        if relation:
            return key in catalog.tables or key in catalog.indexes
        others = catalog.constrained.get(key, {}).values()
        return any(catalog.has(one) and name in names_of(replay, one) for one in others)

    numbers = catalog.numbers.setdefault(table.schema, {})
    return postgres_name(table.name, columns, label, taken, numbers)
