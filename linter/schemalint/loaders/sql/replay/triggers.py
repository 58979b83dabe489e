"""Triggers and functions: made, replaced, dropped, switched on and off.

What a trigger does is found out when everything was read: CREATE OR REPLACE FUNCTION changes the
triggers that are there.
"""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import Name, TableName
from schemalint.loaders.sql.entries import Table, TableTrigger
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import (
    CreateFunction,
    CreateTrigger,
    Drop,
    EnableTrigger,
)


def create_function(replay: Replay, statement: CreateFunction) -> None:
    """CREATE FUNCTION or PROCEDURE. Overloaded ones share a name; the one that triggers call is the
    one that returns `trigger`.

    Raises:
        RefusedError: there is such a trigger function already.
    """
    key = replay.catalog.key(statement.function)
    replay.catalog.routines.setdefault(key, []).append(statement)
    there = replay.catalog.functions.get(key)
    if there is not None and there.returns == "trigger":
        if statement.returns != "trigger":
            return
        if not statement.replace:
            raise RefusedError(
                f"there is a function called `{statement.function.name}` already",
                statement.function.span,
            )
    replay.catalog.functions[key] = statement


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
    table.triggers[name] = TableTrigger(msgspec.structs.replace(statement, columns=columns))
    catalog.triggers[name] = table
    catalog.triggered[id(table)] = table


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


def drop_function(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP FUNCTION; with CASCADE its triggers go too.

    Raises:
        RefusedError: a trigger calls it.
    """
    catalog = replay.catalog
    made = catalog.routines_called(name)
    catalog.routines = {key: one for key, one in catalog.routines.items() if one is not made}
    function = catalog.function(name)
    if function is None:
        return  # one of an extension, or of an overloaded name
    for table in catalog.triggered.values():
        callers = [
            key
            for key, trigger in table.triggers.items()
            if trigger.statement.function is not None
            and catalog.function(trigger.statement.function) is function
        ]
        if callers and not statement.cascade:
            raise RefusedError(
                f"the function `{name.name}` cannot be dropped: a trigger of `{table.name}` "
                "calls it",
                name.span,
                [table.name],
                harmless=True,
            )
        for key in callers:
            del table.triggers[key]
    catalog.functions = {key: one for key, one in catalog.functions.items() if one is not function}


def enable(replay: Replay, table: Table, action: EnableTrigger) -> None:
    """ENABLE and DISABLE TRIGGER, one or all.

    Raises:
        RefusedError: there is no such trigger.
    """
    if action.trigger is None:
        for trigger in table.triggers.values():
            trigger.enabled = action.enabled
        if "ALL" in action.span.text.upper().split():
            _switch_foreign_keys(replay, table, enforced=action.enabled)
        return
    found = table.triggers.get(replay.catalog.fold(action.trigger))
    if found is None:
        raise RefusedError(
            f"the table `{table.name}` has no trigger `{action.trigger}`",
            action.span,
            [table.name],
            removes=True,
        )
    found.enabled = action.enabled


def _switch_foreign_keys(replay: Replay, table: Table, *, enforced: bool) -> None:
    """PostgreSQL checks foreign keys by triggers of its own, which ALL means too: those of the
    table, and what they do when a row of it goes (observed)."""
    table.foreign_keys[:] = [
        msgspec.structs.replace(key, enforced=enforced) for key in table.foreign_keys
    ]
    for other, at, key in replay.catalog.foreign_keys_to(table):
        other.foreign_keys[at] = msgspec.structs.replace(key, enforced=enforced)
