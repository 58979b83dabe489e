"""Columns: defined, added, changed and dropped."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    CollateClause,
    CommentClause,
    DefaultClause,
    ForeignKeyClause,
    GeneratedClause,
    IdentityClause,
    NullClause,
    OnUpdateNow,
    PrimaryKeyClause,
    TableName,
    TypeName,
    UniqueClause,
)
from schemalint.loaders.sql.clauses import Column as Definition
from schemalint.loaders.sql.entries import Column, Table, UserType
from schemalint.loaders.sql.replay import constraints
from schemalint.loaders.sql.replay.dropped_columns import drop_column
from schemalint.loaders.sql.replay.foreign_keys import refuse_collation
from schemalint.loaders.sql.replay.keys import Added, rank
from schemalint.loaders.sql.replay.renames import rename_column
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import (
    AddColumn,
    AlterDefault,
    AlterGenerated,
    AlterIdentity,
    AlterNull,
    AlterType,
    DropColumn,
    ModifyColumn,
    RenameColumn,
)
from schemalint.model import Dialect, KeyPart
from schemalint.source import Span

_SERIALS = ("SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8")


def define(replay: Replay, table: Table, definition: Definition) -> tuple[Column, list[Added]]:
    """The column that a definition makes, and the constraints that stand in it, not yet added."""
    kind = definition.type
    column = Column(definition.name.text, definition.span, definition.name.span, kind)
    if kind is not None:
        column.user_type = user_type(replay, kind)
        if kind.name in _SERIALS and not kind.user and not replay.sqlite:  # which knows no types
            column.nullable = False
            column.counts = kind.span
    found: list[Added] = []
    if column.counts is not None and kind is not None and replay.mysql_like:  # unique as well
        part = KeyPart(kind.span, column.name)
        found.append((UniqueClause(parts=(part,), span=kind.span), column))
    for clause in definition.clauses:
        if isinstance(clause, NullClause):
            column.nullable = clause.nullable and column.counts is None
        elif isinstance(clause, DefaultClause):
            column.default, column.default_span = clause.expression, clause.span
        elif isinstance(clause, GeneratedClause):
            column.generated = clause
        elif isinstance(clause, IdentityClause):
            column.counts, column.always = clause.span, clause.always
            if not replay.sqlite:  # AUTOINCREMENT adds nothing there to INTEGER PRIMARY KEY
                column.nullable = False
        elif isinstance(clause, CollateClause):
            column.collation = clause.collation
        elif isinstance(clause, OnUpdateNow):
            column.renews = True
        elif isinstance(clause, CommentClause):
            column.comment = clause.text
        elif isinstance(clause, PrimaryKeyClause | UniqueClause | ForeignKeyClause | CheckClause):
            found.append((clause, column))
        else:
            replay.unknown_clause(clause, [table.name], removes=False)
    if replay.mysql_like:
        found = _one_key(found)
        column.collation = column.collation or table.collation
    return column, found


def _one_key(found: list[Added]) -> list[Added]:
    """MySQL makes one key of a column's PRIMARY KEY and its UNIQUE, however often they stand there
    (observed on MariaDB)."""
    keys = [clause for clause, _ in found if isinstance(clause, PrimaryKeyClause | UniqueClause)]
    kept = min(keys, key=rank, default=None)
    return [
        (clause, column)
        for clause, column in found
        if clause is kept or not isinstance(clause, PrimaryKeyClause | UniqueClause)
    ]


def user_type(replay: Replay, kind: TypeName) -> UserType | None:
    """The type of the schema's own that a type name means, or None."""
    if not replay.catalog.types:
        return None
    name = TableName(name=kind.name, schema=kind.schema, span=kind.span)
    return replay.catalog.type(name)


def add_column(replay: Replay, table: Table, action: AddColumn) -> None:
    """ADD COLUMN.

    Raises:
        RefusedError: there is such a column already.
    """
    definition = action.column
    if replay.catalog.column(table, definition.name.text) is not None:
        if action.if_not_exists:
            return
        raise RefusedError(
            f"the table `{table.name}` has a column `{definition.name.text}` already",
            definition.name.span,
            [table.name],
        )
    column, found = define(replay, table, definition)
    replay.catalog.set_column(table, column)
    for clause, _ in sorted(found, key=lambda one: rank(one[0])):
        constraints.add(replay, table, clause, column)
    for child in replay.catalog.children(table):
        if replay.catalog.column(child, column.name) is None:
            add_column(replay, child, msgspec.structs.replace(action, column=_plain(definition)))
            child.columns[replay.catalog.fold(column.name)].inherited = True


def _plain(definition: Definition) -> Definition:
    """What children inherit of a column by itself: not its keys, nor the checks, which they have
    under the names of their parent's."""
    clauses = [
        clause
        for clause in definition.clauses
        if not isinstance(clause, PrimaryKeyClause | UniqueClause | ForeignKeyClause | CheckClause)
    ]
    return msgspec.structs.replace(definition, clauses=tuple(clauses))


