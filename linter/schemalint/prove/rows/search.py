"""The search for values that a table's conditions take.

What can be worked out is worked out; else values that the conditions propose are tried, one column
at a time, then two, then several. The database has the last word on each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, combinations, islice, product
from typing import TypeAlias

import msgspec

from schemalint.model import Dialect, ScalarType
from schemalint.prove.database import Refused
from schemalint.prove.rows.at_itself import at_itself
from schemalint.prove.rows.given import FRESH, SOME, UNNAMED, Marker, Sql, Value
from schemalint.prove.rows.proposals import named, nearby, witness
from schemalint.prove.rows.refusals import refused_conditions, unique_columns, unique_key
from schemalint.prove.rows.row_conditions import (
    RowCondition,
    asks_for_null_only,
    connected,
    of_computed_values,
    of_generated,
    of_predicate,
    words_of,
    worked_out,
)
from schemalint.prove.rows.values import texts_of_length
from schemalint.prove.rows.varied import Assignment, Varied, satisfied

Option: TypeAlias = Value | Sql | Marker

_MOST_SINGLES = 80
_MOST_PAIRS = 7
_MOST_IN_PAIRS = 8
_MOST_TOGETHER = 4
_MOST_COLUMNS = 5
_MOST_PRODUCTS = 150
_MOST_LENGTHS = 4
_MOST_NUMBERS = 4
_MOST_STEPS_FIRST = 5
_MOST_UNCOUNTED = 10


class Search(msgspec.Struct):
    """A search: the columns that it looks at, and its tries."""

    reads: frozenset[str]
    tries: Callable[[], Iterator[Assignment]]


def of_refusal(row: Varied, refused: Refused, columns: Sequence[str]) -> Search:
    """Tries for a row that the database has refused; `columns` are those that may be varied."""
    if refused.kind == "exclusion":
        return of_exclusion(row, columns)
    if refused.kind == "type":
        return of_types(row, columns)
    return assignments(row, refused, columns)


def assignments(row: Varied, refused: Refused, columns: Sequence[str]) -> Search:
    """Tries for a row that a CHECK, a trigger, or a unique index over some rows has refused.

    `columns` are those that may be varied. Where nothing tells what refused the row, all of them
    are.
    """
    shape = row.shape
    computed = of_generated(shape.model, shape.facts, shape.dialect, [*row.asked])
    wanted = [worked_out(one, computed, shape.facts) for one in row.asked]
    known = [*shape.conditions, *wanted, *computed]
    if refused.kind == "not null":
        there = of_computed_values(shape.model, shape.computed_and_required, shape.facts)
        return _search(row, there, [*known, *there], columns)
    if refused.kind == "unique":
        told_apart = set(unique_columns(shape, refused))
        asked = [one for one in known if told_apart.intersection(one.columns)]
        where = getattr(unique_key(shape, refused), "where", None)
        if where:
            outside = of_predicate(shape.model, where, shape.facts, shape.dialect)
            within = _search(row, asked, known, columns)
            beyond = _search(row, [*asked, outside], [*known, outside], columns)
            reads = within.reads | beyond.reads
            return Search(reads, lambda: _distinct(chain(within.tries(), beyond.tries())))
        if not asked:
            return _of_expressions(row, unique_columns(shape, refused), columns)
    else:
        asked = refused_conditions(shape, refused)
    if not any(one.columns for one in asked):
        return Search(frozenset(columns), lambda: _blind(row, columns))
    return _search(row, asked, known, columns)


def _search(
    row: Varied, asked: list[RowCondition], known: list[RowCondition], columns: Sequence[str]
) -> Search:
    """Tries that satisfy what is asked, and all that is known of the same columns."""
    reads = {column for one in asked for column in one.columns}
    conditions = connected(reads, known)
    reads = {column for one in conditions for column in one.columns}
    free = [column for column in columns if column in reads]
    return Search(frozenset(reads), lambda: _distinct(_tries(row, conditions, free, known)))


def _of_expressions(row: Varied, read: Sequence[str], columns: Sequence[str]) -> Search:
    """Tries for a row that agrees with another in what a unique index computes of `read`, or in
    that it lacks a value there (NULLS NOT DISTINCT)."""
    free = [column for column in columns if column in read]

    def tries() -> Iterator[Assignment]:
        for place in range(_MOST_SINGLES):
            for column in free:
                for value in islice(row.shape.candidates(column), place, place + 1):
                    yield {column: value}
        if len(free) > 1:
            for place in range(_MOST_PAIRS):
                values = {c: next(islice(row.shape.candidates(c), place, None), None) for c in free}
                yield {c: value for c, value in values.items() if value is not None}

    return Search(frozenset(read), tries)


def satisfying(
    row: Varied, columns: Sequence[str], *, stored: bool = False, alone: bool = False
) -> Iterator[Assignment]:
    """Assignments, {} among them, with which the row is what its caller asks it to be; of a row
    that is `stored` already, triggers on INSERT ask nothing, and where that is asked `alone`, the
    table's own conditions do not count."""
    shape = row.shape
    reads = {column for one in row.asked for column in one.columns}
    computed = of_generated(shape.model, shape.facts, shape.dialect, [*row.asked])
    own = [] if alone else shape.conditions
    known = [one for one in own if not stored or one.source != "trigger"]
    asked = [worked_out(one, computed, shape.facts) for one in row.asked]
    conditions = connected(reads, [*asked, *computed, *known])
    reads = {column for one in conditions for column in one.columns}
    now = {column: _plain(row.current(column)) for column in reads if _is_known(row, column)}
    as_it_is = satisfied(shape, conditions, now)
    if as_it_is:
        yield {}
    last = shape.satisfied.get(tuple(one.text for one in row.asked))
    if last is not None and set(last) <= set(columns):
        values = _with(row, now, last)
        if satisfied(shape, conditions, values):
            yield last
    free = [column for column in columns if column in reads]
    yield from _distinct(_tries(row, conditions, free, [*asked, *computed, *known]))
    if as_it_is is None:
        yield {}  # the database has the word


