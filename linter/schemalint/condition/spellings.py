"""Texts that are known by their cells only: all the spellings of one text, as a collation that
folds takes them."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.condition.cell import Cell
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Call, Column, Term
from schemalint.condition.values import POSTGRES_LIKE, surely_different
from schemalint.model import ScalarType

CellOf = Callable[[Column], object]
"""The cell that is assumed of a column."""


def are_one_text(left: Term, right: Term, cell_of: CellOf, facts: Facts) -> bool:
    """Whether two columns of PostgreSQL's CHAR(n) hold one text, blanks at the end aside."""
    cells = [cell_of(one) for one in (left, right) if isinstance(one, Column)]
    texts = [one.value for one in cells if isinstance(one, Cell) and one.spellings]
    return facts.dialect in POSTGRES_LIKE and len(texts) == 2 and texts[0] == texts[1]


def are_other_texts(left: Term, right: Term, cell_of: CellOf, facts: Facts) -> bool:
    """Whether two terms are texts that no usual collation takes for the same."""
    one, other = _spelt(left, cell_of, facts), _spelt(right, cell_of, facts)
    return one is not None and other is not None and surely_different(one, other)


def _spelt(term: Term, cell_of: CellOf, facts: Facts) -> str | None:
    """A text that is, to a collation, equal to the term's value."""
    folds = isinstance(term, Call) and term.function in ("lower", "upper")
    column = term.parts[0] if folds else term
    if not isinstance(column, Column):
        return None
    known = facts.column(column.name)
    if known is None or not known.settled or (folds and not known.ignore_case):
        return None
    cell = cell_of(column)
    if not isinstance(cell, Cell) or not isinstance(cell.value, str):
        return None
    texts = known.type in (ScalarType.STRING, ScalarType.ENUM)
    return cell.value if texts and (cell.spellings or cell.single) else None
