"""Changes that pass the guards of a table, as far as the guards were understood: where to aim.

What a trigger refuses is a condition over the row before and after. The decision procedure finds
values for both with which none of the conditions is true; whether the database then lets the change
pass is for the database to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.attack import Insert, Same, Value
from schemalint.condition.terms import Compare, Is, Not, Scalar, Term
from schemalint.context import Context
from schemalint.model import Field, Model
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_effects import Event
from schemalint_rules.judging.triggers.trigger_guards import Guards
from schemalint_rules.judging.values.exact_values import BYTES, compares_exactly

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


class Passing(msgspec.Struct, frozen=True):
    """A row and what it is to become: values by column, of those that matter."""

    before: Mapping[str, Value]
    after: Mapping[str, Value]


class Guarded:
    """One table, and what its triggers look at on one event."""

    def __init__(self, table: Model, event: Event, context: Context) -> None:
        self.table = table
        self.versions = RowVersions(table, context)
        self.guards = Guards(table, event, self.versions, context)
        self._context = context

    @property
    def is_watched(self) -> bool:
        """Whether there is any trigger."""
        return bool(self.guards.triggers)

    def passing(
        self, situation: Sequence[Term | Given], field: Field | None = None
    ) -> Passing | None:
        """A change of which `situation` (over OLD and NEW) is true and no guard's condition; of a
        `field` without guards, one that the CHECKs let pass. None where none is known."""
        if not self.is_watched:
            checked = field is not None and any(
                field.column.lower() in check.expression.lower() for check in self.table.checks
            )
            shown = self.versions.example(situation) if checked else None
            return self._change(shown.witness, field) if shown and shown.witness else None
        given = [*self._assigned(field)]
        situation = [*situation, *given]
        watch = self.guards.watch(lambda: situation, field)
        if watch.refused is not False:
            return None
        loud = self.guards.unless_silent(lambda: situation, field)
        witness = loud.witness or watch.witness
        if not witness and given:  # the CHECKs see what a trigger gives the row
            witness = self.versions.example(situation).witness or {}
        return self._change(witness, field) if witness else None

    def _assigned(self, field: Field | None) -> Iterator[Term]:
        """What triggers give every row that is changed, beside `field`."""
        sight = self.guards.sight
        for other in self.table.fields:
            forced = sight.forced(other) if other != field else None
            value = sight.literal(forced[1]) if forced is not None else None
            if value is not None:
                yield Compare("=", self.versions.column(other, "NEW"), value)

    def _change(self, witness: Mapping[str, Scalar], field: Field | None) -> Passing:
        before = self._version("OLD", witness)
        after = {
            column: value
            for column, value in self._version("NEW", witness).items()
            if column not in before or before[column] != value
        }
        named = field is not None and field.generated is None and field.column not in after
        if field is not None and named and not self._is_exact(field):
            text = before.get(field.column)
            text = text if isinstance(text, str) and text.swapcase() != text else "a"
            before = {**before, field.column: text}
            after = {**after, field.column: text.swapcase()}
        return Passing(before, after)

    def altered(self, field: Field, where: Term | None, *, once: bool = False) -> Passing | None:
        """A change of a field, of a row that satisfies `where`; with `once` not from NULL."""
        given: list[Term | Given] = [self.versions.differs(field)]
        if where is not None:
            given.append(self.versions.of_row(where, "OLD"))
        if once:
            given.append(Not(Is(self.versions.column(field, "OLD"), None)))
        return self.passing([*given, *self.versions.same_bytes([field])], field)

    def _is_exact(self, field: Field) -> bool:
        return compares_exactly(field, self._context.dialect)

    def _version(self, version: str, witness: Mapping[str, Scalar]) -> dict[str, Value]:
        prefix = f"{version}."
        found: dict[str, Value] = {}
        for name, value in witness.items():
            field = self.table.column(name.removeprefix(prefix))
            plain = name.startswith(prefix) and BYTES not in name
            if plain and field is not None and field.generated is None:
                found[field.column] = value
        return found


def parents_for(table: Model, values: Mapping[str, Value], context: Context) -> Iterator[Insert]:
    """The rows that have to be there first, so that the row "first" can be changed to `values`."""
    parents = Parents(context.schema)
    for number, key in enumerate(table.foreign_keys):
        target = parents.of(key)
        there = [values.get(column, Same("first", column)) for column in key.columns]
        moved = set(values) & set(key.columns)
        if target is not None and moved and None not in there:
            wanted = dict(zip(key.references, there, strict=True))
            yield Insert(
                row=f"parent {number}",
                model=target,
                values=wanted,
                setup=True,
                unless_there=True,
            )
