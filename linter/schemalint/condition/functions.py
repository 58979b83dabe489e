"""What arithmetic, functions and LIKE give for known values; UNSURE where databases differ."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from typing import Final

from schemalint.condition.facts import Facts
from schemalint.condition.sqlite_cells import text_truth
from schemalint.condition.terms import Column, Like
from schemalint.condition.values import POSTGRES_LIKE, Value, ascii_lower
from schemalint.model import Dialect


class Unsure(Enum):
    """Neither true nor false nor NULL: not decided."""

    UNSURE = "unsure"


UNSURE: Final = Unsure.UNSURE

_LIMIT = 2**31 - 1


def calculated(operator: str, left: Value, right: Value, dialect: Dialect | None) -> Value | Unsure:
    """`left operator right` of numbers; UNSURE where a type's limits or rounding could matter. `/`
    is of whole numbers: PostgreSQL leaves out what remains, with the sign of what is divided."""
    if left is None or right is None:
        return None
    if not isinstance(left, (int, Decimal)) or not isinstance(right, (int, Decimal)):
        return UNSURE
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return UNSURE  # binary or decimal, by the column's type
    if dialect in POSTGRES_LIKE and (isinstance(left, bool) or isinstance(right, bool)):
        return UNSURE
    left, right = int(left), int(right)
    if operator == "+":
        result = left + right
    elif operator == "-":
        result = left - right
    elif operator == "*":
        result = left * right
    elif operator == "%" and right:
        result = abs(left) % abs(right) * (-1 if left < 0 else 1)
    elif operator == "/" and right and dialect is Dialect.POSTGRESQL:
        result = abs(left) // abs(right) * (-1 if (left < 0) != (right < 0) else 1)
    else:
        return UNSURE
    return result if abs(result) <= _LIMIT else UNSURE


def called(function: str, arguments: list[Value]) -> Value | Unsure:
    """A function of known values."""
    value = arguments[0]
    if value is None:
        return None
    if function == "integer":
        return int(value) if isinstance(value, (bool, int)) else UNSURE
    if function == "abs":
        plain = isinstance(value, (bool, int)) and abs(value) <= _LIMIT
        return abs(int(value)) if plain else UNSURE
    if function == "numeric":
        return value if isinstance(value, (int, Decimal)) else UNSURE
    if not isinstance(value, str) or "\x00" in value:
        return UNSURE
    if function == "text":
        return value
    if function == "length":
        return len(value)
    if function == "octet_length":
        return len(value.encode())
    if function == "trim":
        return value.strip(" ")
    if function in ("lower", "upper"):
        if not value.isascii():
            return UNSURE
        return value.lower() if function == "lower" else value.upper()
    return UNSURE


def constant_truth(text: str, dialect: Dialect | None) -> bool | Unsure:
    """A constant text where a condition is wanted: to some databases the number that it begins
    with, so mostly 0 (E17)."""
    if dialect is Dialect.SQLITE:
        return text_truth(text)
    return False if dialect in (Dialect.MYSQL, Dialect.MARIADB) and text.isalpha() else UNSURE


NUMBERS = frozenset({"integer", "real"})
"""What SQLite's typeof() calls numbers."""


def stored_as(value: Value) -> str:
    """What SQLite's typeof() says of a value."""
    if value is None:
        return "null"
    if isinstance(value, bytes):
        return "blob"
    if isinstance(value, str):
        return "text"
    return "integer" if isinstance(value, int) else "real"


def matched(
    text: str, pattern: str, like: Like, facts: Facts, *, spelt: bool = False
) -> bool | Unsure:
    """`text LIKE pattern`; letter case counts in PostgreSQL only (O03h), and by collation. `spelt`:
    the text may be any that is equal to it by the column's collation; of these, SQLite tells none
    apart here, and others at least whether they begin with one letter or another."""
    escape = like.escape
    if spelt and facts.dialect is not Dialect.SQLITE:
        first, other = text[:1].lower(), pattern[:1].lower()
        plain = all(one.isascii() and one.isalnum() for one in (first, other))
        return False if plain and first != other and escape is None else UNSURE
    if escape is None and "\\" in pattern:
        return UNSURE  # an escape in PostgreSQL and MySQL, a letter in SQLite
    found = re.compile(_regex(pattern, escape), re.DOTALL)
    exact = found.fullmatch(text) is not None
    lower = re.compile(_regex(ascii_lower(pattern), escape), re.DOTALL)
    folded = lower.fullmatch(ascii_lower(text)) is not None
    if facts.dialect in POSTGRES_LIKE and not like.ignore_case and not _folds(like, facts):
        return exact
    if facts.dialect is Dialect.SQLITE and not like.ignore_case:
        return folded
    if not text.isascii() or not pattern.isascii():
        return UNSURE
    if like.ignore_case:
        return folded
    return exact if exact == folded else UNSURE


def _folds(like: Like, facts: Facts) -> bool:
    columns = [facts.column(name) for name in like.columns]
    return any(column is None or column.ignore_case for column in columns) or not isinstance(
        like.term, Column
    )


def _regex(pattern: str, escape: str | None) -> str:
    out: list[str] = []
    escaped = False
    for sign in pattern:
        if escaped:
            out.append(re.escape(sign))
            escaped = False
        elif sign == escape:
            escaped = True
        elif sign == "%":
            out.append(".*")
        elif sign == "_":
            out.append(".")
        else:
            out.append(re.escape(sign))
    return "".join(out)
