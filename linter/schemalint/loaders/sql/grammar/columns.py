"""Columns: the name and the type, and the clauses behind them."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Column, GeneratedClause
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.column_clauses import read_column_clauses
from schemalint.loaders.sql.grammar.types import read_type
from schemalint.loaders.sql.lexer import words
from schemalint.model import Dialect

_UNTYPED = words(
    "CONSTRAINT NOT NULL PRIMARY UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED DEFERRABLE"
)


def read_column(cursor: Cursor) -> Column:
    """A column's definition, up to a comma or bracket that is not its own.

    Raises:
        SyntaxFaultError: there is no name, or the type cannot be read.
    """
    start = cursor.mark()
    if cursor.at("PERIOD", "FOR") or cursor.at("PERIOD", "IF"):
        raise SyntaxFaultError("periods are not modelled", cursor.since(start))
    name = cursor.own_name()
    type_name = None if _has_no_type(cursor) else read_type(cursor)
    clauses = read_column_clauses(cursor, name)
    return Column(name=name, type=type_name, clauses=clauses, span=cursor.since(start))


def needs_type(column: Column, cursor: Cursor) -> bool:
    """Whether the column has no type in a dialect where it has to have one."""
    if column.type is not None or cursor.dialect in (None, Dialect.SQLITE):
        return False
    computed = any(isinstance(clause, GeneratedClause) for clause in column.clauses)
    return not (computed and cursor.dialect is Dialect.SQLSERVER)


def _has_no_type(cursor: Cursor) -> bool:
    """Whether clauses or nothing follow the name: SQLite, computed columns, CREATE TABLE ... AS."""
    token = cursor.peek()
    if token.kind == "end" or cursor.at_any(",", ")", "AS"):
        return True
    if cursor.accept("WITH", "OPTIONS"):
        return True
    if token.kind == "word" and token.text in _UNTYPED:
        return token.text != "GENERATED" or cursor.peek(1).text == "ALWAYS"
    return False
