"""Triggers for each statement that look at what a foreign key does.

PostgreSQL carries out an action of a foreign key as a statement on the rows that point, and fires
the triggers FOR EACH STATEMENT of their table even where no row points (seen in 15.20): one that
refuses every UPDATE there refuses every change of the key, under ON UPDATE SET NULL for instance.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.context import Context
from schemalint.model import Action, Dialect, Field, Model, Trigger
from schemalint_rules.judging.references.foreign_keys import Event, action_on, enforced
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.values.exact_values import compares_exactly

_ACTING = (Action.CASCADE, Action.SET_NULL, Action.SET_DEFAULT)


def refusing_actions(
    target: Model, event: Event, context: Context, field: Field | None = None
) -> Trigger | None:
    """The trigger of another table that refuses each DELETE of rows of `target`, or each change of
    `field`, since a foreign key then runs a statement that the trigger sees."""
    if context.dialect is not Dialect.POSTGRESQL:
        return None
    if any(one is not target for one in holders(target, context)):
        return None  # at what inherits from it, no key points
    for model, trigger in _seeing(target, event, context, field):
        always = trigger.effect == "raises" and trigger.when is None and not trigger.condition
        if always and effects.refuses(trigger, model, context.dialect):
            return trigger
    return None


def _seeing(
    target: Model, event: Event, context: Context, field: Field | None
) -> Iterator[tuple[Model, Trigger]]:
    """The triggers for each statement that see what keys to `target` do, and their tables."""
    parents = Parents(context.schema)
    for model in context.schema.models:
        for key in enforced(model.foreign_keys):
            action = action_on(key, event)
            if action not in _ACTING or parents.of(key) is not target:
                continue
            pointed_at = [target.column(one) for one in key.references]
            if any(one is None or one.nullable for one in pointed_at):
                continue  # of a key with NULL in it, nothing is done
            if field is not None and not (
                field in pointed_at and compares_exactly(field, context.dialect)
            ):
                continue
            deletes = event == "delete" and action is Action.CASCADE
            for trigger in effects.on(model, "delete" if deletes else "update"):
                sees = not trigger.columns or set(trigger.columns) & set(key.columns)
                if trigger.for_each == "statement" and sees and not key.set_columns:
                    yield model, trigger
