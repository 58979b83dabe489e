"""What a row in the making will have, for others to point at, or for itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from schemalint.model import ForeignKey
from schemalint.prove.rows.given import Given, Sql, Value
from schemalint.prove.rows.shape import Shape
from schemalint.prove.rows.stored import Row, same


class Promising:
    """The side of a draft that other rows look at.

    Attributes:
        shape: of its table.
        given: what is asked of its columns.
        values: what the INSERT names so far.
    """

    shape: Shape
    given: Mapping[str, Given]
    values: dict[str, Value | Sql]
    _wanted: set[str]
    _promised: set[str]

    @abstractmethod
    def is_variable(self, column: str) -> bool:
        """Whether the column may get another value."""

    @abstractmethod
    def known(self, column: str) -> Value | Sql:
        """What it has in a column, if only by default."""

    @abstractmethod
    def _choose(self, column: str) -> bool:
        """Give a column a value that is free; False where there is none."""

    def is_itself(self, decided: Mapping[str, Value], key: ForeignKey) -> bool:
        """Whether a key's values, all of them decided, are the row's own."""
        return len(decided) == len(key.references) and all(
            same(self.known(column)) == same(value) for column, value in decided.items()
        )

    def has(self, values: Mapping[str, Value]) -> bool:
        """Whether the row has these values already."""
        return all(
            column in self.values and same(self.values[column]) == same(value)
            for column, value in values.items()
        )

    def promise(self, columns: Sequence[str], *, pointing: bool = False) -> Row | None:
        """The values that this row will have in some columns, for another to point at; None where
        that is not settled yet. With `pointing`, also in such as point themselves: whatever they
        point at has then to have the same."""
        for column in columns:
            if column not in self.values:
                points = column in self.shape.referring and not pointing
                if points or not self.is_variable(column):
                    return None
                self._promised.add(column)
                if not self._choose(column):
                    return None
        values = {column: self.values[column] for column in columns}
        if any(value is None or isinstance(value, Sql) for value in values.values()):
            return None
        return values  # type: ignore[return-value]  # no Sql is among them

    def is_own(self, decided: Mapping[str, Value], key: ForeignKey) -> bool:
        """Whether the values by which the row points at one of its own table are its own; a key
        that nothing is said of yet becomes what it points at, unless a caller has it point."""
        free = not any(column in self.given for column in key.columns)
        own = {name: self.values[name] for name in decided if name in self.values}
        if any(isinstance(one, Sql) or one is None for one in own.values()):
            return False
        if any(same(one) != same(decided[name]) for name, one in own.items()):
            return False
        rest = [name for name in decided if name not in own]
        if rest and not (free and all(self.is_variable(name) for name in rest)):
            return False
        self.values.update({name: decided[name] for name in rest})
        self._wanted.difference_update(rest)
        return True
