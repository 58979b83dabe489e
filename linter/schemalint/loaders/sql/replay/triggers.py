"""Triggers: made, replaced, dropped, renamed, switched on and off.

What a trigger does is found out when everything was read: CREATE OR REPLACE FUNCTION changes the
triggers that are there.
"""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import Name, TableName
from schemalint.loaders.sql.entries import Table, TableTrigger
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import (
    CreateTrigger,
    Drop,
    EnableTrigger,
    RenameTrigger,
)
from schemalint.source import Span


def create(replay: Replay, statement: CreateTrigger) -> None:
    """CREATE TRIGGER.

    Raises:
        RefusedError: there is no such table, or such a trigger already.
    """
    if replay.is_temporary(statement.table):
        return
    table = replay.table(statement.table)
    catalog = replay.catalog
    owner = table if replay.postgres_like else catalog.trigger_table(statement.name)
    name = catalog.fold(statement.name)
    if owner is not None and name in owner.triggers and not statement.replace:
        if statement.if_not_exists:
            return
        raise RefusedError(
            f"there is a trigger called `{statement.name}` already", statement.span, [table.name]
        )
    columns = tuple([_spelled(replay, table, one) for one in statement.columns])
    if owner is not None:
        owner.triggers.pop(name, None)
    function = _meant(replay, statement.function)
    made = msgspec.structs.replace(statement, columns=columns, function=function)
    table.triggers[name] = TableTrigger(made)
    catalog.triggers[name] = table
    catalog.triggered[id(table)] = table


def _meant(replay: Replay, function: TableName | None) -> TableName | None:
    """The function with the schema in which it is found now: the search path may change later."""
    catalog = replay.catalog
    found = None if function is None else catalog.function(function)
    if function is None or found is None or function.schema is not None:
        return function
    own = catalog.functions.get(catalog.key(function)) is found
    schema = catalog.schema if own else None
    return msgspec.structs.replace(function, schema=schema or catalog.default_schema)


def _spelled(replay: Replay, table: Table, name: Name) -> Name:
    """A column of UPDATE OF; SQLite takes one that does not exist, too (case I12g)."""
    column = replay.catalog.column(table, name.text)
    if column is None and not replay.sqlite and table.kind == "model":
        column = replay.column(table, name.text, name.span)
    return name if column is None else msgspec.structs.replace(name, text=column.name)


def drop(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP TRIGGER.

    Raises:
        RefusedError: there is no such trigger.
    """
    table = (
        replay.catalog.trigger_table(name.name)
        if statement.table is None
        else replay.catalog.table(statement.table)
    )
    folded = replay.catalog.fold(name.name)
    if table is not None and folded in table.triggers:
        del table.triggers[folded]
    elif not statement.if_exists:
        raise RefusedError(
            f"there is no trigger `{name.name}` here",
            name.span,
            [] if table is None else [table.name],
            removes=True,
        )


def rename(replay: Replay, table: Table, action: RenameTrigger) -> None:
    """ALTER TRIGGER ... RENAME TO.

    Raises:
        RefusedError: there is no such trigger, or the name is taken.
    """
    fold = replay.catalog.fold
    old, new = fold(action.trigger), fold(action.name.text)
    found = _named(replay, table, action.trigger, action.span)
    if new in table.triggers and new != old:
        raise RefusedError(
            f"there is a trigger called `{action.name.text}` already",
            action.name.span,
            [table.name],
            harmless=True,
        )
    found.statement = msgspec.structs.replace(found.statement, name=action.name.text)
    del table.triggers[old]
    table.triggers[new] = found


def _named(replay: Replay, table: Table, name: str, span: Span) -> TableTrigger:
    found = table.triggers.get(replay.catalog.fold(name))
    if found is None:
        raise RefusedError(
            f"the table `{table.name}` has no trigger `{name}`",
            span,
            [table.name],
            removes=True,
        )
    return found


def enable(replay: Replay, table: Table, action: EnableTrigger) -> None:
    """ENABLE and DISABLE TRIGGER, one or all.

    Raises:
        RefusedError: there is no such trigger.
    """
    if action.trigger is None:
        for trigger in table.triggers.values():
            trigger.enabled = action.enabled
        _switch_clones(replay, table, _cloned(table), action)
        if "ALL" in action.span.text.upper().split():
            _switch_foreign_keys(replay, table, enforced=action.enabled)
        return
    name = replay.catalog.fold(action.trigger)
    if name not in table.triggers and name in _cloned(table):
        _switch_clones(replay, table, {name}, action)
        return
    found = _named(replay, table, action.trigger, action.span)
    found.enabled = action.enabled
    _switch_clones(replay, table, {name}, action)


def _cloned(table: Table) -> set[str]:
    """The names of the triggers that a part has of its whole, those for each row (case I22b)."""
    found: set[str] = set()
    whole = table.partition_of
    while whole is not None:
        found |= {name for name, one in whole.triggers.items() if one.statement.for_each == "row"}
        whole = whole.partition_of
    return found


def _switch_clones(replay: Replay, table: Table, names: set[str], action: EnableTrigger) -> None:
    """A switch goes down to the parts, where each has a clone of its own (observed on 15)."""
    parts = [one for one in replay.catalog.descendants(table) if one.partition_of is not None]
    for part in parts:
        part.muted = part.muted - names if action.enabled else part.muted
    if table.partition_of is not None:
        table.muted = table.muted - names if action.enabled else table.muted | names


def _switch_foreign_keys(replay: Replay, table: Table, *, enforced: bool) -> None:
    """PostgreSQL checks foreign keys by triggers of its own, which ALL means too: those of the
    table, and what they do when a row of it goes (observed)."""
    table.foreign_keys[:] = [
        msgspec.structs.replace(key, enforced=enforced) for key in table.foreign_keys
    ]
    for other, at, key in replay.catalog.foreign_keys_to(table):
        other.foreign_keys[at] = msgspec.structs.replace(key, enforced=enforced)