def is_as_asked(row: Varied) -> bool | None:
    """Whether the row as it is now satisfies what its caller asks; None where that is not known."""
    shape = row.shape
    computed = of_generated(shape.model, shape.facts, shape.dialect, [*row.asked])
    reads = {column for one in (*row.asked, *computed) for column in one.columns}
    now = {column: _plain(row.current(column)) for column in reads if _is_known(row, column)}
    return satisfied(shape, [*row.asked, *computed], now)


def _is_known(row: Varied, column: str) -> bool:
    """Whether it is certain what the row has in a column: not of what the database works out."""
    field = row.shape.fields.get(column)
    return field is not None and field.generated is None and row.current(column) is not UNNAMED


def _tries(
    row: Varied, conditions: list[RowCondition], free: list[str], every: list[RowCondition]
) -> Iterator[Assignment]:
    """What surely satisfies the conditions, readable values first; then what may do so. `every`
    are all that are known of the row."""
    shape = row.shape
    read = {column for one in conditions for column in one.columns}
    known = {
        column: _plain(row.current(column))
        for column, field in shape.fields.items()
        if column in read and field.generated is None and row.current(column) is not UNNAMED
    }
    # Which parent is found for a column may change with the next try: it stays at what was judged.
    pointing: Assignment = {
        column: value
        for column, value in known.items()
        if column in free
        and column in shape.referring
        and value is not None
        and not asks_for_null_only(column, conditions)
    }
    options = {column: _options(row, column, conditions, known) for column in free}
    plain = {
        column: [one for one in found if not isinstance(one, (Marker, Sql))]
        for column, found in options.items()
    }
    yield from at_itself(row, [*conditions, *row.asked], every, plain, known)
    doubtful: list[Assignment] = []
    for tries in (_singles(free, options), _pairs(free, options)):
        for one in tries:
            verdict = satisfied(shape, conditions, _with(row, known, one))
            if verdict:
                yield {**pointing, **one}
            elif verdict is None:
                doubtful.append(one)
        yield from _worked_out(row, conditions, free, known)
        yield from doubtful[:_MOST_SINGLES]
        doubtful = doubtful[_MOST_SINGLES:]
    yield from doubtful
    several = free[:_MOST_COLUMNS]
    if len(several) > 2:
        together = product(*[options[column][:_MOST_TOGETHER] for column in several])
        for values in islice(together, _MOST_PRODUCTS):
            yield dict(zip(several, values, strict=True))


