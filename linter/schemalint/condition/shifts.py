"""Whole numbers that are computed of a column by adding a constant: `n + 1`."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from schemalint.condition.cell import Cell, Span
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Arithmetic, Column, Compare, Literal, Scalar, Term
from schemalint.model import Dialect, ScalarType

_MOST = 12
"""How many points of a column are worked out at most."""


def shifted(term: Term, facts: Facts) -> tuple[Column, int] | None:
    """The column of whole numbers, and what is added to it. Where the sum is too great for its
    type there is no row, but for SQLite, which goes on with a binary number."""
    if not isinstance(term, Arithmetic) or term.operator not in "+-":
        return None
    column, by = term.left, term.right
    if isinstance(column, Literal) and term.operator == "+":
        column, by = by, column
    if not isinstance(column, Column) or not isinstance(by, Literal):
        return None
    known = facts.column(column.name)
    whole = known is not None and known.typed and known.type in (ScalarType.INT, ScalarType.BIGINT)
    if not whole or facts.dialect in (None, Dialect.SQLITE):
        return None
    if not isinstance(by.value, int) or isinstance(by.value, bool):
        return None
    return column, by.value if term.operator == "+" else -by.value


def span_of_sum(cell: object, by: int) -> Span | None:
    """The points around the sum, by the cell of the column."""
    if not isinstance(cell, Cell) or cell.span is None:
        return None
    if cell.single and isinstance(cell.value, int):
        return (Fraction(cell.value + by), Fraction(cell.value + by))
    low, high = cell.span
    return (None if low is None else low + by, None if high is None else high + by)


def points_of_sums(terms: Iterable[Term], facts: Facts) -> dict[str, list[Scalar]]:
    """Where the columns have to be cut, so that the sums fall into cells of what they, or columns
    beside them, are compared with."""
    sums: dict[str, dict[int, None]] = {}
    numbers: dict[int, None] = {}
    for term in terms:
        for part in term.walk():
            found = shifted(part, facts)
            if found is not None:
                sums.setdefault(found[0].key, {})[found[1]] = None
            sides = (part.left, part.right) if isinstance(part, Compare) else ()
            for side in sides:
                if isinstance(side, Literal) and type(side.value) is int:
                    numbers[side.value] = None
    cuts: dict[str, list[Scalar]] = {}
    for key, added in sums.items():
        points: list[Scalar] = [number - by for by in added for number in numbers]
        cuts[key] = points[:_MOST]
    return cuts
