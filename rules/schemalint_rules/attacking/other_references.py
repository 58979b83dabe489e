"""Foreign keys beside the one that is attacked."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.attack import Attack, Delete, Insert, Same, Value
from schemalint.context import Context
from schemalint.model import ForeignKey, Layer, Model
from schemalint_rules.attacking.forbidden_pointers import Pointing
from schemalint_rules.attacking.surroundings import filled, wanted_of_parents
from schemalint_rules.judging.references.foreign_keys import fields_of
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one


class OtherReferences:
    """The other foreign keys of the rows that point: they must not lead to the same parent, or its
    refusal to go would be theirs.

    `stored` are rows for them to point at instead, `values` point there; with `of_parent` the
    parent does not point at itself, with `shared` it has what another key has in common with the
    one that is attacked (a tenant); where one of those that are `tied` changes, the other key is
    concerned, too. `are_apart` tells whether all that can be had.
    """

    def __init__(
        self, model: Model, target: Model, key: ForeignKey | None, context: Context
    ) -> None:
        self.stored: list[Insert] = []
        self.values: dict[str, Value] = {}
        self.of_parent: dict[str, Value] = {}
        self.shared: dict[str, Value] = {}
        self.tied: set[str] = set()
        self.are_apart = True
        rows = Rows(target, context, Layer.DATABASE)
        for number, own_key in enumerate(target.foreign_keys):
            if own_key.table == target.table:
                fields = fields_of(target, own_key)
                if all(map(rows.nullable, fields)):
                    self.of_parent.update(dict.fromkeys(own_key.columns, None))
                elif own_key is not key:
                    row = f"above {number}"
                    ends = zip(own_key.columns, own_key.references, strict=True)
                    values = {column: Same(row, reference) for column, reference in ends}
                    if self.shared.keys() & values.keys() or set(values) & _keyed(target):
                        self.are_apart = False
                        continue
                    self.shared.update(values)
                    self.stored.append(Insert(row=row, model=target, setup=True))
        parents = Parents(context.schema)
        self._rows = Rows(model, context, Layer.DATABASE)
        own = set(key.columns) if key is not None else set()
        for number, other in enumerate(model.foreign_keys):
            there = parents.of(other)
            if other is key or there is None or not _leads_to(there, target, parents, []):
                continue
            if key is not None and _ends(other) == _ends(key):
                continue  # the reference is both of them, and what one refuses it refuses
            if set(self.values) & set(other.columns):
                self.are_apart = False
                continue
            row = f"other {number}"
            if key is not None and own & set(other.columns):
                self._beside(model, row, key, other, there)
                continue
            fields = fields_of(model, other)
            if fields and all(map(self._rows.nullable, fields)):
                self.values.update(dict.fromkeys(other.columns, None))
                continue
            points = dict(zip(other.columns, other.references, strict=True))
            wanted = *filled(there, other.references), *wanted_of_parents(model, points, context)
            self.stored.append(Insert(row=row, model=there, satisfying=wanted, setup=True))
            for column, reference in zip(other.columns, other.references, strict=True):
                self.values[column] = Same(row, reference)

    def _beside(
        self, model: Model, row: str, key: ForeignKey, other: ForeignKey, there: Model
    ) -> None:
        """Have a key lead elsewhere that has columns in common with the one that is attacked."""
        rest = [column for column in other.columns if column not in key.columns]
        fields = [model.column(column) for column in rest]
        free = [field for field in fields if field is not None and self._rows.nullable(field)]
        if free and other.match != "full":
            self.values[free[0].column] = None  # of several columns one is enough
            return
        given: dict[str, Value] = {}
        ends = dict(zip(key.columns, key.references, strict=True))
        for column, reference in zip(other.columns, other.references, strict=True):
            if column in ends:
                given[ends[column]] = Same(row, reference)
            else:
                self.values[column] = Same(row, reference)
        if not rest or self.shared.keys() & given.keys():
            self.are_apart = False
            return
        self.shared.update(given)
        self.tied |= given.keys()
        there_is = filled(there, other.references)
        self.stored.append(Insert(row=row, model=there, satisfying=there_is, setup=True))


def _ends(key: ForeignKey) -> set[tuple[str, ...]]:
    return {(key.schema or "", key.table), *zip(key.columns, key.references, strict=False)}


def _keyed(model: Model) -> set[str]:
    """The columns in which no two rows agree, perhaps."""
    return {column for key in model.keys for column in key.columns}


def by_both(
    pointing: Pointing,
    others: OtherReferences,
    child: Insert,
    parent: Insert,
    key: ForeignKey | None,
) -> Iterator[Attack]:
    """A row that points at its parent by another key too may go with it before this key, which is
    to refuse that, is looked at."""
    model, target = child.model, parent.model
    if key is None or pointing.on_delete not in ("restrict", "no_action"):
        return
    for other in model.foreign_keys:
        if other is key or other.table != key.table or set(other.columns) & set(key.columns):
            continue
        ends = zip(other.columns, other.references, strict=True)
        too = {column: Same(parent.row, reference) for column, reference in ends}
        values = {**others.values, **too, **child.values}
        names = listed(field.name for field in fields_of(model, other))
        yield Attack(
            says=f"deletes the `{target.name}` at which {one(model.name)} points, by {names} too",
            moves=(
                *others.stored,
                parent,
                msgspec.structs.replace(child, values=values),
                Delete(row=parent.row),
            ),
        )


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
