"""Whether a parent never goes, or never gets another key, so that a foreign key never acts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from schemalint.condition.terms import Literal, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Action, Field, Model, Trigger
from schemalint.rule import Evidence, Judgement, unknown
from schemalint_rules.judging.references.foreign_keys import Event, Pointer, enforced
from schemalint_rules.judging.references.key_effects import effect
from schemalint_rules.judging.references.single_values import unchangeable
from schemalint_rules.judging.references.statement_guards import refusing_actions
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.replacement import Way, kept_from_replacement
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards, Situation

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


def never_happens(event: Event, pointer: Pointer, context: Context) -> Evidence | None:
    """What refuses every such statement on the parent, or drops it, so that what the key would do
    then is never done: a trigger of the parent's, or a CHECK that leaves its key one value."""
    target = next((one for one in context.schema.models if one.name == pointer.key.model), None)
    if target is None:
        return None
    what = "deleted" if event == "delete" else "given another key"
    found = [target.column(column) for column in pointer.key.references]
    fields = [field for field in found if field is not None]
    if event == "update" and fields:
        fixed = unchangeable(target, fields, None, once=False, context=context)
        if len(fixed) == len(fields):
            by = next(iter(fixed.values()))[0]
            return Evidence(f"{by.message} lets no `{target.name}` be {what}", by.span)
    trigger = refusing(event, target, fields, context)
    if trigger is None and event == "delete":
        trigger = refusing_actions(target, event, context)
    if trigger is None:
        return None
    return Evidence(f"the trigger `{trigger.name}` lets no `{target.name}` be {what}", trigger.span)


def replaced(event: Event, pointer: Pointer, context: Context) -> Judgement | None:
    """SQLite's REPLACE removes a parent past its DELETE triggers, and the key acts (F27, I10b); so
    it does where the new row is like the old one (seen on 3.40)."""
    fires = capability(context.dialect, Construct.REPLACE_FIRES_DELETE_TRIGGER).holds
    target = next((one for one in context.schema.models if one.name == pointer.key.model), None)
    if event != "delete" or fires is not False or target is None:
        return None
    always = any(
        one.effect == "raises" and one.when is None and not one.columns
        for one in effects.on(target, "update")
    )
    try:
        kept_from_replacement(
            target, RowVersions(target, context), None, updates_refused=always, likes=True
        )
    except Way as way:
        span = pointer.key.on_delete_span or pointer.key.span
        clause = f"ON DELETE {pointer.key.on_delete.upper()}"
        return unknown(pointer.path, f"{way.message}; `{clause}` is then carried out", span)
    return None


def refusing(
    event: Event, target: Model, fields: Sequence[Field], context: Context
) -> Trigger | None:
    """The trigger that refuses each DELETE of rows of `target`, or each change of one of `fields`,
    or drops it."""
    triggers = list(effects.on(target, event))
    for trigger in triggers:
        drops = trigger.effect == "skips" and trigger.when is None and not trigger.columns
        if drops and trigger.timing == "before" and trigger.for_each == "row":
            return trigger
    if not triggers or any(one is not target for one in holders(target, context)):
        return None
    if _changed_unseen(event, target, context):
        return None
    versions = RowVersions(target, context)
    guards = Guards(target, event, versions, context)
    situations: list[tuple[Situation, Field | None]] = [(lambda: [Literal(True)], None)]
    if event == "update":
        situations = [(partial(differs, one, versions), one) for one in fields]
    found: list[Trigger] = []
    for situation, field in situations:
        watch = guards.watch(situation, field)
        if not watch.refused:  # what a trigger drops without a word does not come about either
            watch = guards.unless_silent(situation, field)
        if not watch.refused or not watch.guards:
            return None
        found.append(watch.guards[0])
    return found[0] if found else None


def _changed_unseen(event: Event, target: Model, context: Context) -> bool:
    """Whether an action of the target's own foreign keys deletes its rows, or changes their key,
    without firing its triggers (I08)."""
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    if fires:
        return False
    for key in enforced(target.foreign_keys):
        deletes = effect(target, key, "delete", context).action is Action.CASCADE
        happenings: tuple[Event, ...] = ("delete", "update")
        rewrites = any(not effect(target, key, one, context).refuses for one in happenings)
        if deletes if event == "delete" else rewrites:
            return True
    return False


def differs(field: Field, versions: RowVersions) -> Sequence[Term | Given]:
    """What is true where an UPDATE changes `field`."""
    return [versions.differs(field), *versions.same_bytes([field])]
