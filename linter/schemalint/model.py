"""The common AST: what a database schema says, whatever language it was written in.

Loaders make it, rules read it. It holds facts, not syntax: `@unique`, `UniqueConstraint(...)` and
`CREATE UNIQUE INDEX` all become a `Unique`. Each fact carries the span that states it and the layer
that enforces it. Names come in pairs: the logical name (what a rulebook says) and the physical one
(in the database); keys, indexes and foreign keys list *physical* column names, in their order.

What a loader did not understand is an `Opaque`, so that a rule over it can answer "unknown" and not
guess. What only the client's classes say stands apart, as `claims`.

Everything is imported from here; what stands on a table is in `table_parts.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from schemalint.attributes import Attribute, Block
from schemalint.client_claims import FieldClaims, ModelClaims
from schemalint.source import SourceFile, Span
from schemalint.table_parts import (
    Check,
    Exclusion,
    ForeignKey,
    Grant,
    Index,
    KeyPart,
    PrimaryKey,
    Trigger,
    Unique,
)
from schemalint.vocabulary import Action, Dialect, Layer, ScalarType

__all__ = [
    "Action",
    "Check",
    "Default",
    "Dialect",
    "Enum",
    "EnumValue",
    "Exclusion",
    "Field",
    "ForeignKey",
    "Generated",
    "Grant",
    "Index",
    "KeyPart",
    "Layer",
    "Model",
    "Opaque",
    "PrimaryKey",
    "Relation",
    "ScalarType",
    "Schema",
    "Trigger",
    "Unique",
]

# -- columns -------------------------------------------------------------------------------


class Default(msgspec.Struct, frozen=True, gc=False):
    """The value that a column gets when a writer names none.

    `layer` says who supplies it: the DDL's DEFAULT (`database`) or the client library.
    `kind`: `literal` (then `value` is the literal's text: a string's characters, a number's
    digits, `true`, an enum value's *logical* name), `sequence` (autoincrement, serial,
    identity), `now` (the current time), `function` (uuid(), cuid() ...) or `expression` (any SQL).
    `expression` is the SQL text; the current time is always `now()`, a sequence `autoincrement()`.
    `sql` is the DDL's own text where that is another one. Of a sequence, `always`: a writer gives
    no other value (GENERATED ALWAYS); `reused`: the greatest number comes again once its row is
    deleted (SQLite without AUTOINCREMENT).
    """

    layer: Layer
    kind: Literal["literal", "sequence", "now", "function", "expression"]
    expression: str
    span: Span
    value: str | None = None
    sql: str | None = None
    always: bool = False
    reused: bool = False


class Generated(msgspec.Struct, frozen=True, gc=False):
    """A column that the database computes: GENERATED ALWAYS AS (`expression`)."""

    expression: str
    stored: bool
    span: Span


class Field(msgspec.Struct, frozen=True, gc=False):
    """One column of a model (relations are `Relation`s, not fields).

    `native` is the physical type as the dialect's DDL writes it (`VARCHAR(200)`), "" if unknown.
    `nullable` is what the *database* column allows: NULL too where only a domain of PostgreSQL's
    is NOT NULL (case E23b). `list` is an array column.
    `updated_at` is the layer that renews the value at each change, None if nothing does.
    `ignore_case` tells that the column's own type or collation compares without regard
    to letter case (citext, NOCASE, MySQL's `_ci`).
    `enum` names the `Enum` (logical name) of an enum field, `composite` the composite type's.
    `client_nullable` is what the source language's own type says, a domain's NOT NULL included,
    which may differ.
    `ignored` fields exist in the database but not in the client (`@ignore`).
    `nullable_span` is what settled whether NULL is allowed, where that is not in `span` (a later
    ALTER TABLE ... SET NOT NULL).
    """

    name: str
    column: str
    type: ScalarType
    span: Span
    name_span: Span
    type_span: Span
    native: str = ""
    enum: str | None = None
    composite: str | None = None
    nullable: bool = False
    client_nullable: bool = False
    list: bool = False
    default: Default | None = None
    generated: Generated | None = None
    updated_at: Layer | None = None
    ignore_case: bool = False
    collation: str | None = None
    ignored: bool = False
    unsupported: str | None = None
    doc: str | None = None
    attributes: tuple[Attribute, ...] = ()
    nullable_span: Span | None = None
    claims: FieldClaims = FieldClaims()

    def attribute(self, name: str) -> Attribute | None:
        """The attribute called `name` (without `@`), or None."""
        return next((one for one in self.attributes if one.name == name), None)


# -- relations, and what was not understood -----------------------------------------------------


class Relation(msgspec.Struct, frozen=True, gc=False):
    """A navigation field: from this model to `model`, to one or many.

    `columns` are this side's foreign-key columns, () where the key is on the other side or in
    the join table `through` (a table name). `back` is the opposite navigation field's name.
    `fields` and `references` are the written logical names, where written.
    """

    name: str
    model: str
    many: bool
    span: Span
    name_span: Span
    nullable: bool = False
    columns: tuple[str, ...] = ()
    back: str | None = None
    through: str | None = None
    relation_name: str | None = None
    fields: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    ignored: bool = False
    doc: str | None = None
    attributes: tuple[Attribute, ...] = ()


class Opaque(msgspec.Struct, frozen=True, gc=False):
    """Something that a loader read and did not understand.

    `tables` names what it could touch (physical names); () means that it could touch anything.
    `removes` tells that it could also take away what stands before it (a statement that could
    drop a constraint), and not only add to it (a line that Prisma rejects, a trigger's body); of
    the kind `annotation`, what it is part of, and nothing else.
    """

    kind: str
    text: str
    reason: str
    span: Span
    tables: tuple[str, ...] = ()
    removes: bool = False


# -- models, enums, the schema ---------------------------------------------------------------


class Model(msgspec.Struct, frozen=True, gc=False):
    """A table, a view, a composite type, or the join table of an implicit many-to-many relation.

    `name` is logical, `table` physical, `schema` the database schema (namespace) if one is named.
    `ignored` models exist in the database but not in the client (`@@ignore`).
    `strict` is a STRICT table of SQLite, whose columns take values of their own type only, and
    `without_rowid` one that is stored by its primary key, which then does not count up. `inherits`
    are the tables whose rows include this one's (PostgreSQL's INHERITS: keys of those do not count
    this one's, U23), `partition_of` the one that this is a part of, with its keys and checks;
    `partition_by` (`RANGE (at)`) tells that there are parts, shown or not, each a table of its own.
    `bound` is what these make true of each row, as nobody wrote it: a row that no part takes is
    refused, and a part refuses those of another.
    """

    name: str
    table: str
    span: Span
    name_span: Span
    kind: Literal["model", "view", "type", "join"] = "model"
    schema: str | None = None
    doc: str | None = None
    ignored: bool = False
    fields: tuple[Field, ...] = ()
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    grants: tuple[Grant, ...] = ()
    relations: tuple[Relation, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    strict: bool = False
    inherits: tuple[str, ...] = ()
    partition_of: str | None = None
    without_rowid: bool = False
    partition_by: str | None = None
    bound: Check | None = None
    claims: ModelClaims = ModelClaims()

    def field(self, name: str) -> Field | None:
        """The field whose logical name is `name`, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def column(self, column: str) -> Field | None:
        """The field whose physical name is `column`, or None."""
        for field in self.fields:
            if field.column == column:
                return field
        return None

    def relation(self, name: str) -> Relation | None:
        """The relation called `name`, or None."""
        return next((one for one in self.relations if one.name == name), None)

    @property
    def keys(self) -> Iterator[PrimaryKey | Unique]:
        """Everything that makes rows distinct: the primary key, then the uniques."""
        if self.primary_key is not None:
            yield self.primary_key
        yield from self.uniques


class EnumValue(msgspec.Struct, frozen=True, gc=False):
    """One value: `name` in the source language, `stored` in the database."""

    name: str
    stored: str
    span: Span
    name_span: Span
    doc: str | None = None
    attributes: tuple[Attribute, ...] = ()


class Enum(msgspec.Struct, frozen=True, gc=False):
    """A closed set of values. `type` is the database type's name.

    `layer` is `database` where the database refuses other values, `client` where only the library
    does (Prisma on SQLite), `service` where neither does (SQLAlchemy on SQLite).
    """

    name: str
    type: str
    values: tuple[EnumValue, ...]
    span: Span
    name_span: Span
    schema: str | None = None
    layer: Layer = Layer.DATABASE
    doc: str | None = None
    attributes: tuple[Attribute, ...] = ()


class Schema(msgspec.Struct, frozen=True, gc=False):
    """Everything that was read as one schema, in the order of the source.

    `language` is prisma, sqlmodel or sql. `dialect` is None where nothing names a database.
    `foreign_keys_enforced` is false where the database checks no foreign key unless asked
    (SQLite without its pragma; relationMode = "prisma").
    `can_say` lists what the source language could state here, by construct name
    ("enum", "partial-unique", "case-insensitive", "check", "trigger" ...): what it cannot say and
    a rule needs is `inexpressible`.
    """

    files: tuple[SourceFile, ...]
    language: str
    dialect: Dialect | None
    models: tuple[Model, ...] = ()
    enums: tuple[Enum, ...] = ()
    blocks: tuple[Block, ...] = ()
    opaque: tuple[Opaque, ...] = ()
    foreign_keys_enforced: bool = True
    can_say: frozenset[str] = frozenset()

    @property
    def client_validates(self) -> bool:
        """Whether the client library refuses what the types of its language exclude, such as no
        value for a required field. SQLAlchemy does not, and SQLModel's table models neither."""
        return self.language != "sqlmodel"

    def model(self, name: str) -> Model | None:
        """The model whose logical name is `name`, or None (linear; `Context` has an index)."""
        return next((one for one in self.models if one.name == name), None)

    def enum(self, name: str) -> Enum | None:
        """The enum whose logical name is `name`, or None."""
        return next((one for one in self.enums if one.name == name), None)
