"""Constraints: added with a table, with a column or alone; dropped, changed and renamed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    Constraint,
    ExclusionClause,
    ForeignKeyClause,
    PrimaryKeyClause,
    TableName,
    UniqueClause,
)
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.replay import indexes
from schemalint.loaders.sql.replay.checks import add_check
from schemalint.loaders.sql.replay.constraint_names import Named, constraints_of
from schemalint.loaders.sql.replay.foreign_keys import add_foreign_key, foreign_keys_to
from schemalint.loaders.sql.replay.indexes import (
    add_plain_index,
    forget,
    named_index,
    register,
    remove_index,
    rename_found,
    rename_index_of,
)
from schemalint.loaders.sql.replay.keys import add_exclusion, add_primary_key, add_unique
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.stored_rows import as_validated, may_have_rows
from schemalint.loaders.sql.replay.unnamed import left_open, unnamed
from schemalint.loaders.sql.statements import (
    AlterConstraint,
    Drop,
    DropConstraint,
    RenameConstraint,
    ValidateConstraint,
)
from schemalint.model import Check, Dialect, Exclusion, ForeignKey, Index, PrimaryKey, Unique
from schemalint.source import Span


def add(replay: Replay, table: Table, clause: Constraint, column: Column | None = None) -> None:
    """Add a constraint to `table`; `column` where it stands with that column's definition.

    Raises:
        RefusedError: the database would not take it.
    """
    if isinstance(clause, PrimaryKeyClause):
        add_primary_key(replay, table, clause)
    elif isinstance(clause, UniqueClause):
        add_unique(replay, table, clause)
    elif isinstance(clause, ForeignKeyClause):
        add_foreign_key(replay, table, clause)
    elif isinstance(clause, CheckClause):
        add_check(replay, table, clause, column)
    elif isinstance(clause, ExclusionClause):
        add_exclusion(replay, table, clause)
    else:
        where = clause.where
        add_plain_index(
            replay,
            table,
            Index(
                clause.name,
                clause.parts,
                clause.span,
                None if where is None else where.text,
                None if where is None else where.span,
                clause.type,
            ),
        )


# -- dropped, changed, renamed


def drop(replay: Replay, table: Table, action: DropConstraint) -> None:
    """DROP CONSTRAINT, and MySQL's DROP PRIMARY KEY, FOREIGN KEY, CHECK and INDEX.

    Raises:
        RefusedError: there is no such constraint, or a foreign key needs it.
    """
    found = _named(replay, table, action) or unnamed(replay, table, action.name or "")
    if found is None:
        if action.if_exists or left_open(replay, action.name, [table], action.span):
            return
        what = action.kind if action.name is None else f"{action.kind} `{action.name}`"
        hint = replay.hint(action.name or "", constraints_of(table))
        raise RefusedError(
            f"the table `{table.name}` has no {what}{hint}",
            action.span,
            [table.name],
            removes=True,
        )
    if isinstance(found, PrimaryKey | Unique) and not replay.mysql_like:
        _let_go(replay, table, found, action)
    _remove(replay, table, found)
    _remove_from_heirs(replay, table, found)


def _remove_from_heirs(replay: Replay, table: Table, found: Named | Index) -> None:
    """A check goes from all that inherit it, a foreign key from the partitions."""
    for child in replay.catalog.descendants(table):
        replay.catalog.forget_names(child)
        if isinstance(found, Check) and found.name not in table.own_checks:
            child.checks[:] = [one for one in child.checks if one.name != found.name]
        elif isinstance(found, ForeignKey) and child.partition_of is not None:
            child.foreign_keys[:] = [one for one in child.foreign_keys if one.span != found.span]


def _named(replay: Replay, table: Table, action: DropConstraint) -> Named | Index | None:
    kind = action.kind
    if kind == "primary key":
        return table.primary_key
    if action.name is None:
        return None
    if kind == "index":
        return named_index(replay, table, action.name)
    fold = replay.catalog.fold
    folded = fold(action.name)
    candidates: Sequence[Named] = constraints_of(table)
    if kind == "foreign key":
        candidates = table.foreign_keys
    elif kind == "check":
        candidates = table.checks
    elif replay.mysql_like:  # there a unique key is a constraint too
        candidates = [*candidates, *table.uniques]
        if folded == "primary":
            return table.primary_key
    return next((one for one in candidates if one.name and fold(one.name) == folded), None)


def drop_index(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP INDEX of one of its names; to PostgreSQL, a foreign key can hang on a unique index.

    Raises:
        RefusedError: there is no such index, or it is needed.
    """
    table = None if statement.table is None else replay.table(statement.table)
    if replay.postgres_like:
        owner = replay.catalog.index_table(name)
        index = None if owner is None else named_index(replay, owner, name.name)
        if owner is not None and isinstance(index, Unique) and index.index:
            _let_go(replay, owner, index, statement)
    indexes.drop_index(replay, name, table, if_exists=statement.if_exists)


def _let_go(
    replay: Replay, table: Table, key: PrimaryKey | Unique, action: DropConstraint | Drop
) -> None:
    """A foreign key to the columns of `key` goes with it, or holds it there."""
    for other, pointing in foreign_keys_to(replay, table, [key]):
        if not action.cascade:
            raise RefusedError(
                f"`{key.name}` cannot be dropped: the foreign key `{pointing.name}` of "
                f"`{other.name}` needs it",
                action.span,
                [table.name],
                harmless=True,
            )
        replay.catalog.remove_foreign_key(other, pointing)


