"""The clauses of DDL: names, types, what stands in a column or a table. One struct each.

For all dialects together. Names are canonical: folded as the dialect folds an unquoted name
(PostgreSQL: to lower case), without their quotes. Expressions stay SQL text with its place;
`schemalint.condition` reads them where a rule needs it. Words that the grammar does not know are
kept as `UnknownClause`: nothing is dropped.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.model import Action, KeyPart
from schemalint.source import Span

Deferrable = Literal["immediate", "deferred"]
OnConflict = Literal["replace", "ignore"]


class Node(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Anything that stands somewhere: `span` covers all of it."""

    span: Span


class Name(Node, frozen=True, gc=False):
    """A name as the database knows it."""

    text: str


class TableName(Node, frozen=True, gc=False):
    """`[schema.]name`; `schema` is None where none is written."""

    name: str
    schema: str | None = None


class Sql(Node, frozen=True, gc=False):
    """An expression or a body, as it was written, without the parentheses around it."""

    text: str


class TypeName(Node, frozen=True, gc=False):
    """A column's type.

    `name` is the type's words in upper case for a built-in one (`VARCHAR`, `DOUBLE PRECISION`,
    `TIMESTAMP WITH TIME ZONE`), else the canonical name of a type of the schema's own (an enum,
    a domain; `user` is then true for a quoted or qualified name that cannot be a built-in one).
    `arguments` are what stands in parentheses (`("10", "2")`); `values` those of a MySQL ENUM or
    SET, decoded. `dimensions` counts `[]`. `text` is the type as written, in single blanks.
    """

    name: str
    text: str
    schema: str | None = None
    user: bool = False
    arguments: tuple[str, ...] = ()
    values: tuple[Name, ...] = ()
    dimensions: int = 0
    unsigned: bool = False


# -- clauses of a column -----------------------------------------------------------------------


class NullClause(Node, frozen=True, gc=False):
    """NOT NULL (`nullable` false) or NULL."""

    nullable: bool
    on_conflict: OnConflict | None = None


class DefaultClause(Node, frozen=True, gc=False):
    """DEFAULT `expression`."""

    expression: Sql


class GeneratedClause(Node, frozen=True, gc=False):
    """GENERATED ALWAYS AS (`expression`), or `AS (expression)`."""

    expression: Sql
    stored: bool


class IdentityClause(Node, frozen=True, gc=False):
    """GENERATED ... AS IDENTITY, AUTO_INCREMENT, AUTOINCREMENT, IDENTITY(1, 1).

    `always`: a writer cannot simply supply a value (PostgreSQL's GENERATED ALWAYS).
    """

    always: bool = False


class CollateClause(Node, frozen=True, gc=False):
    """COLLATE `collation`, on a column, or CHARACTER SET ... COLLATE."""

    collation: str


class OnUpdateNow(Node, frozen=True, gc=False):
    """MySQL's ON UPDATE CURRENT_TIMESTAMP."""


class CommentClause(Node, frozen=True, gc=False):
    """COMMENT 'text', decoded."""

    text: str


class UnknownClause(Node, frozen=True, gc=False):
    """Words of a column, a table or an ALTER that the grammar does not know."""

    reason: str


# -- constraints ----------------------------------------------------------------------------------


class PrimaryKeyClause(Node, frozen=True, gc=False):
    """PRIMARY KEY, of a table, or of a column (`parts` is then that column).

    `index` names an existing index that becomes the key (ADD CONSTRAINT ... USING INDEX); `parts`
    is then empty. `descending_rowid` is SQLite's INTEGER PRIMARY KEY DESC, which is no row id.
    """

    parts: tuple[KeyPart, ...]
    name: str | None = None
    deferrable: Deferrable | None = None
    on_conflict: OnConflict | None = None
    index: str | None = None
    descending_rowid: bool = False


class UniqueClause(Node, frozen=True, gc=False):
    """UNIQUE, of a table or a column, and MySQL's UNIQUE KEY."""

    parts: tuple[KeyPart, ...]
    name: str | None = None
    nulls: Literal["distinct", "equal"] = "distinct"
    deferrable: Deferrable | None = None
    on_conflict: OnConflict | None = None
    index: str | None = None


class ForeignKeyClause(Node, frozen=True, gc=False):
    """FOREIGN KEY ... REFERENCES, of a table or a column.

    `columns` is the column itself for a column's REFERENCES, where `inline` is then true;
    `references` is empty where none are written (the parent's primary key). `validated` is false
    where stored rows are not looked at: NOT VALID, and SQL Server's WITH NOCHECK before it.
    """

    columns: tuple[Name, ...]
    table: TableName
    references: tuple[Name, ...]
    name: str | None = None
    on_delete: Action | None = None
    on_update: Action | None = None
    on_delete_span: Span | None = None
    on_update_span: Span | None = None
    set_columns: tuple[str, ...] = ()
    match: Literal["simple", "full", "partial"] = "simple"
    deferrable: Deferrable | None = None
    enforced: bool = True
    validated: bool = True
    inline: bool = False


class CheckClause(Node, frozen=True, gc=False):
    """CHECK (`expression`), of a table or a column; `inherited` is false for NO INHERIT, and
    `validated` as a `ForeignKeyClause`'s."""

    expression: Sql
    name: str | None = None
    enforced: bool = True
    validated: bool = True
    inherited: bool = True


class ExclusionClause(Node, frozen=True, gc=False):
    """EXCLUDE USING `type` (part WITH operator, ...) WHERE (`where`)."""

    parts: tuple[KeyPart, ...]
    operators: tuple[str, ...]
    name: str | None = None
    where: Sql | None = None
    deferrable: Deferrable | None = None
    type: str = "gist"


class LikeClause(Node, frozen=True, gc=False):
    """LIKE `table` inside CREATE TABLE, or MySQL's CREATE TABLE ... LIKE, which takes all.

    `including` lists what INCLUDING names, in lower case ("all", "constraints", "indexes",
    "defaults", "generated", "identity", "comments"), what EXCLUDING takes back left out.
    """

    table: TableName
    including: tuple[str, ...] = ()


class IndexClause(Node, frozen=True, gc=False):
    """MySQL's KEY or INDEX inside a table. `type` as in `model.Index`."""

    name: str | None
    parts: tuple[KeyPart, ...]
    where: Sql | None = None
    type: str = "btree"


Constraint = (
    PrimaryKeyClause | UniqueClause | ForeignKeyClause | CheckClause | ExclusionClause | IndexClause
)
ColumnClause = (
    NullClause
    | DefaultClause
    | GeneratedClause
    | IdentityClause
    | CollateClause
    | OnUpdateNow
    | CommentClause
    | PrimaryKeyClause
    | UniqueClause
    | ForeignKeyClause
    | CheckClause
    | UnknownClause
)


class Column(Node, frozen=True, gc=False):
    """A column's definition. `type` is None where SQLite has none."""

    name: Name
    type: TypeName | None
    clauses: tuple[ColumnClause, ...] = ()


Element = Column | Constraint | LikeClause | UnknownClause


class Bound(Node, frozen=True, gc=False):
    """Which rows a partition takes: `values` of a list (`in`), from `values` up to `upper` of a
    `range`, those that no other takes (`default`), or what is not modelled (`other`)."""

    kind: Literal["in", "range", "default", "other"]
    values: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()


class TableOptions(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What stands behind a table's elements, as far as it matters to rows."""

    engine: str | None = None
    collation: str | None = None
    comment: str | None = None
    strict: bool = False
    without_rowid: bool = False
    partition_by: str | None = None
    partition_key: tuple[KeyPart, ...] = ()
