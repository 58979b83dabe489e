"""What tells a row from those that its table has: the values that it may not have."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from schemalint.model import ScalarType
from schemalint.prove.rows.given import Marker, Sql, Value
from schemalint.prove.rows.shape import Shape
from schemalint.prove.rows.stored import Row, same

_CLOSED = frozenset({ScalarType.ENUM, ScalarType.BOOLEAN})


class TellingApart:
    """The values that one row is to pass over, by column.

    Args:
        shape: the row's table.
        rows: gives the rows that the table has now.
    """

    def __init__(self, shape: Shape, rows: Callable[[], Sequence[Row]]) -> None:
        self._shape = shape
        self._rows = rows
        self._passed: dict[str, set[object]] = {}

    def is_taken(self, column: str, value: Value | Sql | Marker) -> bool:
        """Whether the value was passed over, or another row has it and no two may."""
        if value is None or isinstance(value, (Sql, Marker)):
            return False
        if same(value) in self._passed.get(column, ()) and not self._is_one_of_several(column):
            return True
        rows = self._rows() if column in self._shape.alone else ()
        return any(same(row[column]) == same(value) for row in rows)

    def _is_one_of_several(self, column: str) -> bool:
        """Whether rows may have the same value in the column as long as they differ in another."""
        several = any(column in one and len(one) > 1 for one in self._shape.uniques)
        return several and column not in self._shape.alone

    def free(self, column: str, *, unlike_all: bool) -> Iterator[Value | Sql]:
        """The values of the column's series that are left; with `unlike_all`, those that no row
        has, whether or not two may have it."""
        taken = self._passed.get(column, set())
        if column in self._shape.alone or unlike_all:
            taken = taken | {same(row[column]) for row in self._rows()}
        for value in self._shape.candidates(column):
            if isinstance(value, Sql) or same(value) not in taken:
                yield value

    def pass_over(self, column: str, value: Value | Sql) -> None:
        """Never again give the row this value."""
        self._passed.setdefault(column, set()).add(same(value))

    def passes_on(self, column: str, value: Value | Sql) -> bool:
        """Pass over a value if the column's type has others; False where it has none."""
        taken = {*self._passed.get(column, ()), same(value)}
        if all(same(other) in taken for other in self._shape.candidates(column)):
            return False
        self._passed[column] = taken
        return True

    def in_turn(self, columns: Iterable[str], *, last: Container[str]) -> list[str]:
        """Columns by how soon another value is tried: of types with many values first, and all of
        those in turn, since it may not be told which of them has to differ."""
        closed = [one for one, field in self._shape.fields.items() if field.type in _CLOSED]
        return sorted(
            columns,
            key=lambda one: (one in last, one in closed, len(self._passed.get(one, ()))),
        )

    def collision(self, known: Callable[[str], Value | Sql]) -> tuple[str, ...] | None:
        """A unique key in which another row has the same values, as far as can be told."""
        for columns in self._shape.uniques:
            values = [known(column) for column in columns]
            if any(value is None or isinstance(value, Sql) for value in values):
                continue
            wanted = [same(value) for value in values]
            if any([same(row[column]) for column in columns] == wanted for row in self._rows()):
                return columns
        return None