def _remove(replay: Replay, table: Table, found: Named | Index) -> None:
    replay.catalog.forget_names(table)
    if isinstance(found, PrimaryKey | Unique | Index):
        remove_index(replay, table, found)
    elif isinstance(found, ForeignKey):
        replay.catalog.remove_foreign_key(table, found)
    elif isinstance(found, Check):
        table.checks[:] = [one for one in table.checks if one is not found]
    else:
        forget(replay, table, found.name)
        table.exclusions[:] = [one for one in table.exclusions if one is not found]


def alter(replay: Replay, table: Table, action: AlterConstraint) -> None:
    """ALTER CONSTRAINT: enforced or not, deferrable or not.

    Raises:
        RefusedError: there is no such constraint.
    """
    found = _one_named(replay, table, action.name, action.span)
    if found is None:
        return
    validated = _validated(replay, table, action)
    if isinstance(found, ForeignKey):
        changed = found
        if action.enforced is not None:
            changed = msgspec.structs.replace(
                changed,
                enforced=action.enforced,
                validated=changed.validated if validated is None else validated,
            )
        if action.deferrable is not None:
            deferrable = None if action.deferrable == "not" else action.deferrable
            changed = msgspec.structs.replace(changed, deferrable=deferrable)
        table.foreign_keys[:] = [changed if one is found else one for one in table.foreign_keys]
    elif isinstance(found, Check) and action.enforced is not None:
        check = msgspec.structs.replace(
            found,
            enforced=action.enforced,
            validated=found.validated if validated is None else validated,
        )
        table.checks[:] = [check if one is found else one for one in table.checks]


def _validated(replay: Replay, table: Table, action: AlterConstraint) -> bool | None:
    """Whether stored rows keep the constraint from then on; None where that is as it was.

    What is ENFORCED again is held against them (documented for PostgreSQL 18 and MySQL), but not
    what SQL Server switches on without WITH CHECK.
    """
    if action.enforced and replay.dialect is not Dialect.SQLSERVER:
        return True
    if action.enforced and not may_have_rows(replay, table, action.span):
        return True
    return action.validated


def validate(replay: Replay, table: Table, action: ValidateConstraint) -> None:
    """VALIDATE CONSTRAINT, for the table and for those that have the constraint of it.

    Raises:
        RefusedError: there is no such constraint.
    """
    fold = replay.catalog.fold
    wanted = fold(action.name)
    named = (one for one in constraints_of(table) if one.name and fold(one.name) == wanted)
    found = next(named, None) or unnamed(replay, table, action.name)
    if found is None:
        if replay.dialect is None or _in_doubt(replay, table):
            return
        hint = replay.hint(action.name, constraints_of(table))
        raise RefusedError(
            f"the table `{table.name}` has no constraint `{action.name}`{hint}",
            action.span,
            [table.name],
            harmless=True,
        )
    for one in (table, *replay.catalog.descendants(table)):
        if isinstance(found, Check):
            one.checks[:] = [
                as_validated(check) if check.name == found.name else check for check in one.checks
            ]
        elif isinstance(found, ForeignKey):
            one.foreign_keys[:] = [
                as_validated(key) if key.span == found.span else key for key in one.foreign_keys
            ]


def _in_doubt(replay: Replay, table: Table) -> bool:
    """Whether a statement that was not understood may have made something of `table`."""
    return any(not one.tables or table.name in one.tables for one in replay.catalog.opaque)


def _one_named(replay: Replay, table: Table, name: str, span: Span) -> Named | Index | None:
    """None where it depends on the database which one that is."""
    fold = replay.catalog.fold
    for one in constraints_of(table):
        if one.name is not None and fold(one.name) == fold(name):
            return one
    found = unnamed(replay, table, name)
    if found is not None or left_open(replay, name, [table], span):
        return found
    raise RefusedError(
        f"the table `{table.name}` has no constraint `{name}`", span, [table.name], removes=True
    )


def rename(replay: Replay, table: Table, action: RenameConstraint) -> None:
    """RENAME CONSTRAINT and RENAME INDEX.

    Raises:
        RefusedError: there is no such constraint or index.
    """
    old, new = action.constraint, action.name
    if named_index(replay, table, old) is not None:
        rename_index_of(replay, table, old, new, action.span)
        return
    found = _one_named(replay, table, old, action.span)
    if found is None:
        return
    replaced = msgspec.structs.replace(found, name=new)
    replay.catalog.forget_names(table)
    if isinstance(found, PrimaryKey | Unique | Index):
        rename_found(replay, table, found, new)
    elif isinstance(replaced, ForeignKey):
        table.foreign_keys[:] = [replaced if one is found else one for one in table.foreign_keys]
    elif isinstance(replaced, Check):
        table.checks[:] = [replaced if one is found else one for one in table.checks]
    elif isinstance(replaced, Exclusion):
        table.exclusions[:] = [replaced if one is found else one for one in table.exclusions]
        forget(replay, table, old)
        register(replay, table, new)
