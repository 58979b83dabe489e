"""Triggers of SQLite's that their own doings keep from firing.

While a trigger is at work, SQLite does not fire it again, unless a connection asks for
`recursive_triggers` (observed: what a guard's own entry in a log leads to, by a trigger of the
log's, by INSTEAD OF on a view, or by a foreign key's action, the guard does not see). So a trigger
whose writing leads back to its own table is not understood as one that only refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from schemalint.model import Action, Model, Trigger

_REFUSING = ("raises", "raises-if", "skips", "skips-if")
_FOLLOWING = (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT)


def without_silenced(models: Sequence[Model]) -> list[Model]:
    """The models; such triggers are opaque."""
    if not any(trigger.writes for model in models for trigger in model.triggers):
        return list(models)
    reached_from = {model.table.lower(): [*_written_after(model, models)] for model in models}
    return [_seen(model, reached_from) for model in models]


def _seen(model: Model, after: Mapping[str, list[str]]) -> Model:
    own = model.table.lower()
    silenced = {one.name for one in model.triggers if own in _reached(one, after)}
    if not silenced:
        return model
    triggers = tuple(
        msgspec.structs.replace(one, effect="opaque", condition=None)
        if one.effect in _REFUSING and one.name in silenced
        else one
        for one in model.triggers
    )
    return msgspec.structs.replace(model, triggers=triggers)


def _reached(trigger: Trigger, after: Mapping[str, list[str]]) -> set[str]:
    """The tables that are written to because of the trigger."""
    left = [_bare(name) for name in trigger.writes]
    found: set[str] = set()
    while left:
        table = left.pop()
        if table not in found:
            found.add(table)
            left += after.get(table, [])
    return found


def _written_after(model: Model, models: Sequence[Model]) -> Iterator[str]:
    """The tables to which writing to a table or a view leads."""
    for trigger in model.triggers:
        yield from map(_bare, trigger.writes)
        if trigger.effect == "opaque":
            words = {word.lower() for word in re.findall(r"\w+", trigger.body)}
            yield from [one.table.lower() for one in models if one.table.lower() in words]
    for other in models:
        for key in other.foreign_keys:
            acts = key.on_delete in _FOLLOWING or key.on_update in _FOLLOWING
            if acts and key.table.lower() == model.table.lower():
                yield other.table.lower()


def _bare(name: str) -> str:
    return name.rpartition(".")[2].lower()
