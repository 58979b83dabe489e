"""ALTER TABLE: its actions, in every dialect's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from schemalint.loaders.sql.clauses import CheckClause, ForeignKeyClause, TableOptions
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.alter_column import read_alter_column
from schemalint.loaders.sql.grammar.alter_members import read_add, read_drop, read_modify
from schemalint.loaders.sql.grammar.collations import read_character_set
from schemalint.loaders.sql.grammar.column_clauses import read_unknown
from schemalint.loaders.sql.grammar.constraint_attributes import read_attributes
from schemalint.loaders.sql.grammar.partitions import read_bound
from schemalint.loaders.sql.grammar.table_options import read_option
from schemalint.loaders.sql.lexer import is_mysql, words
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterConstraint,
    AlterTable,
    AttachPartition,
    EnableTrigger,
    Ignored,
    RenameColumn,
    RenameConstraint,
    RenameTable,
    SetInherit,
    SetOptions,
    SetSchema,
    ValidateConstraint,
)
from schemalint.model import Dialect

Actions = list[AlterAction]
_ON_ROWS = (CheckClause, ForeignKeyClause)
DroppedKind = Literal["constraint", "primary key", "foreign key", "check", "index"]


def read_alter_table(cursor: Cursor) -> AlterTable | Ignored | None:
    """ALTER TABLE; None where the words behind ALTER are others.

    Raises:
        SyntaxFaultError: its table is missing, or a bracket is not closed.
    """
    start = cursor.mark()
    begin = cursor.at_token
    cursor.expect("ALTER")
    while cursor.at_any("ONLINE", "OFFLINE", "IGNORE", "FOREIGN"):
        cursor.next()
    if not cursor.accept("TABLE"):
        cursor.at_token = begin
        return None
    if cursor.accept("ALL", "IN", "TABLESPACE"):
        cursor.until()
        return Ignored(word="ALTER TABLE ALL IN TABLESPACE", span=cursor.since(start))
    if_exists = cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    table = cursor.table_name()
    cursor.accept("*")
    if cursor.accept("WAIT"):
        cursor.next()
    cursor.accept("NOWAIT")
    actions: Actions = []
    no_check = cursor.accept("WITH", "NOCHECK")
    check = not no_check and cursor.accept("WITH", "CHECK")
    while True:
        actions += _action(cursor)
        if cursor.done:
            break
        if cursor.at(")"):
            raise cursor.unexpected("the end of the statement")
        cursor.accept(",")
    if check or no_check:
        actions = _with_rows(actions, looked_at=check)
    span = cursor.since(start)
    return AlterTable(table=table, actions=tuple(actions), if_exists=if_exists, span=span)


def _action(cursor: Cursor) -> Actions:
    """One action; none where it changes nothing of interest.

    Raises:
        SyntaxFaultError: nothing is there, or a bracket is not closed.
    """
    start = cursor.mark()
    token = cursor.peek()
    if cursor.done or cursor.at_any(",", ")"):
        raise cursor.unexpected("an action of ALTER TABLE")
    try:
        if _skip_neutral(cursor):
            return []
        reader = _READERS.get(token.text) if token.kind == "word" else None
        actions = reader(cursor, start) if reader is not None else _table_option(cursor, start)
        if not (cursor.done or cursor.at_any(",", ")") or _needs_no_comma(cursor, reader)):
            # What stands there could take back what was read.
            raise cursor.unexpected("`,`")
        return actions
    except SyntaxFaultError as fault:
        return [read_unknown(cursor, start, fault.message)]


def _needs_no_comma(cursor: Cursor, reader: object) -> bool:
    """Whether MySQL lets the next action follow so: options, and what is said of partitions."""
    return is_mysql(cursor.dialect) and (
        reader in (None, _convert) or cursor.at_any("PARTITION", "REMOVE")
    )


def _table_option(cursor: Cursor, start: int) -> Actions:
    options = read_option(cursor, TableOptions()) if is_mysql(cursor.dialect) else None
    if options is None:
        raise cursor.unexpected("an action of ALTER TABLE")
    return _options(cursor, start, options)


def _options(
    cursor: Cursor, start: int, options: TableOptions, *, convert: bool = False
) -> Actions:
    if options == TableOptions():
        return []
    return [SetOptions(options=options, convert=convert, span=cursor.since(start))]


def _skip(cursor: Cursor) -> Actions:
    """Step over an action that says nothing."""
    cursor.until(",", ")")
    return []


def _alter(cursor: Cursor, start: int) -> Actions:
    if is_mysql(cursor.dialect) and cursor.peek(1).text in ("INDEX", "KEY"):
        return _skip(cursor)
    if cursor.at("ALTER", "CONSTRAINT") or cursor.at("ALTER", "CHECK"):
        cursor.at_token += 2
        return _alter_constraint(cursor, start)
    return read_alter_column(cursor, start)


def _alter_constraint(cursor: Cursor, start: int) -> Actions:
    cursor.accept("IF", "EXISTS")
    name = cursor.name().text
    first = cursor.at_token
    attributes = read_attributes(cursor)
    words = [token.text for token in cursor.tokens[first : cursor.at_token]]
    if not words:
        return _skip(cursor)
    not_deferrable = "DEFERRABLE" in words and attributes.deferrable is None
    return [
        AlterConstraint(
            name=name,
            enforced=attributes.enforced if "ENFORCED" in words else None,
            deferrable="not" if not_deferrable else attributes.deferrable,
            span=cursor.since(start),
        )
    ]


def _rename(cursor: Cursor, start: int) -> Actions:
    cursor.next()
    if cursor.at_any("CONSTRAINT", "INDEX", "KEY") and cursor.peek(2).text == "TO":
        cursor.next()
        cursor.accept("IF", "EXISTS")
        old = cursor.name().text
        cursor.expect("TO")
        name = cursor.name().text
        return [RenameConstraint(constraint=old, name=name, span=cursor.since(start))]
    if cursor.accept("TO") or cursor.accept("AS") or cursor.accept("="):
        return [RenameTable(name=cursor.table_name(), span=cursor.since(start))]
    if is_mysql(cursor.dialect) and not cursor.at("COLUMN"):
        return [RenameTable(name=cursor.table_name(), span=cursor.since(start))]
    if cursor.peek(1).text != "TO":
        cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    column = cursor.name().text
    cursor.expect("TO")
    return [RenameColumn(column=column, name=cursor.name(), span=cursor.since(start))]


def _set(cursor: Cursor, start: int) -> Actions:
    if not cursor.accept("SET", "SCHEMA"):
        return _skip(cursor)
    return [SetSchema(schema=cursor.name().text, span=cursor.since(start))]


def _switch(cursor: Cursor, start: int) -> Actions:
    """ENABLE or DISABLE: triggers; what else is switched says nothing."""
    enabled = cursor.next().text == "ENABLE"
    # A replica's triggers stay silent while rows are written here.
    enabled = not cursor.accept("REPLICA") and enabled
    cursor.accept("ALWAYS")
    if not cursor.accept("TRIGGER"):
        return _skip(cursor)
    triggers: Actions = []
    while True:
        trigger = None if cursor.at_any("ALL", "USER") else cursor.name().text
        if trigger is None:
            cursor.next()
        triggers.append(EnableTrigger(trigger=trigger, enabled=enabled, span=cursor.since(start)))
        if cursor.dialect is not Dialect.SQLSERVER or not cursor.accept(","):
            return triggers


def _no(cursor: Cursor, start: int) -> Actions:
    if not cursor.accept("NO", "INHERIT"):
        return _skip(cursor)
    parent = cursor.table_name()
    return [SetInherit(parent=parent, inherits=False, span=cursor.since(start))]


def _inherit(cursor: Cursor, start: int) -> Actions:
    cursor.next()
    return [SetInherit(parent=cursor.table_name(), span=cursor.since(start))]


def _partition(cursor: Cursor, start: int) -> Actions:
    attached = cursor.next().text == "ATTACH"
    cursor.expect("PARTITION")
    partition = cursor.table_name()
    bound = read_bound(cursor) if attached else None
    cursor.until(",", ")")
    return [
        AttachPartition(
            partition=partition,
            bound=bound,
            attached=attached,
            span=cursor.since(start),
        )
    ]


def _convert(cursor: Cursor, start: int) -> Actions:
    cursor.next()
    cursor.expect("TO")
    collation = read_character_set(cursor).collation
    return _options(cursor, start, TableOptions(collation=collation), convert=True)


def _check(cursor: Cursor, start: int) -> Actions:
    """SQL Server's CHECK CONSTRAINT and NOCHECK CONSTRAINT, which switch constraints."""
    enforced = cursor.next().text == "CHECK"
    cursor.expect("CONSTRAINT")
    actions: Actions = []
    while True:
        name = cursor.name().text
        if name.upper() == "ALL":
            raise SyntaxFaultError(
                "which constraints ALL switches is not modelled", cursor.since(start)
            )
        # What is switched off is not trusted any more, and stays so when it is switched on.
        action = AlterConstraint(
            name=name,
            enforced=enforced,
            validated=None if enforced else False,
            span=cursor.since(start),
        )
        actions.append(action)
        if not cursor.accept(","):
            return actions


