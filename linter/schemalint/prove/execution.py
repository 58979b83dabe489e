"""Rules carried out on a database: what the attacks on each showed, and what that makes of the
judgement by reading.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

import msgspec

from schemalint.attack import Attack, Insert, Plan
from schemalint.context import Context
from schemalint.ddl import Omission
from schemalint.finding import Counterexample, Finding, Sent, Severity, Verdict
from schemalint.judgement import Evidence, Judgement, broken, kept
from schemalint.model import Layer, Model, Schema
from schemalint.own_rules import STRICTER_THAN_RULE
from schemalint.prove.database import BuildError, Database, NotProvable
from schemalint.prove.exhaustion import is_settled
from schemalint.prove.outcome import Outcome, steps
from schemalint.prove.rows.making import Maker
from schemalint.prove.rows.shape import Shape, Shapes
from schemalint.prove.strictness import Strictness, strictness
from schemalint.prove.trial import Trial
from schemalint.rule import Entry
from schemalint.source import Span

_TO_SHOW = (Verdict.BROKEN, Verdict.KEPT, Verdict.UNKNOWN)


class Proof(msgspec.Struct, frozen=True):
    """What came of carrying out one rule over one model.

    `why_not` says why nothing was carried out: then there are no outcomes. `settled` tells how many
    combinations of values were tried, none of which broke the rule, and that there are no others;
    0 where that was not tried, or is not so. `strict` are the uses that the rule allows and the
    schema refuses.
    """

    entry: Entry
    model: Model
    judged: Judgement
    outcomes: tuple[Outcome, ...] = ()
    why_not: str = ""
    settled: int = 0
    strict: tuple[Strictness, ...] = ()

    @property
    def shown(self) -> Outcome | None:
        """The smallest outcome that shows the rule broken, None if none does."""
        found = [one for one in self.outcomes if shows_broken(one)]
        if not found:  # an attack may find what the rule forbids before it has begun
            found = [_begun(one, *one.already) for one in self.outcomes if one.already is not None]
        return min(found, key=lambda one: len(one.statements), default=None)


def _begun(outcome: Outcome, says: str, what: str) -> Outcome:
    """What an attack starts from, as an attack of its own."""
    attack = msgspec.structs.replace(outcome.attack, says=says, aim="forbidden")
    return msgspec.structs.replace(outcome, attack=attack, end="through", what=what, already=None)


def shows_broken(outcome: Outcome) -> bool:
    """Whether a rule is broken by what was seen: something forbidden was stored, or what the rule
    demands was refused."""
    if outcome.attack.aim == "demanded":
        return outcome.end in ("refused", "through")
    return outcome.end == "through"


class Task(msgspec.Struct, frozen=True):
    """A rule over one model, to be carried out."""

    entry: Entry
    model: Model
    context: Context
    judged: Judgement

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells the task apart: two rules may have one id by mistake."""
        return self.entry.id_span.start, self.model.name, str(self.context.dialect)

    @property
    def is_kept_well(self) -> bool:
        """Whether the rule is kept, by reading, at the layer that it asks for."""
        layer = self.judged.layer or Layer.DATABASE
        return (
            self.judged.verdict is Verdict.KEPT
            and layer.strength >= self.entry.enforced_by.strength
        )


