"""Whether a model's triggers refuse every change of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Model, Trigger
from schemalint.rule import Evidence, Judgement, broken, kept, unknown
from schemalint_rules.judging.changes import Change
from schemalint_rules.judging.strictness import stricter


def judge_triggers(
    path: str,
    model: Model,
    changes: Sequence[Change],
    context: Context,
    *,
    deleting: bool,
    whole: bool,
) -> Judgement | None:
    """The verdict that triggers decide, None where no trigger has to do with the matter.

    Args:
        path: of the judgement.
        model: whose triggers count.
        changes: what the schema changes by itself.
        context: the dialect.
        deleting: whether deletions are forbidden too.
        whole: whether every change is forbidden, so that a trigger that always raises is just
            right and not too much.
    """
    events = {"update", "delete"} if deleting else {"update"}
    relevant = [
        trigger
        for trigger in model.triggers
        if trigger.effect != "nothing" and events & set(trigger.events)
    ]
    if not relevant:
        return None
    guards = {event: _guard(relevant, event) for event in sorted(events)}
    unguarded = [event for event, guard in guards.items() if guard is None]
    if unguarded:
        if not any(event in trigger.events for trigger in relevant for event in unguarded):
            return _not_refused(path, model, unguarded[0], relevant[0])
        return _not_understood(path, relevant[0])
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    by_key = [change for change in changes if change.key is not None]
    if by_key and fires is False:
        return broken(
            path,
            f"{by_key[0].message}: on this database foreign-key actions fire no triggers, so "
            f"`{relevant[0].name}` does not see it",
            by_key[0].span,
            contradicts=True,
            help=by_key[0].remedy,
            fix=by_key[0].fix,
        )
    fires_on_replace = capability(context.dialect, Construct.REPLACE_FIRES_DELETE_TRIGGER).holds
    if deleting and fires_on_replace is False:
        inserts = [trigger for trigger in model.triggers if "insert" in trigger.events]
        if inserts:  # may guard against REPLACE (I10f)
            return _not_understood(path, inserts[0])
        return broken(
            path,
            f"`REPLACE` removes a row of `{model.name}` and stores another: SQLite fires no DELETE "
            "trigger for it unless `recursive_triggers` is on (I10b)",
            relevant[0].span,
            help="add a BEFORE INSERT trigger that refuses a row whose key is there already",
        )
    extra = []
    if not whole:
        extra.append(
            stricter(
                path,
                f"the rule allows some changes of `{model.name}`, but a trigger refuses them all",
                relevant[0].span,
                help="give the trigger a condition",
            )
        )
    return kept(
        path,
        [
            Evidence(f"the trigger `{guard.name}` refuses every {event.upper()}", guard.span)
            for event, guard in guards.items()
            if guard is not None
        ],
        extra=extra,
    )


def _guard(triggers: Sequence[Trigger], event: str) -> Trigger | None:
    """A trigger that refuses `event` for every row (I02, I02b, I06b); one for some columns misses
    what another trigger changes (I12, I12c), one for some rows the rest."""
    for trigger in triggers:
        if (
            trigger.effect == "raises"
            and trigger.timing != "instead of"
            and event in trigger.events
            and trigger.for_each == "row"
            and trigger.when is None
            and not trigger.columns
        ):
            return trigger
    return None


def _not_refused(path: str, model: Model, event: str, trigger: Trigger) -> Judgement:
    others = " and ".join(one.upper() for one in trigger.events)
    return broken(
        path,
        f"a row of `{model.name}` can still be {'deleted' if event == 'delete' else 'changed'}: "
        f"`{trigger.name}` looks at {others} only",
        trigger.span,
        help=f"add a trigger that refuses {event.upper()} too",
    )


def _not_understood(path: str, trigger: Trigger) -> Judgement:
    return unknown(
        path,
        f"the trigger `{trigger.name}` may refuse what the rule forbids, but it was not understood "
        "well enough to tell",
        trigger.span,
    )
