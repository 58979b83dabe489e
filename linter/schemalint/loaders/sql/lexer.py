"""SQL text to tokens with their offsets, in the way of one dialect. Never fails.

Not sqlglot's tokenizer: that one raises at the first unfinished quote of a file, drops the
contents of `/*!50003 ... */`, joins words (`PRIMARY KEY`) and takes 80 ms to import; see
`docs/adr/0006-own-ddl-grammar.md`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemalint.loaders.sql.quotes import decode
from schemalint.loaders.sql.token_rules import is_mysql, is_postgres, rules_of
from schemalint.model import Dialect

__all__ = [
    "Lexer",
    "Token",
    "Unclosed",
    "fold",
    "is_mysql",
    "is_postgres",
    "stored",
    "tokens",
    "words",
]


class Token(NamedTuple):
    """A word or sign of SQL.

    `kind` is `word` (`text` in upper case), `name` (a quoted name, decoded, or a placeholder of the
    tool that runs the text), `string` (decoded),
    `number` (also a bit string, `b'01'`), `sign` (an operator or a bracket), `parameter` (`$1`,
    `:a`, `@a`), `delimiter` (what MySQL's DELIMITER set) or `broken` (a quote or a comment that
    nothing closes; `text` is its opening). `start` and `end` are offsets into the file, in
    characters.
    """

    kind: str
    text: str
    start: int
    end: int


def words(text: str) -> frozenset[str]:
    """The words of `text`: for sets of keywords that would take a line for each."""
    return frozenset(text.split())


class Unclosed(Exception):  # noqa: N818 - a reason to begin again, not an error of the program
    """Nothing in the text closes a quote: it has to be read again, with less trust in quotes."""


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_LONGEST_NAME = 63


def fold(word: str, dialect: Dialect | None) -> str:
    """An unquoted name as the database stores it; databases that keep the case keep it.

    PostgreSQL folds ASCII letters only.
    """
    if is_postgres(dialect):
        return word.lower() if word.isascii() else word.translate(_LOWER)
    return word


def stored(name: str, dialect: Dialect | None) -> str:
    """A name without quotes as the database stores it: PostgreSQL keeps its first 63 bytes."""
    if len(name) > _LONGEST_NAME // 4 and is_postgres(dialect):
        data = name.encode("utf-8", "surrogatepass")
        if len(data) > _LONGEST_NAME:
            return data[:_LONGEST_NAME].decode("utf-8", "ignore")
    return name


# Where reading can begin again behind a quote that nothing closes.
_RECOVERY = re.compile(
    r";[ \t]*(?:--[^\n\r]*)?(?:\r\n?|\n)"
    r"|^(?=(?:CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|INSERT|DELIMITER|PRAGMA|GO)\b)",
    re.MULTILINE | re.IGNORECASE,
)
_BLANKS_IN_BRACES = re.compile(r"(?<=\{)[ \t]+|[ \t]+(?=\})")
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Lexer:
    """The tokens of one text, from wherever they are asked for.

    A quote that nothing closes makes nonsense of what follows it, and mostly began long before the
    place where that shows. So the text is then read again (`Unclosed` is raised once for each kind
    of quote), and from then on a quote of that kind ends at the latest where a statement seems to
    begin.
    """

    def __init__(self, text: str, dialect: Dialect | None, distrusted: Iterable[str] = ()) -> None:
        self.text = text
        self.dialect = dialect
        self._rules = rules_of(dialect)
        self._distrusted: set[str] = set()
        self._bounds: list[int] = []
        for mark in distrusted:
            self._distrust(mark)

    def scan(self, at: int, delimiter: str | None = None) -> Iterator[Token]:
        """The tokens from the offset `at` on; `delimiter` is one that MySQL's DELIMITER set.

        Raises:
            Unclosed: the text has to be read again, from its beginning.
        """
        text = self.text
        kinds = self._rules.kinds
        match = self._rules.token.match
        length = len(text)
        bound = self._bound(at)
        version_comments = 0
        while True:
            if delimiter is not None:
                blanks = self._rules.skipped.match(text, at, bound)
                at = blanks.end() if blanks else at
                if text.startswith(delimiter, at):
                    yield Token("delimiter", delimiter, at, at + len(delimiter))
                    at += len(delimiter)
                    continue
            found = match(text, at, bound)
            if found is None:
                if bound == length:
                    return
                at, bound = bound, self._bound(bound)
                continue
            index = found.lastindex or 0
            kind = kinds[index]
            start, at = found.span(index)
            if kind == "word":
                if delimiter is not None and delimiter in text[start:at]:
                    at = text.index(delimiter, start)
                yield Token("word", text[start:at].upper(), start, at)
            elif kind == "sign":
                yield Token("sign", text[start:at], start, at)
            elif kind == "placeholder":
                yield Token("name", _BLANKS_IN_BRACES.sub("", text[start:at].strip('"')), start, at)
            elif kind == "string":
                yield Token(*decode(text[start:at], self.dialect), start, at)
            elif kind in ("number", "parameter"):
                yield Token(kind, text[start:at], start, at)
            elif kind == "version" and self._heeds(text[start:at]):
                version_comments += 1
            elif kind == "version end":
                if not version_comments:
                    yield Token("sign", text[start:at], start, at)
                version_comments = max(0, version_comments - 1)
            else:
                token = self._quoted(kind, start, at, bound)
                at = token.end
                if token.kind != "comment":
                    yield token
            if at >= bound < length:
                bound = self._bound(at)

    def _heeds(self, opening: str) -> bool:
        """Whether the database reads what stands in a comment such as `/*!50003 ... */`."""
        digits = opening.lstrip("/*M!")
        version = int(digits) if len(digits) > 4 else 0
        if "M" in opening:
            return self.dialect is Dialect.MARIADB and version < 120_000
        if self.dialect is Dialect.MARIADB:
            # MariaDB passes over what MySQL added since it went its own way.
            return not 50_700 <= version <= 99_999 and version < 120_000
        return version < 99_999

    def _quoted(self, kind: str, start: int, at: int, bound: int) -> Token:
        """A dollar-quoted string, a comment, or a quote that nothing closes before `bound`."""
        text = self.text
        opening = text[start:at]
        mark = "$" if kind == "dollar" else "/*" if kind in ("comment", "version") else opening
        end = self._closing(kind, opening, at, bound)
        if end < 0 and mark == "/*" and self.dialect is Dialect.SQLITE:
            return Token("comment", "", start, len(text))
        if end < 0 and mark not in self._distrusted:
            if bound < len(text):
                end = self._closing(kind, opening, at, len(text))
            if end < 0:
                self._distrust(mark)
                raise Unclosed
        if end < 0:
            return Token("broken", opening, start, bound)
        if mark == "$":
            return Token("string", text[at : end - len(opening)], start, end)
        if mark == "/*":
            return Token("comment", "", start, end)
        return Token(*decode(text[start:end], self.dialect), start, end)

    def _closing(self, kind: str, opening: str, at: int, bound: int) -> int:
        """The offset behind the quote or comment that was opened before `at`; -1 if not closed."""
        if kind == "dollar":
            found = self.text.find(opening, at, bound)
            return found + len(opening) if found >= 0 else -1
        if kind == "version":
            found = self.text.find("*/", at, bound)
            return found + 2 if found >= 0 else -1
        if kind == "comment":
            depth = 1
            for edge in _COMMENT_EDGE.finditer(self.text, at, bound):
                depth += 1 if edge[0] == "/*" else -1
                if not depth:
                    return edge.end()
            return -1
        whole = self._rules.token.match(self.text, at - len(opening), bound)
        closed = whole and self._rules.kinds[whole.lastindex or 0] == "string"
        return whole.end() if whole and closed else -1

    def _distrust(self, mark: str) -> None:
        self._distrusted.add(mark)
        if not self._bounds:
            self._bounds = [point.end() for point in _RECOVERY.finditer(self.text)]

    def _bound(self, at: int) -> int:
        """Where a quote that begins at `at` or behind it has to end."""
        if not self._bounds:
            return len(self.text)
        index = bisect_right(self._bounds, at)
        return self._bounds[index] if index < len(self._bounds) else len(self.text)


def tokens(text: str, dialect: Dialect | None) -> list[Token]:
    """All tokens of a text without client commands: a body, a condition."""
    lexer = Lexer(text, dialect)
    while True:
        try:
            return list(lexer.scan(0))
        except Unclosed:
            continue
