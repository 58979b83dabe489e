"""SQL text to tokens with their offsets, in the way of one dialect. Never fails.

Not sqlglot's tokenizer: that one raises at the first unfinished quote of a file, drops the
contents of `/*!50003 ... */`, joins words (`PRIMARY KEY`) and takes 80 ms to import; see
`docs/adr/0006-own-ddl-grammar.md`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from schemalint.model import Dialect


class Token(NamedTuple):
    """A word or sign of SQL.

    `kind` is `word` (`text` in upper case), `name` (a quoted name, decoded), `string` (decoded),
    `number`, `sign` (an operator or a bracket), `parameter` (`$1`, `:a`, `@a`) or `broken` (a quote
    that nothing closes: it reaches to the end of the text). `start` and `end` are offsets into the
    file, in characters.
    """

    kind: str
    text: str
    start: int
    end: int


def is_mysql(dialect: Dialect | None) -> bool:
    """Whether the dialect is of MySQL's family."""
    return dialect in (Dialect.MYSQL, Dialect.MARIADB)


def fold(word: str, dialect: Dialect | None) -> str:
    """An unquoted name as the database stores it; databases that keep the case keep it."""
    if dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        return word.lower()
    return word


_SPACE = r"\s+"
_DASHES = r"--[^\r\n]*"
_MYSQL_COMMENT = r"--(?=[\s\x00]|$)[^\r\n]*|#[^\r\n]*|/\*M?!\d*|\*/"
_BLOCK = r"/\*(?:[^*]|\*(?!/))*(?:\*/|$)"
_WORD = r"[^\W\d][\w$#]*"
_NUMBER = r"0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_PARAMETER = r"\$\d+|@@?\w+|:(?=[A-Za-z_])\w+|\?\d*(?![|&])"
_DOLLAR = r"(?P<dollar>\$(?:[^\W\d]\w*)?\$)"
_PLAIN_STRING = r"[nN]?'(?:[^']|'')*(?:'|$)"
_ESCAPED_STRING = r"[nN]?'(?:[^'\\]|''|\\.)*(?:'|$)"
_E_STRING = r"(?:[eE]'(?:[^'\\]|''|\\.)*|(?:[uU]&|[bBxX])'(?:[^']|'')*)(?:'|$)"
_BYTES = r"[xXbB]'[^']*(?:'|$)"
_DOUBLE = r'"(?:[^"]|"")*(?:"|$)'
_DOUBLE_STRING = r'"(?:[^"\\]|""|\\.)*(?:"|$)'
_BACKTICK = r"`(?:[^`]|``)*(?:`|$)"
_BRACKET = r"\[[^\]]*(?:\]|$)"
_POSTGRES_SIGN = r"(?:(?!--|/\*)[-+*/<>=~!@#%^&|`?])+|::|:=|\.\."
_SIGN = r"::|:=|<=>|<>|!=|<=|>=|==|\|\||->>|->|<<|>>|&&"


def _lexer(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join((*alternatives, r"(?P<sign>(?s:.))")), re.DOTALL)


_POSTGRES = _lexer(
    f"(?P<space>{_SPACE}|{_DASHES})",
    r"(?P<block>/\*)",
    f"(?P<string>{_E_STRING}|{_PLAIN_STRING})",
    _DOLLAR,
    f"(?P<word>{_WORD})",
    f"(?P<name>{_DOUBLE})",
    f"(?P<number>{_NUMBER})",
    r"(?P<parameter>\$\d+|:(?=[A-Za-z_])(?<!::)\w+)",
    f"(?P<operator>{_POSTGRES_SIGN})",
)
_MYSQL = _lexer(
    f"(?P<space>{_SPACE}|{_MYSQL_COMMENT})",
    f"(?P<comment>{_BLOCK})",
    f"(?P<string>{_BYTES}|{_ESCAPED_STRING}|{_DOUBLE_STRING})",
    f"(?P<word>{_WORD})",
    f"(?P<name>{_BACKTICK})",
    f"(?P<number>{_NUMBER})",
    f"(?P<parameter>{_PARAMETER})",
    f"(?P<operator>{_SIGN})",
)
_OTHER = _lexer(
    f"(?P<space>{_SPACE}|{_DASHES})",
    f"(?P<comment>{_BLOCK})",
    f"(?P<string>{_BYTES}|{_PLAIN_STRING})",
    f"(?P<word>{_WORD})",
    f"(?P<name>{_DOUBLE}|{_BACKTICK}|{_BRACKET})",
    f"(?P<number>{_NUMBER})",
    f"(?P<parameter>{_PARAMETER})",
    f"(?P<operator>{_SIGN})",
)


def pattern(dialect: Dialect | None) -> re.Pattern[str]:
    """The regular expression that one token of the dialect matches."""
    if dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB):
        return _POSTGRES
    return _MYSQL if is_mysql(dialect) else _OTHER
