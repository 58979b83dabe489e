"""A file of SQL to its statements, as a client of the database would send them. Never fails.

A client does not read SQL; it looks for the end of each statement. So does this module, with the
care that each database's own client takes: bodies of triggers and routines, MySQL's DELIMITER,
psql's lines that begin with a backslash, the data of COPY, the batches of SQL Server. A statement
whose end cannot be found ends where the next one seems to begin, with the `fault` that says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemalint.loaders.sql.batches import Batches, starts_line
from schemalint.loaders.sql.bodies import Body, body_of
from schemalint.loaders.sql.lexer import Lexer, Token, Unclosed, is_mysql, is_postgres
from schemalint.model import Dialect


class Fault(NamedTuple):
    """Why a statement has no proper end, for people, and the offsets of what shows it."""

    message: str
    start: int
    end: int


class Piece(NamedTuple):
    """The tokens of one statement, without its closing semicolon."""

    tokens: list[Token]
    fault: Fault | None = None


_LINE_END = re.compile(r"\r\n?|\n|\Z")
_COPY_END = re.compile(r"^\\\.[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)
_DELIMITER = re.compile(r"DELIMITER[ \t]+(\S+)", re.IGNORECASE)
_COPY_FROM_HERE = re.compile(r"\\copy\b.*\bFROM\s+STDIN\b", re.IGNORECASE)
# psql's commands that send what was typed so far.
_SENDS = re.compile(r"\\(?:g|gx|gexec|gset|gdesc|crosstabview|watch)\b")
_NEXT = (
    r"(?:CREATE\s+(?:TABLE|UNIQUE|INDEX|TYPE|VIEW|TRIGGER|FUNCTION|PROCEDURE|DOMAIN|OR|EVENT"
    r"|MATERIALIZED|SEQUENCE|EXTENSION|SCHEMA|UNLOGGED|FULLTEXT|DATABASE)|ALTER\s+TABLE)\b"
)
_NEXT_STATEMENT = re.compile(_NEXT, re.IGNORECASE)
_NEXT_LINE = re.compile(rf"^{_NEXT}", re.IGNORECASE | re.MULTILINE)

_HEAD = 12  # tokens, in which CREATE PROCEDURE says what it is
# Words that may end the statement before them.
_NOTABLE = frozenset(("CREATE", "ALTER", "DELIMITER"))
_HOLDERS = frozenset(("EXPLAIN", "PREPARE", "GRANT", "REVOKE"))
# How dbmate, goose, sql-migrate, rambler and node-pg-migrate mark what undoes a migration.
_DIRECTION = re.compile(
    r"^--[ \t]*(?:migrate:|\+goose[ \t]+|\+migrate[ \t]+|rambler[ \t]+|(?=(?:up|down) migration))"
    r"(?:(up)|down)\b",
    re.MULTILINE | re.IGNORECASE,
)

# Drizzle's, which cuts its files there and nowhere else.
_BREAK = re.compile(r"--> statement-breakpoint")


def split(text: str, dialect: Dialect | None, distrusted: Iterable[str] = ()) -> list[Piece]:
    """The statements of `text`, in order; empty ones are left out.

    A quotation that begins with one of `distrusted` ends where a statement seems to begin.
    """
    lexer = Lexer(text, dialect, distrusted)
    while True:
        try:
            return list(_Splitter(lexer).pieces())
        except Unclosed:
            continue


def swallowing(text: str, piece: Piece) -> set[str]:
    """The opening marks of those quotations in `piece` in which a statement seems to begin.

    Two quotes that are missing make a pair: nothing is unclosed, and all between them is lost.
    """
    return {
        text[token.start]
        for token in piece.tokens
        if token.kind in ("string", "name")
        and text[token.start] in "'\"`["
        and _NEXT_LINE.search(text, token.start, token.end)
    }


def _no_end(first: Token) -> Fault:
    return Fault("the END of this body is missing", first.start, first.end)


class _Splitter:
    """One pass over a text."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.text = lexer.text
        self.dialect = lexer.dialect
        self.delimiter: str | None = None
        self.copy_can_end = True
        self.bodies_can_end = True
        self.batches = Batches(self.text) if self.dialect is Dialect.SQLSERVER else None
        # SQL Server's scripts are told by their GO where nothing else tells them.
        self.notable = _NOTABLE | {"GO"} if self.dialect is None else _NOTABLE
        # Where each mark stands, and whether it is of what undoes the migration.
        self.directions = [
            (mark.start(), mark[1] is None) for mark in _DIRECTION.finditer(self.text)
        ]
        self.breaks = [mark.start() for mark in _BREAK.finditer(self.text)]
        # MySQL's procedures may create tables.
        self.may_hold_tables = self.dialect is None or is_mysql(self.dialect)
        self.has_backslash = self.dialect is None or is_postgres(self.dialect)
        self.has_dot_commands = self.dialect in (None, Dialect.SQLITE)
        self._begin()

    def _begin(self) -> None:
        self.tokens: list[Token] = []
        self.fault: Fault | None = None
        self.body: Body | None = None
        self.body_known = False
        if self.batches is not None:
            self.batches.begin()
        # Where a statement seems to begin inside the body: its token's number, and its offset.
        self.cut: tuple[int, int] | None = None

    def pieces(self) -> Iterator[Piece]:
        """The statements."""
        at = 1 if self.text.startswith("\ufeff") else 0
        while at < len(self.text):
            self._begin()
            at = self._statement(at)
            if self.tokens and not self._is_undone(self.tokens[0]):
                yield Piece(self.tokens, self.fault)

    def _is_undone(self, first: Token) -> bool:
        """Whether the statement is of those that would take the migration back."""
        before = bisect_right(self.directions, (first.start, True))
        return before > 0 and self.directions[before - 1][1]

    def _statement(self, at: int) -> int:
        """Take the tokens of the statement at the offset `at`; the offset where the next begins."""
        tokens = self.tokens
        breaks = self.breaks
        for token in self.lexer.scan(at, self.delimiter):
            if breaks and tokens and self._is_cut_off(tokens[-1], token):
                return token.start
            kind = token.kind
            behind = None
            if kind == "word":
                if token.text in self.notable or self.batches:
                    behind = self._word(token)
            elif kind == "sign":
                if token.text == ";":
                    if not self._is_inside():
                        return self._behind(token.end)
                elif token.text == "\\" or (token.text == "." and not tokens):
                    behind = self._client_command(token)
                elif token.text == "-" and not tokens:
                    behind = self._dashed_line(token)
            elif kind == "delimiter":
                return token.end
            elif kind == "broken":
                end = token.start + len(token.text)
                self.fault = Fault(f"nothing closes this `{token.text}`", token.start, end)
                behind = token.end
                tokens.append(token)
            if behind is not None:
                return behind
            tokens.append(token)
        return self._at_end(at)

    def _is_cut_off(self, last: Token, token: Token) -> bool:
        """Whether a mark stands between two tokens that ends the statement, `;` or not."""
        return bisect_right(self.breaks, token.start) > bisect_right(self.breaks, last.end)

    def _at_end(self, at: int) -> int:
        """What the end of the text means for the statement that began at `at`."""
        if not self.tokens:
            return len(self.text)
        if self.delimiter is not None:
            # It was meant for statements before this one.
            self.delimiter = None
            self.tokens = []
            return at
        if self.body is None or not self.body.is_open(self.tokens):
            return len(self.text)
        self.bodies_can_end = False
        return self._cut_body()

    def _cut_body(self) -> int:
        """End a body whose END never comes; the offset where the next statement begins."""
        number, behind = self.cut or (len(self.tokens), len(self.text))
        self.tokens = self.tokens[:number]
        self.fault = _no_end(self.tokens[0])
        return behind

    def _is_inside(self) -> bool:
        """Whether the semicolon that comes next stands inside the statement."""
        if not self.tokens:
            return False
        if self.batches is not None:
            return self.batches.goes_on(self.tokens)
        if not self.body_known:
            self.body_known = True
            self.body = body_of(self.tokens, self.dialect)
        if self.delimiter is not None:
            # The server takes apart what comes without a body: `DROP PROCEDURE p; CREATE ... //`.
            return self.body is not None
        return self.body is not None and self.body.is_open(self.tokens)

    def _behind(self, end: int) -> int:
        """The offset behind a semicolon that ends at `end`, and behind the data of COPY."""
        first = self.tokens[0] if self.tokens else None
        if first is None or first.text != "COPY" or not self.has_backslash:
            return end
        words = [token.text for token in self.tokens]
        if "STDIN" not in words or words[words.index("STDIN") - 1] != "FROM":
            return end
        data = self._line_end(end)
        behind = self._behind_data(data)
        if behind is not None:
            return behind
        self.fault = Fault("nothing ends the data of this COPY: `\\.` is missing", *first[2:])
        following = _NEXT_LINE.search(self.text, data)
        return following.start() if following else len(self.text)

    def _behind_data(self, start: int) -> int | None:
        """The offset behind the data of COPY that starts at `start`; None if it never ends."""
        found = _COPY_END.search(self.text, start) if self.copy_can_end else None
        self.copy_can_end = found is not None
        return found.end() if found is not None else None

    def _client_command(self, sign: Token) -> int | None:
        """The offset behind a client's command that begins with this sign, if one does."""
        if sign.text == "\\":
            if not self.has_backslash:
                return None
            if self.text.startswith(";", sign.end):
                return sign.end + 1
            if not _SENDS.match(self.text, sign.start) and not starts_line(self.text, sign.start):
                return None
        elif not self.has_dot_commands or not starts_line(self.text, sign.start):
            return None
        behind = self._line_end(sign.end)
        if _COPY_FROM_HERE.match(self.text, sign.start, behind):
            return self._behind_data(behind) or behind
        return behind

    def _dashed_line(self, sign: Token) -> int | None:
        """The offset behind the line of a `--` where a statement could begin: to MySQL's client it
        is a comment, whatever follows the dashes; the server wants a blank behind them."""
        return self._line_end(sign.end) if self.text.startswith("--", sign.start) else None

    def _word(self, token: Token) -> int | None:
        """Where the next statement begins, if this word ends the one before it."""
        if self.batches is not None:
            return self._batch_word(self.batches, token)
        if token.text == "DELIMITER":
            return self._delimiter_line(token)
        if token.text == "GO":
            return Batches(self.text).go(token) or None
        if not self.tokens or self.delimiter is not None:
            return None
        return self._missing_semicolon(token)

    def _delimiter_line(self, token: Token) -> int | None:
        """What MySQL's DELIMITER, if it is that and no column's name, says to do next."""
        found = _DELIMITER.match(self.text, token.start)
        if found is None or not starts_line(self.text, token.start):
            return None
        if self.tokens:
            # Where the delimiter itself was forgotten.
            forgotten = self.delimiter is not None and not found[1][0].isalnum()
            return token.start if forgotten else None
        delimiter = found[1].strip("'\"`")
        self.delimiter = delimiter if delimiter not in ("", ";") else None
        return self._line_end(found.end())

    def _batch_word(self, batches: Batches, token: Token) -> int | None:
        behind = batches.go(token)
        if behind:
            return behind
        if not self.tokens:
            behind = batches.alone(token)
            return behind or None
        return token.start if batches.is_next(self.tokens, token) else None

    def _missing_semicolon(self, token: Token) -> int | None:
        """Where the next statement begins, if this CREATE or ALTER begins one on a new line."""
        if not starts_line(self.text, token.start):
            return None
        if not _NEXT_STATEMENT.match(self.text, token.start):
            return None
        if self.body is None and not self.body_known:
            self.body = body_of(self.tokens, self.dialect)
        is_open = self.body is not None and self.body.is_open(self.tokens)
        if self.body is not None and self.may_hold_tables and (is_open or self._runs_ddl()):
            self.cut = self.cut or (len(self.tokens), token.start)
            return None if self.bodies_can_end else self._cut_body()
        first, second = self.tokens[0].text, self.tokens[min(1, len(self.tokens) - 1)].text
        if (first, second) == ("CREATE", "SCHEMA") or first in _HOLDERS:
            return None
        if is_open:
            self.fault = _no_end(self.tokens[0])
        elif self.dialect is not None:
            last = self.tokens[-1]
            self.fault = Fault("the `;` behind this statement is missing", last.start, last.end)
        return token.start

    def _runs_ddl(self) -> bool:
        """Whether the one statement that is this routine's body may be a CREATE TABLE."""
        return any(token.text in ("PROCEDURE", "EVENT") for token in self.tokens[:_HEAD])

    def _line_end(self, at: int) -> int:
        found = _LINE_END.search(self.text, at)
        return found.end() if found else len(self.text)