def _validate(cursor: Cursor, start: int) -> Actions:
    """PostgreSQL's VALIDATE CONSTRAINT."""
    if not cursor.accept("VALIDATE", "CONSTRAINT"):
        return _skip(cursor)
    name = cursor.name().text
    return [ValidateConstraint(name=name, span=cursor.since(start))]


def _with_rows(actions: Actions, *, looked_at: bool) -> Actions:
    """The actions behind SQL Server's WITH CHECK (or WITH NOCHECK), which says for all of them
    whether the rows that are there are looked at.

    Without it they are for a new constraint, and not for one that is switched on again
    ("ALTER TABLE (Transact-SQL)").
    """
    return [_of_rows(action, looked_at=looked_at) for action in actions]


def _of_rows(action: AlterAction, *, looked_at: bool) -> AlterAction:
    replace = msgspec.structs.replace
    if isinstance(action, AlterConstraint) and action.enforced and looked_at:
        return replace(action, validated=True)
    if looked_at:
        return action
    if isinstance(action, AddConstraint) and isinstance(action.constraint, _ON_ROWS):
        return replace(action, constraint=replace(action.constraint, validated=False))
    if isinstance(action, AddColumn):
        clauses = [
            replace(clause, validated=False) if isinstance(clause, _ON_ROWS) else clause
            for clause in action.column.clauses
        ]
        return replace(action, column=replace(action.column, clauses=tuple(clauses)))
    return action


