"""Attacks on uniqueness: two rows that must not agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from schemalint.attack import (
    Attack,
    Fresh,
    Insert,
    OtherCase,
    Plan,
    Same,
    Update,
    Value,
)
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import Column, Is, Not, Term
from schemalint.context import Context
from schemalint.model import Field, ScalarType
from schemalint_rules.attacking.forbidden_rows import Agreeing
from schemalint_rules.attacking.row_cases import cases, outside, possible
from schemalint_rules.judging.demand import Demand, Nulls

_LETTERS = ("a", "é")  # what databases fold by halves: A to Z alone, or all letters


def plan(demand: Demand, nulls: Nulls, context: Context) -> Plan:
    """The plan for a demand, under one reading of NULL."""
    forbidden = Agreeing(
        model=demand.model,
        columns=tuple(demand.columns),
        where=demand.where,
        nulls=nulls,
        ignore_case=demand.ignore_case,
    )
    return Plan(forbidden, (*_Pairs(demand, nulls, context).attacks(),))


class _Pairs:
    def __init__(self, demand: Demand, nulls: Nulls, context: Context) -> None:
        self._demand = demand
        self._model = demand.model
        self._fields = demand.fields
        self._nulls = nulls
        self._context = context
        self._what = " and ".join(f"`{field.name}`" for field in demand.fields)
        self._filled = tuple(Not(Is(Column(field.column), None)) for field in demand.fields)

    def attacks(self) -> Iterator[Attack]:
        agreeing = {field.column: Same("first", field.column) for field in self._fields}
        sorts = cases(self._demand.where)
        for one in sorts:
            yield self._stored(f"the same {self._what}", agreeing, one, one)
        for one, other in combinations(sorts, 2):
            yield self._stored(f"the same {self._what}", agreeing, one, other)
        yield from self._changed(agreeing)
        if self._demand.ignore_case:
            yield from self._in_other_case()
        if self._nulls == "equal":
            yield from self._lacking()
        yield from self._passing_by(agreeing)
        if self._demand.where is not None:
            yield from self._entering(agreeing, self._demand.where)
        yield from self._uses(agreeing)

    def _first(
        self, satisfying: tuple[Term, ...], given: Mapping[str, Value] | None = None
    ) -> Insert:
        values = given or {}
        filled = () if values else self._filled
        return Insert(
            row="first",
            model=self._model,
            values=values,
            satisfying=(*satisfying, *filled),
            setup=True,
        )

    def _stored(
        self,
        agree: str,
        values: Mapping[str, Value],
        one: tuple[Term, ...],
        other: tuple[Term, ...],
        given: Mapping[str, Value] | None = None,
    ) -> Attack:
        second = Insert(row="second", model=self._model, values=values, satisfying=other)
        return Attack(
            says=f"stores two rows of `{self._model.name}` with {agree}",
            moves=(self._first(one, given), second),
        )

    def _changed(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        where = () if self._demand.where is None else (self._demand.where,)
        second = Insert(row="second", model=self._model, satisfying=where, setup=True)
        yield Attack(
            says=f"changes a row of `{self._model.name}` to the {self._what} of another",
            moves=(self._first(where), second, Update(row="second", values=agreeing)),
        )

    def _in_other_case(self) -> Iterator[Attack]:
        texts = [field for field in self._fields if field.type is ScalarType.STRING]
        for one in cases(self._demand.where):
            for letter in (None, *_LETTERS):
                for field in texts:
                    values: dict[str, Value] = {
                        other.column: Same("first", other.column) for other in self._fields
                    }
                    values[field.column] = OtherCase("first", field.column)
                    given = None if letter is None else {field.column: letter}
                    yield self._stored(
                        f"the same {self._what}, letter case aside", values, one, one, given
                    )

    def _lacking(self) -> Iterator[Attack]:
        for one in cases(self._demand.where):
            for field in self._fields:
                values: dict[str, Value] = {
                    other.column: Same("first", other.column) for other in self._fields
                }
                values[field.column] = None
                yield self._stored(f"no `{field.name}`", values, one, one, {field.column: None})
            nothing = dict.fromkeys((field.column for field in self._fields), None)
            yield self._stored(f"no {self._what}", nothing, one, one, nothing)

    def _passing_by(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """Rows that a key of the schema does not count: outside of its predicate, or with NULL in
        a further member."""
        where = () if self._demand.where is None else (self._demand.where,)
        for key in self._model.uniques:
            if key.where is not None:
                beside = outside(parse_predicate(key.where, self._context.dialect))
                away = (*where, beside)
                if possible(away, self._model, self._context):
                    yield self._stored(f"the same {self._what}", agreeing, away, away)
                    yield self._stored(f"the same {self._what}", agreeing, where, away)
            for field in self._further(key.columns):
                given = {field.column: None}
                lacking = (*where, Is(Column(field.column), None))
                if not possible(lacking, self._model, self._context):
                    continue
                second = Insert(
                    row="second",
                    model=self._model,
                    values={**given, **agreeing},
                    satisfying=where,
                )
                yield Attack(
                    says=f"stores two rows of `{self._model.name}` with the same {self._what} and "
                    f"no `{field.name}`",
                    moves=(self._first(lacking), second),
                )

    def _further(self, columns: tuple[str, ...]) -> Iterator[Field]:
        for column in columns:
            field = self._model.column(column)
            if field is not None and field.nullable and column not in self._demand.columns:
                yield field

    def _entering(self, agreeing: Mapping[str, Value], where: Term) -> Iterator[Attack]:
        """A row that the rule does not speak of becomes one that it does."""
        waiting = Insert(
            row="second",
            model=self._model,
            values=agreeing,
            satisfying=(outside(where),),
            setup=True,
        )
        for one in cases(where):
            yield Attack(
                says=f"changes a row of `{self._model.name}` so that the rule speaks of it, with "
                f"the {self._what} of another",
                moves=(self._first((where,)), waiting, Update(row="second", satisfying=one)),
            )

    def _uses(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        where = () if self._demand.where is None else (self._demand.where,)
        fresh = {field.column: Fresh() for field in self._fields[-1:]}
        yield Attack(
            says=f"stores two rows of `{self._model.name}` with other {self._what}",
            moves=(
                self._first(where),
                Insert(row="second", model=self._model, values={**agreeing, **fresh}),
            ),
            aim="allowed",
        )
        if self._demand.where is not None:
            away = (outside(self._demand.where),)
            for one in (where, away):
                yield Attack(
                    says=f"stores a row of `{self._model.name}` that the rule does not speak of, "
                    f"with the {self._what} of another",
                    moves=(
                        self._first(one),
                        Insert(row="second", model=self._model, values=agreeing, satisfying=away),
                    ),
                    aim="allowed",
                )
