"""Foreign keys: those that both sides have, with what each does, and those that one lacks."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemalint.finding import Related
from schemalint.model import ForeignKey, Layer, Model
from schemalint.overlay.drift import TO_AGREE, TO_DECLARE, TO_MIGRATE, Drift
from schemalint.overlay.matching import match
from schemalint.overlay.names import Key, Names
from schemalint.source import Span


class ForeignKeyOverlay:
    """Lays the foreign keys of the migrations over those of the schema.

    `logical` gives the logical name of each table; `built` are the tables that migrations make.
    """

    def __init__(
        self,
        names: Names,
        logical: Mapping[Key, str],
        built: Mapping[Key, Model],
        drift: Drift,
    ) -> None:
        self._names = names
        self._logical = logical
        self._built = built
        self._drift = drift

    def foreign_keys(
        self, declared: Model, migrated: Model, *, told: bool
    ) -> tuple[ForeignKey, ...]:
        """What the database has, at the places of the schema where that says it too. Differences
        are told unless not `told`."""
        matched = match(declared.foreign_keys, migrated.foreign_keys, self._same)
        found = [self._as_declared(one, other) for one, other in matched.both]
        for one, other in matched.both:
            if told and not _in_client(one):
                self._other_actions(declared, one, other)
        for one in matched.only_declared:
            if _in_client(one):
                found.append(one)  # relationMode = "prisma": no database ever has it
            elif not self._is_built(migrated, one):
                found.append(one)
            elif told:
                self._missing(declared, migrated, one)
        known = self._names.columns(declared).keys()
        found += [self.of_migrations(one) for one in matched.again]
        for one in matched.only_migrated:
            found.append(self.of_migrations(one))
            if told and set(self._names.folded(one.columns)) <= known and self._is_known(one):
                self._undeclared(declared, one)
        return tuple(found)

    def of_migrations(self, key: ForeignKey) -> ForeignKey:
        """A key that the migrations alone have, with its target's logical name."""
        name = self._logical.get(self._target(key))
        return key if name is None else msgspec.structs.replace(key, model=name)

    def _target(self, key: ForeignKey) -> Key:
        return self._names.key(key.schema, key.table)

    def _is_known(self, key: ForeignKey) -> bool:
        return self._target(key) in self._logical

    def _is_built(self, migrated: Model, key: ForeignKey) -> bool:
        """Whether the migrations make everything that the key joins."""
        target = self._built.get(self._target(key))
        if target is None:
            return True  # that the key is missing matters, whatever its target
        here, there = self._names.columns(migrated), self._names.columns(target)
        return all(column in here for column in self._names.folded(key.columns)) and all(
            column in there for column in self._names.folded(key.references)
        )

    def _same(self, one: ForeignKey, other: ForeignKey) -> bool:
        fold = self._names.folded
        return self._target(one) == self._target(other) and sorted(
            zip(fold(one.columns), fold(one.references), strict=False)
        ) == sorted(zip(fold(other.columns), fold(other.references), strict=False))

    def _as_declared(self, own: ForeignKey, other: ForeignKey) -> ForeignKey:
        """The key of the database at the place of the schema, which may say the same."""
        same_delete = own.on_delete == other.on_delete
        same_update = own.on_update == other.on_update
        return msgspec.structs.replace(
            own,
            name=other.name,
            on_delete=other.on_delete,
            on_update=other.on_update,
            on_delete_span=own.on_delete_span
            if same_delete
            else other.on_delete_span or other.span,
            on_update_span=own.on_update_span
            if same_update
            else other.on_update_span or other.span,
            match=other.match,
            deferrable=other.deferrable,
            set_columns=other.set_columns,
            layer=other.layer,
            enforced=other.enforced,
            validated=other.validated,
            validated_span=None if other.validated else other.span,
        )

    # -- what differs

    def _other_actions(self, model: Model, one: ForeignKey, other: ForeignKey) -> None:
        for event, own, theirs, place, their_place in (
            ("delete", one.on_delete, other.on_delete, one.on_delete_span, other.on_delete_span),
            ("update", one.on_update, other.on_update, one.on_update_span, other.on_update_span),
        ):
            if own == theirs:
                continue
            change = "is deleted" if event == "delete" else "gets another key"
            self._tell(
                model,
                one,
                f"when a row of `{one.table}` {change}, the rows of `{model.table}` that name it "
                f"are under `{own}` by the schema and `{theirs}` by the migrations, which the "
                "database follows",
                at=place or one.span,
                related=Related("the migrations say so here", their_place or other.span),
                help=TO_AGREE,
            )

    def _missing(self, model: Model, migrated: Model, key: ForeignKey) -> None:
        self._tell(
            model,
            key,
            f"no migration makes the foreign key from {_listed(key)} of `{model.table}` to "
            f"`{key.table}`: the database takes rows that point nowhere",
            at=key.span,
            related=Related("the table is made here", migrated.name_span),
            help=TO_MIGRATE,
        )

    def _undeclared(self, model: Model, key: ForeignKey) -> None:
        self._tell(
            model,
            key,
            f"the migrations make {_listed(key)} of `{model.table}` a foreign key to "
            f"`{key.table}`, and the schema has no such relation",
            at=model.name_span,
            related=Related("the foreign key is made here", key.span),
            help=TO_DECLARE,
        )

    def _tell(
        self,
        model: Model,
        key: ForeignKey,
        message: str,
        *,
        at: Span,
        related: Related,
        help: str,
    ) -> None:
        relation = next((one for one in model.relations if one.columns == key.columns), None)
        path = model.name if relation is None else f"{model.name}.{relation.name}"
        self._drift.tell(path, message, at, related, help=help, name=model.table)


def _in_client(key: ForeignKey) -> bool:
    """Whether the client alone keeps the key: it has no name, because no DDL ever makes it."""
    return key.name is None and key.layer is Layer.CLIENT


def _listed(key: ForeignKey) -> str:
    return "(" + ", ".join(f"`{column}`" for column in key.columns) + ")"
