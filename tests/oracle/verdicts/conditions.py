"""Random conditions over a model's fields, as the rulebook writes them and as a database does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from tests.oracle.verdicts.schemas import Column, Model

VALUES: dict[str, tuple[object, ...]] = {
    "Int": (0, 1, 2, 3),
    "String": ("a", "b", "c"),
    "Boolean": (True, False),
    "Status": ("DRAFT", "open", "CLOSED"),
}
"""Values that conditions compare with, by the type of the field (an enum's as stored)."""


class Condition(msgspec.Struct):
    """`operator` is a comparison, `null`, `not null`, `in`, `between`, `true`, or joins `parts` by
    `and`, `or`, `not`."""

    operator: str
    field: str = ""
    values: tuple[object, ...] = ()
    parts: tuple[Condition, ...] = ()

    @property
    def fields(self) -> set[str]:
        """The names of the fields that it speaks of."""
        found = {self.field} if self.field else set()
        return found.union(*(part.fields for part in self.parts))

    @property
    def constants(self) -> list[tuple[str, object]]:
        """The values that it compares fields with, each with the field's name."""
        own = [(self.field, value) for value in self.values]
        return own + [one for part in self.parts for one in part.constants]

    def rulebook(self) -> str:
        """As a rulebook writes it: logical names, the common subset."""
        return self._text(lambda name: name, lambda value: _literal(value, "standard"))

    def sql(self, model: Model, provider: str) -> str:
        """As the database of `provider` has it: column names."""

        return self._text(
            lambda name: f'"{model.column(name).column}"', lambda value: _literal(value, provider)
        )

    def of_row(self, row: str, model: Model, provider: str) -> str:
        """As a trigger's condition has it, over the row `row` (OLD or NEW)."""

        return self._text(
            lambda name: f'{row}."{model.column(name).column}"',
            lambda value: _literal(value, provider),
        )

    def _text(self, named: Callable[[str], str], literal: Callable[[object], str]) -> str:
        if self.operator in ("and", "or"):
            parts = [f"({part._text(named, literal)})" for part in self.parts]
            return f" {self.operator} ".join(parts)
        if self.operator == "not":
            return f"not ({self.parts[0]._text(named, literal)})"
        name = named(self.field)
        values = [literal(value) for value in self.values]
        if self.operator in ("null", "not null"):
            return f"{name} is {self.operator}"
        if self.operator == "true":
            return name
        if self.operator == "in":
            return f"{name} in ({', '.join(values)})"
        if self.operator == "between":
            return f"{name} between {values[0]} and {values[1]}"
        return f"{name} {self.operator} {values[0]}"


def _literal(value: object, provider: str) -> str:
    if isinstance(value, bool):
        if provider == "sqlite":
            return "1" if value else "0"
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def random_condition(random: Random, model: Model, *, simple: bool = False) -> Condition:
    """A condition over the fields of `model`; `simple` ones are of one or two terms."""
    columns = [column for column in model.columns if not column.list]
    if random.random() < (0.75 if simple else 0.6):
        return _term(random, random.choice(columns))
    operator = random.choice(("and", "and", "or", "not"))
    count = 1 if operator == "not" else 2
    parts = tuple(_term(random, random.choice(columns)) for _ in range(count))
    return Condition(operator, parts=parts)


def random_check(random: Random, model: Model, unchecked: Collection[str]) -> Condition | None:
    """A condition for a CHECK that names none of the columns `unchecked`; None where none came."""
    for _ in range(9):
        condition = random_condition(random, model)
        if condition.fields.isdisjoint(unchecked):
            return condition
    return None


def _term(random: Random, column: Column) -> Condition:
    # Text that ignores case, and text of a type of its own, compares in other ways: left alone.
    values = None if column.native in ("Citext", "Uuid") else VALUES.get(column.type)
    if values is None or random.random() < (0.5 if column.optional else 0.1):
        return Condition(random.choice(("null", "null", "not null")), column.name)
    if column.type == "Boolean" and random.random() < 0.4:
        return Condition("true", column.name)
    if random.random() < 0.25:
        some = tuple(random.sample(values, random.choice((1, 2)) if len(values) > 2 else 2))
        return Condition("in", column.name, some)
    if column.type == "Int":
        if random.random() < 0.15:
            low, high = sorted(random.sample(values, 2), key=str)
            return Condition("between", column.name, (low, high))
        operator = random.choice(("=", "<>", "<", "<=", ">", ">="))
        return Condition(operator, column.name, (random.choice(values),))
    operator = random.choice(("=", "=", "<>"))
    return Condition(operator, column.name, (random.choice(values),))
