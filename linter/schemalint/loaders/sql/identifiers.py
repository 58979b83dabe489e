"""Columns and tables in SQL text: which it names, and the text with one of them renamed.

Token by token, without reading the expression: a word is a column's name unless a bracket follows
(a function), a cast stands before it (a type), or it is the qualifier of another name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from schemalint.condition.quoting import quoted_name
from schemalint.loaders.sql.lexer import Token, fold, tokens
from schemalint.model import Dialect


class Identifier(NamedTuple):
    """A name in SQL text at `start` up to `end`; `qualifier` is the name before its dot."""

    name: str
    qualifier: str | None
    start: int
    end: int


def identifiers(text: str, dialect: Dialect | None) -> Iterator[Identifier]:
    """The names in `text` that are no function's, no type's after `::`, and no qualifier's.

    Keywords are among them, as far as they are not quoted: whoever asks knows which names exist.
    """
    found = tokens(text, dialect)
    for at, token in enumerate(found):
        if token.kind == "word":
            name = fold(text[token.start : token.end], dialect)
        elif token.kind == "name":
            name = token.text
        else:
            continue
        following = found[at + 1].text if at + 1 < len(found) else ""
        before = found[at - 1].text if at else ""
        if following == "." or before == "::" or (following == "(" and token.kind == "word"):
            continue
        qualifier = None
        if before == "." and at > 1:
            part = found[at - 2]
            is_word = part.kind == "word"
            qualifier = fold(text[part.start : part.end], dialect) if is_word else part.text
        yield Identifier(name, qualifier, token.start, token.end)


def called(text: str, dialect: Dialect | None) -> Iterator[tuple[str, str | None]]:
    """The functions that `text` calls, each with its schema if that is named."""
    found = tokens(text, dialect)

    def spelling(token: Token) -> str:
        is_word = token.kind == "word"
        return fold(text[token.start : token.end], dialect) if is_word else token.text

    for at, token in enumerate(found[:-1]):
        if token.kind in ("word", "name") and found[at + 1].text == "(":
            qualified = at > 1 and found[at - 1].text == "."
            yield spelling(token), spelling(found[at - 2]) if qualified else None


def columns_in(text: str, known: Callable[[str], str | None], dialect: Dialect | None) -> list[str]:
    """The columns that `text` names, each once; `known` gives a column's own spelling, or None."""
    found = (known(one.name) for one in identifiers(text, dialect))
    return list(dict.fromkeys([name for name in found if name is not None]))


def renamed(
    text: str,
    is_meant: Callable[[Identifier], bool],
    name: str,
    dialect: Dialect | None,
) -> str:
    """`text` with each identifier that `is_meant` replaced by `name`, quoted where it has to be."""
    places = [one for one in identifiers(text, dialect) if is_meant(one)]
    written = quoted_name(name, dialect)
    for one in reversed(places):
        text = text[: one.start] + written + text[one.end :]
    return text
