"""What the models declare, for no database in particular: tables, columns, types, constraints.

`emit.py` makes of these the DDL that SQLAlchemy would emit for one database, as the statements of
`schemalint.loaders.sql`, which build the common AST: so a model and its DDL read the same.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.client_claims import FieldClaims, ModelClaims
from schemalint.loaders.sqlmodel.values import Value
from schemalint.model import Action
from schemalint.source import Span


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Anything declared; `span` covers its declaration. `only_on` names the databases (SQLAlchemy's
    names) that alone get it (`ddl_if`); None: all do."""

    span: Span
    only_on: tuple[str, ...] | None = None


class Gap(Draft, frozen=True, kw_only=True):
    """A part of a declaration that could not be resolved; `reason` says why, for people.
    `removes`: what is declared may not be there at all, see `model.Opaque`. `of_null`: nothing but
    this annotation says whether the column takes NULL. `refused`: it is plain to read, and
    SQLAlchemy or every database refuses it."""

    reason: str
    removes: bool = False
    of_null: bool = False
    refused: bool = False


class TypeDraft(Draft, frozen=True, kw_only=True):
    """A SQLAlchemy type.

    `path` is its canonical path (`sqlalchemy.String`, `sqlalchemy.dialects.postgresql.JSONB`,
    `sqlmodel.AutoString`; `sqlalchemy.NullType` where there is none). `arguments` are those that
    shape the DDL, by name: `length`, `precision`, `scale`, `timezone`, `collation`, `as_uuid`,
    `native_uuid`, `asdecimal`, `name`, `schema`, `native_enum`, `create_constraint`,
    `native` (text: a UserDefinedType's own DDL).
    `values` are the stored values of an enum, each with its member's name; `item` is the element
    type of an array, `variants` the types that replace this one on a dialect (SQLAlchemy's dialect
    name: `postgresql`, `sqlite`, `mysql`). `binds` are a decorator's method that makes of a
    program's value what is stored, and the decorator itself. `utc` is SQLModel's own time type of
    0.0.45 and later. `gaps` are what is not known of it on some databases.
    """

    path: str
    arguments: dict[str, str | int | bool | None] = {}
    values: tuple[tuple[str, str, Span], ...] = ()
    enum: str | None = None
    enum_span: Span | None = None
    item: TypeDraft | None = None
    variants: dict[str, TypeDraft] = {}
    dimensions: int = 1
    utc: bool = False
    binds: tuple[Value, Value] | None = None
    gaps: tuple[Gap, ...] = ()


class DefaultDraft(Draft, frozen=True, kw_only=True):
    """A default of the client: `kind` and `text` as in `model.Default`."""

    kind: Literal["literal", "now", "function", "expression"]
    text: str
    value: str | None = None


class ServerDefault(Draft, frozen=True, kw_only=True):
    """DEFAULT in the DDL: `sql` as SQLAlchemy renders it on PostgreSQL. `raw`: it is text that was
    written as such, which is the same on every database, but for those (SQLAlchemy's names) that
    `variants` has another one for. None: only those have one."""

    sql: str | None
    raw: bool = False
    variants: dict[str, str] = {}


class ForeignKeyDraft(Draft, frozen=True, kw_only=True):
    """`columns` of this table refer to `targets` (`table.column`, or `schema.table.column`)."""

    columns: tuple[str, ...]
    targets: tuple[str, ...]
    name: str | None = None
    on_delete: Action | None = None
    on_update: Action | None = None
    on_delete_span: Span | None = None
    on_update_span: Span | None = None
    deferrable: Literal["immediate", "deferred"] | None = None
    match: Literal["simple", "full"] = "simple"


class KeyMember(Draft, frozen=True, kw_only=True):
    """A member of a constraint or an index: a physical column name, or an SQL expression.

    `operator_class` is PostgreSQL's alone. `length`, by SQLAlchemy's name of the dialect, is how
    many characters count (`mysql_length`).
    """

    column: str | None = None
    expression: str | None = None
    descending: bool = False
    operator_class: str | None = None
    length: dict[str, int] = {}


class UniqueDraft(Draft, frozen=True, kw_only=True):
    """UniqueConstraint, or `unique=True` on a column."""

    members: tuple[KeyMember, ...]
    name: str | None = None
    nulls: Literal["distinct", "equal"] = "distinct"
    deferrable: Literal["immediate", "deferred"] | None = None