def _skip_neutral(cursor: Cursor) -> bool:
    """Step over an action that changes nothing about the table's rows to be; whether it is one."""
    if cursor.at("WITH", "VALIDATION"):
        cursor.at_token += 2
        return True
    second = cursor.peek(1)
    if is_mysql(cursor.dialect) and second.kind == "word":
        if second.text in ("PARTITION", "PARTITIONING"):
            cursor.until(")")
            return True
        if second.text == "SYSTEM" and cursor.peek(2).text == "VERSIONING":
            cursor.until(",", ")")
            return True
    if cursor.at_any(*_NEUTRAL_TO_THE_END):
        cursor.until(")")
        return True
    if cursor.at_any(*_NEUTRAL):
        cursor.until(",", ")")
        return True
    return False


_NEUTRAL = words(
    "RESET OWNER CLUSTER FORCE REPLICA OF NOT ALGORITHM LOCK DISCARD IMPORT WITHOUT OPTIONS"
)
_NEUTRAL_TO_THE_END = words("SWITCH REBUILD ORDER PARTITION")
_READERS: dict[str, Callable[[Cursor, int], Actions]] = {
    "ADD": read_add,
    "MODIFY": read_modify,
    "CHANGE": read_modify,
    "DROP": read_drop,
    "ALTER": _alter,
    "RENAME": _rename,
    "SET": _set,
    "ENABLE": _switch,
    "DISABLE": _switch,
    "NO": _no,
    "INHERIT": _inherit,
    "ATTACH": _partition,
    "DETACH": _partition,
    "CONVERT": _convert,
    "CHECK": _check,
    "NOCHECK": _check,
    "VALIDATE": _validate,
}
