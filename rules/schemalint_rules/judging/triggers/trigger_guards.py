"""Whether a table's triggers refuse a change, for every row and however it is written.

What a trigger refuses is a condition over OLD and NEW; a change is refused if the condition of some
trigger is true of it, whatever else is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.terms import Compare, Literal, Scalar, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, Trigger
from schemalint_rules.judging.triggers import trigger_effects as effects
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.triggers.trigger_sight import Sight
from schemalint_rules.judging.values.exact_values import BYTES

if TYPE_CHECKING:
    from schemalint.condition.decide import Decision, Given


class Watch(msgspec.Struct, frozen=True):
    """What a table's triggers make of a change.

    `refused` is None where it is not known; then `reason` says why, and `trigger` is the one in
    question. Where it is refused, `guards` do it. Where it is not, `witness` has values of OLD and
    NEW that pass, and `loophole` says how, if it takes more than to write them.
    """

    refused: bool | None
    guards: tuple[Trigger, ...] = ()
    trigger: Trigger | None = None
    reason: str = ""
    witness: Mapping[str, Scalar] = {}
    loophole: str = ""


_TELLS_EVENTS_APART = re.compile(r"\b(?:new|tg_op)\b", re.IGNORECASE)

Situation = Callable[[], "Sequence[Term | Given]"]
"""What is true of a change, over OLD and NEW. A function, since most often nobody needs to ask."""


class Guards:
    """The triggers of one table that look at one event."""

    def __init__(self, model: Model, event: Event, versions: RowVersions, context: Context) -> None:
        self.model = model
        self.event: Event = event
        self.versions = versions
        self.dialect = context.dialect
        self.sight = Sight(model, event, versions, context)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """All of them, whatever they do."""
        return self.sight.triggers

    def watch(self, situation: Situation, field: Field | None = None) -> Watch:
        """Whether every change of `situation`, in which `field` is written, is refused."""
        refusing = [one for one in self.triggers if self._refuses(one)]
        guards = [one for one in refusing if self.sight.watches(one, field)]
        for guard in guards:
            if guard.effect == "raises" and guard.when is None:
                return Watch(True, (guard,))
        halves = [one for one in refusing if self.sight.half_watches(one) and one not in guards]
        if guards:
            guards += halves
        elif halves and (field is None or not self.sight.assigning(field)):
            # Of what is asked, none may come about without a change of what they do watch.
            by_halves = self._decided(halves, situation, field)
            if by_halves.refused:
                return by_halves
        if field is not None and self.sight.assigning(field):
            answer = self._decided_of_assigned(guards, situation, field)
        else:
            answer = self._decided(guards, situation, field)
        return (
            answer
            if answer.refused
            else self._unclear([*guards, *halves], situation, field) or answer
        )

    def unless_silent(self, situation: Situation, field: Field | None = None) -> Watch:
        """The same, where what a trigger undoes without a word counts as refused, too."""
        silent = [one for one in self.triggers if self._drops(one, field)]
        refusing = [one for one in self.triggers if self._refuses(one)]
        guards = [one for one in refusing if self.sight.watches(one, field)]
        return self._decided([*guards, *silent], situation, field) if silent else Watch(False)

    def _decided_of_assigned(
        self, guards: Sequence[Trigger], situation: Situation, field: Field
    ) -> Watch:
        """A field of new rows that a trigger gives a value: what a writer names for it need not
        be what is stored."""
        forced = self.sight.forced(field)
        value = self.sight.literal(forced[1]) if forced is not None else None
        if forced is None or value is None:
            answer = self._decided(guards, situation, field)
            trigger = self.sight.assigning(field)[0]
            if answer.refused is not False or answer.loophole:
                return answer
            reason = f"the trigger `{trigger.name}` may give `{field.name}` another value"
            return Watch(None, trigger=trigger, reason=reason)
        stored = Compare("=", self.versions.column(field, "NEW"), value)
        given = [*situation(), stored]
        if self.versions.possible(given) is False:
            return Watch(True, (forced[0],))
        answer = self._decided(guards, lambda: given, field)
        if answer.refused is False and not answer.loophole:
            how = f"the trigger `{forced[0].name}` gives `{field.name}` a value of its own"
            return msgspec.structs.replace(answer, trigger=forced[0], loophole=how)
        return answer

    def _refuses(self, trigger: Trigger) -> bool:
        if not effects.refuses(trigger, self.model, self.dialect):
            return False
        if trigger.for_each == "statement":
            # It sees statements on this table only, not those on a table that has this one's rows
            # too (I22c), nor on a part of it.
            alone = not (self.sight.partitioned or self.model.inherits)
            return alone and trigger.effect == "raises" and trigger.when is None
        if self.dialect is Dialect.SQLITE and self._overtaking(trigger) is not None:
            return False
        # An UPDATE that moves a row to another partition is a DELETE and an INSERT to AFTER
        # triggers (PostgreSQL: Overview of Trigger Behavior; observed).
        moved = self.sight.partitioned and self.event == "update"
        return not (moved and trigger.timing == "after") or self._removal_refused(trigger)

    def _removal_refused(self, guard: Trigger) -> bool:
        """Whether a trigger on DELETE refuses all that this one on UPDATE does, so that a row which
        goes to another partition meets it (observed). One over NEW would see NULL there."""
        for trigger in self.sight.on_delete:
            if trigger.for_each == "row" and effects.refuses(trigger, self.model, self.dialect):
                if trigger.effect == "raises" and trigger.when is None:
                    return True
                same = (trigger.effect, trigger.when, trigger.condition) == (
                    guard.effect,
                    guard.when,
                    guard.condition,
                )
                asked = f"{trigger.when} {trigger.condition}"
                if same and not _TELLS_EVENTS_APART.search(asked):
                    return True
        return False

    def _overtaking(self, guard: Trigger) -> Trigger | None:
        """Another AFTER trigger of SQLite's that ends all of them and lets the change stand
        (observed): by RAISE(FAIL) or RAISE(IGNORE). Which of them fires first is not defined."""
        if guard.timing == "before":
            return None
        for trigger in self.triggers:
            other = trigger.timing == "after" and trigger.span != guard.span
            if other and effects.ends_all(trigger):
                return trigger
        return None

    def _decided(
        self, guards: Sequence[Trigger], situation: Situation, field: Field | None
    ) -> Watch:
        if not guards:
            return Watch(False)
        given = list(situation())
        plain = self.versions.follows(given, self.sight.any_acts(guards, field))
        if plain.answer is None:
            return self._overwritten(guards, field) or _undecided(plain, guards[0])
        if plain.answer is False:
            return self._passed(plain, given, guards, field)
        hole = self._null_loophole(given, guards, field)
        if hole is not None:
            return hole
        for guard in guards:
            if self.versions.follows(given, self.sight.any_acts([guard], field)).answer:
                return Watch(True, (guard,))
        return Watch(True, tuple(guards))

    def _passed(
        self,
        plain: Decision,
        given: Sequence[Term | Given],
        guards: Sequence[Trigger],
        field: Field | None,
    ) -> Watch:
        """Some change passes; but it has to be one in which the triggers see what is stored."""
        if any(name.startswith("GIVEN.") for name in plain.witness or {}):
            stored = self.sight.any_acts(guards, field, "stored")
            plain = self.versions.follows(given, stored)
            if plain.answer is not False:
                return _undecided(plain, guards[0])
        return Watch(False, trigger=guards[0], witness=plain.witness or {})

    def _overwritten(self, guards: Sequence[Trigger], field: Field | None) -> Watch | None:
        """Another trigger that gives the field a value of its own, after all guards (I12d)."""
        if field is None or any(guard.timing == "after" for guard in guards):
            return None
        for trigger in self.sight.assigning(field):
            later = all(
                effects.fires_after(trigger, guard, self.model, self.dialect) for guard in guards
            )
            if later and effects.overwrites(trigger, field.column):
                how = (
                    f"the trigger `{trigger.name}` gives `{field.name}` a value of its own after "
                    f"`{guards[0].name}` has looked"
                )
                return Watch(False, trigger=trigger, loophole=how)
        return None

    def _null_loophole(
        self, given: Sequence[Term | Given], guards: Sequence[Trigger], field: Field | None
    ) -> Watch | None:
        """A NULL that passes the BEFORE triggers and is stored as something else."""
        before = next((one for one in guards if one.timing == "before"), None)
        if field is None or before is None or not self.sight.becomes_another(field):
            return None
        wanted = self.sight.any_acts(guards, field, "null")
        if self.versions.follows(given, wanted).answer:
            return None
        clause = "OR REPLACE" if self.dialect is Dialect.SQLITE else "IGNORE"
        how = (
            f"`{self.event.upper()} {clause}` with NULL for `{field.name}` stores something else "
            f"in its place, which the BEFORE trigger `{before.name}` does not see"
        )
        unclear = Watch(None, trigger=before, reason=how)
        substitute = self.sight.substitute(field)
        if substitute is None:
            return unclear
        stored = Compare("=", self.versions.column(field, "NEW"), Literal(substitute))
        if self.versions.possible([*given, stored]) is False:
            return None
        decided = self.versions.follows([*given, stored], wanted)
        bound = any(field.column in key.columns for key in self.model.foreign_keys)
        if decided.answer is False and not bound:
            return Watch(False, trigger=before, witness=decided.witness or {}, loophole=how)
        return None if decided.answer else unclear

    # -- what may refuse all the same

    def _unclear(
        self, guards: Sequence[Trigger], situation: Situation, field: Field | None
    ) -> Watch | None:
        """A trigger that may keep such changes out, but was not understood, or says nothing."""
        for trigger in self.triggers:
            overtaking = self._overtaking(trigger)
            if overtaking is not None and trigger.effect in ("raises", "raises-if"):
                return Watch(
                    None,
                    trigger=trigger,
                    reason=f"`{trigger.name}` refuses it unless `{overtaking.name}` fires first, "
                    "which ends all triggers and lets the change stand",
                )
            if trigger.effect == "opaque":
                return Watch(
                    None,
                    trigger=trigger,
                    reason=f"the trigger `{trigger.name}` may refuse it, but its body was not "
                    "understood well enough to tell",
                )
            if field is not None and self._half_watches(trigger, field):
                return Watch(
                    None,
                    trigger=trigger,
                    reason=f"`{trigger.name}` looks at statements that name `{field.name}`, but "
                    "the column may change in others too",
                )
            computed = self.sight.computed_of(trigger) if self._refuses(trigger) else None
            if computed is not None and not self.sight.watches(trigger, field):
                return Watch(
                    None,
                    trigger=trigger,
                    reason=f"`{trigger.name}` looks at UPDATE OF {computed.name}, which is "
                    "computed, and it depends on PostgreSQL's version which changes that fires at",
                )
        silent = [one for one in self.triggers if self._drops(one, field)]
        if not silent or self._decided([*guards, *silent], situation, field).refused is False:
            return None
        return Watch(
            None,
            trigger=silent[0],
            reason=f"the trigger `{silent[0].name}` undoes such a change without an error: its "
            "writer is told that all went well, so it is no refusal",
        )

    def _half_watches(self, trigger: Trigger, field: Field) -> bool:
        """Whether UPDATE OF names the field, and it may change otherwise, or may not."""
        if self.dialect is Dialect.SQLITE or not self._refuses(trigger):
            return False
        if self.sight.watches(trigger, field) or not self.sight.names(trigger, field):
            return False
        certain = any(
            effects.overwrites(one, field.column)
            for one in self.sight.assigning(field, beside=trigger)
        )
        return not certain

    def _drops(self, trigger: Trigger, field: Field | None) -> bool:
        """Whether the trigger drops changes, or puts the field back, and says nothing."""
        if trigger.timing != "before" or trigger.for_each != "row":
            return False
        watches = self.sight.watches(trigger, field)
        if trigger.effect in ("skips", "skips-if"):
            return watches or bool(self.sight.half_watches(trigger))
        return (
            watches
            and self.event == "update"
            and field is not None
            and effects.restores(trigger, field.column)
        )


_VERSIONED = re.compile(rf"\"(OLD|NEW|GIVEN)\.(?:{BYTES})?([^\"]+)\"")


def _undecided(decision: Decision, guard: Trigger) -> Watch:
    reason = (decision.reason or "").replace(" [GIVEN]", "")
    reason = _VERSIONED.sub(r"\1.\2", reason).replace("GIVEN.", "NEW.")
    return Watch(
        None,
        trigger=guard,
        reason=f"it cannot be told whether `{guard.name}` refuses every such change"
        + (f": {reason}" if reason else ""),
    )
