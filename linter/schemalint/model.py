"""The common AST: what a database schema says, whatever language it was written in.

Loaders make it, rules read it. It holds facts, not syntax: `@unique`, `UniqueConstraint(...)` and
`CREATE UNIQUE INDEX` all become a `Unique`. Each fact carries the span that states it and the layer
that enforces it. Names come in pairs: the logical name (what a rulebook says) and the physical one
(in the database); keys, indexes and foreign keys list *physical* column names, in their order.

What a loader did not understand is an `Opaque`, so that a rule over it can answer "unknown" and not
guess. What only the client's classes say stands apart, as `claims`.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

import msgspec

from schemalint.attributes import Attribute, Block
from schemalint.client_claims import FieldClaims, ModelClaims
from schemalint.source import SourceFile, Span


class Dialect(StrEnum):
    """A database whose behaviour the tool knows."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    MARIADB = "mariadb"
    SQLSERVER = "sqlserver"
    COCKROACHDB = "cockroachdb"
    MONGODB = "mongodb"


class Layer(StrEnum):
    """Who enforces a fact. `DATABASE` holds for every writer, `CLIENT` for those that go
    through the ORM (or that turn a check on for their connection), `SERVICE` for the
    service's own code alone.
    """

    DATABASE = "database"
    CLIENT = "client"
    SERVICE = "service"

    @property
    def strength(self) -> int:
        """3 for the database down to 1 for the service: a stronger layer has a greater number."""
        return {Layer.DATABASE: 3, Layer.CLIENT: 2, Layer.SERVICE: 1}[self]


class ScalarType(StrEnum):
    """The AST's own few types. A native type may narrow one: see `Field.native`."""

    STRING = "string"
    INT = "int"
    BIGINT = "bigint"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    JSON = "json"
    BYTES = "bytes"
    UUID = "uuid"
    ENUM = "enum"
    COMPOSITE = "composite"
    UNSUPPORTED = "unsupported"


class Action(StrEnum):
    """What a foreign key does to its rows when their parent is deleted or re-keyed."""

    CASCADE = "cascade"
    RESTRICT = "restrict"
    NO_ACTION = "no action"
    SET_NULL = "set null"
    SET_DEFAULT = "set default"


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


# -- keys, indexes, checks, triggers ---------------------------------------------------------


class KeyPart(msgspec.Struct, frozen=True, gc=False):
    """One member of a key or index: a column or an expression (exactly one of them).

    `length` is a MySQL prefix length: only so many characters count. `span` covers the
    member where it is named, or the whole constraint where it is implied.
    """

    span: Span
    column: str | None = None
    expression: str | None = None
    descending: bool = False
    length: int | None = None
    operator_class: str | None = None
    collation: str | None = None


class _Keyed(msgspec.Struct, frozen=True, gc=False):
    """What keys and indexes share. `name` is the name in the database, None if it has none."""

    name: str | None
    parts: tuple[KeyPart, ...]
    span: Span

    @property
    def columns(self) -> tuple[str, ...]:
        """The member columns in order, physical names; expressions are left out."""
        return tuple([part.column for part in self.parts if part.column is not None])

    @property
    def expressions(self) -> tuple[str, ...]:
        """The member expressions in order, as SQL."""
        return tuple([part.expression for part in self.parts if part.expression is not None])


class PrimaryKey(_Keyed, frozen=True, gc=False):
    """The primary key: unique, and NOT NULL unless a field of it is nullable (SQLite)."""

    layer: Layer = Layer.DATABASE
    deferrable: Literal["immediate", "deferred"] | None = None


class Unique(_Keyed, frozen=True, gc=False):
    """Two rows never agree on all parts (of the rows that satisfy `where`, if given).

    `where` is the predicate as SQL over physical names. `nulls` tells whether two NULLs
    agree. `ignore_case`: every text member is compared without regard to letter case.
    `index`: it exists as an index and not as a constraint. `deferrable`: checked at commit.
    """

    where: str | None = None
    where_span: Span | None = None
    nulls: Literal["distinct", "equal"] = "distinct"
    ignore_case: bool = False
    layer: Layer = Layer.DATABASE
    index: bool = True
    deferrable: Literal["immediate", "deferred"] | None = None


