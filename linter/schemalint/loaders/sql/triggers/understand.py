"""CREATE TRIGGER and its function to what they do to a row."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemalint.loaders.sql.cursor import SyntaxFaultError
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.loaders.sql.statements import CreateFunction, CreateTrigger
from schemalint.loaders.sql.triggers import mysql, plpgsql, sqlite
from schemalint.loaders.sql.triggers.effect import Columns, Effect, Event
from schemalint.loaders.sql.triggers.outcome import effects
from schemalint.loaders.sql.triggers.paths import (
    Ending,
    Situation,
    TooManyPathsError,
    fold_column,
    paths,
)
from schemalint.loaders.sql.triggers.provided import provided
from schemalint.loaders.sql.triggers.steps import Steps, Unclear
from schemalint.model import Dialect, Trigger


def understand(
    trigger: CreateTrigger,
    function: CreateFunction | None,
    dialect: Dialect | None,
    columns: Columns | None = None,
) -> tuple[Trigger, ...]:
    """The trigger as facts of the AST: one for each effect that it has.

    `function` is what it calls (PostgreSQL), None where nothing defines it; `columns` are those of
    its table, None where they are not known. Never raises.
    """
    body = trigger.body or (function.body if function is not None else None)
    return tuple(
        [
            Trigger(
                trigger.name,
                trigger.timing,
                effect.events,
                trigger.span,
                effect.effect,
                tuple([column.text for column in trigger.columns]),
                trigger.when.text if trigger.when is not None else None,
                effect.condition,
                effect.assigns,
                effect.writes,
                body.text if body is not None else "",
                trigger.for_each,
            )
            for effect in effects_of(trigger, function, dialect, columns)
        ]
    )


def effects_of(
    trigger: CreateTrigger,
    function: CreateFunction | None,
    dialect: Dialect | None,
    columns: Columns | None = None,
) -> tuple[Effect, ...]:
    """What the trigger does where its `when` is true and one of its events happens.

    Several effects for one event take place one after the other, in this order. What is not
    understood is `opaque`.
    """
    dialect = dialect or _likely_dialect(trigger)
    steps = _steps(trigger, function, dialect)
    found: dict[tuple[Effect, ...], list[Event]] = {}
    for event in trigger.events:
        situation = _situation(trigger, event, dialect, columns)
        found.setdefault(_effects(steps, situation, trigger), []).append(event)
    return tuple(
        [
            msgspec.structs.replace(effect, events=tuple(events))
            for same, events in found.items()
            for effect in same
        ]
    )


def _effects(steps: Steps, situation: Situation, trigger: CreateTrigger) -> tuple[Effect, ...]:
    try:
        found = paths(steps, situation)
    except (TooManyPathsError, RecursionError):
        return (Effect((), "opaque", reason="there are too many ways through its body"),)
    if not _changes_row(trigger):
        found = [msgspec.structs.replace(path, assigned=()) for path in found]
    return effects(found, situation.dialect)


def _steps(
    trigger: CreateTrigger, function: CreateFunction | None, dialect: Dialect | None
) -> Steps:
    """The steps of the body, or one that says why they are not known."""
    try:
        if trigger.function is not None:
            return _function_steps(trigger, trigger.function.name, function, dialect)
        if trigger.body is None:
            return (Unclear("it has no body"),)
        body = trigger.body.text
        if is_mysql(dialect):
            return mysql.read(body, dialect)
        if dialect is Dialect.SQLITE:
            return sqlite.read(body, dialect)
        return (Unclear("bodies of this database's triggers are not read"),)
    except (SyntaxFaultError, RecursionError):
        return (Unclear("its body cannot be read"),)


def _likely_dialect(trigger: CreateTrigger) -> Dialect | None:
    """Whose trigger it is, where nothing names a database: by what only one of them has."""
    if trigger.function is not None:
        return Dialect.POSTGRESQL
    body = trigger.body.text.upper() if trigger.body is not None else ""
    if "SIGNAL" in body:
        return Dialect.MYSQL
    return Dialect.SQLITE if body.startswith("BEGIN") else None


def _function_steps(
    trigger: CreateTrigger, name: str, function: CreateFunction | None, dialect: Dialect | None
) -> Steps:
    if function is None:
        known = provided(name, trigger.arguments, dialect)
        return known or (Unclear(f"the function {name} is not defined here"),)
    if function.returns.removeprefix("pg_catalog.").strip('"') != "trigger":
        return (Unclear(f"the function {name} that is defined here is not for triggers"),)
    if function.language != "plpgsql":
        return (Unclear(f"the function {name} is written in {function.language}"),)
    return plpgsql.read(function.body.text, dialect)


def _changes_row(trigger: CreateTrigger) -> bool:
    """Whether what the body gives NEW becomes the row."""
    return trigger.timing == "before" and trigger.for_each == "row"


def _situation(
    trigger: CreateTrigger, event: Event, dialect: Dialect | None, columns: Columns | None
) -> Situation:
    by_function = trigger.function is not None
    computed = columns.computed if columns is not None else frozenset()
    numbered = columns.numbered if columns is not None else frozenset()
    early = trigger.timing == "before"
    return Situation(
        dialect=dialect,
        returns=_returns(trigger, event),
        # PL/pgSQL: "control reached end of trigger procedure without RETURN" is an error.
        unended="refuse" if by_function else "pass",
        missing=_missing(trigger, event) if by_function else frozenset(),
        constants=_constants(trigger, event) if by_function else {},
        # PostgreSQL works out generated columns after BEFORE triggers, the others before them.
        unset=_folded(computed, dialect) if early and is_postgres(dialect) else frozenset(),
        # SQLite shows -1, MySQL 0 where the row gets its number only later.
        unsettled=_folded(numbered, dialect)
        if early and event == "insert" and not is_postgres(dialect)
        else frozenset(),
        columns=_folded(columns.names, dialect) if columns is not None else None,
    )


def _folded(names: frozenset[str], dialect: Dialect | None) -> frozenset[str]:
    return frozenset([fold_column(name, dialect) for name in names])


def _returns(trigger: CreateTrigger, event: Event) -> Mapping[str, Ending]:
    """What each way to return means: only BEFORE a row does it decide on the change."""
    if not _changes_row(trigger):
        return dict.fromkeys(("new", "old", "null", "either", "stop", "skip"), "pass")
    # RETURN OLD of an UPDATE puts the row back as it was (case I15d); of an INSERT, OLD is NULL,
    # and so is NEW of a DELETE.
    deletes = event == "delete"
    return {
        "new": "skip" if deletes else "pass",
        "old": "pass" if deletes else "skip",
        "either": "pass",
        "null": "skip",
        "stop": "pass",
        "skip": "skip",
    }


def _missing(trigger: CreateTrigger, event: Event) -> frozenset[str]:
    if trigger.for_each == "statement":
        return frozenset(("NEW", "OLD"))
    missing = {"insert": "OLD", "delete": "NEW"}.get(event)
    return frozenset((missing,)) if missing else frozenset()


def _constants(trigger: CreateTrigger, event: Event) -> Mapping[str, str]:
    return {
        "TG_OP": event.upper(),
        "TG_WHEN": trigger.timing.upper(),
        "TG_LEVEL": trigger.for_each.upper(),
        "TG_TABLE_NAME": trigger.table.name,
        "TG_RELNAME": trigger.table.name,
        "TG_NAME": trigger.name,
    }
