"""What stands on a table beside its columns: keys, indexes, constraints, triggers, grants.

Part of the common AST: import them from `schemalint.model`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.source import Span
from schemalint.vocabulary import Action, Layer


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
    `validated` is false where rows that were stored before it may point nowhere, since nobody ever
    looked (NOT VALID, SQL Server's WITH NOCHECK, case F26); new ones may not. `validated_span` is
    what added it so, where that is not `span` (a migration under a Prisma schema).
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
    validated: bool = True
    validated_span: Span | None = None


class Check(msgspec.Struct, frozen=True, gc=False):
    """A CHECK: rows for which `expression` (SQL, physical names) is false are refused; NULL passes.

    `enforced` is false for NOT ENFORCED; `layer` is `client` for validation in the ORM.
    `validated` is false where rows that were stored before it may break it, since nobody ever
    looked (NOT VALID, SQL Server's WITH NOCHECK, case E13d); new and changed ones may not (E13c).
    """

    name: str | None
    expression: str
    span: Span
    enforced: bool = True
    layer: Layer = Layer.DATABASE
    validated: bool = True


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
