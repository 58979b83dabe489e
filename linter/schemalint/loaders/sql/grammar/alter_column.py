"""ALTER TABLE ... ALTER COLUMN, as PostgreSQL, MySQL and SQL Server have it."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import IdentityClause
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.collations import read_collation
from schemalint.loaders.sql.grammar.expressions import read_value
from schemalint.loaders.sql.grammar.types import read_type
from schemalint.loaders.sql.statements import (
    AlterAction,
    AlterDefault,
    AlterGenerated,
    AlterIdentity,
    AlterNull,
    AlterType,
)
from schemalint.model import Dialect


def read_alter_column(cursor: Cursor, start: int) -> list[AlterAction]:
    """ALTER [COLUMN] and what it does; () where that says nothing about rows.

    Raises:
        SyntaxFaultError: it does nothing that is known.
    """
    cursor.expect("ALTER")
    cursor.accept("COLUMN")
    cursor.accept("IF", "EXISTS")
    if cursor.peek().kind == "number" and cursor.peek(2).text == "STATISTICS":
        cursor.until(",", ")")
        return []
    column = cursor.name().text
    if cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE"):
        return [_type(cursor, start, column)]
    if cursor.dialect is Dialect.SQLSERVER:
        return _transact(cursor, start, column)
    if cursor.accept("SET", "DEFAULT"):
        expression = read_value(cursor)
        return [AlterDefault(column=column, expression=expression, span=cursor.since(start))]
    if cursor.accept("DROP", "DEFAULT"):
        return [AlterDefault(column=column, expression=None, span=cursor.since(start))]
    if cursor.accept("SET", "NOT", "NULL"):
        return [AlterNull(column=column, nullable=False, span=cursor.since(start))]
    if cursor.accept("DROP", "NOT", "NULL"):
        return [AlterNull(column=column, nullable=True, span=cursor.since(start))]
    if cursor.accept("DROP", "EXPRESSION"):
        cursor.accept("IF", "EXISTS")
        return [AlterGenerated(column=column, expression=None, span=cursor.since(start))]
    if cursor.accept("SET", "EXPRESSION", "AS"):
        expression = cursor.parenthesised()
        return [AlterGenerated(column=column, expression=expression, span=cursor.since(start))]
    if cursor.accept("DROP", "IDENTITY"):
        cursor.accept("IF", "EXISTS")
        return [AlterIdentity(column=column, identity=None, span=cursor.since(start))]
    return _identity(cursor, start, column)


def _type(cursor: Cursor, start: int, column: str) -> AlterType:
    type_name = read_type(cursor)
    collation = read_collation(cursor).collation if cursor.at("COLLATE") else None
    if cursor.accept("USING"):
        cursor.until(",", ")")
    return AlterType(column=column, type=type_name, collation=collation, span=cursor.since(start))


def _transact(cursor: Cursor, start: int, column: str) -> list[AlterAction]:
    """SQL Server's: a type with NULL or NOT NULL, which is NULL where nothing is said."""
    if cursor.at_any("ADD", "DROP"):
        cursor.until(",", ")")
        return []
    type_name = read_type(cursor)
    collation = read_collation(cursor).collation if cursor.at("COLLATE") else None
    nullable = not cursor.accept("NOT", "NULL")
    if nullable:
        cursor.accept("NULL")
    if cursor.at("WITH", "("):
        cursor.next()
        cursor.skip_brackets()
    span = cursor.since(start)
    return [
        AlterType(column=column, type=type_name, collation=collation, nullable=nullable, span=span)
    ]


def _identity(cursor: Cursor, start: int, column: str) -> list[AlterAction]:
    """ADD GENERATED or SET GENERATED, with RESTART and SET of the sequence's options around it."""
    always: bool | None = None
    begin = cursor.mark()
    while not cursor.done and not cursor.at_any(",", ")"):
        if cursor.accept("ADD", "GENERATED") or cursor.accept("SET", "GENERATED"):
            always = cursor.accept("ALWAYS")
            if not always:
                cursor.expect("BY", "DEFAULT")
            if cursor.accept("AS", "IDENTITY") and cursor.at("("):
                cursor.skip_brackets()
        elif cursor.at_any("SET", "RESET", "OPTIONS") and cursor.peek(1).text == "(":
            cursor.next()
            cursor.skip_brackets()
        elif cursor.at_any("SET", "RESTART"):
            # STATISTICS, STORAGE, COMPRESSION, VISIBLE; and START WITH and its like.
            cursor.next()
            while not cursor.done and not cursor.at_any(",", ")", "SET", "RESTART"):
                cursor.next()
        else:
            raise cursor.unexpected("an action of ALTER COLUMN")
    if always is None:
        return []
    identity = IdentityClause(always=always, span=cursor.since(begin))
    return [AlterIdentity(column=column, identity=identity, span=cursor.since(start))]
