"""Whether triggers leave it open that two rows agree. None can be relied on to prevent it: of two
transactions, neither sees the other's row (U49)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.condition.terms import Is, Not, Term
from schemalint.context import Context
from schemalint.model import Dialect, Trigger
from schemalint_rules.judging.conditions.row_guards import acting
from schemalint_rules.judging.keys.demand import Demand
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards

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
    if not {"insert", "update"} <= events or _can_be_inserted(demand, doubtful, context):
        return None
    return doubtful[0]


def _can_be_inserted(demand: Demand, doubtful: Sequence[Trigger], context: Context) -> bool:
    """Whether the triggers let some row of the demand in for certain, so that they let in another
    that is just like it."""
    if demand.ignore_case or any(trigger.effect in ("sets", "nothing") for trigger in doubtful):
        return False
    versions = RowVersions(demand.model, context)
    filled: list[Term] = [Not(Is(versions.column(field, "NEW"), None)) for field in demand.fields]
    if demand.where is not None:
        filled.append(versions.of_row(demand.where, "NEW"))
    guards = Guards(demand.model, "insert", versions, context)
    return guards.watch(lambda: filled).refused is False


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
