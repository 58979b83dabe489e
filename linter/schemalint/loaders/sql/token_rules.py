"""What one token looks like in each dialect: one regular expression for all kinds of them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from schemalint.model import Dialect


def is_mysql(dialect: Dialect | None) -> bool:
    """Whether the dialect is of MySQL's family."""
    return dialect in (Dialect.MYSQL, Dialect.MARIADB)


def is_postgres(dialect: Dialect | None) -> bool:
    """Whether the dialect is of PostgreSQL's family."""
    return dialect in (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


# Letters are those of ASCII, `_`, and all that is no ASCII. As the complement of what is no letter,
# because `re` takes 5 ms to compile a set that reaches so far.
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_LETTER_OR_DIGIT = r"[^\x00-/:-@\[-^`{-\x7f]"
_NAME = r"[^\x00-#%-/:-@\[-^`{-\x7f]"  # and `$`
_TRANSACT_NAME = r"[^\x00-\"%-/:-?\[-^`{-\x7f]"  # and `$`, `#`, `@`
_BLANKS = r"[ \t\n\r\f\v]++"
_DASHES = r"--[^\n\r]*+"
# `-->` is what Drizzle writes between statements, and no comment to MySQL.
_MYSQL_DASHES = r"--(?=[\x00-\x20]|\Z|> statement-breakpoint)[^\n\r]*+|\#[^\n\r]*+"
_NESTED_COMMENT = r"/\*[^*/]*+(?:(?:\*(?!/)|/(?!\*))[^*/]*+)*+\*/"
_FLAT_COMMENT = r"/\*(?!M?!)[^*]*+(?:\*(?!/)[^*]*+)*+\*/"
_ANY_FLAT_COMMENT = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/"

_WORD = rf"{_LETTER}{_NAME}*+"
_NUMBER = r"0[xX][0-9a-fA-F_]++|(?:\d[\d_]*+(?:\.(?!\.)\d*+)?|\.\d++)(?:[eE][-+]?\d++)?"
_PARAMETER = r"@@?[\w$]++|:[A-Za-z_]\w*+|\?\d*+(?![|&])"
_PLAIN = r"'[^']*+(?:''[^']*+)*+'"
_ESCAPED = r"'[^'\\]*+(?:(?:''|\\.)[^'\\]*+)*+'"
_DOUBLE = r'"[^"]*+(?:""[^"]*+)*+"'
_DOUBLE_ESCAPED = r'"[^"\\]*+(?:(?:""|\\.)[^"\\]*+)*+"'
_BACKTICK = r"`[^`]*+(?:``[^`]*+)*+`"
_BRACKET = r"\[[^\]]*+(?:\]\][^\]]*+)*+\]"
# What a tool puts in before the text is run (Flyway, Go's templates): it stands for a name.
_PUT_IN = r"(?:\$\{[^{}\n]*+\}|\{\{[^{}\n]*+\}\})"
_PLACEHOLDER = rf"{_PUT_IN}{_NAME}*+|\"{_PUT_IN}\""
_DOLLAR = rf"\$(?:{_LETTER}{_LETTER_OR_DIGIT}*+)?\$"
_SIGN = r"::|:=|<=>|<>|!=|<=|>=|==|\|\||->>|->|<<|>>|&&"
_POSTGRES_SIGN = r"::|:=|\.\.|(?:(?!--|/\*)[-+*/<>=~!@#%^&|`?])++"
# A word that a quote follows may be the beginning of a string (`E'..'`), which is tried later.
_PLAIN_WORD = rf"{_WORD}(?!['&])"


class TokenRules(NamedTuple):
    """`token` matches blanks, comments and one token, `skipped` the blanks and comments alone.

    `kinds` are those of the groups of `token`, from its first on (number 1). Beside the kinds of
    `Token`: `string` is any closed quotation; `dollar`, `comment` and `version` (`/*!50003` in
    MySQL) are openings; `quote` is one that nothing closes; `placeholder` is what a tool puts in.
    """

    token: re.Pattern[str]
    skipped: re.Pattern[str]
    kinds: tuple[str, ...]


def _rules(skipped: tuple[str, ...], *alternatives: tuple[str, str]) -> TokenRules:
    blanks = f"(?:{'|'.join(skipped)})*+"
    common, others = alternatives[:2], alternatives[2:]
    placeholder = ("placeholder", _PLACEHOLDER)
    every = (*common, placeholder, *others, ("quote", r"['\"`\[]"), ("word", _WORD), ("sign", "."))
    groups = "|".join(f"({expression})" for _, expression in every)
    return TokenRules(
        re.compile(f"{blanks}(?:{groups})", re.DOTALL),
        re.compile(blanks),
        ("", *(kind for kind, _ in every)),
    )


@cache
def rules_of(dialect: Dialect | None) -> TokenRules:
    """The rules of `dialect`, or those of none in particular."""
    if is_postgres(dialect):
        return _rules(
            (_BLANKS, _DASHES, _NESTED_COMMENT),
            ("word", _PLAIN_WORD),
            ("sign", r"[(),;\[\]]|\.(?![.\d])"),
            ("string", _PLAIN),
            ("string", _DOUBLE),
            ("number", _NUMBER),
            ("sign", _POSTGRES_SIGN),
            ("string", rf"[eE]{_ESCAPED}"),
            ("string", rf"[uU]&(?:{_PLAIN}|{_DOUBLE})|[nN]{_PLAIN}"),
            ("number", rf"[bBxX]{_PLAIN}"),
            ("dollar", _DOLLAR),
            ("parameter", r"\$\d++|:[A-Za-z_]\w*+"),
            ("comment", r"/\*"),
        )
    if is_mysql(dialect):
        return _rules(
            (_BLANKS, _MYSQL_DASHES, _FLAT_COMMENT),
            ("word", _PLAIN_WORD),
            ("sign", r"[(),;]|\.(?!\d)"),
            ("string", _BACKTICK),
            ("string", _ESCAPED),
            ("string", _DOUBLE_ESCAPED),
            ("number", rf"(?:{_NUMBER})(?!{_LETTER}|\$)"),
            ("word", rf"[0-9$]{_NAME}*+"),
            ("version", r"/\*M?!\d{0,6}"),
            ("version end", r"\*/"),
            ("string", rf"[nN]{_ESCAPED}"),
            ("number", rf"[bBxX]{_PLAIN}"),
            ("parameter", _PARAMETER),
            ("sign", _SIGN),
            ("comment", r"/\*"),
        )
    if dialect is Dialect.SQLITE:
        return _rules(
            (_BLANKS, _DASHES, _ANY_FLAT_COMMENT),
            ("word", _PLAIN_WORD),
            ("sign", r"[(),;]|\.(?!\d)"),
            ("string", _PLAIN),
            ("string", rf"{_DOUBLE}|{_BACKTICK}|\[[^\]]*+\]"),
            ("number", _NUMBER),
            ("number", rf"[xX]{_PLAIN}"),
            ("parameter", _PARAMETER),
            ("sign", _SIGN),
            ("comment", r"/\*"),
        )
    if dialect is Dialect.SQLSERVER:
        return _rules(
            (_BLANKS, _DASHES, _NESTED_COMMENT),
            ("word", rf"(?:{_LETTER}|\#){_TRANSACT_NAME}*+(?!')"),
            ("sign", r"[(),;]|\.(?!\d)"),
            ("string", _PLAIN),
            ("string", rf"{_DOUBLE}|{_BRACKET}"),
            ("number", _NUMBER),
            ("string", rf"[nN]{_PLAIN}"),
            ("parameter", _PARAMETER),
            ("sign", _SIGN),
            ("comment", r"/\*"),
        )
    return _rules(
        (_BLANKS, _DASHES, _FLAT_COMMENT),
        ("word", _PLAIN_WORD),
        ("sign", r"[(),;]|\.(?!\d)"),
        ("string", _PLAIN),
        ("string", rf"{_DOUBLE}|{_BACKTICK}"),
        # `a[i]` and `int[]` are no names in brackets.
        ("string", rf"(?<![\w\]\)\"])\[{_LETTER}[^\]]*+\]"),
        ("sign", r"[\[\]]"),
        ("number", _NUMBER),
        ("string", rf"[eE]{_ESCAPED}"),
        ("string", rf"[nN]{_PLAIN}"),
        ("number", rf"[bBxX]{_PLAIN}"),
        ("dollar", _DOLLAR),
        ("version", r"/\*M?!\d{0,6}"),
        ("version end", r"\*/"),
        ("parameter", rf"\$\d++|{_PARAMETER}"),
        ("sign", _SIGN),
        ("comment", r"/\*"),
    )
