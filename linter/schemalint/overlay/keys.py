"""Primary keys, uniques and indexes: those that both sides have, and those that one lacks."""

from __future__ import annotations

from collections.abc import Container
from typing import TypeVar

import msgspec

from schemalint.finding import Related
from schemalint.model import Field, Index, Model, PrimaryKey, Unique
from schemalint.overlay.drift import TO_AGREE, TO_DECLARE, TO_MIGRATE, Drift
from schemalint.overlay.expressions import normal
from schemalint.overlay.matching import match
from schemalint.overlay.names import Names

_Keyed = TypeVar("_Keyed", PrimaryKey, Unique, Index)
_Partial = TypeVar("_Partial", Unique, Index)
_AnyKeyed = PrimaryKey | Unique | Index
_PRISMAS_TYPES = frozenset(("btree", "hash", "gist", "gin", "spgist", "brin", "fulltext"))
"""The sorts of index that Prisma's language has words for: that an index is of another, such as
pgvector's, is none of its business."""


class Keys(msgspec.Struct, frozen=True):
    """The keys and indexes of a model as the database has them."""

    primary_key: PrimaryKey | None
    uniques: tuple[Unique, ...]
    indexes: tuple[Index, ...]


class KeyOverlay:
    """Lays the keys of a table over those of its model; differences are told unless not `told`."""

    def __init__(
        self, names: Names, declared: Model, migrated: Model, drift: Drift, *, told: bool
    ) -> None:
        self._names = names
        self._declared = declared
        self._migrated = migrated
        self._drift = drift
        self._told = told
        self._built = names.columns(migrated)
        self._known = names.columns(declared)

    def keys(self) -> Keys:
        """What the database has, at the places of the schema where that says it too."""
        if self._declared.kind == "join":
            return self._of_join()
        return Keys(self._primary_key(), self._uniques(), self._indexes())

    def _primary_key(self) -> PrimaryKey | None:
        own, other = self._declared.primary_key, self._migrated.primary_key
        if own is not None and other is None and not self._all_in(own, self._built):
            return own  # no row has that column, which is told of the column
        if own is not None and other is not None and self._columns(own) == self._columns(other):
            return _placed(own, other)
        if (own is not None and other is None) or (
            other is not None and self._all_in(other, self._known)
        ):
            self._other_primary_key(own, other)
        return other

    def _uniques(self) -> tuple[Unique, ...]:
        matched = match(self._declared.uniques, self._migrated.uniques, self._same_unique)
        found = [_as_declared(one, other) for one, other in matched.both]
        for one in matched.only_declared:
            if self._all_in(one, self._built):
                self._missing_unique(one, matched.only_migrated)
            else:
                found.append(one)
        for one in matched.only_migrated:
            if one.where is None and not one.expressions and one.nulls == "distinct":
                message = (
                    f"the migrations make {_listed(one)} of `{self._migrated.table}` unique, and "
                    "the schema does not say so: the database refuses rows that the schema allows"
                )
                self._undeclared(one, message)
        return (*found, *matched.again, *matched.only_migrated)

    def _indexes(self) -> tuple[Index, ...]:
        matched = match(self._declared.indexes, self._migrated.indexes, self._same_index)
        found = [_as_declared(one, other) for one, other in matched.both]
        by_columns = match(
            matched.only_declared,
            matched.only_migrated,
            lambda one, other: (
                self._columns(one) == self._columns(other)
                and one.where is None
                and not other.expressions
            ),
        )
        for one, other in by_columns.both:
            found.append(_placed(one, other))
            sayable = other.type.lower() in _PRISMAS_TYPES
            if one.type.lower() != other.type.lower() and sayable:
                self._other_index(one, other)
        for one in by_columns.only_declared:
            if self._all_in(one, self._built):
                self._missing_index(one)
            else:
                found.append(one)
        for one in by_columns.only_migrated:
            if one.where is None and not one.expressions:
                message = (
                    f"the migrations make an index over {_listed(one)} of "
                    f"`{self._migrated.table}`, which the schema does not have"
                )
                self._undeclared(one, message)
        return (*found, *matched.again, *by_columns.again, *by_columns.only_migrated)

    def _of_join(self) -> Keys:
        """Prisma's join tables had a unique index before version 6 and have a primary key since:
        either keeps the pairs apart, so that neither is drift."""
        own = self._declared

        def here(key: _Keyed) -> _Keyed:
            for declared in (own.primary_key, *own.uniques, *own.indexes):
                alike = declared is not None and self._columns(declared) == self._columns(key)
                if declared is not None and alike and not key.expressions:
                    return _placed(declared, key)
            return key

        key = self._migrated.primary_key
        return Keys(
            None if key is None else here(key),
            tuple([here(one) for one in self._migrated.uniques]),
            tuple([here(one) for one in self._migrated.indexes]),
        )

    # -- what is the same

    def _columns(self, key: _AnyKeyed) -> tuple[str, ...]:
        return self._names.folded(key.columns)

    def _all_in(self, key: _AnyKeyed, columns: Container[str]) -> bool:
        return all(column in columns for column in self._columns(key))

    def _same_unique(self, one: Unique, other: Unique) -> bool:
        return (
            self._columns(one) == self._columns(other)
            and not other.expressions
            and _same_predicate(one.where, other.where)
        )

    def _same_index(self, one: Index, other: Index) -> bool:
        return (
            self._columns(one) == self._columns(other)
            and not other.expressions
            and one.type.lower() == other.type.lower()
            and _same_predicate(one.where, other.where)
        )

    # -- what differs

    def _tell(
        self, key: _AnyKeyed, message: str, related: Related, help: str, *, declared: bool = True
    ) -> None:
        """Tell of `key`, at its own place where the schema has it, else at its model's head."""
        model = self._declared
        if self._told:
            self._drift.tell(
                _path(model, self._known, self._columns(key)),
                message,
                key.span if declared else model.name_span,
                related,
                help=help,
                name=self._migrated.table,
            )

    def _made_here(self) -> Related:
        return Related("the table is made here", self._migrated.name_span)

    def _other_primary_key(self, own: PrimaryKey | None, other: PrimaryKey | None) -> None:
        table = self._migrated.table
        if own is not None and other is not None:
            message = (
                f"the primary key of `{table}` is {_listed(own)} by the schema and "
                f"{_listed(other)} by the migrations, which the database follows"
            )
            self._tell(own, message, Related("the key is made here", other.span), TO_AGREE)
        elif own is not None:
            message = (
                f"no migration makes {_listed(own)} the primary key of `{table}`: the database "
                "takes rows that are not told apart"
            )
            self._tell(own, message, self._made_here(), TO_MIGRATE)
        elif other is not None:
            message = (
                f"the migrations make {_listed(other)} the primary key of `{table}`, and the "
                "schema does not say so"
            )
            related = Related("the key is made here", other.span)
            self._tell(other, message, related, TO_DECLARE, declared=False)

    def _missing_unique(self, one: Unique, others: list[Unique]) -> None:
        table = self._migrated.table
        near = next((two for two in others if self._columns(two) == self._columns(one)), None)
        if near is not None and near.where is not None:
            message = (
                f"{_listed(one)} of `{table}` is unique by the schema, and by the migrations only "
                f"where `{near.where}`: the database takes duplicates among the other rows"
            )
            self._tell(one, message, Related("the index is made here", near.span), TO_AGREE)
            return
        some = " as the schema does, for some of the rows" if one.where is not None else ""
        message = (
            f"no migration makes {_listed(one)} of `{table}` unique{some}: the database takes "
            "duplicates"
        )
        self._tell(one, message, self._made_here(), TO_MIGRATE)

    def _missing_index(self, one: Index) -> None:
        message = f"no migration makes the index over {_listed(one)} of `{self._migrated.table}`"
        self._tell(one, message, self._made_here(), TO_MIGRATE)

    def _other_index(self, one: Index, other: Index) -> None:
        message = (
            f"the index over {_listed(one)} of `{self._migrated.table}` is of the type "
            f"{one.type} by the schema and {other.type} by the migrations"
        )
        self._tell(one, message, Related("the index is made here", other.span), TO_AGREE)

    def _undeclared(self, one: Unique | Index, message: str) -> None:
        if not self._all_in(one, self._known):
            return  # the column is told of
        sort = "constraint" if isinstance(one, Unique) and not one.index else "index"
        related = Related(f"the {sort} is made here", one.span)
        self._tell(one, message, related, TO_DECLARE, declared=False)


def _as_declared(own: Unique | Index, other: _Partial) -> _Partial:
    """The key of the database, at the places where the schema says the same."""
    placed = _placed(own, other)
    return msgspec.structs.replace(placed, where=own.where, where_span=own.where_span)


def _placed(own: _AnyKeyed, other: _Keyed) -> _Keyed:
    """The key of the database, at the places of one over the same columns, whose predicate may
    be another."""
    parts = tuple(
        [
            msgspec.structs.replace(part, span=mine.span)
            for mine, part in zip(own.parts, other.parts, strict=True)
        ]
    )
    return msgspec.structs.replace(other, span=own.span, parts=parts)


def _same_predicate(one: str | None, other: str | None) -> bool:
    """Whether two predicates are written alike."""
    if one is None or other is None:
        return one is other
    return normal(one) == normal(other)


def _listed(key: _AnyKeyed) -> str:
    return "(" + ", ".join(f"`{part.column or part.expression}`" for part in key.parts) + ")"


def _path(model: Model, known: dict[str, Field], columns: tuple[str, ...]) -> str:
    """`User.email` for a key of one field that the schema knows, else the model."""
    field = known.get(columns[0]) if len(columns) == 1 else None
    return model.name if field is None else f"{model.name}.{field.name}"
