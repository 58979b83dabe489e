"""The replay itself: each statement in its turn changes the catalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.clauses import UnknownClause
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.listed_by_catalog import CatalogLoop
from schemalint.loaders.sql.replay import (
    calls,
    columns,
    constraints,
    copies,
    functions,
    indexes,
    stored_rows,
    tables,
    triggers,
    types,
    views,
)
from schemalint.loaders.sql.replay.catalog_loops import turns_of
from schemalint.loaders.sql.replay.others import (
    collation,
    comment,
    database_collation,
    drop_schema,
    foreign_key_checks,
    grant,
    set_search_path,
)
from schemalint.loaders.sql.replay.passes import in_passes
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.session_statements import (
    DatabaseCollation,
    ForeignKeyChecks,
    Pragma,
    SetSearchPath,
)
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterConstraint,
    AlterDefault,
    AlterDomain,
    AlterGenerated,
    AlterIdentity,
    AlterNull,
    AlterTable,
    AlterType,
    AttachPartition,
    Block,
    Call,
    Comment,
    CreateCollation,
    CreateDomain,
    CreateEnum,
    CreateFunction,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Drop,
    DropColumn,
    DropConstraint,
    EnableTrigger,
    GrantStatement,
    Ignored,
    ModifyColumn,
    NotUnderstood,
    Reindex,
    RenameColumn,
    RenameConstraint,
    RenameEnumValue,
    RenameFunction,
    RenameIndex,
    RenameTable,
    RenameTrigger,
    RenameType,
    SetInherit,
    SetOptions,
    SetSchema,
    Statement,
    ValidateConstraint,
)
from schemalint.source import Span


def replay_all(replay: Replay, statements: Iterable[Statement]) -> None:
    """Run statements in their order. What the database would refuse becomes a problem."""
    for statement in statements:
        run(replay, statement)


def run(replay: Replay, statement: Statement) -> None:
    """Run one statement."""
    if isinstance(statement, AlterTable):
        _alter(replay, statement)
    elif isinstance(statement, Block):
        _block(replay, statement)
    elif isinstance(statement, CatalogLoop):
        replay_all(replay, turns_of(replay, statement))
    elif isinstance(statement, NotUnderstood):
        _not_understood(replay, statement)
    elif isinstance(statement, Call):
        name = calls.changing(replay, statement.functions)
        if name is not None:
            reason = f"the function {name} could change tables"
            _not_understood(replay, NotUnderstood(reason=reason, known=True, span=statement.span))
    else:
        act = _STATEMENTS.get(type(statement))
        if act is not None:
            with replay.told(statement.span):
                act(replay, statement)


def _alter(replay: Replay, statement: AlterTable) -> None:
    name = statement.table
    table = replay.catalog.table(name)
    if replay.is_temporary(name) or (table is None and _is_no_table(replay, statement)):
        return
    with replay.told(statement.span), _alone(replay, statement):
        table = replay.table(statement.table, removes=True)
        for action in in_passes(replay, statement.actions):
            if isinstance(action, UnknownClause):
                replay.unknown_clause(action, [table.name], removes=True)
                continue
            with replay.told(action.span, table):
                _ACTIONS[type(action)](replay, table, action)
        indexes.drop_covered(replay, table)


def _is_no_table(replay: Replay, statement: AlterTable) -> bool:
    """Whether nothing is to be altered: ALTER TABLE IF EXISTS, or one of what PostgreSQL's ALTER
    TABLE takes beside tables: a sequence, an index (which is then renamed)."""
    if statement.if_exists or all(isinstance(one, ValidateConstraint) for one in statement.actions):
        return True
    first = statement.actions[0]
    if not isinstance(first, RenameTable) or not replay.postgres_like:
        return False
    if replay.catalog.index_table(statement.table) is None:
        return statement.table.name.endswith("_seq")
    index = RenameIndex(index=statement.table, name=first.name.name, span=statement.span)
    run(replay, index)
    return True


@contextmanager
def _alone(replay: Replay, statement: AlterTable | CreateIndex) -> Iterator[None]:
    """Inside, tables that inherit from the statement's are not seen if it says ONLY."""
    before = Span(statement.span.file, statement.span.start, statement.table.span.start)
    replay.catalog.only = before.text.split()[-1:] in (["ONLY"], ["only"])
    try:
        yield
    finally:
        replay.catalog.only = False


def _block(replay: Replay, block: Block) -> None:
    outer = replay.guarded
    replay.guarded = outer or block.guarded
    passed = replay.passed
    for statement in block.statements:
        run(replay, statement)
        if block.asked and replay.passed > passed:
            break
    replay.guarded = outer
    if replay.passed > passed:
        replay_all(replay, block.otherwise)


