"""Whether the triggers of a table, and of those that inherit from it, keep its rows as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.terms import Is, Literal, Not, Scalar, Term
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Field, Model, Trigger
from schemalint.own_rules import TRUNCATE_REMOVES_ROWS
from schemalint.rule import (
    Evidence,
    Finding,
    Judgement,
    Related,
    Severity,
    Verdict,
    broken,
    kept,
    unknown,
)
from schemalint.source import Span
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.changes.changes import Change
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers.replacement import Way, kept_from_replacement
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.triggers.trigger_guards import Guards, Watch
from schemalint_rules.judging.values.exact_values import BYTES

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


class Stay(msgspec.Struct, frozen=True):
    """What must not happen to rows of `model`.

    `fields` must not change, of rows that satisfy `where` (over physical names; None for all);
    `once` allows a change from NULL. `deletion` tells whether such rows must not be deleted
    either, `whole` whether every change is forbidden without exception. `remedy` says what to add.
    """

    model: Model
    path: str
    fields: tuple[Field, ...]
    where: Term | None = None
    once: bool = False
    deletion: bool = False
    whole: bool = False
    remedy: str = ""


def judge_triggers(stay: Stay, changes: Sequence[Change], context: Context) -> Judgement | None:
    """The verdict that triggers decide, None where no trigger has to do with the matter.

    Args:
        stay: what must not happen.
        changes: what the schema changes by itself.
        context: the dialect, and the other tables.
    """
    tables = [_Holder(stay, table, context) for table in holders(stay.model, context)]
    if not any(table.triggers for table in tables):
        return None
    keepers: dict[Trigger, str] = {}
    doubts: list[Judgement] = []
    for table in tables:
        for answer in table.answers(keepers):
            if answer.verdict is Verdict.BROKEN:
                return _contradicted(answer, changes)
            doubts.append(answer)
    passing = _past_triggers(stay, changes, context)
    if passing is not None:
        return passing
    if doubts:
        return doubts[0]
    evidence = [
        Evidence(f"the trigger `{trigger.name}` refuses {event}", trigger.span)
        for trigger, event in keepers.items()
    ]
    return kept(stay.path, evidence, extra=_remarks(stay, tuple(keepers), context))


class _Holder:
    """One table that holds rows of the model."""

    def __init__(self, stay: Stay, table: Model, context: Context) -> None:
        self.stay = stay
        self.table = table
        self.versions = RowVersions(table, context)
        self.updates = Guards(table, "update", self.versions, context)
        self.deletions = Guards(table, "delete", self.versions, context)
        self.context = context

    @property
    def triggers(self) -> list[Trigger]:
        """The triggers that have to do with the matter."""
        watching = [*self.updates.triggers]
        watching += self.deletions.triggers if self.stay.deletion else ()
        return [one for one in dict.fromkeys(watching) if one.effect != "nothing"]

    def answers(self, keepers: dict[Trigger, str]) -> Iterator[Judgement]:
        """What is not kept or not known to be; into `keepers` goes what keeps the rest."""
        for field in self._fields():
            watch = self.updates.watch(partial(self._changed, field), field)
            if watch.refused:
                for guard in watch.guards:
                    keepers.setdefault(guard, _refused_changes(guard, field, self.stay))
            elif watch.refused is False:
                yield self._passes("update", watch, field)
            else:
                yield self._doubt(watch)
        if not self.stay.deletion:
            return
        watch = self.deletions.watch(self._protected)
        if watch.refused:
            keepers.update(dict.fromkeys(watch.guards, "every DELETE"))
        elif watch.refused is False:
            yield self._passes("delete", watch, None)
        else:
            yield self._doubt(watch)

    def _fields(self) -> Iterator[Field]:
        """The fields to ask about: a generated one changes with those that it is made of."""
        for field in self.stay.fields:
            own = self.table.column(field.column)
            every = len(self.stay.fields) == len(self.stay.model.fields)
            if own is not None and not (every and own.generated is not None):
                yield own

    def _protected(self) -> Sequence[Term | Given]:
        where = self.stay.where
        return [self.versions.of_row(where, "OLD")] if where is not None else [Literal(True)]

    def _changed(self, field: Field) -> Sequence[Term | Given]:
        given: list[Term | Given] = [*self._protected(), self.versions.differs(field)]
        if self.stay.once:
            given.append(Not(Is(self.versions.column(field, "OLD"), None)))
        return [*given, *self.versions.same_bytes([field])]

    # -- words

    def _passes(self, event: Event, watch: Watch, field: Field | None) -> Judgement:
        name = self.table.name
        if watch.loophole:
            message = f"`{name}.{field.name}` can still change: " if field is not None else ""
            message += watch.loophole
        elif not watch.witness:
            message = self._unwatched(event, field)
        else:
            trigger = watch.trigger.name if watch.trigger is not None else ""
            what = f"a change of `{field.name}`" if field is not None else "a DELETE"
            message = f"{what} passes `{trigger}`{_shown(watch.witness, field)}"
        span = watch.trigger.span if watch.trigger is not None else self._span()
        return broken(self.stay.path, message, span, help=self.stay.remedy)

    def _unwatched(self, event: Event, field: Field | None) -> str:
        """No trigger looks at such a change at all."""
        name = self.table.name
        can = "be deleted" if event == "delete" else "be changed"
        subject = f"a row of `{name}` can still {can}"
        if field is not None and event == "update":
            subject = f"`{name}.{field.name}` can still be changed"
        if self.table is not self.stay.model:  # I22
            return (
                f"{subject}: `{name}` inherits from `{self.stay.model.name}`, but not its triggers"
            )
        others = self.triggers
        if not others:
            return f"{subject}: no trigger refuses it"
        here = [one for one in others if event in one.events]
        first = (here or others)[0]
        # Several facts can be of one trigger.
        events = [one for fact in others if fact.span == first.span for one in fact.events]
        looks = " and ".join(one.upper() for one in dict.fromkeys(events))
        if here and not first.columns:
            why = ""
            if first.for_each == "statement" and self.updates.sight.partitioned:
                why = f": a statement on a part of `{name}` does not fire it"
            return f"{subject}: `{first.name}` does not refuse it{why}"
        of_columns = f" OF {', '.join(first.columns)}" if here else ""
        return f"{subject}: `{first.name}` looks at {looks}{of_columns} only"

    def _span(self) -> Span:
        return self.triggers[0].span if self.triggers else self.table.name_span

    def _doubt(self, watch: Watch) -> Judgement:
        span = watch.trigger.span if watch.trigger is not None else self.table.name_span
        return unknown(self.stay.path, watch.reason, span)


def _refused_changes(guard: Trigger, field: Field, stay: Stay) -> str:
    if guard.when is None and guard.effect == "raises" and not guard.columns:
        return "every UPDATE"
    return "such changes" if stay.where is not None else f"changes of `{field.name}`"


def _shown(witness: Mapping[str, Scalar], field: Field | None) -> str:
    """The change that passes: ", from NULL to 5", and what else has to be true."""
    values = {name: Literal(value).sql() for name, value in witness.items()}
    text = ""
    column = field.column if field is not None else ""
    old, new = values.pop(f"OLD.{column}", None), values.pop(f"NEW.{column}", None)
    if old is not None and new is not None:
        # The same text to the comparison, in other bytes (I13d, I13e).
        text = (
            f", from {old} to {new}"
            if old != new
            else (" where it changes letter case, accents or trailing blanks only")
        )
    others = [
        f"`{name}` {'is' if value == 'NULL' else '='} {value}"
        for name, value in values.items()
        if BYTES not in name and not name.startswith("GIVEN")
    ]
    return text + (f", where {' and '.join(others)}" if others else "")


def _contradicted(judgement: Judgement, changes: Sequence[Change]) -> Judgement:
    """The judgement, with what the schema does by itself in the same way."""
    if not changes:
        return judgement
    related = tuple(Related(change.message, change.span) for change in changes)
    return msgspec.structs.replace(judgement, related=(*judgement.related, *related))


# -- what passes every trigger -----------------------------------------------------------------


def _past_triggers(stay: Stay, changes: Sequence[Change], context: Context) -> Judgement | None:
    fires = capability(context.dialect, Construct.TRIGGERS_FIRE_ON_FOREIGN_KEY_ACTIONS).holds
    by_key = [change for change in changes if change.by_database]
    if by_key and fires is False:
        return broken(
            stay.path,
            f"{by_key[0].message}: on this database foreign-key actions fire no triggers",
            by_key[0].span,
            contradicts=True,
            label=by_key[0].label,
            help=by_key[0].remedy,
            fix=by_key[0].fix,
        )
    fires = capability(context.dialect, Construct.REPLACE_FIRES_DELETE_TRIGGER).holds
    if not stay.deletion or fires is not False:
        return None
    versions = RowVersions(stay.model, context)
    try:
        kept_from_replacement(stay.model, versions, stay.where, updates_refused=stay.whole)
    except Way as way:
        span = way.trigger.span if way.trigger is not None else stay.model.name_span
        if not way.known:
            return unknown(stay.path, way.message, span)
        return broken(stay.path, way.message, span, help=stay.remedy)
    return None


def _remarks(stay: Stay, guards: Sequence[Trigger], context: Context) -> Iterator[Finding]:
    name = stay.model.name
    if stay.deletion and not _refuses_truncate(stay.model, context):
        yield Finding(
            rule=TRUNCATE_REMOVES_ROWS,
            name=TRUNCATE_REMOVES_ROWS,
            message=f"`TRUNCATE` would still remove every row of `{name}`: it fires no trigger for "
            "them (I09)",
            span=guards[0].span if guards else stay.model.name_span,
            severity=Severity.INFO,
            path=stay.path,
            help="let no role but the owner have the right to it",
        )
    broad = [one for one in guards if one.effect == "raises" and one.when is None]
    if not stay.whole and any(not one.columns for one in broad):
        yield stricter(
            stay.path,
            f"the rule allows some changes of `{name}`, but `{broad[0].name}` refuses them all",
            broad[0].span,
            help="give the trigger a condition",
        )


def _refuses_truncate(model: Model, context: Context) -> bool:
    """Whether the database has no TRUNCATE beside DELETE, or a trigger refuses it (I09b)."""
    if capability(context.dialect, Construct.TRUNCATE_FIRES_DELETE_TRIGGER).holds is not False:
        return True
    return any(
        one.enabled and "truncate" in one.events and one.effect == "raises" and one.when is None
        for one in model.triggers
    )