class IndexDraft(Draft, frozen=True, kw_only=True):
    """Index, or `index=True` on a column. `where` by dialect (`postgresql_where` ...), as SQL.

    `mysql_type` is what MySQL makes of it (`fulltext`, `spatial`), None for the usual.
    """

    members: tuple[KeyMember, ...]
    name: str | None = None
    unique: bool = False
    where: dict[str, str] = {}
    type: str = "btree"
    mysql_type: str | None = None
    nulls: Literal["distinct", "equal"] = "distinct"


class CheckDraft(Draft, frozen=True, kw_only=True):
    """CheckConstraint: `sql` is its condition, over physical names."""

    sql: str
    name: str | None = None


class ExclusionDraft(Draft, frozen=True, kw_only=True):
    """PostgreSQL's ExcludeConstraint; `type` is the access method of its index."""

    members: tuple[KeyMember, ...]
    operators: tuple[str, ...]
    name: str | None = None
    where: str | None = None
    type: str = "gist"
    deferrable: Literal["immediate", "deferred"] | None = None


IdentityKind = Literal["by default", "always"]


class ColumnDraft(Draft, frozen=True, kw_only=True):
    """One column.

    `attribute` is the name in the class, `column` that in the database. `client_nullable` is what
    the annotation says. `primary_key`, `nullable` and the like are what the Column has at run time.
    `gaps` are what could not be resolved of it: rules over the column are then `unknown`.
    """

    attribute: str
    column: str
    name_span: Span
    type: TypeDraft
    nullable: bool
    client_nullable: bool
    primary_key: bool = False
    autoincrement: bool | Literal["auto"] = "auto"
    identity: IdentityKind | None = None
    computed: str | None = None
    computed_stored: bool = False
    unique: bool = False
    index: bool = False
    key_span: Span | None = None  # of `primary_key=True`, `unique=True` or `index=True`
    nullable_span: Span | None = None
    type_span: Span | None = None
    foreign_keys: tuple[ForeignKeyDraft, ...] = ()
    default: DefaultDraft | None = None
    server_default: ServerDefault | None = None
    on_update: Span | None = None  # of a client's `onupdate=`
    comment: str | None = None
    doc: str | None = None
    claims: FieldClaims = FieldClaims()
    gaps: tuple[Gap, ...] = ()


class RelationDraft(Draft, frozen=True, kw_only=True):
    """A navigation attribute. `target` is a class's name; `secondary` a link table's own.

    `from_parent` tells, of a table that refers to itself, that the key is that of the other rows.
    """

    name: str
    name_span: Span
    target: str
    many: bool
    nullable: bool
    back: str | None = None
    secondary: str | None = None
    foreign_keys: tuple[str, ...] = ()
    from_parent: bool = False


class TableDraft(Draft, frozen=True, kw_only=True):
    """One table, in the order of its columns at run time.

    `name` is the class's (or the table's own, for a plain `Table`); `head_span` covers
    `class Name`. `primary_key` names the constraint where it is written (`PrimaryKeyConstraint`).
    `schema_untold`: its MetaData puts it into a schema that could not be told.
    `conventions` is the metadata's naming convention by key (`ix`, `uq`, `ck`, `fk`, `pk`).
    `options` are those of a dialect (`sqlite_strict`, `mysql_engine`), as far as they matter.
    """

    name: str
    table: str
    name_span: Span
    head_span: Span
    schema: str | None = None
    schema_untold: bool = False
    columns: tuple[ColumnDraft, ...] = ()
    primary_key: tuple[str, ...] = ()
    primary_key_name: str | None = None
    primary_key_span: Span | None = None
    uniques: tuple[UniqueDraft, ...] = ()
    indexes: tuple[IndexDraft, ...] = ()
    foreign_keys: tuple[ForeignKeyDraft, ...] = ()
    checks: tuple[CheckDraft, ...] = ()
    exclusions: tuple[ExclusionDraft, ...] = ()
    relations: tuple[RelationDraft, ...] = ()
    conventions: dict[str, str] = {}
    options: dict[str, str | bool] = {}
    comment: str | None = None
    doc: str | None = None
    claims: ModelClaims = ModelClaims()
    gaps: tuple[Gap, ...] = ()


class StatementDraft(Draft, frozen=True, kw_only=True):
    """SQL that a listener runs before the tables are created, or behind; `span` is the text's.

    `filled`: its `%` are filled in as `DDL(...)` does, with the name of `table` in its `schema`,
    where the listener is one of a table, and with `context`.
    `imported`: by a module that declares tables; any other may be about tables that are not here.
    """

    sql: str
    before: bool = False
    filled: bool = False
    table: str | None = None
    schema: str | None = None
    context: tuple[tuple[str, str], ...] = ()
    imported: bool = True
