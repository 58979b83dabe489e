"""Columns of numbers that are compared with each other: what one is cut by, cuts the other, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from schemalint.condition.facts import Facts
from schemalint.condition.terms import Column, Compare, Scalar, Term
from schemalint.condition.values import NUMERIC_TYPES

_MOST = 8
"""How many points a column has at most, for others to be given to it."""


def shared_points(
    terms: Iterable[Term], constants: Mapping[str, Sequence[Scalar]], facts: Facts
) -> dict[str, list[Scalar]]:
    """The further points of each column, by key, as `constants` has those that it is compared with
    itself."""
    beside: dict[str, dict[str, None]] = {}
    for term in terms:
        for part in term.walk():
            sides = (part.left, part.right) if isinstance(part, Compare) else ()
            columns = [one for one in sides if isinstance(one, Column) and _is_number(one, facts)]
            if len(columns) == 2:
                first, second = (column.key for column in columns)
                beside.setdefault(first, {})[second] = None
                beside.setdefault(second, {})[first] = None
    found: dict[str, list[Scalar]] = {}
    for key in beside:
        reached = {key: None}
        left = [key]
        while left:
            for other in beside.get(left.pop(), {}):
                if other not in reached:
                    reached[other] = None
                    left.append(other)
        own = set(map(repr, constants.get(key, ())))
        points = {
            repr(value): value
            for other in reached
            for value in constants.get(other, ())
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        }
        more: list[Scalar] = [value for text, value in points.items() if text not in own]
        if len(own) + len(more) <= _MOST:
            found[key] = more
    return found


def _is_number(column: Column, facts: Facts) -> bool:
    known = facts.column(column.name)
    return known is not None and known.type in NUMERIC_TYPES
