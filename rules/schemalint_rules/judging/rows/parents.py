"""The table at the other end of a foreign key."""

from __future__ import annotations

from schemalint.model import Field, ForeignKey, Model, Schema


class Parents:
    """Looks up the models that foreign keys point to."""

    def __init__(self, schema: Schema) -> None:
        tables = [model for model in schema.models if model.kind == "model"]
        self._by_table = {(model.schema, model.table): model for model in tables}
        self._by_name = {model.name: model for model in tables}

    def of(self, key: ForeignKey) -> Model | None:
        """The model that `key` points to, None where it was not read."""
        named = self._by_name.get(key.model)
        if named is not None and named.table == key.table:
            return named
        return self._by_table.get((key.schema, key.table))

    def ends(self, model: Model, key: ForeignKey) -> list[tuple[Field, Field]]:
        """The key's columns with those that they refer to, as far as both were read."""
        parent = self.of(key)
        if parent is None:
            return []
        pairs = zip(key.columns, key.references, strict=False)
        found = [(model.column(column), parent.column(other)) for column, other in pairs]
        return [(own, other) for own, other in found if own is not None and other is not None]