def remove_column(replay: Replay, table: Table, action: DropColumn) -> None:
    """DROP COLUMN, with what goes with it on this database.

    Raises:
        RefusedError: there is no such column, or something holds it there.
    """
    if action.if_exists and replay.catalog.column(table, action.column) is None:
        return
    column = replay.column(table, action.column, action.span, removes=True)
    drop_column(replay, table, column, action.span, cascade=action.cascade)
    for child in replay.catalog.descendants(table):
        inherited = replay.catalog.column(child, action.column)
        if inherited is not None and inherited.inherited:
            drop_column(replay, child, inherited, action.span, cascade=action.cascade)


def modify_column(replay: Replay, table: Table, action: ModifyColumn) -> None:
    """MySQL's MODIFY and CHANGE: the column keeps its keys and gets all else anew.

    Raises:
        RefusedError: there is no such column, the new name is taken, or a foreign key needs it
            as it is.
    """
    old = replay.column(table, action.column, action.span, removes=True)
    name = action.definition.name
    column, found = define(replay, table, action.definition)
    refuse_collation(replay, table, old, column.collation, action.span)
    if replay.catalog.fold(name.text) != replay.catalog.fold(old.name):
        rename_column(replay, table, old, name)
    key = table.primary_key
    if key is not None and column.name in key.columns:
        column.nullable = False
    replay.catalog.set_column(table, column)
    for clause, _ in found:
        constraints.add(replay, table, clause, column)


def rename(replay: Replay, table: Table, action: RenameColumn) -> None:
    """RENAME COLUMN.

    Raises:
        RefusedError: there is no such column, or the new name is taken.
    """
    column = replay.column(table, action.column, action.span, removes=True)
    old = column.name
    rename_column(replay, table, column, action.name)
    for child in replay.catalog.descendants(table):
        inherited = replay.catalog.column(child, old)
        if inherited is not None:
            rename_column(replay, child, inherited, action.name)


def alter_type(replay: Replay, table: Table, action: AlterType) -> None:
    """ALTER COLUMN ... TYPE.

    Raises:
        RefusedError: there is no such column.
    """
    for column in _everywhere(replay, table, action.column, action.span):
        left = column.user_type
        if column.default is not None and left is not None and left.kind != "domain":
            column.default_types.append(left)
        column.type = action.type
        column.user_type = user_type(replay, action.type)
        if column.user_type is not None:
            column.user_type.tables[id(table)] = table
        column.collation = action.collation
        if column.counts is not None and not _by_identity(column):
            column.counts = action.span  # a serial's sequence stays
        if action.nullable is not None:
            column.nullable = action.nullable
            column.nullable_span = action.span
        elif replay.dialect is Dialect.SQLSERVER:
            column.nullable = True
            column.nullable_span = action.span


def _by_identity(column: Column) -> bool:
    return column.counts is not None and "IDENTITY" in column.counts.text.upper()


def alter_null(replay: Replay, table: Table, action: AlterNull) -> None:
    """SET NOT NULL and DROP NOT NULL.

    Raises:
        RefusedError: there is no such column, or the primary key needs it.
    """
    key = table.primary_key
    for column in _everywhere(replay, table, action.column, action.span):
        if action.nullable and key is not None and column.name in key.columns:
            raise RefusedError(
                f"`{table.name}.{column.name}` is of the primary key and cannot take NULL",
                action.span,
                [table.name],
                harmless=True,
            )
        column.nullable = action.nullable
        column.nullable_span = action.span


def alter_default(replay: Replay, table: Table, action: AlterDefault) -> None:
    """SET DEFAULT and DROP DEFAULT.

    Raises:
        RefusedError: there is no such column.
    """
    if table.kind == "view" and replay.catalog.column(table, action.column) is None:
        return  # of a view, not all columns are known
    for column in _everywhere(replay, table, action.column, action.span):
        column.default = action.expression
        column.default_span = None if action.expression is None else action.span
        column.default_types = []
        if not _by_identity(column):
            column.counts = None


def alter_generated(replay: Replay, table: Table, action: AlterGenerated) -> None:
    """DROP EXPRESSION and SET EXPRESSION.

    Raises:
        RefusedError: there is no such column.
    """
    for column in _everywhere(replay, table, action.column, action.span):
        if action.expression is None:
            column.generated = None
        else:
            stored = column.generated is None or column.generated.stored
            column.generated = GeneratedClause(
                expression=action.expression, stored=stored, span=action.span
            )


def alter_identity(replay: Replay, table: Table, action: AlterIdentity) -> None:
    """ADD GENERATED AS IDENTITY, DROP IDENTITY.

    Raises:
        RefusedError: there is no such column.
    """
    for column in _everywhere(replay, table, action.column, action.span):
        identity = action.identity
        column.counts = None if identity is None else identity.span
        column.always = identity is not None and identity.always


def _everywhere(replay: Replay, table: Table, name: str, span: Span) -> list[Column]:
    """The column of `table`, and the same of the tables that inherit it."""
    found = [replay.column(table, name, span, removes=True)]
    for child in replay.catalog.descendants(table):
        column = replay.catalog.column(child, name)
        if column is not None:
            found.append(column)
    return found