class Prover:
    """Carries rules out, as the `Execution` of `engine.check`.

    Each rule is carried out when its turn comes. To do several at a time, run the check twice: with
    `collect`, which only takes note, then, after `carry_out`, with this.

    Args:
        database: with the schema built in it.
        every: whether rules that are kept by reading are carried out, too.
        left_out: what of the schema the database has not, since it could not be written as DDL.
    """

    def __init__(
        self, database: Database, *, every: bool = True, left_out: Sequence[Omission] = ()
    ) -> None:
        self._name = database.name
        self._left_out = left_out
        self._bench = _Bench(database, left_out)
        self._every = every
        self._tasks: list[Task] = []
        self._proofs: dict[tuple[int, str, str], Proof] = {}
        self._keeping: dict[int, list[Span]] = {}

    @property
    def proofs(self) -> list[Proof]:
        """What came of each rule over each model that was carried out, in their order."""
        return [self._proofs[task.key] for task in self._tasks if task.key in self._proofs]

    @property
    def count(self) -> int:
        """How many tasks were collected."""
        return len(self._tasks)

    def collect(
        self, entry: Entry, model: Model, context: Context, judgement: Judgement
    ) -> Judgement:
        """Take note of a rule that is to be carried out; the judgement as it is."""
        self._task(entry, model, context, judgement)
        return judgement

    def _task(
        self, entry: Entry, model: Model, context: Context, judgement: Judgement
    ) -> Task | None:
        if judgement.verdict is Verdict.KEPT:
            spans = self._keeping.setdefault(entry.id_span.start, [])
            spans += [evidence.span for evidence in judgement.kept_by]
        if entry.enforced_by is Layer.SERVICE or judgement.verdict not in _TO_SHOW:
            return None
        task = Task(entry, model, context, judgement)
        if task.is_kept_well and not self._every:
            return None
        self._tasks.append(task)
        return task

    def carry_out(
        self,
        done: Callable[[], None] = lambda: None,
        beside: Callable[[], AbstractContextManager[Database]] | None = None,
    ) -> None:
        """Carry out what was collected.

        Args:
            done: called after each task.
            beside: makes a second database of the same sort, with the same schema built in it. A
                thread of its own does that, and carries out there what is left then.
        """
        queue = deque(self._tasks)
        if beside is None:
            self._work(self._bench, queue, done)
            return
        with ThreadPoolExecutor(1) as pool:
            helping = pool.submit(self._help, beside, queue, done)
            try:
                self._work(self._bench, queue, done)
            finally:
                queue.clear()  # nothing is in it, unless this was interrupted
            helping.result()

    def _help(
        self,
        beside: Callable[[], AbstractContextManager[Database]],
        queue: deque[Task],
        done: Callable[[], None],
    ) -> None:
        with ExitStack() as stack:
            try:
                database = stack.enter_context(beside())
            except (NotProvable, BuildError):
                return  # it takes longer without
            self._work(_Bench(database, self._left_out), queue, done)

    def _work(self, bench: _Bench, queue: deque[Task], done: Callable[[], None]) -> None:
        """Take tasks from the queue until it is empty."""
        while True:
            try:
                task = queue.popleft()
            except IndexError:
                return
            self._proofs[task.key] = bench.proof(task)
            done()

    def __call__(
        self, entry: Entry, model: Model, context: Context, judgement: Judgement
    ) -> Judgement:
        """The judgement, with what was seen; see `engine.Execution`."""
        key = Task(entry, model, context, judgement).key
        if key not in self._proofs:
            task = self._task(entry, model, context, judgement)
            if task is None:
                return judgement
            self._proofs[key] = self._bench.proof(task)
        return self._settled(self._proofs[key])

    def _settled(self, proof: Proof) -> Judgement:
        judgement, shown = proof.judged, proof.shown
        if shown is not None:
            return self._shown_broken(judgement, shown, proof)
        stricter = tuple(self._stricter(proof))
        if stricter:
            judgement = msgspec.structs.replace(judgement, extra=(*judgement.extra, *stricter))
        if judgement.verdict is Verdict.UNKNOWN and proof.settled:
            told = (
                f"execution on {self._name}: there are {proof.settled} combinations of values, and "
                "each that would break it is refused"
            )
            tried = Evidence(told, proof.model.name_span)
            settled = kept(judgement.path, [tried], extra=judgement.extra)
            return msgspec.structs.replace(settled, executed=self._name)
        return judgement

    def _stricter(self, proof: Proof) -> Iterator[Finding]:
        """What the schema refuses of what a rule allows that is not broken: unless reading told so
        already, or another rule is kept by just that."""
        judgement, own = proof.judged, proof.entry.id_span.start
        if judgement.verdict not in (Verdict.KEPT, Verdict.UNKNOWN):
            return
        told = [one.span for one in judgement.extra if one.name == STRICTER_THAN_RULE and one.span]
        told += [span for rule, spans in self._keeping.items() if rule != own for span in spans]
        for one in proof.strict:
            if any(_overlap(one.span, span) for span in told):
                continue
            told.append(one.span)
            says = one.outcome.attack.says
            yield Finding(
                rule=STRICTER_THAN_RULE,
                name=STRICTER_THAN_RULE,
                message=f"the rule allows that a writer {says}, but {one.what}: {self._name} "
                "refuses it",
                span=one.span,
                severity=Severity.WARNING,
                path=judgement.path,
                counterexample=counterexample(one.outcome, self._name),
            )

    def _shown_broken(self, judgement: Judgement, shown: Outcome, proof: Proof) -> Judgement:
        if judgement.verdict is not Verdict.BROKEN and not _is_sure(shown):
            return judgement
        example = counterexample(shown, self._name)
        if _is_broken_by_reading(judgement):
            return msgspec.structs.replace(judgement, counterexample=example)
        settled = broken(
            judgement.path,
            f"{self._name} lets it happen: a writer {example.says}, so that {example.what}",
            judgement.span or proof.model.name_span,
            related=judgement.related,
        )
        return msgspec.structs.replace(
            settled,
            counterexample=example,
            executed=self._name,
            extra=judgement.extra,
        )


