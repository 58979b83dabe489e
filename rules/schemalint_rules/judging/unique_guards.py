"""Whether triggers leave it open that two rows agree. None can be relied on to prevent it: of two
transactions, neither sees the other's row (U49)."""

from __future__ import annotations

import re

from schemalint.context import Context
from schemalint.model import Dialect, Trigger
from schemalint_rules.judging.demand import Demand
from schemalint_rules.judging.row_guards import acting

_QUERY = re.compile(r"\bSELECT\b", re.IGNORECASE)
_LOCK = re.compile(
    r"\b(?:LOCK|FOR\s+(?:NO\s+KEY\s+)?UPDATE|\w*advisory\w*lock\w*)\b", re.IGNORECASE
)


def in_doubt(demand: Demand, context: Context) -> Trigger | None:
    """A trigger that may keep two agreeing rows out, or make them differ; None if there is none.

    It takes one on INSERT and one on UPDATE: with one of them alone, the other way is open.
    """
    doubtful = [
        trigger for trigger in acting(demand.model) if _matters(trigger, demand, context.dialect)
    ]
    events = {event for trigger in doubtful for event in trigger.events}
    return doubtful[0] if {"insert", "update"} <= events else None


def _matters(trigger: Trigger, demand: Demand, dialect: Dialect) -> bool:
    read = set(demand.columns)
    if demand.where is not None:
        read |= set(demand.where.columns)
    if trigger.columns and not read & set(trigger.columns):
        return False
    if trigger.effect == "nothing":
        return demand.model.table in trigger.writes
    if trigger.effect == "sets":
        return bool(read & {name for name, _ in trigger.assigns})
    text = f"{trigger.when or ''} {trigger.condition or ''}"
    if trigger.effect in ("raises-if", "skips-if") or trigger.when is not None:
        if _QUERY.search(text):
            return dialect is not Dialect.POSTGRESQL or bool(_LOCK.search(trigger.body))
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I) for name in read)
    return True
