"""The statements of DDL: what the grammar gives and the replay takes. One struct each.

For all dialects together; see `clauses.py` for what they are made of. A statement that the
grammar cannot read is `NotUnderstood`, one that is known to say nothing about what rows a table
can hold is `Ignored`: nothing is dropped.
"""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import (
    Bound,
    CheckClause,
    CollateClause,
    Column,
    Constraint,
    DefaultClause,
    Deferrable,
    Element,
    IdentityClause,
    Name,
    Node,
    NullClause,
    Sql,
    TableName,
    TableOptions,
    TypeName,
    UnknownClause,
)
from schemalint.loaders.sql.listed_by_catalog import CatalogLoop
from schemalint.loaders.sql.session_statements import (
    DatabaseCollation,
    ForeignKeyChecks,
    Pragma,
    SetSearchPath,
)
from schemalint.model import KeyPart
from schemalint.source import Span


class CreateTable(Node, frozen=True, gc=False):
    """CREATE TABLE. `query` is the SELECT of CREATE TABLE ... AS.

    MySQL's LIKE is a `LikeClause` among the elements. `replace`: MariaDB's OR REPLACE, which drops
    a table of that name first.
    """

    table: TableName
    elements: tuple[Element, ...] = ()
    options: TableOptions = TableOptions()
    if_not_exists: bool = False
    replace: bool = False
    temporary: bool = False
    inherits: tuple[TableName, ...] = ()
    partition_of: TableName | None = None
    bound: Bound | None = None
    query: Sql | None = None


class AddColumn(Node, frozen=True, gc=False):
    column: Column
    if_not_exists: bool = False


class DropColumn(Node, frozen=True, gc=False):
    column: str
    if_exists: bool = False
    cascade: bool = False


class ModifyColumn(Node, frozen=True, gc=False):
    """MySQL's MODIFY or CHANGE: the column `column` is defined anew."""

    column: str
    definition: Column


class AlterType(Node, frozen=True, gc=False):
    """ALTER COLUMN ... TYPE; `nullable` where T-SQL's ALTER COLUMN says it too."""

    column: str
    type: TypeName
    collation: str | None = None
    nullable: bool | None = None


class AlterNull(Node, frozen=True, gc=False):
    """ALTER COLUMN ... SET NOT NULL (`nullable` false) or DROP NOT NULL."""

    column: str
    nullable: bool


class AlterDefault(Node, frozen=True, gc=False):
    """ALTER COLUMN ... SET DEFAULT, or DROP DEFAULT (`expression` None)."""

    column: str
    expression: Sql | None


class AlterGenerated(Node, frozen=True, gc=False):
    """ALTER COLUMN ... DROP EXPRESSION (`expression` None) or SET EXPRESSION."""

    column: str
    expression: Sql | None


class AlterIdentity(Node, frozen=True, gc=False):
    """ALTER COLUMN ... ADD GENERATED AS IDENTITY or SET GENERATED, or DROP IDENTITY (None)."""

    column: str
    identity: IdentityClause | None


class AddConstraint(Node, frozen=True, gc=False):
    constraint: Constraint


class DropConstraint(Node, frozen=True, gc=False):
    """DROP CONSTRAINT `name`; `kind` where MySQL names it (its primary key has no name)."""

    name: str | None
    kind: Literal["constraint", "primary key", "foreign key", "check", "index"] = "constraint"
    if_exists: bool = False
    cascade: bool = False


class AlterConstraint(Node, frozen=True, gc=False):
    """ALTER CONSTRAINT (or MySQL's ALTER CHECK): what it sets anew, None where it says nothing.

    `validated` where stored rows are looked at, or have not been while it was switched off."""

    name: str
    enforced: bool | None = None
    validated: bool | None = None
    deferrable: Deferrable | Literal["not"] | None = None


class ValidateConstraint(Node, frozen=True, gc=False):
    """PostgreSQL's VALIDATE CONSTRAINT, which looks at the rows that NOT VALID has spared."""

    name: str


class RenameTable(Node, frozen=True, gc=False):
    name: TableName


class RenameColumn(Node, frozen=True, gc=False):
    column: str
    name: Name


class RenameConstraint(Node, frozen=True, gc=False):
    """RENAME CONSTRAINT or RENAME INDEX."""

    constraint: str
    name: str


class SetSchema(Node, frozen=True, gc=False):
    schema: str


class SetOptions(Node, frozen=True, gc=False):
    """ENGINE = ..., COMMENT = ..., COLLATE = ...

    `convert` is CONVERT TO CHARACTER SET, which gives the collation to the columns that are there,
    and not only to those that will be added.
    """

    options: TableOptions
    convert: bool = False


