"""Cells of dates and times."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from schemalint.condition.cell import Cell
from schemalint.condition.facts import ColumnFacts
from schemalint.condition.terms import Scalar
from schemalint.condition.values import is_date, moment
from schemalint.model import ScalarType

_DAY = timedelta(days=1)


def moment_cells(column: ColumnFacts, literals: list[Scalar]) -> list[Cell] | None:
    """The cells of a column of dates or times that a condition compares with `literals`.

    None where they do not order surely: years that databases write differently, time zones.
    """
    points: set[datetime] = set()
    only_date = column.type is ScalarType.DATE
    for literal in literals:
        point = moment(literal) if isinstance(literal, str) else None
        if point is None or (only_date and not is_date(str(literal))):
            return None
        points.add(point)
    exact = sorted(points)
    if any(not 1000 <= point.year <= 9000 for point in exact):
        return None
    gaps = [after - before for before, after in pairwise(exact)]
    zoned = "TZ" in column.native or "WITH TIME ZONE" in column.native
    if (zoned or column.native.startswith("TIMESTAMP")) and any(gap < _DAY for gap in gaps):
        return None  # the session's zone and its summer time decide on their order
    if not exact:
        return [_moment_cell(datetime(2024, 1, 1), only_date, single=False)]
    found = [_moment_cell(point, only_date, single=True) for point in exact]
    for before, gap in zip(exact, gaps, strict=False):
        if not only_date:
            middle = (before + gap / 2).replace(microsecond=0)
            middle = middle if middle > before else before + gap / 2
            found.append(_moment_cell(middle, only_date, single=False))
        elif gap > _DAY:
            found.append(_moment_cell(before + _DAY, only_date, single=gap == 2 * _DAY))
    found.append(_moment_cell(exact[0] - _DAY, only_date, single=False))
    found.append(_moment_cell(exact[-1] + _DAY, only_date, single=False))
    return found


def _moment_cell(point: datetime, only_date: bool, *, single: bool) -> Cell:
    text = point.date().isoformat() if only_date else point.isoformat(sep=" ")
    return Cell(text, single, storable=point.microsecond == 0)
