"""What a catalog holds: types, tables, columns and triggers, as the statements left them.

Keys, checks and foreign keys are those of the common AST already; columns are not, because what
they amount to depends on types and domains that later statements may still change.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.loaders.sql.clauses import (
    Bound,
    CheckClause,
    GeneratedClause,
    Name,
    Sql,
    TypeName,
)
from schemalint.loaders.sql.statements import CreateTrigger
from schemalint.model import Check, Exclusion, ForeignKey, Grant, Index, KeyPart, PrimaryKey, Unique
from schemalint.source import Span


class UserType(msgspec.Struct):
    """A type of the schema's own; columns hold the object itself, so that they follow a rename.

    `kind` is `enum` (then `values` are its values), `domain` (then `base` and what stands below
    it) or `other` (composite, range, base types). `tables` are those that have had a column of it,
    by identity.
    """

    name: str
    schema: str | None
    span: Span
    name_span: Span
    kind: Literal["enum", "domain", "other"]
    values: list[Name] = []
    base: TypeName | None = None
    base_type: UserType | None = None
    not_null: Span | None = None
    default: Sql | None = None
    default_span: Span | None = None
    collation: str | None = None
    checks: list[CheckClause] = []
    comment: str | None = None
    tables: dict[int, Table] = {}


class Column(msgspec.Struct):
    """A column as the statements left it; `nullable` and `default` are its own, not its domain's.

    `type` is None where SQLite has none. `counts` is what makes it count up: a serial type, an
    identity clause, AUTO_INCREMENT; `always` and `reused` are as in `Default`. `inherited`: it
    comes from a parent table and goes with the parent's. `checks` are MariaDB's column checks,
    which live and die with the definition of the column. `computed`: a query works it out, and only
    its type is known. `default_types` are the types that the column had when its default was
    written, of which PostgreSQL casts it to what the column is now.
    """

    name: str
    span: Span
    name_span: Span
    type: TypeName | None
    user_type: UserType | None = None
    nullable: bool = True
    nullable_span: Span | None = None
    default: Sql | None = None
    default_span: Span | None = None
    default_types: list[UserType] = []
    generated: GeneratedClause | None = None
    counts: Span | None = None
    always: bool = False
    reused: bool = False
    collation: str | None = None
    renews: bool = False
    comment: str | None = None
    checks: list[Check] = []
    inherited: bool = False
    computed: bool = False


class TableTrigger(msgspec.Struct):
    """A trigger of a table; what it does is found out at the end, when its function is final."""

    statement: CreateTrigger
    enabled: bool = True


class Table(msgspec.Struct, eq=False):
    """A table or a view.

    `implied` names MySQL's indexes that exist only because a foreign key needs them,
    `own_checks` the checks that PostgreSQL's inheriting tables do not get (NO INHERIT);
    `view_query` is a view's SELECT, `view_names` every name in it, folded, and `sources` the tables
    and views that it reads. `muted` names, folded, triggers of the whole that are switched off in
    this part, and `bound` says which rows of the whole it has. `more_columns`: it has some that
    could not be told from its query.
    `filled`: rows may have been put in, as far as the statements tell.
    `children` have had this table for a parent or a whole, `readers` for a source. `names` are the
    constraints' names, None where they have to be collected anew.
    """

    name: str
    schema: str | None
    span: Span
    name_span: Span
    kind: Literal["model", "view"] = "model"
    columns: dict[str, Column] = {}
    primary_key: PrimaryKey | None = None
    uniques: list[Unique] = []
    indexes: list[Index] = []
    foreign_keys: list[ForeignKey] = []
    checks: list[Check] = []
    exclusions: list[Exclusion] = []
    triggers: dict[str, TableTrigger] = {}
    muted: set[str] = set()
    grants: list[Grant] = []
    implied: set[str] = set()
    own_checks: set[str | None] = set()
    view_query: Sql | None = None
    view_names: frozenset[str] = frozenset()
    sources: list[Table] = []
    more_columns: bool = False
    engine: str | None = None
    collation: str | None = None
    comment: str | None = None
    strict: bool = False
    without_rowid: bool = False
    partition_by: str | None = None
    partition_key: tuple[KeyPart, ...] = ()
    parents: list[Table] = []
    partition_of: Table | None = None
    bound: Bound | None = None
    children: list[Table] = []
    readers: list[Table] = []
    filled: bool = False
    names: set[str] | None = None