class EnableTrigger(Node, frozen=True, gc=False):
    """ENABLE or DISABLE TRIGGER; `trigger` None for ALL or USER."""

    trigger: str | None
    enabled: bool


class RenameTrigger(Node, frozen=True, gc=False):
    """PostgreSQL's ALTER TRIGGER `trigger` ON ... RENAME TO `name`."""

    trigger: str
    name: Name


class AttachPartition(Node, frozen=True, gc=False):
    """ATTACH PARTITION `partition` (or DETACH, `attached` false); `bound` says for which rows."""

    partition: TableName
    bound: Bound | None = None
    attached: bool = True


class SetInherit(Node, frozen=True, gc=False):
    """INHERIT `parent`, or NO INHERIT (`inherits` false)."""

    parent: TableName
    inherits: bool = True


AlterAction = (
    AddColumn
    | DropColumn
    | ModifyColumn
    | AlterType
    | AlterNull
    | AlterDefault
    | AlterGenerated
    | AlterIdentity
    | AddConstraint
    | DropConstraint
    | AlterConstraint
    | ValidateConstraint
    | RenameTable
    | RenameColumn
    | RenameConstraint
    | SetSchema
    | SetOptions
    | EnableTrigger
    | RenameTrigger
    | AttachPartition
    | SetInherit
    | UnknownClause
)


class AlterTable(Node, frozen=True, gc=False):
    """ALTER TABLE with its actions in order; those that change nothing of interest are left out.

    MySQL's RENAME TABLE a TO b, ALTER INDEX ... RENAME and the like become this too where they
    name their table.
    """

    table: TableName
    actions: tuple[AlterAction, ...] = ()
    if_exists: bool = False


class CreateIndex(Node, frozen=True, gc=False):
    """CREATE [UNIQUE] INDEX. `type` as in `model.Index`; INCLUDE columns are no members."""

    name: str | None
    table: TableName
    parts: tuple[KeyPart, ...]
    unique: bool = False
    where: Sql | None = None
    nulls: Literal["distinct", "equal"] = "distinct"
    type: str = "btree"
    if_not_exists: bool = False


class CreateEnum(Node, frozen=True, gc=False):
    """CREATE TYPE ... AS ENUM; the values decoded."""

    type: TableName
    values: tuple[Name, ...]


class CreateType(Node, frozen=True, gc=False):
    """CREATE TYPE of another kind: composite, range, base."""

    type: TableName


class AddEnumValue(Node, frozen=True, gc=False):
    """ALTER TYPE ... ADD VALUE; `before` or `after` another one, or at the end."""

    type: TableName
    value: Name
    if_not_exists: bool = False
    before: str | None = None
    after: str | None = None


class RenameEnumValue(Node, frozen=True, gc=False):
    type: TableName
    value: str
    name: Name


class RenameType(Node, frozen=True, gc=False):
    """ALTER TYPE or ALTER DOMAIN ... RENAME TO (or SET SCHEMA)."""

    type: TableName
    name: TableName


class CreateDomain(Node, frozen=True, gc=False):
    """CREATE DOMAIN; checks speak of VALUE."""

    domain: TableName
    type: TypeName
    clauses: tuple[
        NullClause | DefaultClause | CollateClause | CheckClause | UnknownClause, ...
    ] = ()


class AlterDomain(Node, frozen=True, gc=False):
    """ALTER DOMAIN: exactly one of the fields is given. `drop` is a constraint's name."""

    domain: TableName
    check: CheckClause | None = None
    null: NullClause | None = None
    default: DefaultClause | None = None
    drop: str | None = None
    drop_default: bool = False


class CreateView(Node, frozen=True, gc=False):
    """CREATE [MATERIALIZED] VIEW; `columns` where they are listed."""

    view: TableName
    query: Sql
    columns: tuple[Name, ...] = ()
    replace: bool = False
    materialized: bool = False
    if_not_exists: bool = False


class CreateFunction(Node, frozen=True, gc=False):
    """CREATE FUNCTION or PROCEDURE. `returns` in lower case; `body` without its quotes."""

    function: TableName
    returns: str
    language: str
    body: Sql
    replace: bool = False


class RenameFunction(Node, frozen=True, gc=False):
    """ALTER FUNCTION ... RENAME TO or SET SCHEMA; `typed` where types of arguments are named, which
    no trigger's function has."""

    function: TableName
    name: TableName
    typed: bool = False


