"""What the readers of bodies share: a place in the text, statements to their semicolons, writes."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.lexer import tokens
from schemalint.loaders.sql.triggers.expression import Expression, until
from schemalint.loaders.sql.triggers.plain import may_fail
from schemalint.loaders.sql.triggers.steps import MayFail, Step, Steps, Unclear, Write
from schemalint.model import Dialect
from schemalint.source import SourceFile

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE")
_BEFORE_TABLE = (
    "OR",
    "LOW_PRIORITY",
    "QUICK",
    "IGNORE",
    "INTO",
    "FROM",
    "ONLY",
    "TABLE",
    "DELAYED",
)
_RESOLUTIONS = ("ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE")


def reader(text: str, dialect: Dialect | None) -> Cursor:
    """A cursor at the beginning of a body."""
    return Cursor(SourceFile("", text), tokens(text, dialect), dialect)


def statement(cursor: Cursor) -> Expression:
    """The tokens up to the next semicolon, which is taken too."""
    found = until(cursor, ";")
    cursor.accept(";")
    return found


def has(parts: Expression, *texts: str) -> bool:
    """Whether one of these words or signs is among the tokens, unquoted."""
    return any(part.text in texts and part.kind in ("word", "sign") for part in parts)


def write(cursor: Cursor) -> Steps:
    """INSERT, UPDATE, DELETE ... up to its semicolon."""
    word = cursor.next().text
    while cursor.at_any(*_BEFORE_TABLE):
        if cursor.next().text == "OR" and cursor.at_any(*_RESOLUTIONS):
            cursor.next()
    table = cursor.table_name().name
    left = statement(cursor)
    if word == "TRUNCATE" or (word == "DELETE" and left and left[0].text in (",", "USING")):
        return (MayFail(f"{word} of several tables"), Write(table))
    steps: tuple[Step, ...] = (Write(table),)
    if has(left, "RETURNING") and has(left, "INTO"):
        return (*steps, Unclear("gives what it wrote to a variable"))
    if may_fail(left, cursor.dialect):
        return (MayFail(f"{word} of {table} calls what could change another table"), *steps)
    return steps


def harmless(parts: Expression, dialect: Dialect | None, what: str) -> Steps:
    """No step, unless what is worked out could fail or change a table."""
    return (MayFail(f"{what} calls what could change a table"),) if may_fail(parts, dialect) else ()
