"""The members of keys and indexes: columns and expressions, and what is said of each."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.model import Dialect, KeyPart

_SUFFIXES = ("COLLATE", "ASC", "DESC", "NULLS", ",", ")")


def read_key_parts(cursor: Cursor) -> tuple[KeyPart, ...]:
    """`(part, part, ...)`.

    Raises:
        SyntaxFaultError: it is not that.
    """
    cursor.expect("(")
    parts = [read_key_part(cursor)]
    while cursor.accept(","):
        parts.append(read_key_part(cursor))
    cursor.expect(")")
    return tuple(parts)


def read_key_part(cursor: Cursor) -> KeyPart:
    """One member, up to a comma or bracket.

    Raises:
        SyntaxFaultError: it is none.
    """
    start = cursor.mark()
    column, expression, collation, length = _member(cursor)
    if cursor.accept("COLLATE"):
        collation = cursor.table_name().name
    if cursor.at("WITHOUT", "OVERLAPS"):
        raise SyntaxFaultError("WITHOUT OVERLAPS is not modelled", cursor.since(start))
    operator_class = _operator_class(cursor)
    descending = cursor.accept("DESC")
    if not descending:
        cursor.accept("ASC")
    if cursor.accept("NULLS") and not cursor.accept("FIRST"):
        cursor.expect("LAST")
    return KeyPart(
        span=cursor.since(start),
        column=column,
        expression=expression,
        descending=descending,
        length=length,
        operator_class=operator_class,
        collation=collation,
    )


def _member(cursor: Cursor) -> tuple[str | None, str | None, str | None, int | None]:
    """A column or an expression, with a collation inside its brackets, and a prefix length."""
    first = cursor.at_token
    if cursor.peek().kind in ("sign", "number", "parameter") and not cursor.at("("):
        if is_mysql(cursor.dialect) or is_postgres(cursor.dialect) or cursor.at_any(",", ")"):
            raise cursor.unexpected("a column or an expression in brackets")
        return None, cursor.until(*_SUFFIXES).text, None, None
    if cursor.at("("):
        inside = cursor.parenthesised()
        if not _goes_on(cursor):
            column, collation = _column_within(cursor, first)
            return column, None if column else inside.text, collation, None
    else:
        column = cursor.own_name().text
        if cursor.dialect is not Dialect.SQLITE and _prefix_length(cursor):
            length = int(cursor.tokens[cursor.at_token - 2].text)
            return column, None, None, length
        if not _goes_on(cursor):
            return column, None, None, None
        if is_mysql(cursor.dialect):
            raise cursor.unexpected("`,` or `)`")
    if is_postgres(cursor.dialect):
        while cursor.accept("."):
            cursor.name()
        if cursor.at("("):
            cursor.skip_brackets()
    else:
        cursor.until(*_SUFFIXES)
    span = cursor.since(cursor.tokens[first].start)
    return None, span.text, None, None


def _goes_on(cursor: Cursor) -> bool:
    """Whether what was read is only the beginning of an expression."""
    token = cursor.peek()
    if is_postgres(cursor.dialect):
        return token.kind == "sign" and token.text in ("(", ".")
    return not (token.kind == "end" or cursor.at_any(*_SUFFIXES) or token.kind in ("word", "name"))


def _prefix_length(cursor: Cursor) -> bool:
    """Take MySQL's `(10)` if it comes next."""
    if not cursor.at("(") or not cursor.peek(1).text.isdecimal() or cursor.peek(2).text != ")":
        return False
    cursor.at_token += 3
    return True


def _column_within(cursor: Cursor, first: int) -> tuple[str | None, str | None]:
    """The column, and its collation, where the brackets just read hold nothing else.

    `((a))` is the column itself, in every database that takes it.
    """
    last = cursor.at_token
    tokens = cursor.tokens
    while first < last and tokens[first].text == "(" and tokens[last - 1].text == ")":
        first += 1
        last -= 1
    if last - first not in (1, 3) or tokens[first].kind not in ("word", "name"):
        return None, None
    if tokens[first].kind == "word" and tokens[first].text in _constants(cursor.dialect):
        return None, None
    if last - first == 3 and tokens[first + 1].text != "COLLATE":
        return None, None
    inner = Cursor(cursor.file, tokens[first:last], cursor.dialect)
    column = inner.name().text
    return column, inner.name().text if inner.accept("COLLATE") else None


def _constants(dialect: Dialect | None) -> tuple[str, ...]:
    """Words that are no column's name; in SQLite TRUE and FALSE may be one's."""
    return ("NULL",) if dialect is Dialect.SQLITE else ("NULL", "TRUE", "FALSE")


def _operator_class(cursor: Cursor) -> str | None:
    if cursor.dialect is not None and not is_postgres(cursor.dialect):
        return None
    token = cursor.peek()
    if token.kind not in ("word", "name") or cursor.at_any(
        "ASC", "DESC", "NULLS", "WITH", "WITHOUT"
    ):
        return None
    name = cursor.table_name().name
    if cursor.at("("):
        cursor.skip_brackets()
    return name
