"""DEFAULT: whether it is a literal, the current time, a sequence's next number, or any SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from schemalint.condition.quoting import quoted_string
from schemalint.loaders.sql.clauses import Sql
from schemalint.loaders.sql.lexer import Token, is_postgres, tokens
from schemalint.model import Default, Dialect, Layer, ScalarType
from schemalint.source import Span

_Kind = Literal["literal", "sequence", "now", "function", "expression"]
_NOW = frozenset(
    (
        "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "LOCALTIMESTAMP",
        "LOCALTIME",
        "NOW",
        # PostgreSQL
        "TRANSACTION_TIMESTAMP",
        "STATEMENT_TIMESTAMP",
        "CLOCK_TIMESTAMP",
        # MySQL
        "CURDATE",
        "CURTIME",
        "SYSDATE",
        "UTC_TIMESTAMP",
        "UTC_DATE",
        "UTC_TIME",
        # SQL Server
        "GETDATE",
        "GETUTCDATE",
        "SYSDATETIME",
        "SYSUTCDATETIME",
        "SYSDATETIMEOFFSET",
    )
)
_SQLITE_NOW = frozenset(("DATETIME", "DATE", "TIME", "STRFTIME", "JULIANDAY", "UNIXEPOCH"))
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.DECIMAL, ScalarType.FLOAT)
_TRUE, _FALSE = ("true", "t", "1", "yes", "on"), ("false", "f", "0", "no", "off")


def sequence_default(span: Span, *, always: bool = False, reused: bool = False) -> Default:
    """What a serial type, an identity clause or AUTO_INCREMENT amounts to; see `Default`."""
    return Default(
        Layer.DATABASE, "sequence", "autoincrement()", span, always=always, reused=reused
    )


def build_default(
    sql: Sql, span: Span, kind: ScalarType, dialect: Dialect | None
) -> Default | None:
    """The default of a column of the type `kind`; None for DEFAULT NULL."""
    found = _bare(tokens(sql.text, dialect), dialect)
    words = [token.text for token in found]
    if words == ["NULL"]:
        return None
    if _is_now(found, words, dialect):
        return Default(Layer.DATABASE, "now", "now()", span, sql=sql.text)
    if words[:2] in (["NEXTVAL", "("], ["UNIQUE_ROWID", "("]) or words[:3] == [
        "NEXT",
        "VALUE",
        "FOR",
    ]:
        return sequence_default(span)
    if dialect is Dialect.SQLITE and _is_words(found):
        kind = ScalarType.STRING  # `'false'` stays a text there, whatever the column is
    value = _literal(found, kind)
    if value is None:
        return Default(Layer.DATABASE, _kind_of(found), sql.text, span)
    expression = value
    if (
        found[-1].kind in ("string", "name")
        and kind not in _NUMBERS
        and kind is not ScalarType.BOOLEAN
    ):
        expression = quoted_string(value, dialect)
    elif kind is ScalarType.BOOLEAN and dialect is Dialect.SQLSERVER:
        expression = "1" if value == "true" else "0"
    written = sql.text if sql.text != expression else None
    return Default(Layer.DATABASE, "literal", expression, span, value, written)


def _kind_of(found: Sequence[Token]) -> _Kind:
    """An array of literals is one, though not a value that rules compare with."""
    if len(found) > 2 and found[0].text == "ARRAY" and found[1].text == "[":
        inside = [token for token in found[2:-1] if token.text != ","]
        if found[-1].text == "]" and all(token.kind in ("string", "number") for token in inside):
            return "literal"
    return "expression"


def _is_words(found: Sequence[Token]) -> bool:
    """Whether a default is a text that is no number."""
    return (
        len(found) == 1
        and found[0].kind in ("string", "name")
        and not found[0].text.lstrip("+-").replace(".", "").isdecimal()
    )


def _bare(found: list[Token], dialect: Dialect | None) -> list[Token]:
    """Without the brackets around all of it and without PostgreSQL's casts."""
    while True:
        if _enclosed(found):
            found = found[1:-1]
        elif is_postgres(dialect) and (at := _last_cast(found)) > 0:
            found = found[:at]
        else:
            return found


def _enclosed(found: Sequence[Token]) -> bool:
    if len(found) < 3 or found[0].text != "(" or found[0].kind != "sign":
        return False
    depth = 0
    for at, token in enumerate(found):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return at == len(found) - 1
    return False


def _last_cast(found: Sequence[Token]) -> int:
    """Where `:: type` begins if that is all that follows, -1 if there is none."""
    for at in range(len(found) - 1, 0, -1):
        token = found[at]
        if token.kind == "sign" and token.text == "::":
            return at
        if token.kind == "sign" and token.text not in "()[],.":
            return -1
        if token.kind == "string":
            return -1
    return -1


def _is_now(found: Sequence[Token], words: list[str], dialect: Dialect | None) -> bool:
    if not found or found[0].kind != "word":
        return False
    if words[:2] == ["PG_CATALOG", "."]:
        found, words = found[2:], words[2:]
    name = words[0] if words else ""
    if name in _NOW:
        if len(words) == 1:
            return True
        arguments = words[1:]
        return (
            arguments
            in (
                ["(", ")"],
                ["AT", "TIME", "ZONE", words[-1]],
                ["(", *words[2:3], ")"],  # with a precision
            )
            or (arguments[:2] == ["(", ")"] and arguments[2:5] == ["AT", "TIME", "ZONE"])
        )
    if name == "TIMEZONE" and len(words) > 4 and words[1] == "(" and words[3] == ",":
        return words[4] in _NOW
    if dialect is Dialect.SQLITE and name in _SQLITE_NOW and words[1:2] == ["("]:
        return "now" in words or words == ["UNIXEPOCH", "(", ")"]
    return False


def _literal(found: Sequence[Token], kind: ScalarType) -> str | None:
    """A literal's value: a string's characters, a number's digits, `true` or `false`."""
    value: str | None = None
    if len(found) == 1:
        token = found[0]
        if token.kind == "word" and token.text in ("TRUE", "FALSE"):
            return token.text.lower()
        if token.kind == "string":
            value = token.text
        elif token.kind == "number":
            value = _number(token.text)
        elif token.kind == "name":  # SQLite's DEFAULT "text"
            value = token.text
    elif len(found) == 2 and found[0].text in "+-" and found[1].kind == "number":
        value = found[1].text if found[0].text == "+" else f"-{found[1].text}"
    if value is not None and kind is ScalarType.BOOLEAN:
        if value.lower() in _TRUE:
            return "true"
        if value.lower() in _FALSE:
            return "false"
    return value


def _number(text: str) -> str | None:
    """Digits as they are; `b'01'` as the number that it is."""
    if text[:1] in "bB":
        digits = text[2:-1]
        return str(int(digits, 2)) if digits and set(digits) <= {"0", "1"} else None
    return None if text[:1] in "xX" else text
