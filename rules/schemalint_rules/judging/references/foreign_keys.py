"""Foreign keys: which there are, at which layer they hold, and which fields they go by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import (
    Action,
    Dialect,
    Field,
    ForeignKey,
    Layer,
    Model,
    Relation,
    Schema,
)
from schemalint.source import Span

Event = Literal["delete", "update"]
"""What happens to the parent of a foreign key."""


class Pointer(msgspec.Struct, frozen=True):
    """A foreign key of `model`, with what messages call it and point to.

    `relation` is the navigation field that rests on it, None where there is none.
    """

    model: Model
    key: ForeignKey
    path: str
    span: Span
    relation: Relation | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The referencing fields, in the key's order."""
        return fields_of(self.model, self.key)


def emulated(schema: Schema) -> bool:
    """Whether Prisma Client stands in for foreign keys (`relationMode = "prisma"`)."""
    return any(
        setting.key in ("relationMode", "referentialIntegrity") and setting.value.text == "prisma"
        for block in schema.blocks
        if block.kind == "datasource"
        for setting in block.settings
    )


def enforced(keys: Iterable[ForeignKey]) -> list[ForeignKey]:
    """Those that somebody checks: not NOT ENFORCED, nor on a MySQL engine without foreign keys
    (F04e)."""
    return [key for key in keys if key.enforced]


def keys_of(model: Model, context: Context) -> tuple[ForeignKey, ...]:
    """The foreign keys of a table: a part of a table has those of the whole."""
    if model.partition_of is None:
        return model.foreign_keys
    whole = [one for one in context.schema.models if one.table == model.partition_of]
    own = list(model.foreign_keys)
    own += [key for one in whole for key in one.foreign_keys if key not in own]
    return tuple(own)


def condition_of(key: ForeignKey, context: Context) -> str | None:
    """What a key below the database's layer depends on; None for one that always holds."""
    if key.layer is Layer.DATABASE:
        return None
    if emulated(context.schema):
        return (
            'with `relationMode = "prisma"` the database has no foreign key: only what goes '
            "through Prisma Client meets this rule"
        )
    if context.dialect is Dialect.MONGODB:
        return "MongoDB has no foreign keys: only what goes through the client library is checked"
    if capability(context.dialect, Construct.FOREIGN_KEYS_CHECKED_BY_DEFAULT).holds is False:
        return (
            "SQLite checks foreign keys only on connections that run `PRAGMA foreign_keys = ON`; "
            "a writer that does not stores what this rule forbids"
        )
    return None


def fields_of(model: Model, key: ForeignKey) -> tuple[Field, ...]:
    """The fields behind a key's columns, in its order, as far as the model describes them."""
    found = [model.column(column) for column in key.columns]
    return tuple([field for field in found if field is not None])


def has_default(field: Field) -> bool:
    """Whether the database has a default for the field."""
    return field.default is not None and field.default.layer is Layer.DATABASE


def action_on(key: ForeignKey, event: Event) -> Action:
    """The action that the key names for an event."""
    return key.on_delete if event == "delete" else key.on_update
