"""Foreign keys beside the one that is attacked."""

from __future__ import annotations

from schemalint.attack import Insert, Same, Value
from schemalint.context import Context
from schemalint.model import ForeignKey, Layer, Model
from schemalint_rules.judging.foreign_keys import fields_of
from schemalint_rules.judging.parents import Parents
from schemalint_rules.judging.rows import Rows


class OtherReferences:
    """The other foreign keys of the rows that point: they must not lead to the same parent, or its
    refusal to go would be theirs.

    `stored` are rows for them to point at instead, `values` point there; with `of_parent` the
    parent does not point at itself. `are_apart` tells whether that can be had.
    """

    def __init__(
        self, model: Model, target: Model, key: ForeignKey | None, context: Context
    ) -> None:
        self.stored: list[Insert] = []
        self.values: dict[str, Value] = {}
        self.of_parent: dict[str, Value] = {}
        self.are_apart = True
        rows = Rows(target, context, Layer.DATABASE)
        for own_key in target.foreign_keys:
            if own_key.table == target.table:
                fields = fields_of(target, own_key)
                if all(map(rows.nullable, fields)):
                    self.of_parent.update(dict.fromkeys(own_key.columns, None))
                elif own_key is not key:
                    self.are_apart = False
        parents = Parents(context.schema)
        own = set(key.columns) if key is not None else set()
        for number, other in enumerate(model.foreign_keys):
            there = parents.of(other)
            if other is key or there is None or not _leads_to(there, target, parents, []):
                continue
            if own & set(other.columns) or set(self.values) & set(other.columns):
                self.are_apart = False
                continue
            fields = fields_of(model, other)
            if fields and all(field.nullable for field in fields):
                self.values.update(dict.fromkeys(other.columns, None))
                continue
            row = f"other {number}"
            self.stored.append(Insert(row=row, model=there, setup=True))
            for column, reference in zip(other.columns, other.references, strict=True):
                self.values[column] = Same(row, reference)


def _leads_to(model: Model, target: Model, parents: Parents, seen: list[str]) -> bool:
    if model.name == target.name:
        return True
    if model.name in seen:
        return False
    reached = [parents.of(key) for key in model.foreign_keys]
    return any(
        _leads_to(there, target, parents, [*seen, model.name])
        for there in reached
        if there is not None
    )