def _singles(free: list[str], options: Mapping[str, list[Option]]) -> Iterator[Assignment]:
    for place in range(_MOST_SINGLES):
        for column in free:
            if place < len(options[column]):
                yield {column: options[column][place]}


def _pairs(free: list[str], options: Mapping[str, list[Option]]) -> Iterator[Assignment]:
    for one, other in combinations(free[:_MOST_IN_PAIRS], 2):
        pairs = product(options[one][:_MOST_PAIRS], options[other][:_MOST_PAIRS])
        for value, second in pairs:
            yield {one: value, other: second}


def _with(row: Varied, known: Mapping[str, Value], assignment: Assignment) -> dict[str, Value]:
    """What is known of the row with an assignment: nothing where the database picks a number."""
    shape = row.shape
    values = {**known, **_stand_ins(row, assignment)}
    for column, value in assignment.items():
        default = shape.fields[column].default
        numbered = default is not None and default.kind == "sequence" and shape.has_default(column)
        if numbered and (value is None or value is UNNAMED):
            values.pop(column)
    return values


def _stand_ins(row: Varied, assignment: Assignment) -> dict[str, Value]:
    """Values to judge a try by: of SOME value, any; of no name, the default."""
    found: dict[str, Value] = {}
    for column, value in assignment.items():
        if value is UNNAMED:
            found[column] = row.shape.default_value(column)
        elif isinstance(value, Marker):
            found[column] = _plain(next(row.shape.candidates(column), 1))
        else:
            found[column] = _plain(value)
    return found


def _worked_out(
    row: Varied, conditions: list[RowCondition], free: list[str], known: Mapping[str, Value]
) -> Iterator[Assignment]:
    """Rows that the decision procedure finds: with as few columns named as now, then any; by what
    it understands of the conditions."""
    pinned = {name: value for name, value in known.items() if name not in free}
    absent = {name: value for name, value in known.items() if value is None}
    understood = [one for one in conditions if not one.given.term.opaque]
    emptied = {name: None for name in free if row.may_be_null(name)}
    ways: list[dict[str, Value]] = [{**absent, **pinned}, pinned]
    if emptied.keys() - absent.keys():  # what a default makes a row point at need not be there
        ways.insert(1, {**absent, **emptied, **pinned})
    for pins in ways:
        found = witness(understood, pins, row.shape.facts)
        if found is not None:
            yield {
                column: _asked(row, column, found[column], conditions)
                for column in free
                if column in found and (column not in known or found[column] != known[column])
            }


def _asked(
    row: Varied, column: str, value: Value, conditions: list[RowCondition]
) -> Value | Marker:
    """The value, or any parent where the conditions only want some."""
    if value is None or column not in row.shape.referring:
        return value
    return SOME if asks_for_null_only(column, conditions) else value


def _plain(value: Value | Sql | Marker) -> Value:
    return None if isinstance(value, (Sql, Marker)) else value


def _options(
    row: Varied,
    column: str,
    conditions: list[RowCondition],
    known: Mapping[str, Value],
) -> list[Option]:
    """What is tried for a column, the likeliest and most readable first."""
    shape = row.shape
    first: list[Option] = [*named(column, conditions, shape.facts)]
    others: list[Option] = [*nearby(column, conditions, known, shape.facts)]
    if column in shape.in_uniques:
        others += _beyond(row, column, [*first, *others])
    usual: list[Option] = [*islice(shape.candidates(column), 4)]
    found: list[Option] = [*first[:2]]
    if column in shape.referring:
        null_only = asks_for_null_only(column, conditions)
        found = [SOME] if null_only else [*row.pointed_at(column)[:4]]
        usual = [] if null_only else [*usual, SOME, FRESH]
    if row.may_be_null(column):
        found.append(None)
    if shape.has_default(column):
        found.append(UNNAMED)
    found += [*first[2:3], *usual[:3], *others[:1], *first[3:], *usual[3:], *others]
    return [one for one in found if not isinstance(one, str) or shape.takes_text(column, one)]


