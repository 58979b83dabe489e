"""CREATE TABLE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemalint.ddl.checks import names_others, table_checks
from schemalint.ddl.columns import column
from schemalint.ddl.foreign_keys import inline_foreign_keys
from schemalint.ddl.keys import KeyWriter
from schemalint.ddl.result import Statement
from schemalint.ddl.target import Target
from schemalint.model import Model


class TableWriter:
    """Writes one table.

    Attributes:
        columns: the columns that it is made with: those whose type is known.
    """

    def __init__(self, model: Model, target: Target) -> None:
        self._model = model
        self._target = target
        definitions = {field.column: column(model, field, target) for field in model.fields}
        made = {name: one for name, one in definitions.items() if one is not None}
        if len(made) < len(definitions):
            self._leave_out_computed(made)
        self._definitions = [*made.values()]
        self.columns = frozenset(made)
        self._keys = KeyWriter(model, self.columns, target)

    def _leave_out_computed(self, made: dict[str, str]) -> None:
        """Leave out what is computed from a column that is left out."""
        model, target = self._model, self._target
        for field in model.fields:
            computed = field.generated.expression if field.generated is not None else ""
            if field.column in made and names_others(computed, model, made):
                del made[field.column]
                target.omit_column(model, field, "a column that it is computed from is left out")

    def create(self) -> Statement:
        """CREATE TABLE, with everything that is made with it."""
        model, target = self._model, self._target
        items = [
            *self._definitions,
            *self._keys.constraints(),
            *table_checks(model, self.columns, target),
            *inline_foreign_keys(model, self.columns, target),
        ]
        body = ",\n    ".join(items)
        inside = f"\n    {body}\n" if items else ""
        return Statement(
            f"CREATE TABLE {target.table(model)} ({inside}){self._options()}", model.span
        )

    def indexes(self) -> Iterator[Statement]:
        """CREATE INDEX, for after the table."""
        return self._keys.indexes()

    def _options(self) -> str:
        model, target = self._model, self._target
        if target.sqlite:
            options = ["STRICT"] if model.strict else []
            options += ["WITHOUT ROWID"] if model.without_rowid else []
            return f" {', '.join(options)}" if options else ""
        if target.postgresql and model.inherits:
            return f" INHERITS ({self._parents()})"
        if target.mysql and target.schema.language == "prisma":
            # As Migrate writes (documentation, "MySQL"): texts ignore letter case, enums too.
            return " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
        return ""

    def _parents(self) -> str:
        """The direct parents: those that are no parents of another parent."""
        target = self._target
        by_name = {one.table: one for one in target.models}
        parents = [by_name[name] for name in self._model.inherits if name in by_name]
        direct = [
            one for one in parents if not any(one.table in other.inherits for other in parents)
        ]
        return ", ".join(target.table(one) for one in direct)


def parents_first(models: Sequence[Model]) -> list[Model]:
    """The tables in their order, but a table behind those that it inherits from."""
    return sorted(models, key=lambda model: len(model.inherits))
