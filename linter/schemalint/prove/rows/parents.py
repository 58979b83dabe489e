"""What a row that is being made asks of the rows that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from schemalint.model import ForeignKey
from schemalint.prove.rows.given import Value
from schemalint.prove.rows.shape import Shape
from schemalint.prove.rows.stored import NoRow, Row

if TYPE_CHECKING:
    from schemalint.prove.rows.draft import Draft


class Parents(Protocol):
    """Where a draft finds rows.

    Attributes:
        is_defying: whether what is asked of a row comes before what its table is known to refuse,
            so that the database itself is seen to refuse it.
    """

    is_defying: bool

    @property
    def is_over(self) -> bool:
        """Whether enough rows have been tried for the one that was asked for."""

    def rows_of(self, shape: Shape) -> Sequence[Row]:
        """The rows that a table has now."""

    def values_for(self, shape: Shape, column: str) -> list[Value]:
        """What a foreign key's column could have: the keys of the rows that there are."""

    def parent(
        self, draft: Draft, key: ForeignKey, decided: Mapping[str, Value], place: int | None
    ) -> Row | Draft | NoRow:
        """A row for `draft` to point at by `key`: the one at `place` of those that exist and have
        the decided values; a new one where there are no more, or `place` is None. An empty one
        where it need not point anywhere."""