class _Bench:
    """One database, on which one task after the other is carried out."""

    def __init__(self, database: Database, left_out: Sequence[Omission]) -> None:
        self._database = database
        self._left_out = [one for one in left_out if one.bears]
        self._schema: Schema | None = None
        self._shapes: Shapes = {}

    def proof(self, task: Task) -> Proof:
        """Carry out a task, if it can be."""
        entry, model, context = task.entry, task.model, task.context
        why_not = ""
        plan: Plan | None = None
        if context.dialect is not self._database.dialect:
            why_not = f"it is judged for {context.dialect}, and {self._database.name} is none"
        elif task.is_kept_well and task.judged.layer is Layer.CLIENT:
            why_not = "the client library keeps it"
        else:
            plan = entry.rule.attacks(model, context)
            without = self._without_rows(model)
            if plan is None:
                why_not = "it is not a matter of rows"
            elif without is not None:
                plan, why_not = None, _built_without(without)
        if plan is None:
            return Proof(entry, model, task.judged, why_not=why_not)
        for shape in self._shapes.values():
            # What another rule's rows have taught would make a report depend on which database
            # took that rule.
            shape.unlearn()
        outcomes = tuple(self._carried_out(plan, attack, context) for attack in plan.attacks)
        strict = tuple(filter(None, [_strictness(one, context) for one in outcomes]))
        settled = 0
        if task.judged.verdict is Verdict.UNKNOWN and all(map(_leaves_open, outcomes)):
            found = self._exhausted(plan, context)
            outcomes = (*outcomes, *found[0])
            settled = found[1]
        lacks = self._lacks(model, outcomes)
        if lacks is not None and not _is_broken_by_reading(task.judged):
            if any(map(shows_broken, outcomes)):
                return Proof(entry, model, task.judged, why_not=_built_without(lacks))
            settled = 0
        return Proof(entry, model, task.judged, outcomes, settled=settled, strict=strict)

    def _without_rows(self, model: Model) -> Omission | None:
        """What keeps the table from having the rows that the schema speaks of."""
        of_rows = (one for one in self._left_out if one.is_of_rows)
        return next((one for one in of_rows if model.table in one.tables), None)

    def _lacks(self, model: Model, outcomes: Sequence[Outcome]) -> Omission | None:
        """What the database has not and could have refused what got through."""
        moves = [move for one in outcomes if shows_broken(one) for move in steps(one.attack)]
        tables = {model.table, *(move.model.table for move in moves if isinstance(move, Insert))}
        return next(
            (one for one in self._left_out if not one.tables or tables & {*one.tables}), None
        )

    def _exhausted(self, plan: Plan, context: Context) -> tuple[tuple[Outcome, ...], int]:
        """What breaks the rule of all combinations of values, or how many there are if none does
        and it is settled by that."""
        combinations = plan.combinations() if plan.combinations is not None else None
        if combinations is None:
            return (), 0
        found: list[Outcome] = []
        for attack in combinations.attacks:
            found.append(self._carried_out(plan, attack, context))
            if shows_broken(found[-1]):
                return (found[-1],), 0
        return (), len(found) if is_settled(combinations, found) else 0

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


def _built_without(lacking: Omission) -> str:
    return f"the database is built without {lacking.what}: {lacking.reason}"


def _is_broken_by_reading(judgement: Judgement) -> bool:
    """Whether reading knows already that the database does not keep the rule: then execution only
    shows it."""
    return judgement.verdict is Verdict.BROKEN or (
        judgement.verdict is Verdict.KEPT and judgement.layer is not Layer.DATABASE
    )


def _leaves_open(outcome: Outcome) -> bool:
    """Whether a rule can still be kept: nothing forbidden came about, and what has to be possible
    was. What the schema refuses of what is allowed, for reasons of its own, says nothing."""
    aim = outcome.attack.aim
    if aim == "forbidden" or outcome.attack.given:
        return outcome.end != "through"
    return outcome.end == "harmless"


def _strictness(outcome: Outcome, context: Context) -> Strictness | None:
    last = outcome.attack.moves[-1]
    if outcome.end != "refused" or not outcome.attack.given or not isinstance(last, Insert):
        return None
    return strictness(outcome, Shape(context.schema, last.model, context.dialect))


def _overlap(one: Span, other: Span) -> bool:
    same_file = one.file.path == other.file.path
    return same_file and one.start < other.end and other.start < one.end


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
