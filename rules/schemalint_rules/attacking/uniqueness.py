"""Attacks on uniqueness: two rows that must not agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import msgspec

from schemalint.attack import (
    Attack,
    Fresh,
    Insert,
    OtherCase,
    Plan,
    Same,
    Update,
    Value,
    Written,
)
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import Call, Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Dialect, Field, ScalarType
from schemalint_rules.attacking.exact_conditions import askable
from schemalint_rules.attacking.forbidden_rows import Agreeing
from schemalint_rules.attacking.guarded_changes import Guarded
from schemalint_rules.attacking.partitions import within
from schemalint_rules.attacking.row_cases import cases, outside, possible
from schemalint_rules.attacking.surroundings import nothing
from schemalint_rules.attacking.two_rows import of_other_row, two_rows
from schemalint_rules.judging.keys.demand import Demand, Nulls
from schemalint_rules.judging.keys.key_members import is_text
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.parents import Parents

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_MOST_ELSEWHERE = 4
_MOST_NULLABLE = 4
_MOST_MEMBERS = 4
_UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
_LETTERS = ("a", "é")  # what databases fold by halves: A to Z alone, or all letters


def plan(demand: Demand, nulls: Nulls, context: Context) -> Plan:
    """The plan for a demand, under one reading of NULL."""
    if demand.where is not None:
        where = askable(demand.where, demand.model, context)
        demand = msgspec.structs.replace(demand, where=where)
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

    def attacks(self) -> Iterator[Attack]:
        agreeing = {field.column: Same("first", field.column) for field in self._fields}
        sorts = cases(self._demand.where)
        for one in sorts:
            yield self._stored(f"the same {self._what}", agreeing, one, one)
        for one, other in combinations(sorts, 2):
            yield self._stored(f"the same {self._what}", agreeing, one, other)
        yield from self._as_the_table_has_it(agreeing)
        yield from self._elsewhere(agreeing)
        yield from self._changed(agreeing)
        yield from self._moved_on(agreeing)
        yield from self._becoming(agreeing)
        if self._demand.ignore_case:
            yield from self._in_other_case()
        if self._nulls == "equal":
            yield from self._lacking()
        yield from self._passing_by(agreeing)
        yield from self._odd_truths(agreeing)
        if self._demand.where is not None:
            yield from self._entering(agreeing, self._demand.where)
        yield from self._uses(agreeing)

    def _as_the_table_has_it(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """Two rows that CHECKs and further keys have room for: not just any first row leaves room
        for a second."""
        where = () if self._demand.where is None else (self._demand.where,)
        columns = [Column(column) for column in self._demand.columns]
        wanted: list[Term] = [*where, *map(of_other_row, where)]
        wanted += [Not(Is(column, None)) for column in columns]
        wanted += [Compare("=", column, of_other_row(column)) for column in columns]
        found = two_rows(self._model, self._context, wanted)
        if found is not None:
            first, second = found
            agree = f"the same {self._what}"
            yield self._stored(agree, {**second, **agreeing}, where, where, first)

    def _elsewhere(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """Rows that are rows of the model too, in other tables: its parts, and its heirs."""
        where = () if self._demand.where is None else (self._demand.where,)
        models = self._context.schema.models
        parts = [one for one in models if one.partition_of == self._model.table]
        heirs = [one for one in holders(self._model, self._context) if one is not self._model]
        pairs = [(self._model, heir) for heir in heirs] + [(heir, heir) for heir in heirs]
        for one, other in (*pairs[:_MOST_ELSEWHERE], *combinations(parts[:3], 2)):
            given, others = within(one, self._context), within(other, self._context)
            first = msgspec.structs.replace(self._first(where, given), model=one)
            yield Attack(
                says=f"stores rows of `{one.name}` and `{other.name}` with the same {self._what}"
                if one is not other
                else f"stores two rows of `{one.name}` with the same {self._what}",
                moves=(
                    first,
                    Insert(
                        row="second",
                        model=other,
                        values={**others, **agreeing},
                        satisfying=where,
                    ),
                ),
            )

    def _first(
        self, satisfying: tuple[Term, ...], given: Mapping[str, Value] | None = None
    ) -> Insert:
        values = given or {}
        filled = [
            Not(Is(Column(field.column), None))
            for field in self._fields
            if field.column not in values
        ]
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

    def _moved_on(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """Where triggers let rows in with certain values only: the first makes room for another."""
        where = () if self._demand.where is None else (self._demand.where,)
        if not any("insert" in trigger.events for trigger in self._model.triggers):
            return
        members = dict.fromkeys(column for key in self._model.keys for column in key.columns)
        for column in [one for one in members if one not in agreeing][:_MOST_MEMBERS]:
            for given in ({}, *self._letting_change(column)):
                yield Attack(
                    says=f"changes `{column}` of a row of `{self._model.name}`, and stores another "
                    f"with the same {self._what}",
                    moves=(
                        self._first(where, given),
                        Update(row="first", changing=(column,), setup=True),
                        Insert(row="second", model=self._model, values=agreeing, satisfying=where),
                    ),
                )

    def _letting_change(self, column: str) -> Iterator[dict[str, Value]]:
        """Values of a row of which triggers on UPDATE let the column change."""
        guarded = Guarded(self._model, "update", self._context)
        field = self._model.column(column)
        if field is None or not guarded.is_watched:
            return
        passing = guarded.altered(field, self._demand.where)
        given = {} if passing is None else dict(passing.before)
        given.pop(column, None)
        if given:
            yield given

    def _becoming(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """Where triggers let no rows in with what the rule is about: two get it later."""
        if not any("insert" in trigger.events for trigger in self._model.triggers):
            return
        where = () if self._demand.where is None else (self._demand.where,)
        keys = [key for key in self._model.foreign_keys if agreeing.keys() & set(key.columns)]
        found = [Parents(self._context.schema).of(key) for key in keys]
        targets = [
            Insert(row=f"target {number}", model=target, setup=True)
            for number, target in enumerate(found)
            if target is not None and target.table != self._model.table
        ]
        yield Attack(
            says=f"changes two rows of `{self._model.name}` to the same {self._what}",
            moves=(
                *targets,
                Insert(row="first", model=self._model, satisfying=where, setup=True),
                Insert(row="second", model=self._model, satisfying=where, setup=True),
                Update(row="first", changing=(*agreeing,), setup=True),
                Update(row="second", values=agreeing),
            ),
        )

    def _in_other_case(self) -> Iterator[Attack]:
        dialect = self._context.dialect
        texts = [field for field in self._fields if is_text(field, dialect)]
        sorts = cases(self._demand.where)
        for one, letter, field in product(sorts, (None, *_LETTERS), texts):
            text: Value = letter
            if letter is not None and field.type is ScalarType.UUID:
                text = _UUID
            if letter is not None and field.list:
                text = [letter]
            values: dict[str, Value] = {
                other.column: Same("first", other.column) for other in self._fields
            }
            values[field.column] = OtherCase("first", field.column)
            given = None if text is None else {field.column: text}
            says = f"the same {self._what}, letter case aside"
            yield self._stored(says, values, one, one, given)
            for other in sorts[sorts.index(one) + 1 :]:  # something else may be unique
                yield self._stored(says, values, one, other, given)
        for one, field in product(sorts, texts):  # a CHECK may tell how a text begins
            if not field.list and field.type is not ScalarType.UUID:
                yield self._beginning_alike(one, field)
        if len(texts) > 1:  # each may be unique by itself
            every: dict[str, Value] = {
                field.column: OtherCase("first", field.column)
                if field in texts
                else Same("first", field.column)
                for field in self._fields
            }
            for one in cases(self._demand.where):
                says = f"the same {self._what}, all in other letters"
                yield self._stored(says, every, one, one)

    def _beginning_alike(self, sort: tuple[Term, ...], field: Field) -> Attack:
        """Two rows whose texts differ in letter case behind the first letter."""
        values: dict[str, Value] = {
            other.column: Same("first", other.column) for other in self._fields
        }
        values[field.column] = OtherCase("first", field.column, keeping=1)
        longer = Compare(">", Call("length", (Column(field.column),)), Literal(1))
        first = self._first((*sort, longer))
        second = Insert(row="second", model=self._model, values=values, satisfying=sort)
        return Attack(
            says=f"stores two rows of `{self._model.name}` with the same {self._what}, the letter "
            "case behind the first aside",
            moves=(first, second),
        )

    def _lacking(self) -> Iterator[Attack]:
        """Rows that lack the same values, in each of the ways in which they can."""
        nullable = [field for field in self._fields if field.nullable][:_MOST_NULLABLE]
        sizes = range(1, len(nullable) + 1)
        patterns = [one for size in sizes for one in combinations(nullable, size)]
        for missing in patterns:
            lacking: dict[str, Value] = {
                one.column: nothing(one, self._model, self._context) for one in missing
            }
            rest = [one for one in self._fields if one not in missing]
            values: dict[str, Value] = {one.column: Same("first", one.column) for one in rest}
            names = " and ".join(f"`{one.name}`" for one in missing)
            sorts = cases(self._demand.where)
            for one, other in (*zip(sorts, sorts, strict=True), *combinations(sorts, 2)):
                yield self._stored(f"no {names}", {**values, **lacking}, one, other, lacking)
            if self._demand.ignore_case:
                yield from self._lacking_in_other_case(names, rest, {**values, **lacking})
            if any("insert" in trigger.events for trigger in self._model.triggers):
                yield self._taken_away(names, {**values, **lacking}, lacking)

    def _taken_away(
        self, names: str, agreeing: Mapping[str, Value], lacking: Mapping[str, Value]
    ) -> Attack:
        """Rows that triggers keep from being stored so, and not from becoming so."""
        where = () if self._demand.where is None else (self._demand.where,)
        second = Insert(row="second", model=self._model, satisfying=where, setup=True)
        return Attack(
            says=f"takes {names} away from two rows of `{self._model.name}`",
            moves=(
                self._first(where),
                second,
                Update(row="first", values=lacking, setup=True),
                Update(row="second", values=agreeing),
            ),
        )

    def _lacking_in_other_case(
        self, names: str, rest: Sequence[Field], values: dict[str, Value]
    ) -> Iterator[Attack]:
        """Rows that lack the same values, and have a text of the rest in two cases."""
        lacking: dict[str, Value] = {
            column: value
            for column, value in values.items()
            if value is None or isinstance(value, Written)
        }
        for field in rest:
            if not is_text(field, self._context.dialect):
                continue
            other = {**values, field.column: OtherCase("first", field.column)}
            letters = () if field.type is ScalarType.UUID else _LETTERS
            for one, letter in product(cases(self._demand.where), (None, *letters)):
                text = [letter] if field.list else letter
                given = {**lacking} if letter is None else {**lacking, field.column: text}
                yield self._stored(
                    f"no {names} and the same `{field.name}`, letter case aside",
                    other,
                    one,
                    one,
                    given,
                )

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

    def _odd_truths(self, agreeing: Mapping[str, Value]) -> Iterator[Attack]:
        """SQLite and MySQL take 2 for true as well as 1, and the two are different to a key."""
        where = () if self._demand.where is None else (self._demand.where,)
        facts = self._context.facts(self._model)
        members = dict.fromkeys(column for key in self._model.keys for column in key.columns)
        for column in members:
            field = self._model.column(column)
            known = facts.column(column)
            truth = field is not None and field.type is ScalarType.BOOLEAN
            number = known is not None and (not known.typed or self._context.dialect in _MYSQL)
            if truth and number and column not in agreeing:
                yield self._stored(
                    f"the same {self._what}, and another number for true in `{column}`",
                    {**agreeing, column: 2},
                    where,
                    where,
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
                    given=tuple(agreeing),
                )
