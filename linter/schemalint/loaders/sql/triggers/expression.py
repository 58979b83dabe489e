"""Expressions in bodies: their tokens, with the row's columns in them found and replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.lexer import Token, fold, tokens
from schemalint.model import Dialect

ROWS = ("NEW", "OLD")


class Part(NamedTuple):
    """One token of an expression: `written` as in the source, `gap` where blanks stand before."""

    kind: str
    text: str
    written: str
    gap: bool


Expression = tuple[Part, ...]


class RowColumn(NamedTuple):
    """`NEW.column` or `OLD.column` at `start` up to, not including, `end` of an expression."""

    start: int
    end: int
    row: str
    column: str


def expression(source: str, found: Sequence[Token]) -> Expression:
    """The tokens of an expression, out of the text `source`."""
    parts = []
    end = found[0].start if found else 0
    for token in found:
        written = source[token.start : token.end]
        parts.append(Part(token.kind, token.text, written, token.start > end))
        end = token.end
    return tuple(parts)


def parsed(source: str, dialect: Dialect | None) -> Expression:
    """The expression that `source` is."""
    return expression(source, tokens(source, dialect))


def text(parts: Iterable[Part]) -> str:
    """SQL of the expression: as written, with single blanks and without comments."""
    out = "".join([" " + part.written if part.gap else part.written for part in parts])
    return out.strip()


def until(cursor: Cursor, *words: str) -> Expression:
    """Everything up to one of these words outside of brackets and CASE, which is not taken."""
    first = cursor.at_token
    cases = 0
    while not cursor.done:
        if not cases and cursor.at_any(*words):
            break
        if cursor.at_any("(", "["):
            cursor.skip_brackets()
            continue
        token = cursor.next()
        if token.kind == "word":
            cases += (token.text == "CASE") - (token.text == "END" and cases > 0)
    return expression(cursor.file.text, cursor.tokens[first : cursor.at_token])


def row_columns(parts: Expression, dialect: Dialect | None) -> Iterator[RowColumn]:
    """Each mention of a column of NEW or OLD, in order."""
    for at, part in enumerate(parts):
        if part.kind == "word" and part.text in ROWS and at + 2 < len(parts):
            dot, column = parts[at + 1], parts[at + 2]
            if dot.text == "." and dot.kind == "sign" and column.kind in ("word", "name"):
                name = fold(column.written, dialect) if column.kind == "word" else column.text
                yield RowColumn(at, at + 3, part.text, name)


def replaced(
    parts: Expression, dialect: Dialect | None, value: Callable[[RowColumn], Expression | None]
) -> Expression:
    """The expression with what `value` gives in the place of the row's columns (None: kept)."""
    out: list[Part] = []
    at = 0
    for found in row_columns(parts, dialect):
        new = value(found)
        if new is not None:
            out.extend(parts[at : found.start])
            out.extend(in_parentheses(new, gap=parts[found.start].gap))
            at = found.end
    return (*out, *parts[at:])


def in_parentheses(parts: Expression, *, gap: bool) -> Expression:
    """The expression as an operand: in parentheses unless it is a single word or column."""
    if len(parts) == 1 or (len(parts) == 3 and parts[0].text in ROWS):
        return (parts[0]._replace(gap=gap), *parts[1:])
    inner = (parts[0]._replace(gap=False), *parts[1:])
    return (sign("(")._replace(gap=gap), *inner, sign(")"))


def sign(written: str) -> Part:
    """A sign, with nothing before it."""
    return Part("sign", written, written, False)


def word(written: str) -> Part:
    """A word, with a blank before it."""
    return Part("word", written.upper(), written, True)


NULL: Expression = (word("NULL"),)
