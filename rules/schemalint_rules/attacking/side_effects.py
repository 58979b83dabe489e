"""Attacks through triggers: what they make of a table's rows while a writer does something else."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.attack import FRESH, Attack, Delete, Insert, Move, Update
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import Column, Term
from schemalint.context import Context
from schemalint.model import Model, Trigger

_MOST = 6


def triggered(model: Model, context: Context) -> Iterator[Attack]:
    """Harmless statements that fire a trigger which changes rows of the table."""
    number = 0
    for owner in context.schema.models:
        for trigger in owner.triggers:
            if number < _MOST and trigger.enabled and _changes(trigger, owner, model):
                number += 1
                yield from _fired(trigger, owner, model, context)


def _changes(trigger: Trigger, owner: Model, model: Model) -> bool:
    if trigger.timing == "instead of":
        return False
    if owner is model and (trigger.assigns or trigger.effect == "opaque"):
        return True
    return model.table in trigger.writes or (trigger.effect == "opaque" and not trigger.writes)


def _fired(trigger: Trigger, owner: Model, model: Model, context: Context) -> Iterator[Attack]:
    when = condition_on_new(trigger, context)
    there: tuple[Move, ...] = ()
    if owner is not model:
        there = (Insert(row="there", model=model, setup=True),)
    for satisfying in ((when,), ()) if when is not None else ((),):
        if "insert" in trigger.events:
            yield Attack(
                says=f"stores a row of `{owner.name}`, whose trigger `{trigger.name}` fires",
                moves=(*there, Insert(row="fires", model=owner, satisfying=satisfying)),
                aim="allowed",
            )
        if "update" in trigger.events:
            change = Update(row="fires", satisfying=satisfying)
            if not satisfying:
                column = _changed(trigger, owner)
                if column is None:
                    continue
                change = Update(row="fires", values={column: FRESH})
            yield Attack(
                says=f"changes a row of `{owner.name}`, whose trigger `{trigger.name}` fires",
                moves=(*there, Insert(row="fires", model=owner, setup=True), change),
                aim="allowed",
            )
    if "delete" in trigger.events:
        yield Attack(
            says=f"deletes a row of `{owner.name}`, whose trigger `{trigger.name}` fires",
            moves=(
                *there,
                Insert(row="fires", model=owner, setup=True),
                Delete(row="fires"),
            ),
            aim="allowed",
        )


def _changed(trigger: Trigger, owner: Model) -> str | None:
    """A column to change, so that the trigger fires: no key's, if there is another."""
    keys = {column for key in owner.keys for column in key.columns}
    keys |= {column for key in owner.foreign_keys for column in key.columns}
    free = [one.column for one in owner.fields if one.generated is None]
    watched = [column for column in free if not trigger.columns or column in trigger.columns]
    return next((one for one in watched if one not in keys), next(iter(watched), None))


def condition_on_new(trigger: Trigger, context: Context) -> Term | None:
    """What the new row has to be for the trigger to act, where the old one plays no part."""
    text = trigger.when or trigger.condition
    if not text:
        return None
    term = parse_predicate(text, context.dialect)
    columns = [part for part in term.walk() if isinstance(part, Column)]
    if term.opaque or not columns or any(part.row == "old" for part in columns):
        return None
    return _of_row(term)


def _of_row(term: Term) -> Term:
    if isinstance(term, Column):
        return Column(term.name)
    parts = tuple([_of_row(part) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)
