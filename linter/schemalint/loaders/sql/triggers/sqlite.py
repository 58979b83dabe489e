"""SQLite's bodies to steps."""

from __future__ import annotations

from itertools import pairwise

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.triggers.body import WRITES, harmless, reader, statement, write
from schemalint.loaders.sql.triggers.expression import Expression, expression, sign, until
from schemalint.loaders.sql.triggers.steps import (
    Choose,
    Refuse,
    Return,
    Step,
    Steps,
    Unclear,
)
from schemalint.model import Dialect

_REFUSING = ("ABORT", "FAIL", "ROLLBACK")
_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW")


def read(body: str, dialect: Dialect | None) -> Steps:
    """The steps of BEGIN ... END.

    Raises:
        SyntaxFaultError: the body is not what SQLite asks for.
    """
    cursor = reader(body, dialect)
    cursor.expect("BEGIN")
    steps: list[Step] = []
    while not cursor.accept("END"):
        if cursor.done:
            raise cursor.unexpected("END")
        steps.extend(_statement(cursor))
    cursor.accept(";")
    if not cursor.done:
        raise cursor.unexpected("the end of the body")
    return tuple(steps)


def _statement(cursor: Cursor) -> Steps:
    start = cursor.at_token
    word = cursor.peek().text
    found = statement(cursor)
    raises = _calls_raise(found)
    if word == "SELECT":
        if not raises:
            return harmless(found, cursor.dialect, "SELECT")
        cursor.at_token = start
        return _select(cursor)
    if word in WRITES and not raises:
        cursor.at_token = start
        return write(cursor)
    return (Unclear(f"{word} is not followed"),)


def _calls_raise(parts: Expression) -> bool:
    return any(
        part.text == "RAISE" and part.kind == "word" and following.text == "("
        for part, following in pairwise(parts)
    )


def _select(cursor: Cursor) -> Steps:
    """SELECT of one expression with RAISE in it, and WHERE."""
    cursor.expect("SELECT")
    first = cursor.at_token
    value = until(cursor, "FROM", "WHERE", ";", ",", *_CLAUSES)
    end = cursor.at_token
    source: Expression = ()
    if cursor.accept("FROM"):
        source = until(cursor, "WHERE", ";", *_CLAUSES)
    condition: Expression | None = None
    if cursor.accept("WHERE"):
        condition = until(cursor, ";", *_CLAUSES)
    if not cursor.at(";"):
        statement(cursor)
        return (Unclear("a SELECT with RAISE is not followed"),)
    cursor.expect(";")
    if source or not value:
        return (Unclear("whether RAISE is reached depends on other rows"),)
    inside = Cursor(cursor.file, cursor.tokens[first:end], cursor.dialect)
    steps = _value(inside)
    return (Choose(((condition, steps),)),) if condition is not None else steps


def _value(cursor: Cursor) -> Steps:
    """`RAISE(...)`, a CASE or iif() with it, or an expression without it."""
    while cursor.at("(") and cursor.tokens[-1].text == ")" and _one_bracket(cursor):
        cursor = Cursor(cursor.file, cursor.tokens[1:-1], cursor.dialect)
    whole = expression(cursor.file.text, cursor.tokens)
    if not _calls_raise(whole):
        return harmless(whole, cursor.dialect, "SELECT")
    if cursor.accept("RAISE"):
        found = _raise(cursor)
    elif cursor.accept("CASE"):
        found = _case(cursor)
    elif cursor.accept("IIF", "("):
        found = _iif(cursor)
    else:
        return (Unclear("an expression around RAISE is not followed"),)
    if not cursor.done and not cursor.at("AS"):
        return (Unclear("an expression around RAISE is not followed"),)
    return found


def _one_bracket(cursor: Cursor) -> bool:
    start = cursor.at_token
    cursor.skip_brackets()
    one = cursor.done
    cursor.at_token = start
    return one


def _raise(cursor: Cursor) -> Steps:
    cursor.expect("(")
    kind = cursor.next().text
    if kind == "IGNORE":
        cursor.expect(")")
        return (Return("skip"),)
    if kind not in _REFUSING:
        raise cursor.unexpected("ABORT, FAIL, ROLLBACK or IGNORE")
    cursor.expect(",")
    until(cursor, ")")
    cursor.expect(")")
    return (Refuse(),)


def _case(cursor: Cursor) -> Steps:
    subject = until(cursor, "WHEN")
    branches = []
    otherwise: Steps = ()
    while cursor.accept("WHEN"):
        condition = until(cursor, "THEN")
        cursor.expect("THEN")
        if subject:
            condition = (
                sign("("),
                *subject,
                sign(")"),
                sign("="),
                sign("("),
                *condition,
                sign(")"),
            )
        branches.append((condition, _part(cursor, "WHEN", "ELSE", "END")))
    if cursor.accept("ELSE"):
        otherwise = _part(cursor, "END")
    cursor.expect("END")
    return (Choose(tuple(branches), otherwise),)


def _iif(cursor: Cursor) -> Steps:
    condition = until(cursor, ",")
    cursor.expect(",")
    then = _part(cursor, ",", ")")
    otherwise = _part(cursor, ")") if cursor.accept(",") else ()
    cursor.expect(")")
    return (Choose(((condition, then),), otherwise),)


def _part(cursor: Cursor, *ends: str) -> Steps:
    """One value inside of CASE or iif()."""
    start = cursor.at_token
    until(cursor, *ends)
    return _value(Cursor(cursor.file, cursor.tokens[start : cursor.at_token], cursor.dialect))
