"""Rules carried out on a database: what the attacks on each showed, and what that makes of the
judgement by reading.
"""

from __future__ import annotations

import msgspec

from schemalint.attack import Attack, Plan
from schemalint.context import Context
from schemalint.finding import Counterexample, Sent, Verdict
from schemalint.judgement import Evidence, Judgement, broken, kept
from schemalint.model import Layer, Model, Schema
from schemalint.prove.database import Database, NotProvable
from schemalint.prove.making import Maker
from schemalint.prove.shape import Shapes
from schemalint.prove.trial import Outcome, Trial
from schemalint.rule import Entry

_TO_SHOW = (Verdict.BROKEN, Verdict.KEPT, Verdict.UNKNOWN)


class Proof(msgspec.Struct, frozen=True):
    """What came of carrying out one rule over one model.

    `why_not` says why nothing was carried out: then there are no outcomes.
    """

    entry: Entry
    model: Model
    judged: Judgement
    outcomes: tuple[Outcome, ...] = ()
    why_not: str = ""
    exhaustive: bool = False

    @property
    def shown(self) -> Outcome | None:
        """The smallest outcome that shows the rule broken, None if none does."""
        found = [one for one in self.outcomes if shows_broken(one)]
        return min(found, key=lambda one: len(one.statements), default=None)

    @property
    def withstood(self) -> bool:
        """Whether every way in which the rule could be broken was tried and refused, and what it
        allows was accepted."""
        return bool(self.outcomes) and all(
            one.end == ("refused" if one.attack.aim == "forbidden" else "harmless")
            for one in self.outcomes
        )


def shows_broken(outcome: Outcome) -> bool:
    """Whether a rule is broken by what was seen: something forbidden was stored, or what the rule
    demands was refused."""
    if outcome.attack.aim == "demanded":
        return outcome.end in ("refused", "through")
    return outcome.end == "through"


class Prover:
    """Carries rules out, for `engine.check`; `proofs` holds what came of each.

    Args:
        database: with the schema built in it.
        every: whether rules that are kept by reading are carried out, too.
    """

    def __init__(self, database: Database, *, every: bool = True) -> None:
        self._database = database
        self._every = every
        self.proofs: list[Proof] = []
        self._shapes: Shapes = {}
        self._schema: Schema | None = None

    def __call__(
        self, entry: Entry, model: Model, context: Context, judgement: Judgement
    ) -> Judgement:
        """The judgement, with what was seen; see `engine.Execution`."""
        proof = self._proof(entry, model, context, judgement)
        if proof is None:
            return judgement
        self.proofs.append(proof)
        return self._settled(proof)

    def _proof(
        self, entry: Entry, model: Model, context: Context, judgement: Judgement
    ) -> Proof | None:
        if entry.enforced_by is Layer.SERVICE or judgement.verdict not in _TO_SHOW:
            return None
        kept_well = judgement.verdict is Verdict.KEPT and (
            (judgement.layer or Layer.DATABASE).strength >= entry.enforced_by.strength
        )
        if kept_well and not self._every:
            return None
        if context.dialect is not self._database.dialect:
            return Proof(entry, model, judgement, why_not=f"no {context.dialect} is at hand")
        if kept_well and judgement.layer is Layer.CLIENT:
            return Proof(entry, model, judgement, why_not="the client library keeps it")
        plan = entry.rule.attacks(model, context)
        if plan is None:
            return Proof(entry, model, judgement, why_not="it is not a matter of rows")
        outcomes = tuple(self._carried_out(plan, attack, context) for attack in plan.attacks)
        return Proof(entry, model, judgement, outcomes, exhaustive=plan.exhaustive)

    def _carried_out(self, plan: Plan, attack: Attack, context: Context) -> Outcome:
        enforced = context.schema.foreign_keys_enforced
        if context.schema is not self._schema:
            self._schema, self._shapes = context.schema, {}
        try:
            with self._database.attempt(foreign_keys=enforced, clock=attack.clock) as attempt:
                maker = Maker(context.schema, attempt, context.dialect, self._shapes)
                return Trial(attempt, maker, plan.forbidden, context.dialect).run(attack)
        except NotProvable as error:
            return Outcome(attack, "not tried", (), error.message)

    def _settled(self, proof: Proof) -> Judgement:
        judgement, shown = proof.judged, proof.shown
        if shown is not None:
            return self._shown_broken(judgement, shown, proof)
        if judgement.verdict is Verdict.UNKNOWN and proof.exhaustive and proof.withstood:
            count = sum(one.attack.aim == "forbidden" for one in proof.outcomes)
            tried = Evidence(f"all of {count} ways to break it were refused", proof.model.span)
            settled = kept(judgement.path, [tried], extra=judgement.extra)
            return msgspec.structs.replace(settled, executed=self._database.name)
        return judgement

    def _shown_broken(self, judgement: Judgement, shown: Outcome, proof: Proof) -> Judgement:
        example = counterexample(shown, self._database.name)
        if judgement.verdict is not Verdict.BROKEN and not _is_sure(shown):
            return judgement
        by_reading = judgement.verdict is Verdict.BROKEN or (
            judgement.verdict is Verdict.KEPT and judgement.layer is not Layer.DATABASE
        )
        if by_reading:
            return msgspec.structs.replace(judgement, counterexample=example)
        settled = broken(
            judgement.path,
            f"{self._database.name} lets it happen: a writer {example.says}, so that "
            f"{example.what}",
            judgement.span or proof.model.name_span,
            related=judgement.related,
        )
        return msgspec.structs.replace(
            settled,
            counterexample=example,
            executed=self._database.name,
            extra=judgement.extra,
        )


def _is_sure(outcome: Outcome) -> bool:
    """Whether an outcome shows a rule broken against what was read. That a demand is refused may
    be for other values of the row than the demanded ones, unless a NOT NULL or a type says no."""
    if outcome.end != "refused" or outcome.refusal is None:
        return True
    return outcome.refusal.kind in ("not null", "type")


def counterexample(outcome: Outcome, database: str) -> Counterexample:
    """What an outcome shows, for findings."""
    sent = tuple(
        Sent(one.sql, None if one.refusal is None else one.refusal.message)
        for one in outcome.statements
    )
    what = outcome.what
    if outcome.end == "refused":
        what = f"the database refuses it: {outcome.refusal.message if outcome.refusal else ''}"
    return Counterexample(database, outcome.attack.says, sent, what)
