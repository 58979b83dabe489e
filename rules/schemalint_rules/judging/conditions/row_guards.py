"""Triggers as conditions on rows: whether those of a table keep every bad row out.

A row trigger that refuses bad rows binds as a CHECK does only where it fires. A bad row comes by
an INSERT or by an UPDATE of a good one, so both have to be refused (E25); MariaDB's foreign-key
actions fire no trigger at all (I08).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from schemalint.condition.terms import Column, Is, Not, Scalar, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Action, Model, Trigger
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards, Watch

Event = Literal["insert", "update"]

_REWRITING = (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT)


class Guarded(msgspec.Struct, frozen=True):
    """What triggers make of a condition that columns and checks do not keep.

    `kept`: True by `triggers`; False where `witness` can be stored all the same; None where that
    is not known, for `reason`.
    """

    kept: bool | None
    triggers: tuple[Trigger, ...] = ()
    witness: Mapping[str, Scalar] = {}
    reason: str = ""


def acting(model: Model) -> tuple[Trigger, ...]:
    """The triggers that could refuse, change or mend what is written to the table."""
    return tuple(
        trigger
        for trigger in model.triggers
        if trigger.enabled
        and trigger.timing != "instead of"
        and {"insert", "update"} & set(trigger.events)
        and (trigger.effect != "nothing" or model.table in trigger.writes)
    )


def guarded(model: Model, wanted: Term, context: Context) -> Guarded | None:
    """Whether the triggers make `wanted` true of every row; None where there are none."""
    triggers = acting(model)
    if not triggers:
        return None
    mending = _mending(model, wanted, triggers)
    versions = RowVersions(model, context)
    if mending:
        if not any("insert" in one.events for one in mending):
            watch = _watched(model, wanted, "insert", versions, context)
            if watch.refused is False:  # as it is stored, so it is for as long as nobody updates it
                return Guarded(False, witness=_new(watch.witness))
        return Guarded(None, reason=f"the trigger `{mending[0].name}` may mend such a row")
    guards: dict[Trigger, None] = {}
    events: tuple[Event, ...] = ("insert", "update")
    for event in events:
        watch = _watched(model, wanted, event, versions, context)
        if watch.refused is None:
            return Guarded(None, reason=watch.reason)
        if not watch.refused:
            return Guarded(False, witness=_new(watch.witness))
        guards.update(dict.fromkeys(watch.guards))
    unseen = _unseen(model, wanted, context)
    if unseen:
        return Guarded(None, reason=unseen)
    return Guarded(True, triggers=tuple(guards))


def _watched(
    model: Model, wanted: Term, event: Event, versions: RowVersions, context: Context
) -> Watch:
    """Whether every `event` that leaves a bad row is refused. An UPDATE makes one of a good row,
    by writing one of the columns at least."""
    situation: list[Term] = [Not(Is(versions.of_row(wanted, "NEW"), True))]
    if event == "update":
        situation.append(versions.of_row(wanted, "OLD"))
    guards = Guards(model, event, versions, context)
    fields = [model.column(column) for column in wanted.columns]
    watches = [guards.watch(lambda: situation, field) for field in fields or [None]]
    kept = [one for watch in watches for one in watch.guards]
    for refused in (False, None):
        for watch in watches:
            if watch.refused is refused:
                return watch
    return Watch(True, guards=tuple(dict.fromkeys(kept)))


def _new(witness: Mapping[str, Scalar] | None) -> dict[str, Scalar]:
    """The new row of a witness that speaks of several versions."""
    return {
        name.removeprefix("NEW."): value
        for name, value in (witness or {}).items()
        if name.startswith("NEW.")
    }


def _mending(model: Model, wanted: Term, triggers: tuple[Trigger, ...]) -> list[Trigger]:
    """The triggers that may turn a bad row into a good one, before or after it is stored."""
    return [
        trigger
        for trigger in triggers
        if model.table in trigger.writes
        or {name for name, _ in trigger.assigns} & set(wanted.columns)
    ]


def _unseen(model: Model, wanted: Term, context: Context) -> str:
    """How a bad row could come about without any trigger."""
    if any(model.table in other.inherits for other in context.schema.models):
        return "rows of the tables that inherit from it fire no trigger of this one"
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    if fires:
        return ""
    versions = RowVersions(model, context)
    change = [versions.of_row(wanted, "OLD"), Not(Is(versions.of_row(wanted, "NEW"), True))]
    for key in model.foreign_keys:
        rewrites = key.on_update in _REWRITING or key.on_delete in _REWRITING[1:]
        points = [Not(Is(Column(f"OLD.{column}"), None)) for column in key.columns]
        if not rewrites or not set(key.columns) & set(wanted.columns):
            continue
        if versions.possible([*change, *points]) is not False:
            return "a foreign-key action changes the row without firing a trigger"
    return ""
