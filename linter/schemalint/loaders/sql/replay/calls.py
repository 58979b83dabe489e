"""Functions that migrations call: whether their bodies could change a table."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.grammar.blocks import called_by
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.statements import CreateFunction


def changing(replay: Replay, functions: Iterable[TableName]) -> str | None:
    """The first of these functions that could change a table, by its name; None if none could.

    All that were ever made under a name count: which one is meant depends on its arguments.
    """
    seen: set[int] = set()
    return next((one.name for one in functions if not _is_harmless(replay, one, seen)), None)


def _is_harmless(replay: Replay, name: TableName, seen: set[int]) -> bool:
    made = replay.catalog.routines_called(name)
    if not made:
        return replay.is_provided(name)  # it knows no table of the project
    return all(_changes_nothing(replay, one, seen) for one in made)


def _changes_nothing(replay: Replay, function: CreateFunction, seen: set[int]) -> bool:
    if id(function) in seen:
        return True
    seen.add(id(function))
    if id(function) not in replay.calls:
        replay.calls[id(function)] = function, called_by(function, replay.dialect)
    _, calls = replay.calls[id(function)]
    if calls is None:
        return False
    own = [one for one in calls.named if replay.catalog.routines_called(one)]
    return all(_is_harmless(replay, one, seen) for one in (*calls.run, *own))
