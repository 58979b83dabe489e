"""The values of a column, cut into finitely many cells that a condition cannot tell apart.

Between and around the constants that a condition compares a column with, all values behave alike;
so one value of each cell stands for all of them, and NULL is a cell of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from schemalint.condition.cell import NULL, Cell
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.moment_cells import moment_cells
from schemalint.condition.number_cells import column_number_cells
from schemalint.condition.sqlite_cells import sqlite_cells
from schemalint.condition.terms import Scalar
from schemalint.condition.text_cells import text_cells
from schemalint.condition.values import DATE_TYPES, NUMERIC_TYPES, POSTGRES_LIKE, number
from schemalint.model import Dialect, ScalarType

_SQL_DATABASES = frozenset(
    {*POSTGRES_LIKE, Dialect.SQLITE, Dialect.MYSQL, Dialect.MARIADB, Dialect.SQLSERVER}
)
_USUAL = 4
"""NULL is tried after so many values: late enough for a telling witness, early enough for a fast
search."""


def cells(
    name: str, constants: Iterable[Scalar], facts: Facts, *, as_truth: bool
) -> list[Cell] | None:
    """The cells of a column; the likeliest values come first, odd ones last.

    None where the constants do not cut its values apart surely (collations, unknown types).
    `as_truth`: the column also stands where a condition is wanted.
    """
    column = facts.column(name)
    if column is None or column.type is None or facts.dialect not in _SQL_DATABASES:
        return None
    literals: list[Scalar] = [value for value in dict.fromkeys(constants) if value is not None]
    found = _not_null(name, column, literals, facts, as_truth)
    if found is None:
        return None
    null = [NULL] if column.nullable else []
    return [*found[:_USUAL], *null, *found[_USUAL:]]


def _not_null(
    name: str, column: ColumnFacts, literals: list[Scalar], facts: Facts, as_truth: bool
) -> list[Cell] | None:
    if not column.typed:
        return sqlite_cells(column, literals, as_truth=as_truth)
    if column.type is ScalarType.BOOLEAN and facts.dialect in (*POSTGRES_LIKE, Dialect.SQLITE):
        return [Cell(True), Cell(False)]
    if column.type in NUMERIC_TYPES:
        points = [_number(literal) for literal in literals]
        if as_truth:
            points.append(0)
        known = [point for point in points if point is not None]
        return column_number_cells(column, known, facts) if len(known) == len(points) else None
    if column.type in DATE_TYPES:
        return moment_cells(column, literals)
    if column.type in (ScalarType.STRING, ScalarType.ENUM, ScalarType.UUID):
        return text_cells(name, column, literals, facts)
    return None


def _number(literal: Scalar) -> int | Decimal | None:
    return number(literal) if isinstance(literal, str) else literal
