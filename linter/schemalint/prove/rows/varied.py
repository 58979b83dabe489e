"""The row whose values a search looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from schemalint.prove.rows.given import Marker, Sql, Value
from schemalint.prove.rows.proposals import holds
from schemalint.prove.rows.row_conditions import RowCondition
from schemalint.prove.rows.shape import Shape

Assignment: TypeAlias = dict[str, Value | Sql | Marker]
"""What a try gives some columns: a value, NULL, or SOME value that the row's maker chooses."""


class Varied(Protocol):
    """The row whose values are looked for."""

    shape: Shape
    asked: Sequence[RowCondition]

    def is_variable(self, column: str) -> bool:
        """Whether the column may get another value."""

    def may_be_null(self, column: str) -> bool:
        """Whether the column may be left without one."""

    def current(self, column: str) -> Value | Sql | Marker:
        """What it has now; UNNAMED where that is not certain, since the database works it out."""

    def pointed_at(self, column: str) -> list[Value]:
        """What a foreign key's column can have, so that it names a row that there is."""


def satisfied(
    shape: Shape, conditions: Sequence[RowCondition], values: Mapping[str, Value]
) -> bool | None:
    """Whether the values satisfy the conditions; asked once, since attacks look for the same rows
    again and again."""
    key = tuple(one.text for one in conditions), repr(sorted(values.items()))
    if key not in shape.judged:
        shape.judged[key] = holds(conditions, values, shape.facts)
    return shape.judged[key]