def _beyond(row: Varied, column: str, options: Sequence[Option]) -> Iterator[Option]:
    """More values of a column in which rows have to differ."""
    yield from islice(row.shape.candidates(column), 4, 12)
    lengths = dict.fromkeys(len(one) for one in options if isinstance(one, str) and len(one) > 1)
    for length in [*lengths][:_MOST_LENGTHS]:
        yield from islice(texts_of_length(length), 12)
    numbers = [one for one in options if isinstance(one, int) and not isinstance(one, bool)]
    if numbers:
        yield from [max(numbers) + more for more in range(1, 7)]
        yield from [min(numbers) - less for less in range(1, 7)]
        known = row.shape.facts.column(column)
        if row.shape.dialect is Dialect.SQLITE and known is not None and not known.typed:
            for part in ("0.5", "0.25", "0.75"):  # which SQLite takes in any column of numbers
                yield from [one - Decimal(part) for one in numbers[:_MOST_NUMBERS]]


def _blind(row: Varied, columns: Sequence[str]) -> Iterator[Assignment]:
    """Where nothing is known of what the database wants: other values of each column."""
    for column in columns[:20]:
        for value in islice(row.shape.candidates(column), 1, 5):
            yield {column: value}
        if row.may_be_null(column) and row.current(column) is None:
            yield {column: SOME}


def of_types(row: Varied, columns: Sequence[str]) -> Search:
    """Tries for a row of which a value is none of its column's type."""
    named = [column for column in columns if row.current(column) is not None]
    texts = [one for one in columns if row.shape.fields[one].type is ScalarType.STRING]
    odd = sorted(named, key=lambda column: row.shape.fields[column].type in _USUAL)

    def tries() -> Iterator[Assignment]:
        for column in odd:
            for value in islice(row.shape.candidates(column), 1, 4):
                yield {column: value}
            if row.may_be_null(column):
                yield {column: None}
        for number in range(1, _MOST_NUMBERS + 1):  # a CHECK may compare it with a number
            for column in texts:
                yield {column: str(number)}

    return Search(frozenset(columns), tries)


_USUAL = frozenset({ScalarType.INT, ScalarType.BIGINT, ScalarType.BOOLEAN, ScalarType.DATETIME})


def of_exclusion(row: Varied, columns: Sequence[str]) -> Search:
    """Tries for a row that an exclusion constraint refuses: other values of all its columns, each
    column's later than that of the column before it (a period ends after it begins); NULL, which
    it does not compare; and what its predicate leaves out."""
    shape = row.shape
    reads: dict[str, None] = {}
    uncounted: list[RowCondition] = []
    for exclusion in shape.model.exclusions:
        for part in exclusion.parts:
            names = [part.column] if part.column else words_of(shape.model, part.expression or "")
            reads.update(dict.fromkeys(names))
        if exclusion.where is not None:
            outside = of_predicate(shape.model, exclusion.where, shape.facts, shape.dialect)
            uncounted.append(outside)
    free = [column for column in columns if column in reads]
    known = [*shape.conditions, *row.asked]
    beyond = [_search(row, [one], [*known, one], columns) for one in uncounted]
    if len(uncounted) > 1:
        beyond.insert(0, _search(row, uncounted, [*known, *uncounted], columns))

    def steps(first: int, last: int) -> Iterator[Assignment]:
        own = [column for column in free if column not in shape.referring]
        for step in range(first, last):
            found: Assignment = {}
            for place, column in enumerate(own):
                value = next(islice(shape.candidates(column), step * len(own) + place, None), None)
                if value is not None:
                    found[column] = value
            yield found

    def tries() -> Iterator[Assignment]:
        for column in free:
            if column in shape.referring:
                yield {column: SOME}
        yield from steps(1, _MOST_STEPS_FIRST)
        for column in free:
            if row.may_be_null(column):
                yield {column: None}
        for search in beyond:
            yield from islice(search.tries(), _MOST_UNCOUNTED)
        yield from steps(_MOST_STEPS_FIRST, 25)

    return Search(frozenset(reads).union(*[one.reads for one in beyond]), tries)


def _distinct(tries: Iterator[Assignment]) -> Iterator[Assignment]:
    seen: set[str] = set()
    for one in tries:
        text = repr(sorted(one.items()))
        if one and text not in seen:
            seen.add(text)
            yield one
