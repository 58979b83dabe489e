"""Whole numbers that are computed of a column: by adding a constant (`n + 1`), or by `abs(n)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from schemalint.condition.cell import Cell, Span
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Arithmetic, Call, Column, Compare, Literal, Scalar, Term
from schemalint.model import Dialect, ScalarType

_MOST = 12
"""How many points of a column are worked out at most."""


def is_computed(term: Term, facts: Facts) -> bool:
    """Whether a term is a whole number of which `span_of` tells something."""
    return _shifted(term, facts) is not None or _magnitude(term, facts) is not None


def is_whole(term: Term, facts: Facts) -> bool:
    """Whether a term is a whole number by its type."""
    if isinstance(term, Arithmetic):
        return all(is_whole(part, facts) for part in term.parts)
    if isinstance(term, Literal):
        return isinstance(term.value, int) and not isinstance(term.value, bool)
    return isinstance(term, Column) and _is_whole(term, facts)


def span_of(term: Term, cell_of: Callable[[Column], object], facts: Facts) -> Span | None:
    """The points around such a number, by the cell of its column; None where nothing is known."""
    moved = _shifted(term, facts)
    if moved is not None:
        column, by = moved
        return _around(cell_of(column), lambda point: point + by)
    of = _magnitude(term, facts)
    cell = cell_of(of) if of is not None else None
    span = cell.span if isinstance(cell, Cell) else None
    if span is None or (span[0] is not None and span[0] >= 0):
        return _around(cell, lambda point: point)
    if span[1] is not None and span[1] <= 0:
        found = _around(cell, lambda point: -point)
        return None if found is None else (found[1], found[0])
    low, high = span
    return (Fraction(-1), None if low is None or high is None else max(-low, high))


def _shifted(term: Term, facts: Facts) -> tuple[Column, int] | None:
    """The column of whole numbers, and what is added to it. Where the sum is too great for its
    type there is no row, but for SQLite, which goes on with a binary number."""
    if not isinstance(term, Arithmetic) or term.operator not in "+-":
        return None
    column, by = term.left, term.right
    if isinstance(column, Literal) and term.operator == "+":
        column, by = by, column
    if not isinstance(column, Column) or not isinstance(by, Literal):
        return None
    if not _is_whole(column, facts) or not isinstance(by.value, int) or isinstance(by.value, bool):
        return None
    return column, by.value if term.operator == "+" else -by.value


def _magnitude(term: Term, facts: Facts) -> Column | None:
    """The column of whole numbers of which `abs()` is taken."""
    of = term.arguments[0] if isinstance(term, Call) and term.function == "abs" else None
    return of if isinstance(of, Column) and _is_whole(of, facts) else None


def _is_whole(column: Column, facts: Facts) -> bool:
    known = facts.column(column.name)
    whole = known is not None and known.typed and known.type in (ScalarType.INT, ScalarType.BIGINT)
    return whole and facts.dialect not in (None, Dialect.SQLITE)


def _around(cell: object, becomes: Callable[[Fraction], Fraction]) -> Span | None:
    """What becomes of the points around a cell."""
    if not isinstance(cell, Cell) or cell.span is None:
        return None
    if cell.single and isinstance(cell.value, int):
        return (becomes(Fraction(cell.value)), becomes(Fraction(cell.value)))
    low, high = cell.span
    return (None if low is None else becomes(low), None if high is None else becomes(high))


def points_of_sums(terms: Iterable[Term], facts: Facts) -> dict[str, list[Scalar]]:
    """Where the columns have to be cut, so that the sums fall into cells of what they, or columns
    beside them, are compared with."""
    sums: dict[str, dict[int, None]] = {}
    magnitudes: dict[str, None] = {}
    numbers: dict[int, None] = {}
    for term in terms:
        for part in term.walk():
            found, of = _shifted(part, facts), _magnitude(part, facts)
            if found is not None:
                sums.setdefault(found[0].key, {})[found[1]] = None
            if of is not None:
                magnitudes[of.key] = None
            sides = (part.left, part.right) if isinstance(part, Compare) else ()
            for side in sides:
                if isinstance(side, Literal) and type(side.value) is int:
                    numbers[side.value] = None
    cuts: dict[str, list[Scalar]] = {}
    for key, added in sums.items():
        points: list[Scalar] = [number - by for by in added for number in numbers]
        cuts[key] = points[:_MOST]
    for key in magnitudes:
        both = dict.fromkeys([0, *[sign * number for number in numbers for sign in (1, -1)]])
        cuts[key] = [*cuts.get(key, ()), *both][:_MOST]
    return cuts
