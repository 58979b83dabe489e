"""The tables of a schema in an attempt: what is known of each, and the rows that it has."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect, ForeignKey, Model, Schema
from schemalint.prove.database import Attempt, NotProvable
from schemalint.prove.rows.literals import named_table
from schemalint.prove.rows.shape import Shape, Shapes
from schemalint.prove.rows.stored import Row


class Tables:
    """Looks tables up.

    Args:
        schema: loaded for the database's dialect.
        attempt: where the rows are.
        dialect: the database's own, where the schema names another of its family.
        shapes: what is known of the tables already; added to.
    """

    def __init__(
        self, schema: Schema, attempt: Attempt, dialect: Dialect | None, shapes: Shapes
    ) -> None:
        self._schema = schema
        self._attempt = attempt
        self._dialect = dialect
        self._shapes = shapes
        self._targets: dict[tuple[str | None, str, str], Shape | None] = {}

    def shape(self, model: Model) -> Shape:
        """What is known of the model's table."""
        key = (model.schema, model.table, len(model.fields))
        if key not in self._shapes:
            self._shapes[key] = Shape(self._schema, model, self._dialect)
        return self._shapes[key]

    def target(self, key: ForeignKey) -> Shape | None:
        """The table that a foreign key points at; None where the schema has it not."""
        place = (key.schema, key.table, key.model)
        if place not in self._targets:
            self._targets[place] = self._found(key)
        return self._targets[place]

    def _found(self, key: ForeignKey) -> Shape | None:
        tables = [one for one in self._schema.models if one.kind in ("model", "join")]
        named = [one for one in tables if one.table == key.table]
        exact = [one for one in named if key.schema is None or one.schema == key.schema]
        by_name = [one for one in tables if one.name == key.model]
        lower = [one for one in tables if one.table.lower() == key.table.lower()]
        for found in (exact, named, by_name, lower):
            if found:
                return self.shape(found[0])
        return None

    def is_circular(self, shape: Shape, columns: Sequence[str]) -> bool:
        """Whether every row of the table that has values in `columns` needs another row of it."""
        reached: list[tuple[Shape, tuple[str, ...]]] = []
        left = [(shape, tuple(columns))]
        while left:
            one, filled = left.pop()
            for key in one.references:
                target = self.target(key)
                if target is None or not one.is_required_reference(key, filled):
                    continue
                if is_table(target, shape):
                    return True
                if (target, key.references) not in reached:
                    reached.append((target, key.references))
                    left.append((target, key.references))
        return False

    def rows(self, shape: Shape) -> list[Row]:
        """The rows that a table has now; columns that it turns out not to have are forgotten."""
        try:
            return self._selected(shape)
        except NotProvable:
            # A column that could not be written as DDL is not there, and nobody can name it.
            table = named_table(shape.model, self._dialect)
            for column in [*shape.fields]:
                name = quoted_name(column, self._dialect)
                try:
                    self._attempt.rows(f"SELECT {name} FROM {table} WHERE 1 = 0")
                except NotProvable:
                    shape.forget(column)
            if not shape.fields:
                raise
            return self._selected(shape)

    def _selected(self, shape: Shape) -> list[Row]:
        names = ", ".join([quoted_name(column, self._dialect) for column in shape.fields])
        table = named_table(shape.model, self._dialect)
        return shape.rows(self._attempt.rows(f"SELECT {names} FROM {table}"))


def is_table(one: Shape, other: Shape) -> bool:
    """Whether two are of one table: a rule may look at more of it than the schema (its row id)."""
    return one is other or (one.model.schema, one.model.table) == (
        other.model.schema,
        other.model.table,
    )
