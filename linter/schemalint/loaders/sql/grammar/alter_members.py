"""ALTER TABLE ... ADD, MODIFY, CHANGE and DROP: columns and constraints that come and go."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.column_clauses import read_unknown
from schemalint.loaders.sql.grammar.columns import needs_type, read_column
from schemalint.loaders.sql.grammar.constraints import at_constraint, read_constraint
from schemalint.loaders.sql.grammar.expressions import read_value
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterDefault,
    DropColumn,
    DropConstraint,
    ModifyColumn,
)
from schemalint.model import Dialect

Actions = list[AlterAction]
DroppedKind = Literal["constraint", "primary key", "foreign key", "check", "index"]


def read_add(cursor: Cursor, start: int) -> Actions:
    """ADD: columns and constraints, several of them in SQL Server and in MySQL's brackets.

    Raises:
        SyntaxFaultError: it is none of these.
    """
    cursor.next()
    if cursor.dialect is Dialect.SQLSERVER:
        actions: Actions = [_add_default(cursor, start) or _added(cursor, start)]
        while cursor.accept(","):
            actions.append(_added_too(cursor))
        return actions
    if cursor.at("(") or cursor.at("COLUMN", "("):
        cursor.accept("COLUMN")
        cursor.expect("(")
        actions = [_added(cursor, cursor.mark())]
        while cursor.accept(","):
            actions.append(_added(cursor, cursor.mark()))
        cursor.expect(")")
        return actions
    return [_added(cursor, start)]


def _added_too(cursor: Cursor) -> AlterAction:
    """A further column or constraint of one ADD; what cannot be read costs no other one."""
    start = cursor.mark()
    try:
        return _add_default(cursor, start) or _added(cursor, start)
    except SyntaxFaultError as fault:
        return read_unknown(cursor, start, fault.message)


def _added(cursor: Cursor, start: int) -> AlterAction:
    """What stands behind ADD: a column with its place, or a constraint."""
    if not cursor.accept("COLUMN") and at_constraint(cursor):
        constraint = read_constraint(cursor)
        return AddConstraint(constraint=constraint, span=cursor.since(start))
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    column = read_column(cursor)
    if needs_type(column, cursor):
        raise SyntaxFaultError(f"the column {column.name.text} has no type", column.span)
    _skip_place(cursor)
    return AddColumn(column=column, if_not_exists=if_not_exists, span=cursor.since(start))


def _add_default(cursor: Cursor, start: int) -> AlterDefault | None:
    """SQL Server's [CONSTRAINT name] DEFAULT value FOR column."""
    begin = cursor.at_token
    if cursor.accept("CONSTRAINT"):
        cursor.name()
    if not cursor.accept("DEFAULT"):
        cursor.at_token = begin
        return None
    expression = read_value(cursor)
    cursor.expect("FOR")
    column = cursor.name().text
    cursor.accept("WITH", "VALUES")
    return AlterDefault(column=column, expression=expression, span=cursor.since(start))


def _skip_place(cursor: Cursor) -> None:
    """MySQL's FIRST, or AFTER another column."""
    if cursor.dialect is not None and not is_mysql(cursor.dialect):
        return
    if not cursor.accept("FIRST") and cursor.accept("AFTER"):
        cursor.name()


def read_modify(cursor: Cursor, start: int) -> Actions:
    """MySQL's MODIFY, and CHANGE, which names the column before it defines it.

    Raises:
        SyntaxFaultError: no column's definition follows.
    """
    renames = cursor.next().text == "CHANGE"
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    column = cursor.name().text if renames else None
    definition = read_column(cursor)
    _skip_place(cursor)
    column = column or definition.name.text
    return [ModifyColumn(column=column, definition=definition, span=cursor.since(start))]


_DROPPED: tuple[tuple[tuple[str, ...], DroppedKind], ...] = (
    (("PRIMARY", "KEY"), "primary key"),
    (("FOREIGN", "KEY"), "foreign key"),
    (("CHECK",), "check"),
    (("INDEX",), "index"),
    (("KEY",), "index"),
)


def read_drop(cursor: Cursor, start: int) -> Actions:
    """DROP: columns and constraints, several of them in SQL Server.

    Raises:
        SyntaxFaultError: it is none of these.
    """
    cursor.next()
    if is_mysql(cursor.dialect) or cursor.dialect is None:
        for dropped, kind in _DROPPED:
            if cursor.at(*dropped) and (kind == "primary key" or _is_name(cursor, len(dropped))):
                return [_drop_of_kind(cursor, start, dropped, kind)]
    if cursor.dialect is not Dialect.SQLSERVER:
        constraint = cursor.accept("CONSTRAINT")
        return [_dropped(cursor, start, constraint=constraint)]
    actions: Actions = []
    constraint = not cursor.at("COLUMN")
    while True:
        if cursor.accept("COLUMN"):
            constraint = False
        elif cursor.accept("CONSTRAINT"):
            constraint = True
        actions.append(_dropped(cursor, start, constraint=constraint))
        if not cursor.accept(","):
            return actions
        start = cursor.mark()


def _is_name(cursor: Cursor, ahead: int) -> bool:
    return cursor.peek(ahead).kind in ("word", "name")


def _drop_of_kind(
    cursor: Cursor, start: int, dropped: tuple[str, ...], kind: DroppedKind
) -> DropConstraint:
    """MySQL's DROP of a key or check, which says what it drops."""
    cursor.expect(*dropped)
    if_exists = cursor.accept("IF", "EXISTS")
    name = None if kind == "primary key" else cursor.name().text
    return DropConstraint(name=name, kind=kind, if_exists=if_exists, span=cursor.since(start))


def _dropped(cursor: Cursor, start: int, *, constraint: bool) -> DropColumn | DropConstraint:
    if not constraint:
        cursor.accept("COLUMN")
        if cursor.at("PERIOD", "FOR") or cursor.at("PERIOD", "IF"):
            raise SyntaxFaultError("periods are not modelled", cursor.since(start))
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.name().text
    cascade = cursor.accept("CASCADE")
    cursor.accept("RESTRICT")
    if cursor.dialect is Dialect.SQLSERVER and cursor.at("WITH", "("):
        cursor.next()
        cursor.skip_brackets()
    span = cursor.since(start)
    if constraint:
        return DropConstraint(name=name, if_exists=if_exists, cascade=cascade, span=span)
    return DropColumn(column=name, if_exists=if_exists, cascade=cascade, span=span)
