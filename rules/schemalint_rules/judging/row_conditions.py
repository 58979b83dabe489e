"""What the schema guarantees of every row of a model, at one layer of enforcement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.facts import Facts, without_nulls
from schemalint.condition.terms import Column, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Check, Field, Layer, Model, Trigger
from schemalint.rule import Condition, Evidence, Stale
from schemalint_rules.wording.describing import keeps, logical, not_null

if TYPE_CHECKING:
    from schemalint.condition.decide import Decision, Given


class Rows:
    """The rows that can be stored in a model's table by the writers that `layer` binds."""

    def __init__(self, model: Model, context: Context, layer: Layer) -> None:
        self.model = model
        self.schema = context.schema
        self.dialect = context.dialect
        self.layer = layer

    @cached_property
    def facts(self) -> Facts:
        """What holds of each column."""
        facts = Facts.of(self.model, self.schema, dialect=self.dialect, layer=self.layer)
        if self.layer is Layer.DATABASE:
            return facts
        demanded = [field.column for field in self.model.fields if not field.client_nullable]
        return without_nulls(facts, demanded)

    @cached_property
    def checks(self) -> tuple[tuple[Check, Given], ...]:
        """The checks that bind these writers, and what each says of a row."""
        if not self.model.checks:
            return ()
        from schemalint.condition.decide import Given

        return tuple(
            (check, Given(self.parsed(check.expression), passes_null=True))
            for check in self.model.checks
            if check.enforced and check.layer.strength >= self.layer.strength
        )

    def parsed(self, sql: str) -> Term:
        """A condition of the schema as a term; what is not understood in it is opaque."""
        from schemalint.condition.parse import parse_predicate

        return parse_predicate(sql, self.dialect)

    def expression(self, sql: str) -> Term:
        """A value that the schema computes, such as an index member, as a term."""
        term = self.parsed(f"({sql}) IS NULL")
        return term.term if isinstance(term, Is) else term

    def nullable(self, field: Field) -> bool:
        """Whether a row can have NULL there, as far as is known."""
        column = self.facts.column(field.column)
        if column is not None and not column.nullable:
            return False
        return not self.checks or self.implied((), Not(Is(Column(field.column), None))) is not True

    def can_be_null(self, term: Term, given: Sequence[Term]) -> bool:
        """Whether a value can be NULL where `given` is true, as far as is known."""
        return self.implied(given, Not(Is(term, None))) is not True

    def speak_of(self, column: str, given: Sequence[Term]) -> bool:
        """Whether `given` or the checks could say anything of a column."""
        terms = [*given, *(check.term for _, check in self.checks)]
        return any(not term.columns or column in term.columns for term in terms)

    def implied(self, given: Sequence[Term], wanted: Term) -> bool | None:
        """Whether `wanted` is true in every row for which all of `given` are; None: not known."""
        from schemalint.condition.decide import Given, follows

        if wanted in given:
            return True
        columns = {column for term in (*given, wanted) for column in term.columns}
        checks = self._about(columns)
        return follows([*map(Given, given), *checks], wanted, self.facts).answer

    def impossible(self, given: Sequence[Term]) -> bool:
        """Whether it is certain that no row satisfies all of `given`."""
        from schemalint.condition.decide import Given, satisfiable

        checks = self._about({column for term in given for column in term.columns})
        return satisfiable([*map(Given, given), *checks], self.facts).answer is False

    def decide(self, wanted: Term, checks: Sequence[Given] | None = None) -> Decision:
        """Whether `wanted` is true in every row, thanks to the columns and `checks` (all)."""
        from schemalint.condition.decide import follows

        if checks is None:
            checks = self._about(set(wanted.columns))
        return follows(checks, wanted, self.facts)

    def _about(self, columns: set[str]) -> list[Given]:
        """The checks that say something of `columns`, directly or through columns they share.

        The others cannot forbid a value of these, unless they forbid every row; a table that
        can hold no row at all is not looked for.
        """
        related = set(columns)
        left = [given for _, given in self.checks]
        chosen: list[Given] = []
        while True:
            near = [
                given
                for given in left
                if not given.term.columns or related & set(given.term.columns)
            ]
            if not near:
                return chosen
            chosen += near
            left = [given for given in left if given not in near]
            related.update(column for given in near for column in given.term.columns)


