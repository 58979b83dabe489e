"""SQLite's order between values of two kinds: numbers come before texts, and these before blobs."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.condition.cell import Cell
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Column, Term
from schemalint.condition.values import Relation, affinity, by_kind
from schemalint.model import Dialect


def relation_of_kinds(
    left: Term, right: Term, cell_of: Callable[[Column], object], facts: Facts
) -> Relation | None:
    """How two columns compare between which nothing is converted, by the kinds of their values
    alone; None where these are of one kind, or not known. A cell never holds values of two kinds.
    """
    columns = isinstance(left, Column) and isinstance(right, Column)
    if facts.dialect is not Dialect.SQLITE or not columns:
        return None
    known = [facts.column(one.name) for one in (left, right) if isinstance(one, Column)]
    if len({None if one is None else affinity(one) for one in known} - {None}) != 1:
        return None
    values = []
    for one in (left, right):
        cell = cell_of(one) if isinstance(one, Column) else None
        if not isinstance(cell, Cell) or cell.value is None:
            return None
        values.append(cell.value)
    return by_kind(*values)
