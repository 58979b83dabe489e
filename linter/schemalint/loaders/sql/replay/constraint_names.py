"""The constraints of a table by name, and whether a name is still to be had."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.loaders.sql.catalog import Table
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.model import Check, Dialect, Exclusion, ForeignKey, PrimaryKey, Unique
from schemalint.source import Span

Named = PrimaryKey | Unique | ForeignKey | Check | Exclusion


def constraints_of(table: Table) -> list[Named]:
    """All constraints of `table` that have or could have a name; plain indexes are none."""
    found: list[Named] = [] if table.primary_key is None else [table.primary_key]
    found += [one for one in table.uniques if not one.index]
    return [*found, *table.foreign_keys, *table.checks, *table.exclusions]


def constraint_taken(table: Table) -> Callable[[str], bool]:
    """Whether a constraint of `table` has a name already."""
    return {one.name for one in constraints_of(table)}.__contains__


def refuse_taken(replay: Replay, table: Table, name: str | None, span: Span) -> None:
    """Check that a new constraint's name is free; SQLite does not care.

    Raises:
        RefusedError: it is not.
    """
    if name is None or replay.dialect is Dialect.SQLITE:
        return
    fold = replay.catalog.fold
    folded = fold(name)
    for one in constraints_of(table):
        if one.name is not None and fold(one.name) == folded:
            raise RefusedError(
                f"`{table.name}` has a constraint called `{name}` already", span, [table.name]
            )
