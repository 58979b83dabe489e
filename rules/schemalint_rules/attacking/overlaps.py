"""Attacks on intervals that must not overlap: two rows that take one thing at one time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple

import msgspec

from schemalint.attack import Attack, Insert, Plan, Row, Same, State, Update, Value, Watch
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import Column, Compare, Is, Literal, Not, Or, Term
from schemalint.condition.values import number
from schemalint.context import Context
from schemalint.model import Dialect, Field, ScalarType
from schemalint_rules.attacking.forbidden_rows import NothingInChanges, agree, told
from schemalint_rules.attacking.row_cases import cases, outside, possible
from schemalint_rules.attacking.two_rows import of_other_row, two_rows
from schemalint_rules.judging.conditions.intervals import Interval, Occupancy
from schemalint_rules.judging.keys.demand import Nulls
from schemalint_rules.judging.rows.holders import holders

_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.DECIMAL, ScalarType.FLOAT)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_GREAT = 1_000_000
_FIRST_DAY = datetime(2024, 1, 1)
_RANGE = re.compile(r"([\[(])\s*\"?([^\",]*)\"?\s*,\s*\"?([^\",]*)\"?\s*([\])])")


class _Span(NamedTuple):
    """An interval of one row: its ends, None where it has none, and which of them belong to it."""

    start: Any
    end: Any
    with_start: bool = True
    with_end: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it takes no time."""
        if self.start is None or self.end is None:
            return False
        if self.start == self.end:
            return not (self.with_start and self.with_end)
        return bool(self.start > self.end)

    def before(self, other: _Span) -> bool:
        """Whether it is over when the other begins."""
        if self.end is None or other.start is None:
            return False
        if self.end == other.start:
            return not (self.with_end and other.with_start)
        return bool(self.end < other.start)


class Overlapping(NothingInChanges, frozen=True, kw_only=True):
    """Two rows that satisfy `where`, agree on `by`, and whose intervals overlap."""

    by: tuple[str, ...]
    interval: Interval
    where: Term | None = None
    nulls: Nulls = "distinct"

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model, () if self.where is None else (self.where,)),)

    def in_state(self, state: State) -> str | None:
        """The first two that overlap."""
        rows = [row for row in state[self.model.name] if all(row.truths)]
        for one, other in combinations(rows, 2):
            if not all(agree(one.values[at], other.values[at], self.nulls) for at in self.by):
                continue
            try:
                first, second = self._span(one), self._span(other)
                hollow = first.is_empty or second.is_empty
                meet = not (hollow or first.before(second) or second.before(first))
            except TypeError:  # ends of two types are in no order
                continue
            if meet:
                return (
                    f"two rows of `{self.model.name}` overlap: {self._shown(one)}, and "
                    f"{self._shown(other)}"
                )
        return None

    def _span(self, row: Row) -> _Span:
        values = [row.values[field.column] for field in self.interval.fields]
        if len(values) == 2:
            values = _alike(*values)
            return _Span(values[0], values[1], True, self.interval.bounds == "[]")
        return _of_range(values[0])

    def _shown(self, row: Row) -> str:
        columns = [*self.by, *[field.column for field in self.interval.fields]]
        return told(self.model, row, columns)


def _alike(start: Any, end: Any) -> list[Any]:
    """The ends as databases compare them: a time with a zone, which the driver gives in that of the
    session, with one without as if that were in it, and SQLite's text that is a number as that
    number."""
    ends = [one.replace(tzinfo=None) if isinstance(one, datetime) else one for one in (start, end)]
    for at, other in ((0, end), (1, start)):
        text = ends[at]
        if isinstance(text, str) and isinstance(other, (int, float)):
            known = number(text)
            ends[at] = text if known is None else known
    return ends


def _of_range(value: Any) -> _Span:
    """The interval of a range as the driver gives it. No value takes no time."""
    nothing = _Span(0, 0)
    if value is None:
        return nothing
    if isinstance(value, str):
        found = _RANGE.fullmatch(value.strip())
        if found is None:
            return nothing
        start, end = found[2] or None, found[3] or None
        return _Span(start, end, found[1] == "[", found[4] == "]")
    if getattr(value, "isempty", True):
        return nothing
    return _Span(value.lower, value.upper, bool(value.lower_inc), bool(value.upper_inc))


# -- attacks -----------------------------------------------------------------------------------