class CreateTrigger(Node, frozen=True, gc=False):
    """CREATE TRIGGER: with a `body`, or with the name of a `function` (PostgreSQL).

    `arguments` are those of the function, decoded.
    """

    name: str
    table: TableName
    timing: Literal["before", "after", "instead of"]
    events: tuple[Literal["insert", "update", "delete", "truncate"], ...]
    columns: tuple[Name, ...] = ()
    for_each: Literal["row", "statement"] = "row"
    when: Sql | None = None
    function: TableName | None = None
    arguments: tuple[str, ...] = ()
    body: Sql | None = None
    replace: bool = False
    if_not_exists: bool = False
    constraint: bool = False


class Drop(Node, frozen=True, gc=False):
    """DROP of objects: `table` is the table that a trigger or MySQL's index is of, `typed` are the
    functions of which types of arguments are named."""

    kind: Literal[
        "table", "view", "index", "type", "domain", "trigger", "function", "schema", "sequence"
    ]
    names: tuple[TableName, ...]
    table: TableName | None = None
    if_exists: bool = False
    cascade: bool = False
    typed: tuple[TableName, ...] = ()


class RenameIndex(Node, frozen=True, gc=False):
    """ALTER INDEX ... RENAME TO, which names no table."""

    index: TableName
    name: str


class Comment(Node, frozen=True, gc=False):
    """COMMENT ON a table, column, type ...: `text` None takes it away; `column` for a column."""

    kind: Literal["table", "column", "type", "other"]
    target: TableName
    column: str | None = None
    text: str | None = None


class GrantStatement(Node, frozen=True, gc=False):
    """GRANT or REVOKE on tables, once for all of `tables` and `roles`; privileges in lower case."""

    privileges: tuple[str, ...]
    tables: tuple[TableName, ...]
    roles: tuple[str, ...]
    columns: tuple[str, ...] = ()
    granted: bool = True


class CreateCollation(Node, frozen=True, gc=False):
    """PostgreSQL's CREATE COLLATION: a name for one that compares as `meaning` does, which is the
    name of one that is there, or ICU's locale where different texts can be equal."""

    name: TableName
    meaning: str
    if_not_exists: bool = False


class Reindex(Node, frozen=True, gc=False):
    """PostgreSQL's REINDEX TABLE, which refuses to go on where an index would not hold."""

    table: TableName


class Block(Node, frozen=True, gc=False):
    """PostgreSQL's DO, or MySQL's CALL or EXECUTE, where what is run is DDL that can be replayed.

    `guarded`: an exception handler lets errors such as duplicate_object pass, so that a statement
    which cannot be replayed is skipped without a word; `asked`: IF asks first whether it can be
    run, so that those behind it are skipped too, and `otherwise` (of ELSE) is run.
    """

    statements: tuple[Statement, ...]
    guarded: bool = False
    asked: bool = False
    otherwise: tuple[Statement, ...] = ()


class Ignored(Node, frozen=True, gc=False):
    """Understood, and saying nothing about what rows a table can hold: DML, transactions, roles.

    `into` is the table that rows are put into."""

    word: str
    into: TableName | None = None


class Call(Node, frozen=True, gc=False):
    """SELECT, CALL or PL/pgSQL's PERFORM, run for what functions do that are not built in."""

    functions: tuple[TableName, ...]


class NotUnderstood(Node, frozen=True, gc=False):
    """A statement that the grammar cannot read; `reason` says why, for people.

    `tables` are those that it names, where that is all that it can touch; () for anything.
    `known` tells a kind of statement that is legal SQL and not modelled (CREATE RULE) from text
    that is at fault as far as can be told; `at` is then where reading stopped. `until_reindex`: all
    that it does is to switch indexes off or on without a look at the rows, which REINDEX mends.
    """

    reason: str
    tables: tuple[TableName, ...] = ()
    known: bool = False
    at: Span | None = None
    until_reindex: bool = False


Statement = (
    CreateTable
    | AlterTable
    | CreateIndex
    | CreateEnum
    | CreateType
    | AddEnumValue
    | RenameEnumValue
    | RenameType
    | CreateDomain
    | CreateCollation
    | DatabaseCollation
    | AlterDomain
    | CreateView
    | CreateFunction
    | RenameFunction
    | CreateTrigger
    | Drop
    | RenameIndex
    | Comment
    | GrantStatement
    | SetSearchPath
    | ForeignKeyChecks
    | Pragma
    | Reindex
    | Block
    | CatalogLoop
    | Call
    | Ignored
    | NotUnderstood
)
