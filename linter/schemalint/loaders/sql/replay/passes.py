"""The order in which a database takes the actions of one ALTER TABLE.

PostgreSQL sorts them into passes (`AlterTablePass` of its tablecmds.c), so that a constraint can
stand before the column that it is about. MySQL and MariaDB work out the new table as a whole: what
is dropped is gone before anything is added (observed on both).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.sql.clauses import CheckClause, ForeignKeyClause
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterDefault,
    AlterGenerated,
    AlterIdentity,
    AlterNull,
    AlterType,
    DropColumn,
    DropConstraint,
)

_DROP, _TYPE, _COLUMN, _ATTRIBUTE, _KEY, _OTHER_CONSTRAINT, _REST = range(7)


def in_passes(replay: Replay, actions: Sequence[AlterAction]) -> Sequence[AlterAction]:
    """The actions in the order in which they take effect."""
    if len(actions) < 2:
        return actions
    if replay.postgres_like:
        return sorted(actions, key=_postgres_pass)
    return sorted(actions, key=_mysql_pass) if replay.mysql_like else actions


def _postgres_pass(action: AlterAction) -> int:
    if isinstance(action, DropColumn | DropConstraint):
        return _DROP
    if isinstance(action, AlterType):
        return _TYPE
    if isinstance(action, AddColumn):
        return _COLUMN
    if isinstance(action, AlterNull):
        return _DROP if action.nullable else _ATTRIBUTE
    if isinstance(action, AlterDefault | AlterGenerated):
        return _DROP if action.expression is None else _OTHER_CONSTRAINT
    if isinstance(action, AlterIdentity):
        return _DROP if action.identity is None else _OTHER_CONSTRAINT
    if isinstance(action, AddConstraint):
        checked = isinstance(action.constraint, CheckClause | ForeignKeyClause)
        return _OTHER_CONSTRAINT if checked else _KEY
    return _REST


def _mysql_pass(action: AlterAction) -> int:
    if isinstance(action, DropConstraint):
        return 0
    if isinstance(action, DropColumn):
        return 1
    return 3 if isinstance(action, AddConstraint) else 2
