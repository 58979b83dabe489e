"""Cells of numbers: the points that a condition names, and a value in each gap between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from schemalint.condition.cell import Cell, Span
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.storage import bounds, fits, step
from schemalint.model import ScalarType


def column_number_cells(
    column: ColumnFacts, points: list[int | Decimal], facts: Facts
) -> list[Cell]:
    """The cells of a column of numbers that a condition compares with `points`."""
    as_float = column.type is ScalarType.FLOAT
    exact = sorted({Fraction(float(point)) if as_float else Fraction(point) for point in points})
    low, high = bounds(column, facts)
    apart = step(column, facts)
    found: list[tuple[Fraction, bool, Span]] = []
    for point in exact:
        if apart is None or (point / apart).denominator == 1:
            found.append((point, True, (point, point)))
    edges: list[Fraction | None] = [None, *exact, None]
    for before, after in pairwise(edges):
        for value, single in between(before, after, low, high, apart):
            found.append((value, single, (before, after)))
    inside = [
        (value, single, span)
        for value, single, span in found
        if (low is None or value >= low) and (high is None or value <= high)
    ]
    if column.type is ScalarType.BOOLEAN:  # MySQL's: a small number
        inside.sort(key=lambda one: (one[0] not in (0, 1), -one[0]))
    return [
        Cell(as_scalar(value), single, fits(column, as_scalar(value), facts), span=span)
        for value, single, span in inside
    ]


def number_cells(points: Iterable[int], *, count: bool, high: int | None = None) -> list[Cell]:
    """The cells of a number that is worked out; `count`: it is whole and not below zero. `high` is
    the greatest that it can be."""
    exact = sorted({Fraction(point) for point in points})
    apart, low = (Fraction(1), 0) if count else (None, None)
    found: list[Cell] = []
    for point in exact:
        if (low is None or point >= low) and (high is None or point <= high):
            found.append(Cell(as_scalar(point), True, storable=False, span=(point, point)))
    edges: list[Fraction | None] = [None, *exact, None]
    for before, after in pairwise(edges):
        found += [
            Cell(as_scalar(value), single, storable=False, span=(before, after))
            for value, single in between(before, after, low, high, apart)
        ]
    return found


def between(
    before: Fraction | None,
    after: Fraction | None,
    low: int | Fraction | None,
    high: int | Fraction | None,
    apart: Fraction | None,
) -> Iterator[tuple[Fraction, bool]]:
    """A value strictly between two points, and whether it is the only one; nothing if none is.

    Args:
        before: the point below, None if there is none; `after`: the one above, likewise.
        low: the least number that counts, `high` the greatest, where there is one.
        apart: the distance of neighbouring values; None where another always lies between.
    """
    if apart is None:
        if before is not None and after is not None:
            whole = Fraction(floor(before) + 1)
            yield (whole if whole < after else (before + after) / 2), False
        elif before is not None:
            yield Fraction(floor(before) + 1), False
        else:
            yield (Fraction(ceil(after) - 1) if after is not None else Fraction(1)), False
        return
    first = floor(before / apart) + 1 if before is not None else None
    last = ceil(after / apart) - 1 if after is not None else None
    if low is not None:
        first = max(ceil(low / apart), first if first is not None else ceil(low / apart))
    if high is not None:
        last = min(floor(high / apart), last if last is not None else floor(high / apart))
    if first is not None and last is not None and first > last:
        return
    single = first is not None and first == last
    # A whole number is read more easily than what is next to the point.
    plain = floor(before) + 1 if before is not None else ceil(after) - 1 if after is not None else 1
    number = plain / apart
    if (first is None or first <= number) and (last is None or number <= last):
        yield Fraction(plain), single
    elif before is not None or last is None:
        yield (1 if first is None else first) * apart, single
    else:
        yield last * apart, single


def as_scalar(value: Fraction) -> int | Decimal:
    """The number as a literal has it, exactly: whole ones as `int`. What is next below 2 of
    DECIMAL(65, 30) has more digits than Python's usual context keeps, and would be 2 again."""
    if value.denominator == 1:
        return int(value)
    digits = len(str(value.numerator)) + value.denominator.bit_length()
    return Context(prec=digits).divide(Decimal(value.numerator), Decimal(value.denominator))
