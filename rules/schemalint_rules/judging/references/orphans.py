"""What leaves rows without their parent, or with several, under a foreign key that is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Action, Dialect, Field, Model, Trigger
from schemalint.rule import Evidence, Judgement, broken, kept, unknown
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.keys.uniqueness import Demand, answer
from schemalint_rules.judging.references.foreign_keys import Event as Happening
from schemalint_rules.judging.references.foreign_keys import Pointer, action_on, enforced, keys_of
from schemalint_rules.judging.references.staying_parents import never_happens
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.remedies.sql_statements import add_foreign_key, make_unique
from schemalint_rules.wording.describing import listed

_RETURNED = re.compile(r"\bRETURN\s+(\w+)", re.IGNORECASE)


def judge_orphans(pointer: Pointer, target: Model, context: Context) -> Iterator[Judgement]:
    """One judgement for each way in which a row can lose its parent, or have several."""
    yield from _inherited(pointer, target, context)
    yield from _dropped(pointer, context)
    yield from _several(pointer, target, context)


# -- tables that inherit -----------------------------------------------------------------------


def _inherited(pointer: Pointer, target: Model, context: Context) -> Iterator[Judgement]:
    """A table that inherits does not inherit foreign keys (F31b)."""
    key = pointer.key
    for heir in holders(pointer.model, context):
        own = enforced(keys_of(heir, context))
        if any((one.columns, one.table) == (key.columns, key.table) for one in own):
            continue
        yield broken(
            pointer.path,
            f"rows of `{heir.name}`, which inherits from `{pointer.model.name}`, can point at no "
            f"row of `{target.name}`: foreign keys are not inherited",
            heir.name_span,
            help=add_foreign_key(heir, key, context.dialect),
        )


# -- triggers that undo an action ---------------------------------------------------------------


def _dropped(pointer: Pointer, context: Context) -> Iterator[Judgement]:
    """PostgreSQL does not look whether an action of a key took place (I15b, I15c, I15d)."""
    leaves = capability(context.dialect, Construct.SKIPPING_TRIGGER_LEAVES_ORPHANS).holds
    if not leaves:
        return
    for event, clause in _acting(pointer, context):
        for trigger in effects.on(pointer.model, event):
            if trigger.timing == "before" and trigger.for_each == "row":
                yield from _undone(trigger, event, clause, pointer, context)


def _acting(pointer: Pointer, context: Context) -> Iterator[tuple[Event, str]]:
    """What the key's actions do to the rows that point, with the clause that says so."""
    happenings: tuple[Happening, ...] = ("delete", "update")
    for happening in happenings:
        action = action_on(pointer.key, happening)
        acts = action not in (Action.RESTRICT, Action.NO_ACTION)
        # What a NOT NULL or a CHECK would refuse of it, is not looked at where a trigger undoes it.
        if acts and never_happens(happening, pointer, context) is None:
            deletes = happening == "delete" and action is Action.CASCADE
            clause = f"ON {happening.upper()} {action.upper()}"
            yield "delete" if deletes else "update", clause


def _undone(
    trigger: Trigger, event: Event, clause: str, pointer: Pointer, context: Context
) -> Iterator[Judgement]:
    model, columns = pointer.model, {column.lower() for column in pointer.key.columns}
    if trigger.columns and not columns & {column.lower() for column in trigger.columns}:
        return
    how = f"the trigger `{trigger.name}` undoes what the foreign key does (`{clause}`)"
    orphans = f"{how}, which leaves rows of `{model.name}` that point at no row"
    certain = trigger.effect == "skips" and trigger.when is None
    if trigger.effect == "sets" and event == "update":
        restored = [one for one in columns if effects.restores(trigger, one)]
        certain = bool(restored) and trigger.when is None
        if not certain and not columns & (effects.assigned(trigger, context.dialect) or set()):
            return
    elif trigger.effect in ("skips", "skips-if"):
        certain = certain or _happens(trigger, event, model, context)
    elif trigger.effect != "opaque" or not _may_undo(trigger, event, columns, context):
        return
    if certain:
        yield broken(
            pointer.path,
            orphans,
            trigger.span,
            contradicts=True,
            help="let the trigger refuse (RAISE EXCEPTION) what it must not let happen",
        )
    else:
        yield unknown(
            pointer.path,
            f"the trigger `{trigger.name}` may undo what the foreign key does (`{clause}`) and "
            "leave rows that point at no row; it was not understood well enough to tell",
            trigger.span,
        )


def _happens(trigger: Trigger, event: Event, model: Model, context: Context) -> bool:
    """Whether some row surely meets the condition of the trigger."""
    versions = RowVersions(model, context)
    texts = [text for text in (trigger.when, trigger.condition) if text is not None]
    terms = [versions.in_trigger(text, event, given=True) for text in texts]
    if event == "update" and any(
        name.startswith("GIVEN.") for term in terms for name in term.columns
    ):
        return False
    return versions.possible(terms) is True


def _may_undo(trigger: Trigger, event: Event, columns: set[str], context: Context) -> bool:
    """Whether the body of a trigger that was not understood has words that could undo it."""
    returned = {word.upper() for word in _RETURNED.findall(trigger.body)}
    if not trigger.body or returned - {"NEW" if event == "update" else "OLD"}:
        return True
    assigned = effects.assigned(trigger, context.dialect)
    return event == "update" and (assigned is None or bool(assigned & columns))


# -- a key that names no single row --------------------------------------------------------------


def _several(pointer: Pointer, target: Model, context: Context) -> Iterator[Judgement]:
    """A key to columns that are not unique, which some databases accept (F05, F05b)."""
    refused = capability(context.dialect, Construct.FOREIGN_KEY_TO_NON_UNIQUE_REFUSED).holds
    if refused is not False and context.dialect is not Dialect.SQLITE:
        return
    fields = [target.column(column) for column in pointer.key.references]
    known = tuple([field for field in fields if field is not None])
    if len(known) == len(fields) and _single(target, known, context):
        return
    names = listed(pointer.key.references)
    if context.dialect is Dialect.SQLITE:
        yield kept(
            pointer.path,
            [Evidence(f"no row can point through {names}", pointer.key.span)],
            extra=[
                stricter(
                    pointer.path,
                    f"with foreign keys on, every write to `{pointer.model.name}` fails: {names} "
                    f"of `{target.name}` is no key (F05)",
                    pointer.key.span,
                    help=make_unique(target, pointer.key.references, context.dialect),
                )
            ],
        )
        return
    yield broken(
        pointer.path,
        f"a row of `{pointer.model.name}` can point at several rows of `{target.name}`: nothing "
        f"makes {names} unique there, and this database accepts the foreign key all the same",
        pointer.key.span,
        label=f"{names} is not unique",
        help=make_unique(target, pointer.key.references, context.dialect),
    )


def _single(target: Model, fields: tuple[Field, ...], context: Context) -> bool:
    """Whether no two rows of the target have the same values in `fields`."""
    return answer(Demand(target, fields), "distinct", context).kept is not False