def _not_understood(replay: Replay, statement: NotUnderstood) -> None:
    names: list[str] = []
    for name in statement.tables:
        if "%s" in name.name:
            names += [*_fitting(replay, name.name), name.name]
            continue
        table = replay.catalog.table(name)
        table = table or replay.catalog.index_table(name)
        names.append(name.name if table is None else table.name)
    replay.problems.append(
        Problem(
            statement.reason,
            statement.at or statement.span,
            warning=statement.known,
            help="rules that this statement could touch are answered with `unknown`",
        )
    )
    kind = "indexes" if statement.until_reindex else "statement"
    replay.opaque(kind, statement.reason, statement.span, names, removes=_removes(statement))


def _fitting(replay: Replay, pattern: str) -> list[str]:
    """The tables that are called so, or have an index that is, `%s` standing for anything."""
    parts = [re.escape(part) for part in pattern.split("%s")]
    named = re.compile(".*".join(parts), re.DOTALL)
    indexes = [table.name for key, table in replay.catalog.indexes.items() if named.match(key[1])]
    tables = [one.name for one in replay.catalog.tables.values() if named.fullmatch(one.name)]
    return [*tables, *indexes]


def _removes(statement: NotUnderstood) -> bool:
    """A statement that only makes something takes nothing away."""
    words = statement.span.text[:40].upper().split()
    return not (words[:1] in (["CREATE"], ["GRANT"]) and words[1:3] != ["OR", "REPLACE"])


def _pragma(replay: Replay, statement: Pragma) -> None:
    replay.pragmas[statement.name] = statement.value in ("on", "1", "true", "yes")


def _drop(replay: Replay, statement: Drop) -> None:
    for name in statement.names:
        with replay.told(statement.span):
            if statement.kind in ("table", "view"):
                tables.drop(replay, statement, name)
            elif statement.kind in ("type", "domain"):
                types.drop(replay, statement, name)
            elif statement.kind == "index":
                constraints.drop_index(replay, statement, name)
            elif statement.kind == "trigger":
                triggers.drop(replay, statement, name)
            elif statement.kind == "function":
                functions.drop(replay, statement, name)
            elif statement.kind == "schema":
                drop_schema(replay, name)


def _add_column(replay: Replay, table: Table, action: AddColumn) -> None:
    columns.add_column(replay, table, action)
    copies.spread_keys(replay, table)


def _add_constraint(replay: Replay, table: Table, action: AddConstraint) -> None:
    constraints.add(replay, table, action.constraint)
    copies.spread_keys(replay, table)


def _create_index(replay: Replay, statement: CreateIndex) -> None:
    if replay.is_temporary(statement.table):
        return
    with _alone(replay, statement):
        indexes.create_index(replay, statement)
        indexes.drop_covered(replay, replay.table(statement.table))
        copies.spread_keys(replay, replay.table(statement.table))


# What runs each statement and each action of ALTER TABLE; the types agree pair by pair.
_STATEMENTS: dict[type, Callable[[Replay, Any], None]] = {
    CreateTable: tables.create,
    CreateIndex: _create_index,
    CreateEnum: types.create_enum,
    CreateType: types.create_other,
    CreateCollation: collation,
    DatabaseCollation: database_collation,
    CreateDomain: types.create_domain,
    AlterDomain: types.alter_domain,
    AddEnumValue: types.add_value,
    RenameEnumValue: types.rename_value,
    RenameType: types.rename,
    CreateView: views.create,
    CreateFunction: functions.create,
    RenameFunction: functions.rename,
    CreateTrigger: triggers.create,
    Drop: _drop,
    RenameIndex: indexes.rename_index,
    Comment: comment,
    GrantStatement: grant,
    SetSearchPath: set_search_path,
    ForeignKeyChecks: foreign_key_checks,
    Pragma: _pragma,
    Reindex: indexes.reindex,
    Ignored: stored_rows.fill,
}
_ACTIONS: dict[type, Callable[[Replay, Table, Any], None]] = {
    AddColumn: _add_column,
    DropColumn: columns.remove_column,
    ModifyColumn: columns.modify_column,
    AlterType: columns.alter_type,
    AlterNull: columns.alter_null,
    AlterDefault: columns.alter_default,
    AlterGenerated: columns.alter_generated,
    AlterIdentity: columns.alter_identity,
    AddConstraint: _add_constraint,
    DropConstraint: constraints.drop,
    AlterConstraint: constraints.alter,
    ValidateConstraint: constraints.validate,
    RenameTable: tables.rename,
    RenameColumn: columns.rename,
    RenameConstraint: constraints.rename,
    SetSchema: tables.set_schema,
    SetOptions: tables.set_options,
    EnableTrigger: triggers.enable,
    RenameTrigger: triggers.rename,
    AttachPartition: tables.attach,
    SetInherit: tables.set_inherit,
}