def speaking_of_rows(model: Model, condition: Condition, context: Context) -> Term:
    """The condition that limits a rule to some rows, over physical names.

    Raises:
        Stale: it names a field that the model has not, or no row can satisfy it.
    """
    term = context.condition(model, condition)
    if Rows(model, context, Layer.DATABASE).impossible((term,)):
        raise Stale(
            f"no row of `{model.name}` can satisfy `{condition.text}`, so the rule speaks of "
            "nothing",
            condition.span,
        )
    return term


class RowAnswer(msgspec.Struct, frozen=True):
    """Whether every row that can be stored satisfies a condition.

    `kept` is None where it is not decided. A kept one has its `layer` and `evidence`, a broken
    one a `witness`: the values of a row, in words. `never` tells that no row at all satisfies it.
    """

    kept: bool | None
    layer: Layer = Layer.DATABASE
    evidence: tuple[Evidence, ...] = ()
    witness: str = ""
    undecided: str = ""
    never: bool = False


def decide_rows(model: Model, wanted: Term, context: Context) -> RowAnswer:
    """Decide `wanted` (over physical names) for the rows of `model`, at the strongest layer."""
    first: RowAnswer | None = None
    for layer in (Layer.DATABASE, Layer.CLIENT):
        rows = Rows(model, context, layer)
        decision = rows.decide(wanted)
        if decision.answer:
            return RowAnswer(True, layer=layer, evidence=_evidence(rows, wanted))
        if first is None and decision.answer is False and (trigger := may_refuse(model)):
            first = RowAnswer(
                None,
                undecided=f"no constraint makes it so, but the trigger `{trigger.name}` may refuse "
                "or complete such a row",
            )
        elif first is None:
            first = RowAnswer(
                decision.answer,
                witness=in_words(model, wanted, decision),
                undecided=decision.reason or "the condition is too involved",
                never=decision.answer is False and rows.implied((), Not(Is(wanted, True))) is True,
            )
    assert first is not None
    return first


def may_refuse(model: Model) -> Trigger | None:
    """A trigger that acts on what is written and could keep a condition that nothing else does."""
    for trigger in model.triggers:
        if trigger.effect != "nothing" and {"insert", "update"} & set(trigger.events):
            return trigger
    return None


def in_words(model: Model, wanted: Term, decision: Decision) -> str:
    """The row that shows a condition false: "`status` = 'PAID' and `paidAt` NULL"."""
    row = decision.witness or {}
    values = []
    for column in wanted.columns:
        if column in row:
            name = logical(model, [column])[0]
            value = Literal(row[column]).sql()
            values.append(f"`{name}` {value}" if value == "NULL" else f"`{name}` = {value}")
    return " and ".join(values)


def _evidence(rows: Rows, wanted: Term) -> tuple[Evidence, ...]:
    """What makes a condition true: fields alone, else one check, else all that share a column."""
    if rows.decide(wanted, ()).answer:
        fields = (rows.model.column(column) for column in wanted.columns)
        return tuple(_of_field(rows, field) for field in fields if field is not None)
    for check, term in rows.checks:
        if rows.decide(wanted, (term,)).answer:
            return (keeps(rows.model, check),)
    columns = set(wanted.columns)
    return tuple(
        keeps(rows.model, check)
        for check, given in rows.checks
        if columns & set(given.term.columns)
    )


def _of_field(rows: Rows, field: Field) -> Evidence:
    facts = rows.facts.column(field.column)
    if field.enum is not None and facts is not None and facts.values is not None:
        name = f"{rows.model.name}.{field.name}"
        return Evidence(f"`{name}` takes the values of `{field.enum}` only", field.type_span)
    if facts is None or facts.nullable:
        return Evidence(f"`{rows.model.name}.{field.name}`", field.type_span)
    return not_null(rows.model, field)


def literals(terms: Iterable[Term]) -> Sequence[Literal]:
    """The constants in `terms`, each once, NULL left out."""
    found = {
        term: None
        for whole in terms
        for term in whole.walk()
        if isinstance(term, Literal) and term.value is not None
    }
    return tuple(found)