def plan(wanted: Occupancy, nulls: Nulls, context: Context) -> Plan:
    """The plan for an occupancy, under one reading of NULL in `by`."""
    forbidden = Overlapping(
        model=wanted.model,
        by=tuple([field.column for field in wanted.by]),
        interval=wanted.interval,
        where=wanted.where,
        nulls=nulls,
    )
    return Plan(forbidden, (*_Bookings(wanted, nulls, context).attacks(),))


class _Bookings:
    def __init__(self, wanted: Occupancy, nulls: Nulls, context: Context) -> None:
        self._wanted = wanted
        self._model = wanted.model
        self._nulls = nulls
        self._context = context
        self._where = () if wanted.where is None else (wanted.where,)
        self._agreeing: dict[str, Value] = {
            field.column: Same("first", field.column) for field in wanted.by
        }
        names = " and ".join(f"`{field.name}`" for field in wanted.by)
        self._same = f" with the same {names}" if names else ""

    def attacks(self) -> Iterator[Attack]:
        """Overlapping rows, smallest first; then what must be possible."""
        for where in cases(self._wanted.where):
            for first, second, how in self._overlaps():
                yield self._two(f"that {how}", first, second, where, where)
            yield from self._as_they_come(where)
        for one, other in combinations(cases(self._wanted.where), 2):
            yield self._two("that overlap", self._at(0, 2), self._at(1, 3), one, other)
        yield from self._as_the_table_has_it()
        yield from self._elsewhere()
        yield self._moved()
        if self._nulls == "equal":
            yield from self._of_nothing()
        yield from self._uncounted()
        yield from self._beside_keys()
        if self._wanted.where is not None:
            yield from self._entering(self._wanted.where)
        yield self._two(
            "one after the other",
            self._at(0, 2),
            self._at(3, 4),
            self._where,
            self._where,
            allowed=True,
        )
        if len(self._wanted.interval.fields) == 1 or self._wanted.interval.bounds != "[]":
            first, second = self._at(0, 1), self._at(1, 2)
            how = "of which one begins as the other ends"
            yield self._two(how, first, second, self._where, self._where, allowed=True)

    def _as_they_come(
        self, where: tuple[Term, ...], lacking: Sequence[Field] = ()
    ) -> Iterator[Attack]:
        """Two rows with one interval, whichever the table takes, or both without a beginning, or
        an end."""
        fields = self._wanted.interval.fields
        columns = [Column(field.column) for field in fields]
        same: dict[str, Value] = {field.column: Same("first", field.column) for field in fields}
        sorts: list[tuple[Term, dict[str, Value]]] = [(Not(Is(columns[0], None)), same)]
        if len(fields) == 2:
            some = Compare("<", columns[0], columns[1])
            sorts = [(some, same), *((some, {column: same[column]}) for column in same)]
            ends = zip(fields, columns, strict=True)
            sorts += [(Is(column, None), {field.column: None}) for field, column in ends]
        for sort, second in sorts:
            if possible((*where, sort), self._model, self._context):
                how = "that take the same time" if second is same else "that share one end"
                sorted_so = (*where, sort)
                yield self._two(how, {}, second, sorted_so, sorted_so, lacking=lacking)

    def _as_the_table_has_it(self, lacking: Sequence[Field] = ()) -> Iterator[Attack]:
        """Two rows that overlap, and that CHECKs and keys have room for."""
        fields = self._wanted.interval.fields
        if len(fields) != 2:
            return
        start, end = (Column(field.column) for field in fields)
        by = [Column(field.column) for field in self._wanted.by if field not in lacking]
        missing = [Is(Column(field.column), None) for field in lacking]
        plain: list[Term] = []
        untyped = self._context.dialect is Dialect.SQLITE  # it has texts there, too
        if untyped and all(field.type in _NUMBERS for field in fields):
            plain = [Compare("<", one, Literal(_GREAT)) for one in (end, of_other_row(end))]
        rest = [
            *self._where,
            *map(of_other_row, self._where),
            *[Not(Is(column, None)) for column in by],
            *[Compare("=", column, of_other_row(column)) for column in by],
            *missing,
            *map(of_other_row, missing),
        ]
        pairs = [
            (one, other)
            for one in (start, of_other_row(start))
            for other in (end, of_other_row(end))
        ]
        crossing = [Compare("<", one, other) for one, other in pairs]
        found = two_rows(self._model, self._context, [*crossing, *plain, *rest])
        if found is None and any(field.nullable for field in fields):
            crossing_or_open = [
                Or((Is(one, None), Is(other, None), Compare("<", one, other)))
                for one, other in pairs
            ]
            found = two_rows(self._model, self._context, [*crossing_or_open, *rest])
        if found is not None:
            first, second = found
            second = {**second, **self._agreeing}
            how, where = "that overlap", self._where
            yield self._two(how, first, second, where, where, lacking=lacking)
            yield from self._by_error_values(first, second)

    def _by_error_values(
        self, first: Mapping[str, Value], second: Mapping[str, Value]
    ) -> Iterator[Attack]:
        """The same, where the second row is told apart by what MySQL stores in an enum for a value
        that it has not (E05b); Prisma's client never says IGNORE."""
        members = {column for key in self._model.uniques for column in key.columns}
        written = {*self._agreeing, *second}
        if self._context.schema.language == "prisma" or self._context.dialect not in _MYSQL:
            return
        for field in self._model.fields:
            if field.enum is not None and field.column in members - written:
                other = self._two("that overlap", first, second, self._where, self._where)
                *others, last = other.moves
                assert isinstance(last, Insert)
                values = {**last.values, field.column: "?"}
                ignoring = msgspec.structs.replace(last, values=values, ignoring=True)
                yield msgspec.structs.replace(other, moves=(*others, ignoring))

    def _overlaps(self) -> Iterator[tuple[Mapping[str, Value], Mapping[str, Value], str]]:
        yield self._at(0, 2), self._at(1, 3), "overlap"
        yield self._at(0, 4), self._at(1, 2), "lie one within the other"
        yield self._at(0, 2), self._at(0, 2), "are at the same time"
        interval = self._wanted.interval
        if len(interval.fields) == 2:
            start, end = interval.fields
            if interval.bounds == "[]":
                yield self._at(0, 1), self._at(1, 2), "meet where one ends"
                yield self._at(0, 0), self._at(0, 2), "meet in one moment"
            if end.nullable:
                yield self._at(0, None), self._at(5, 6), "overlap, since one has no end"
                yield self._at(0, None), self._at(5, None), "overlap, since both have no end"
            if start.nullable:
                yield self._at(None, 4), self._at(1, 2), "overlap, since one has no beginning"
        else:
            yield self._at(0, None), self._at(5, 6), "overlap, since one has no end"

    def _two(
        self,
        how: str,
        first: Mapping[str, Value],
        second: Mapping[str, Value],
        one: tuple[Term, ...],
        other: tuple[Term, ...],
        *,
        allowed: bool = False,
        lacking: Sequence[Field] = (),
    ) -> Attack:
        nothing: dict[str, Value] = {field.column: None for field in lacking}
        agreeing = {**self._agreeing, **second, **nothing}
        without = " and ".join(f"`{field.name}`" for field in lacking)
        alike = f" without {without}" if lacking else self._same
        return Attack(
            says=f"stores two rows of `{self._model.name}`{alike} {how}",
            moves=(
                self._first({**first, **nothing}, one),
                Insert(row="second", model=self._model, values=agreeing, satisfying=other),
            ),
            aim="allowed" if allowed else "forbidden",
            given=tuple(agreeing) if allowed else (),
        )

    def _first(self, values: Mapping[str, Value], satisfying: tuple[Term, ...]) -> Insert:
        filled = [
            Not(Is(Column(field.column), None))
            for field in self._wanted.by
            if field.column not in values
        ]
        return Insert(
            row="first",
            model=self._model,
            values=values,
            satisfying=(*satisfying, *filled),
            setup=True,
        )

    def _elsewhere(self) -> Iterator[Attack]:
        """Rows of tables that inherit from the model's are rows of it, too."""
        heirs = [one for one in holders(self._model, self._context) if one is not self._model]
        for heir in heirs[:2]:
            for model in (self._model, heir):
                first = self._first(self._at(0, 2), self._where)
                yield Attack(
                    says=f"stores a row of `{heir.name}`, and so of `{self._model.name}`, that "
                    f"overlaps one of `{model.name}`{self._same}",
                    moves=(
                        msgspec.structs.replace(first, model=model),
                        Insert(
                            row="second",
                            model=heir,
                            values={**self._agreeing, **self._at(1, 3)},
                            satisfying=self._where,
                        ),
                    ),
                )

    def _moved(self) -> Attack:
        later = {**self._agreeing, **self._at(5, 6)}
        second = Insert(
            row="second", model=self._model, values=later, satisfying=self._where, setup=True
        )
        return Attack(
            says=f"moves a row of `{self._model.name}` into the time of another{self._same}",
            moves=(
                self._first(self._at(0, 2), self._where),
                second,
                Update(row="second", values=self._at(1, 3)),
            ),
        )

    def _of_nothing(self) -> Iterator[Attack]:
        """Rows that lack the same values of `by`."""
        nullable = [field for field in self._wanted.by if field.nullable][:3]
        where = self._where
        for size in range(1, len(nullable) + 1):
            for missing in combinations(nullable, size):
                for first, second, how in self._overlaps():
                    yield self._two(f"that {how}", first, second, where, where, lacking=missing)
                yield from self._as_they_come(where, missing)
                yield from self._as_the_table_has_it(missing)

    def _uncounted(self) -> Iterator[Attack]:
        """Rows that a constraint does not count: outside of its predicate, or with NULL in a
        further member."""
        for one in self._model.exclusions:
            if one.where is not None:
                beside = outside(parse_predicate(one.where, self._context.dialect))
                away = (*self._where, beside)
                if possible(away, self._model, self._context):
                    first, second = self._at(0, 2), self._at(1, 3)
                    yield self._two("that overlap", first, second, away, away)
                    yield self._two("that overlap", first, second, self._where, away)
            own = {*self._agreeing, *[field.column for field in self._wanted.interval.fields]}
            for part in one.parts:
                field = self._model.column(part.column or "")
                if field is not None and field.nullable and field.column not in own:
                    given: dict[str, Value] = {field.column: None}
                    yield self._two(
                        f"that overlap, without `{field.name}`",
                        {**given, **self._at(0, 2)},
                        {**given, **self._at(1, 3)},
                        self._where,
                        self._where,
                    )

    def _beside_keys(self) -> Iterator[Attack]:
        """A row that a key does not count, and another that shares an end with it."""
        fields = self._wanted.interval.fields
        if len(fields) != 2:
            return
        some = Compare("<", *(Column(field.column) for field in fields))
        for key in self._model.uniques:
            if key.where is None:
                continue
            beside = outside(parse_predicate(key.where, self._context.dialect))
            away = (*self._where, some, beside)
            if not possible(away, self._model, self._context):
                continue
            for field in fields:
                second: dict[str, Value] = {field.column: Same("first", field.column)}
                yield self._two("that share one end", {}, second, away, (*self._where, some))

    def _entering(self, where: Term) -> Iterator[Attack]:
        """A row that the rule does not speak of becomes one that it does."""
        values = {**self._agreeing, **self._at(1, 3)}
        waiting = Insert(
            row="second",
            model=self._model,
            values=values,
            satisfying=(outside(where),),
            setup=True,
        )
        for one in cases(where):
            yield Attack(
                says=f"changes a row of `{self._model.name}` so that the rule speaks of it, in the "
                "time of another",
                moves=(
                    self._first(self._at(0, 2), (where,)),
                    waiting,
                    Update(row="second", satisfying=one),
                ),
            )

    # -- times

    def _at(self, start: int | None, end: int | None) -> dict[str, Value]:
        """The values of an interval from one step to another; None for no end."""
        fields = self._wanted.interval.fields
        if len(fields) == 2:
            steps = zip(fields, (start, end), strict=True)
            sorts = {field.type in _NUMBERS for field in fields}
            if self._context.dialect is Dialect.SQLITE and len(sorts) > 1:
                # A number and a time are in no order that the rule could mean; two numbers are.
                return {field.column: None if step is None else step + 1 for field, step in steps}
            return {
                field.column: None if step is None else _moment(field, step, self._context.dialect)
                for field, step in steps
            }
        field = fields[0]
        ends = ["" if step is None else _end(field, step) for step in (start, end)]
        text = f"[{ends[0]},{ends[1]})"
        if "multirange" in field.native.lower():
            text = f"{{{text}}}"
        return {field.column: text}


def _moment(field: Field, step: int, dialect: Dialect) -> Value:
    moment = _FIRST_DAY + timedelta(days=step)
    if field.type is ScalarType.DATE:
        return moment.date()
    if field.type is ScalarType.TIME:
        return (_FIRST_DAY + timedelta(hours=step + 1)).time()
    if field.type in _NUMBERS:
        return step + 1
    if field.type is ScalarType.STRING:
        return str(moment.date() if dialect is Dialect.SQLITE else moment)
    return moment


def _end(field: Field, step: int) -> str:
    native = (field.native or field.unsupported or "").lower()
    if "int4" in native or "int8" in native or "num" in native:
        return str(step + 1)
    moment: date = (_FIRST_DAY + timedelta(days=step)).date()
    return str(moment)
