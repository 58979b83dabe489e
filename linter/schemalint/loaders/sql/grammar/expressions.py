"""Where an expression ends that stands without brackets: the value behind DEFAULT."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Sql
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.types import read_type
from schemalint.loaders.sql.lexer import words
from schemalint.source import Span

_NO_OPERATORS = frozenset("(),;.[]:{}")
_UNITS = words(
    "YEAR QUARTER MONTH WEEK DAY HOUR MINUTE SECOND MICROSECOND DAY_HOUR DAY_MINUTE DAY_SECOND "
    "HOUR_MINUTE HOUR_SECOND MINUTE_SECOND YEAR_MONTH"
)
_LONG_TYPES = words("DOUBLE TIMESTAMP TIME CHARACTER CHAR BIT NATIONAL")
_LITERALS = frozenset(("string", "number", "parameter"))


def read_value(cursor: Cursor) -> Sql:
    """The expression at `cursor`: operands with operators between them, as far as they go.

    What the words AND, OR, NOT, IN, LIKE and IS NULL make needs brackets here, in every database.

    Raises:
        SyntaxFaultError: there is none.
    """
    start = cursor.mark()
    _operand(cursor)
    while _operator(cursor):
        _operand(cursor)
    span = cursor.since(start)
    return Sql(text=span.text, span=span)


def _operator(cursor: Cursor) -> bool:
    token = cursor.peek()
    if token.kind == "sign" and token.text not in _NO_OPERATORS:
        cursor.next()
        return True
    if cursor.accept("IS", "DISTINCT", "FROM") or cursor.accept("IS", "NOT", "DISTINCT", "FROM"):
        return True
    if cursor.at("OPERATOR", "("):
        cursor.next()
        cursor.skip_brackets()
        return True
    return cursor.accept("DIV") or cursor.accept("MOD")


def _operand(cursor: Cursor) -> None:
    while cursor.peek().kind == "sign" and cursor.peek().text not in _NO_OPERATORS:
        cursor.next()
    token = cursor.peek()
    if token.kind in _LITERALS:
        cursor.next()
    elif cursor.at("("):
        cursor.skip_brackets()
    elif cursor.at("CASE"):
        _case(cursor)
    elif cursor.accept("NEXT", "VALUE", "FOR"):
        cursor.table_name()
    elif cursor.at("INTERVAL"):
        _interval(cursor)
    elif token.kind in ("word", "name"):
        if not (token.text in _LONG_TYPES and _typed_literal(cursor)):
            _named(cursor)
    else:
        raise cursor.unexpected("a value")
    _suffixes(cursor)


def _typed_literal(cursor: Cursor) -> bool:
    """Take a literal behind a type of several words (`double precision '1'`), if it is one."""
    start = cursor.at_token
    read_type(cursor)
    if cursor.peek().kind == "string":
        cursor.next()
        return True
    cursor.at_token = start
    return False


def _named(cursor: Cursor) -> None:
    """A name, a call, `ARRAY[...]`, or a literal behind its type (`date '2020-01-01'`)."""
    cursor.next()
    while cursor.accept("."):
        cursor.name()
    if cursor.at("("):
        cursor.skip_brackets()
    token = cursor.peek()
    if token.kind == "string" and cursor.tokens[cursor.at_token - 1].kind == "word":
        cursor.next()


def _interval(cursor: Cursor) -> None:
    cursor.next()
    if cursor.at("("):
        cursor.skip_brackets()
    if cursor.peek().kind in _LITERALS:
        cursor.next()
    if cursor.at_any(*_UNITS):
        cursor.next()
        if cursor.accept("TO"):
            cursor.next()
        if cursor.at("("):
            cursor.skip_brackets()


def _suffixes(cursor: Cursor) -> None:
    """Casts, subscripts, fields."""
    while True:
        if cursor.accept("::"):
            read_type(cursor)
        elif cursor.at("["):
            cursor.skip_brackets()
        elif cursor.accept("."):
            cursor.name()
        else:
            return


def _case(cursor: Cursor) -> None:
    opening = cursor.next()
    depth = 1
    while depth:
        if cursor.done:
            raise SyntaxFaultError(
                "nothing ends this CASE", Span(cursor.file, opening.start, opening.end)
            )
        if cursor.at_any("(", "["):
            cursor.skip_brackets()
            continue
        token = cursor.next()
        if token.kind == "word":
            depth += (token.text == "CASE") - (token.text == "END")
