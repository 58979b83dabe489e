"""CREATE FUNCTION and CREATE PROCEDURE: their names, what they return, their bodies."""

from __future__ import annotations

import re

from schemalint.loaders.sql.clauses import Sql
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.new_names import read_new_name
from schemalint.loaders.sql.grammar.outcomes import finish, ignored, rest, whole
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.statements import CreateFunction, Ignored, RenameFunction
from schemalint.model import Dialect
from schemalint.source import Span

_WORDS = ("FUNCTION", "PROCEDURE", "PROC")
_OPTIONS = (
    "RETURNS",
    "LANGUAGE",
    "AS",
    "RETURN",
    "BEGIN",
    "IMMUTABLE",
    "STABLE",
    "VOLATILE",
    "NOT",
    "LEAKPROOF",
    "CALLED",
    "STRICT",
    "EXTERNAL",
    "SECURITY",
    "PARALLEL",
    "COST",
    "ROWS",
    "SUPPORT",
    "SET",
    "TRANSFORM",
    "WINDOW",
)
_MYSQL_CHARACTERISTICS = (
    ("LANGUAGE", "SQL"),
    ("NOT", "DETERMINISTIC"),
    ("DETERMINISTIC",),
    ("CONTAINS", "SQL"),
    ("NO", "SQL"),
    ("READS", "SQL", "DATA"),
    ("MODIFIES", "SQL", "DATA"),
    ("SQL", "SECURITY", "DEFINER"),
    ("SQL", "SECURITY", "INVOKER"),
)
_DOLLAR = re.compile(r"\$(?:[^\W\d]\w*)?\$")
_PLAIN_QUOTE = re.compile(r"'[^'\\]*'\Z")


def read_create_routine(cursor: Cursor, *, replace: bool) -> CreateFunction:
    """`FUNCTION name (...) ...` or PROCEDURE, behind CREATE and the words before these."""
    if not cursor.at_any(*_WORDS):
        raise cursor.unexpected("FUNCTION or PROCEDURE")
    cursor.next()
    cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table_name()
    if cursor.at("("):
        cursor.skip_brackets()
    if is_mysql(cursor.dialect):
        returns, language, body = _mysql(cursor)
    elif cursor.dialect is Dialect.SQLSERVER:
        returns, language, body = _sqlserver(cursor)
    else:
        returns, language, body = _options(cursor)
    return CreateFunction(
        function=name,
        returns=returns,
        language=language,
        body=body,
        replace=replace,
        span=whole(cursor),
    )


def read_alter_routine(
    cursor: Cursor,
) -> CreateFunction | RenameFunction | Ignored:
    """`FUNCTION name ...`, behind ALTER. T-SQL gives the routine anew, PostgreSQL another name or
    schema, or properties that say nothing here."""
    if cursor.dialect is Dialect.SQLSERVER:
        return read_create_routine(cursor, replace=True)
    cursor.next()
    function = cursor.table_name()
    typed = has_arguments(cursor)
    new = read_new_name(cursor, function)
    if new is None:
        return ignored(cursor, "ALTER FUNCTION")
    return RenameFunction(function=function, name=new, typed=typed, span=finish(cursor))


def has_arguments(cursor: Cursor) -> bool:
    """Step over the types of a routine's arguments: whether there are any."""
    if not cursor.at("("):
        return False
    first = cursor.at_token
    cursor.skip_brackets()
    return cursor.at_token - first > 2


def _options(cursor: Cursor) -> tuple[str, str, Sql]:
    """PostgreSQL: options in any order, the body among them."""
    returns, language, body = "", "sql", None
    while not cursor.done:
        if cursor.accept("RETURNS") and not cursor.accept("NULL", "ON", "NULL", "INPUT"):
            returns = " ".join(cursor.until(*_OPTIONS).text.lower().split())
        elif cursor.accept("LANGUAGE"):
            language = _word(cursor)
        elif cursor.accept("AS"):
            body = quoted_body(cursor)
        elif cursor.at_any("RETURN", "BEGIN"):
            body = rest(cursor)
        elif cursor.at_any("(", "["):
            cursor.skip_brackets()
        elif not cursor.done:
            cursor.next()
    if body is None:
        raise cursor.unexpected("AS and the body")
    return returns, language, body


def _word(cursor: Cursor) -> str:
    """A language's name: a word, or a string."""
    if cursor.peek().kind == "string":
        return cursor.string().text.lower()
    return cursor.name().text.lower()


def quoted_body(cursor: Cursor) -> Sql:
    """A body in dollar quotes or quotes, without them.

    The text is decoded; it is what the span covers, but for a string with escapes in it.
    """
    body = cursor.string()
    raw = body.span.text
    dollar = _DOLLAR.match(raw)
    if dollar is not None:
        tag = len(dollar[0])
        span = Span(cursor.file, body.span.start + tag, body.span.end - tag)
    elif _PLAIN_QUOTE.match(raw):
        span = Span(cursor.file, body.span.start + 1, body.span.end - 1)
    else:
        span = body.span
    return Sql(text=body.text, span=span)


def _mysql(cursor: Cursor) -> tuple[str, str, Sql]:
    """MySQL: characteristics, then one statement."""
    returns = ""
    if cursor.accept("RETURNS"):
        start = cursor.mark()
        cursor.next()
        if cursor.at("("):
            cursor.skip_brackets()
        while cursor.at_any("UNSIGNED", "CHARSET", "CHARACTER", "SET", "COLLATE"):
            cursor.next()
            if cursor.peek(-1).text in ("CHARSET", "SET", "COLLATE"):
                cursor.next()
        returns = " ".join(cursor.since(start).text.lower().split())
    while _characteristic(cursor):
        pass
    return returns, "sql", rest(cursor)


def _characteristic(cursor: Cursor) -> bool:
    if cursor.accept("COMMENT"):
        cursor.string()
        return True
    return any(cursor.accept(*words) for words in _MYSQL_CHARACTERISTICS)


def _sqlserver(cursor: Cursor) -> tuple[str, str, Sql]:
    """T-SQL: parameters, RETURNS, WITH ..., AS, and statements to the end."""
    returns = ""
    cursor.until("RETURNS", "WITH", "AS")
    if cursor.accept("RETURNS"):
        returns = " ".join(cursor.until("WITH", "AS").text.lower().split())
    cursor.until("AS")
    cursor.expect("AS")
    return returns, "tsql", rest(cursor)
