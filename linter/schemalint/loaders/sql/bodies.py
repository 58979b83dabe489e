"""Where the bodies of triggers and routines end: how deep in BEGIN ... END a semicolon stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from schemalint.loaders.sql.lexer import Token, is_postgres
from schemalint.model import Dialect


class Body(Protocol):
    """What tells whether the statement goes on behind a semicolon."""

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """Whether a semicolon behind these tokens, all so far, stands inside the body."""
        ...


_ROUTINES = frozenset(("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"))
_OTHERS = frozenset(
    ("TABLE", "INDEX", "VIEW", "TYPE", "SEQUENCE", "SCHEMA", "DATABASE", "DOMAIN", "EXTENSION")
)
_HEAD = 24  # tokens; `CREATE OR REPLACE DEFINER = a@b SQL SECURITY INVOKER TRIGGER` has fewer


def body_of(tokens: Sequence[Token], dialect: Dialect | None) -> Body | None:
    """What follows the body of the statement that begins with `tokens`; None if it has none."""
    first = tokens[0].text
    if first == "BEGIN" and [token.text for token in tokens[1:3]] == ["NOT", "ATOMIC"]:
        return NestedBody("begin")
    if first not in ("CREATE", "ALTER"):
        return None
    for token in tokens[1:_HEAD]:
        if token.kind != "word" or token.text in _OTHERS:
            if token.kind == "word":
                return None
        elif token.text == "RULE":
            return BracketBody()
        elif token.text in _ROUTINES:
            if dialect is Dialect.SQLITE:
                return SqliteBody()
            return AtomicBody() if is_postgres(dialect) else NestedBody()
    return None


class BracketBody:
    """The actions of PostgreSQL's CREATE RULE: `DO (...; ...)`.

    psql takes every semicolon in brackets for a part of its statement. Elsewhere that would only
    make one bracket that is missing cost the rest of the file.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._depth = 0

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """See `Body`."""
        for token in tokens[self._seen :]:
            if token.kind == "sign":
                self._depth += (token.text == "(") - (token.text == ")")
        self._seen = len(tokens)
        return self._depth > 0


class SqliteBody:
    """`BEGIN ... ; END` of a trigger, as SQLite's own shell finds its end."""

    def __init__(self) -> None:
        self._seen = 0
        self._begun = False

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """See `Body`."""
        if not self._begun:
            self._begun = any(
                token.text == "BEGIN" and token.kind == "word" and tokens[index - 1].text != "."
                for index, token in enumerate(tokens[self._seen :], self._seen)
            )
            self._seen = len(tokens)
        if not self._begun:
            return False
        last = tokens[-1]
        ended = last.kind == "word" and last.text == "END"
        return not (ended and tokens[-2].text in (";", "BEGIN"))


class AtomicBody:
    """PostgreSQL's `BEGIN ATOMIC ... END` of a routine."""

    def __init__(self) -> None:
        self._seen = 0
        self._depth = 0

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """See `Body`."""
        for index in range(self._seen, len(tokens)):
            token = tokens[index]
            if token.kind != "word":
                continue
            if self._depth:
                self._depth += (token.text == "CASE") - (token.text == "END")
            elif token.text == "ATOMIC" and tokens[index - 1].text == "BEGIN":
                self._depth = 1
        self._seen = len(tokens)
        return self._depth > 0


# Behind these a statement begins.
_BEFORE_STATEMENT = frozenset(
    (";", "BEGIN", "ATOMIC", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ":", "ROW")
)
# Behind these the one statement of a routine without BEGIN can begin.
_BEFORE_BODY = frozenset((")", "DETERMINISTIC", "DATA", "SQL", "DEFINER", "INVOKER"))
_BLOCKS = frozenset(("IF", "LOOP", "WHILE", "REPEAT", "FOR"))


class NestedBody:
    """MySQL's blocks: BEGIN, IF, CASE, LOOP, WHILE, REPEAT and FOR up to their END."""

    def __init__(self, *blocks: str) -> None:
        self._seen = 0
        self._open = list(blocks)
        self._handler = False

    def is_open(self, tokens: Sequence[Token]) -> bool:
        """See `Body`."""
        for index in range(max(self._seen, 1), len(tokens)):
            token = tokens[index]
            if token.kind == "word":
                self._word(token.text, tokens[index - 1])
        self._seen = len(tokens)
        return bool(self._open)

    def _word(self, word: str, previous: Token) -> None:
        before = previous.text if previous.kind in ("word", "sign") else ""
        if before == ";":
            self._handler = False
        if before == "." or (before == "END" and word in ("IF", "CASE", *_BLOCKS)):
            return
        starts = before in _BEFORE_STATEMENT and not self._in_expression(before)
        if word == "END":
            if self._open:
                self._open.pop()
        elif word == "CASE":
            self._open.append("case" if starts else "expression")
        elif word == "BEGIN":
            if starts or self._handler or (not self._open and before not in (",", "OF", "(")):
                self._open.append("begin")
        elif word in _BLOCKS:
            if starts or (not self._open and before in _BEFORE_BODY):
                self._open.append("block")
        elif word == "HANDLER":
            self._handler = True

    def _in_expression(self, before: str) -> bool:
        """Whether THEN or ELSE is that of a CASE which gives a value."""
        return before in ("THEN", "ELSE") and bool(self._open) and self._open[-1] == "expression"
