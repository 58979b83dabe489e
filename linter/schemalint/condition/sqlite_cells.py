"""Cells of SQLite's columns, which take nearly anything, whatever their declared type."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import msgspec

from schemalint.condition.cell import Cell, Span
from schemalint.condition.facts import ColumnFacts
from schemalint.condition.number_cells import as_scalar, between
from schemalint.condition.terms import Scalar
from schemalint.condition.text_cells import text_between
from schemalint.condition.values import affinity, ascii_lower, number
from schemalint.model import ScalarType


def sqlite_cells(
    column: ColumnFacts, literals: list[Scalar], *, as_truth: bool
) -> list[Cell] | None:
    """The cells of a column that is not STRICT, by its affinity; None for a blob's.

    `as_truth`: the column also stands where a condition is wanted.
    """
    kind = affinity(column)
    if kind == "blob":
        return None
    numbers: list[int | Decimal] = []
    texts: list[str] = []
    for literal in literals:
        if isinstance(literal, str):
            read = number(literal) if kind == "numeric" else None
            if read is None:
                texts.append(literal)
            else:
                numbers.append(read)
        elif literal is None:
            continue
        elif kind == "text":
            if isinstance(literal, Decimal):
                return None
            texts.append(str(int(literal)))
        else:
            numbers.append(literal)
    if any(abs(Fraction(value)) >= 2**53 for value in numbers):
        return None
    if column.ignore_case:
        texts = list(dict.fromkeys([ascii_lower(text) for text in texts]))
        if as_truth:
            return None
    usual: list[Cell] = []
    odd: list[Cell] = []
    if kind == "numeric":
        usual, odd = _numbers(column, numbers, as_truth)
    text_cells = list(_texts(kind, texts, as_truth, column.ignore_case))
    (usual if kind == "text" else odd).extend(text_cells)
    for truth in (True, False) if as_truth else (None,):
        odd.append(Cell(b"\x00", False, storable=truth is not True, truth=truth))
    return [*usual, *odd]


def _numbers(
    column: ColumnFacts, numbers: list[int | Decimal], as_truth: bool
) -> tuple[list[Cell], list[Cell]]:
    """Whole numbers first; the fractions that an INTEGER column takes as well (O05c) are odd."""
    points = [*numbers, *([0, 1] if column.type is ScalarType.BOOLEAN or as_truth else [])]
    exact = sorted({Fraction(float(point)) for point in points})
    values: list[tuple[Fraction, bool, Span]] = [(point, True, (point, point)) for point in exact]
    edges: list[Fraction | None] = [None, *exact, None]
    for before, after in pairwise(edges):
        for value, single in between(before, after, None, None, None):
            values.append((value, single, (before, after)))
    found = [
        Cell(as_scalar(value), single, Fraction(float(value)) == value, span=span)
        for value, single, span in values
    ]
    if column.type is ScalarType.BOOLEAN:
        plain = [cell for cell in found if cell.value in (0, 1)]
        return plain[::-1], [cell for cell in found if cell.value not in (0, 1)][::-1]
    whole = column.type in (ScalarType.INT, ScalarType.BIGINT)
    odd = [cell for cell in found if whole and not isinstance(cell.value, int)]
    return [cell for cell in found if cell not in odd], odd


def _texts(kind: str, texts: list[str], as_truth: bool, folding: bool) -> Iterator[Cell]:
    exact = sorted(set(texts))
    cells = [Cell(text, not folding, spellings=folding) for text in exact]
    before: str | None = None
    for after in [*exact, None]:
        value = text_between(before, after, folded=folding)
        if value is not None:
            # A column of numbers turns text that is one into it.
            storable = kind == "text" or number(value) is None
            cells.append(Cell(value, False, storable, excludes=() if folding else tuple(exact)))
        before = after
    for cell in cells:
        if not as_truth:
            yield cell
        elif cell.single:
            yield msgspec.structs.replace(cell, truth=text_truth(str(cell.value)))
        else:
            own = text_truth(str(cell.value))
            yield msgspec.structs.replace(cell, truth=own)
            yield msgspec.structs.replace(cell, truth=not own, storable=False)


def text_truth(text: str) -> bool:
    """What SQLite makes of a text where a condition is wanted: the number it begins with, or 0."""
    for end in range(len(text[:40]), 0, -1):
        found = number(text[:end])
        if found is not None:
            return found != 0
    return False
