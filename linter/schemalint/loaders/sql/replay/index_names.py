"""The words that PostgreSQL puts an index's automatic name together from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemalint.loaders.sql.lexer import fold, tokens
from schemalint.model import Dialect, KeyPart
from schemalint.source import Span

_CALL = re.compile(r'"?(\w+)"?\s*(\(.*\))', re.DOTALL)
_CAST = re.compile(r'"?(\w+)"?\s*::\s*.*', re.DOTALL)
_CASE = re.compile(r"case\b.*\bend", re.DOTALL | re.IGNORECASE)


def index_words(parts: Iterable[KeyPart], span: Span, dialect: Dialect | None) -> list[str]:
    """What PostgreSQL makes the name of an index of, which is stated at `span`: its columns,
    functions or `expr`, each once, and the columns of INCLUDE."""
    words: list[str] = []
    for part in parts:
        word = part.column
        if word is None:
            word = _word_of(part.expression or "")
        unique, count = word, 0
        while unique in words:
            count += 1
            unique = f"{word}{count}"
        words.append(unique)
    return words + _included_columns(span, dialect)


def _included_columns(span: Span, dialect: Dialect | None) -> list[str]:
    """The columns of INCLUDE, which are no members of the key."""
    text = span.text
    if "INCLUDE" not in text.upper():
        return []
    found = tokens(text, dialect)
    for at, token in enumerate(found):
        if token.kind == "word" and token.text == "INCLUDE" and found[at + 1 :][:1]:
            listed: list[str] = []
            for name in found[at + 2 :]:
                if name.text == ")":
                    return listed
                if name.kind == "word":
                    listed.append(fold(text[name.start : name.end], dialect))
                elif name.kind == "name":
                    listed.append(name.text)
    return []


def _word_of(expression: str) -> str:
    """A function's name, a column's under a cast, `case` or `expr` (FigureIndexColname)."""
    text = expression.strip()
    while text.startswith("(") and text.endswith(")") and _closes_last(text):
        text = text[1:-1].strip()
    call = _CALL.fullmatch(text)
    if call and _closes_last(call[2]):
        return call[1].lower()
    cast = _CAST.fullmatch(text)
    if cast:
        return cast[1]
    return "case" if _CASE.fullmatch(text) else "expr"


def _closes_last(text: str) -> bool:
    """Whether the bracket that opens `text` is closed by its last sign."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False
