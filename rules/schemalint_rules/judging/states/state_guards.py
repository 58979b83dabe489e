"""Whether triggers refuse the changes of state that a rule forbids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.terms import Column, Compare, Is, Literal, Or, Term
from schemalint.condition.values import surely_different
from schemalint.dialects import Construct, capability
from schemalint.model import Field, Model, Trigger
from schemalint.rule import Evidence, Judgement, Verdict, broken, kept, unknown
from schemalint_rules.judging.changes.changes import changes_by_schema
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.states.state_values import StateField
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.triggers.trigger_guards import Guards, Watch
from schemalint_rules.judging.triggers.trigger_sight import Sight

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


class Steps(msgspec.Struct, frozen=True):
    """What must not happen to a state, by the states' names; None is NULL.

    `changes` lists for each state those that must not follow it, `starts` the states in which no
    new row may be.
    """

    changes: dict[str | None, tuple[str | None, ...]]
    starts: tuple[str, ...] = ()
    initial: str | None = None
    remedy: str = ""


def guarded(state: StateField, events: Iterable[Event]) -> bool:
    """Whether any trigger could refuse or change what is written on one of the events."""
    return any(
        trigger.effect != "nothing"
        for table in holders(state.model, state.context)
        for event in events
        for trigger in Sight(
            table, event, RowVersions(table, state.context), state.context
        ).triggers
    )


def judge_steps(state: StateField, steps: Steps) -> Judgement:
    """Whether triggers refuse every step of `steps`."""
    keepers: dict[Trigger, str] = {}
    doubt: Judgement | None = None
    for table in holders(state.model, state.context):
        for answer in _Watcher(state, steps, table).answers(keepers):
            if answer.verdict is Verdict.BROKEN:
                return answer
            doubt = doubt or answer
    undecided = _past_triggers(state) or doubt
    if undecided is not None:
        return undecided
    return kept(
        state.path,
        [
            Evidence(f"the trigger `{trigger.name}` {what}", trigger.span)
            for trigger, what in keepers.items()
        ],
        span=state.field.span,
    )


class _Watcher:
    """The triggers of one table that holds rows of the model."""

    def __init__(self, state: StateField, steps: Steps, table: Model) -> None:
        self.state = state
        self.steps = steps
        self.table = table
        self.field: Field = table.column(state.field.column) or state.field
        self.versions = RowVersions(table, state.context)

    def answers(self, keepers: dict[Trigger, str]) -> Iterator[Judgement]:
        """What is not refused, or not known to be; into `keepers` goes what refuses the rest."""
        updates = Guards(self.table, "update", self.versions, self.state.context)
        for old, following in self.steps.changes.items():
            if following:
                watch = updates.watch(partial(self._change, old, following), self.field)
                keepers.update(dict.fromkeys(watch.guards, "refuses other changes of state"))
                if not watch.refused:
                    yield self._told(watch, self._way(watch, old, following))
        if not self.steps.starts:
            return
        inserts = Guards(self.table, "insert", self.versions, self.state.context)
        forced = inserts.sight.forced(self.field)
        if forced is not None and self._is_initial(forced):
            keepers.setdefault(forced[0], f"lets every row start as `{self.steps.initial}`")
            return
        watch = inserts.watch(self._start, self.field)
        keepers.update(dict.fromkeys(watch.guards, "refuses other first states"))
        if not watch.refused:
            first = self._called(watch, "NEW") or self.steps.starts[0]
            yield self._told(
                watch,
                f"a new row can be stored as `{first}` at once, past `{self.steps.initial}`",
            )

    def _is_initial(self, forced: tuple[Trigger, str]) -> bool:
        text = forced[1].strip().partition("::")[0].strip("'").replace("''", "'")
        return self.state.stored(text) == self.state.stored(self.steps.initial or "")

    # -- conditions

    def _change(self, old: str | None, following: Sequence[str | None]) -> Sequence[Term | Given]:
        given: list[Term | Given] = [self._is("OLD", [old]), self._is("NEW", following)]
        if self._are_apart([old, *following]):
            before = self.versions.column(self.field, "OLD")
            after = self.versions.column(self.field, "NEW")
            given.append(Compare("is distinct from", before, after))
        return [*given, *self.versions.same_bytes([self.field])]

    def _are_apart(self, names: Sequence[str | None]) -> bool:
        """Whether no two of the states are one to a comparison that is blind to letter case."""
        texts = [self.state.stored(name) for name in names if name is not None]
        if not all(isinstance(text, str) for text in texts):
            return True
        return all(surely_different(str(one), str(other)) for one, other in combinations(texts, 2))

    def _start(self) -> Sequence[Term | Given]:
        return [self._is("NEW", self.steps.starts)]

    def _is(self, version: str, names: Sequence[str | None]) -> Term:
        column = Column(f"{version}.{self.field.column}")
        terms: list[Term] = [
            Is(column, None)
            if name is None
            else Compare("=", column, Literal(self.state.stored(name)))
            for name in names
        ]
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    # -- words

    def _way(self, watch: Watch, old: str | None, following: Sequence[str | None]) -> str:
        new = self._called(watch, "NEW") or _spoken(following[0])
        return f"`UPDATE` can take `{self.state.path}` from `{_spoken(old)}` to `{new}`"

    def _called(self, watch: Watch, version: str) -> str | None:
        """The state in the witness, by its name in the rule."""
        name = f"{version}.{self.field.column}"
        if name not in watch.witness:
            return None
        stored = watch.witness[name]
        names = {*self.steps.changes, *self.steps.starts}
        for following in self.steps.changes.values():
            names.update(following)
        return next(
            (one for one in sorted(filter(None, names)) if self.state.stored(one) == stored),
            _spoken(None) if stored is None else None,
        )

    def _told(self, watch: Watch, way: str) -> Judgement:
        span = watch.trigger.span if watch.trigger is not None else self.field.span
        if watch.refused is None:
            return unknown(self.state.path, f"{way}, unless it is refused; {watch.reason}", span)
        how = "no trigger refuses it"
        if watch.loophole:
            how = watch.loophole
        elif watch.trigger is not None:
            how = f"`{watch.trigger.name}` lets it pass"
        if self.table is not self.state.model:
            how = f"`{self.table.name}` inherits no trigger from `{self.state.model.name}`"
        return broken(self.state.path, f"{way}: {how}", span, help=self.steps.remedy)


def _spoken(name: str | None) -> str:
    return "NULL" if name is None else name


def _past_triggers(state: StateField) -> Judgement | None:
    """Foreign-key actions that change the state and fire no trigger (I03, I04)."""
    construct = Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS
    if capability(state.context.dialect, construct).holds is not False:
        return None
    for change in changes_by_schema(state.model, [state.field], state.context, deleting=False):
        if change.by_database:
            return broken(
                state.path,
                f"{change.message}: on this database foreign-key actions fire no triggers",
                change.span,
                contradicts=True,
                help=change.remedy,
                fix=change.fix,
            )
    return None