class Index(_Keyed, frozen=True, gc=False):
    """An access path that forbids nothing. `type` is btree, hash, gin, gist, brin, fulltext ..."""

    where: str | None = None
    where_span: Span | None = None
    type: str = "btree"


class ForeignKey(msgspec.Struct, frozen=True, gc=False):
    """`columns` of this table name a row of `table` by its columns `references`.

    `model` is the target's logical name. `on_delete` and `on_update` are what the database
    will do, defaults filled in; the spans are those of the written action, else None.
    `set_columns` lists the columns that SET NULL or SET DEFAULT touches, if not all.
    `layer` is `client` where the database does not check (relationMode = "prisma", or
    SQLite's keys, which each connection has to switch on). `enforced` is false where nobody
    does: NOT ENFORCED, a MySQL engine without them (F04e), SQLAlchemy's to another SQLite database.
    """

    name: str | None
    columns: tuple[str, ...]
    table: str
    model: str
    references: tuple[str, ...]
    span: Span
    on_delete: Action = Action.NO_ACTION
    on_update: Action = Action.NO_ACTION
    on_delete_span: Span | None = None
    on_update_span: Span | None = None
    match: Literal["simple", "full"] = "simple"
    deferrable: Literal["immediate", "deferred"] | None = None
    set_columns: tuple[str, ...] = ()
    schema: str | None = None
    layer: Layer = Layer.DATABASE
    enforced: bool = True


class Check(msgspec.Struct, frozen=True, gc=False):
    """A CHECK: rows for which `expression` (SQL, physical names) is false are refused; NULL passes.

    `enforced` is false for NOT ENFORCED; `layer` is `client` for validation in the ORM.
    """

    name: str | None
    expression: str
    span: Span
    enforced: bool = True
    layer: Layer = Layer.DATABASE


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """A trigger, as far as it was understood.

    `columns` restrict an UPDATE trigger (UPDATE OF). `when` is its SQL condition, over OLD
    and NEW; where that is false or NULL, nothing happens. `effect` says what happens else:
    `raises` always refuses; `raises-if` refuses exactly where `condition` (SQL over OLD and NEW)
    is true; `skips` drops the change without an error (PostgreSQL's RETURN NULL in a BEFORE
    trigger, case X10), `skips-if` does so where `condition` is true; `sets` gives columns of NEW
    the values of `assigns`; `nothing` neither refuses nor changes the row (a warning, an entry in
    a log); `opaque` is not understood. A body that does several of these is `opaque`, except that
    `raises` and `raises-if` may also write to other tables. `writes` are the tables (physical
    names) that the body inserts into, updates or deletes from; `enabled` is false after DISABLE.
    """

    name: str
    timing: Literal["before", "after", "instead of"]
    events: tuple[Literal["insert", "update", "delete", "truncate"], ...]
    span: Span
    effect: Literal["raises", "raises-if", "skips", "skips-if", "sets", "nothing", "opaque"] = (
        "opaque"
    )
    columns: tuple[str, ...] = ()
    when: str | None = None
    condition: str | None = None
    assigns: tuple[tuple[str, str], ...] = ()
    writes: tuple[str, ...] = ()
    body: str = ""
    for_each: Literal["row", "statement"] = "row"
    enabled: bool = True


class Exclusion(msgspec.Struct, frozen=True, gc=False):
    """An EXCLUDE constraint: no two rows for which every (part, operator) pair holds.

    `type` is the access method of its index, `deferrable` as a `Unique`'s.
    """

    name: str | None
    parts: tuple[KeyPart, ...]
    operators: tuple[str, ...]
    span: Span
    where: str | None = None
    type: str = "gist"
    deferrable: Literal["immediate", "deferred"] | None = None


class Grant(msgspec.Struct, frozen=True, gc=False):
    """GRANT (or REVOKE, `granted` false) of `privileges` on a table, or on `columns` of it."""

    privileges: tuple[str, ...]
    role: str
    span: Span
    columns: tuple[str, ...] = ()
    granted: bool = True


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
    drop a constraint), and not only add to it (a line that Prisma rejects, a trigger's body).
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
