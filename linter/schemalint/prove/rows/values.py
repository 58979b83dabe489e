"""Values of a column's type, short and readable ones first, each another one.

The series is the same each time; nothing in it depends on chance or on the clock. It ends where
the type has no more values (an enum, a boolean), and long before a caller needs that many else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, count, islice
from string import ascii_lowercase
from uuid import UUID

from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.storage import bounds
from schemalint.model import Dialect, Enum, Field, ScalarType
from schemalint.prove.rows.given import Sql, Value
from schemalint.prove.rows.native_values import native_values

MOST = 2_000
"""How many values a series has at most."""

_ARGUMENTS = re.compile(r"\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_ENUM_MEMBER = re.compile(r"'((?:[^']|'')*)'")
_FIRST_DAY = datetime(2024, 1, 1)
_LONGEST_FILLED = 4
"""Texts for CHAR(n) of up to so many characters fill it, so that nobody has to see blanks."""


def series(
    field: Field, dialect: Dialect | None, facts: Facts, enums: Sequence[Enum] = ()
) -> Iterator[Value | Sql]:
    """Values that a column of `field` takes, by its type alone; never NULL."""
    found = _elements(field, dialect, facts, enums)
    if field.list:
        found = _lists(found)
    return islice(found, MOST)


def _lists(elements: Iterator[Value | Sql]) -> Iterator[Value | Sql]:
    """`[]`, then lists of one element; of closed types, of more."""
    yield []
    seen: list[Value | Sql] = []
    for element in elements:
        seen.append(element)
        yield [element]
    for length in range(2, 40):
        for first in seen[:40]:
            yield [first] * length


def _elements(
    field: Field, dialect: Dialect | None, facts: Facts, enums: Sequence[Enum]
) -> Iterator[Value | Sql]:
    for enum in enums:
        if enum.name == field.enum:
            listed = [value.stored for value in enum.values]
            known = facts.column(field.column)
            closed = known is None or known.values is not None or known.type is None
            # Where the database takes any text, it is asked for one when nothing else is left.
            others = () if closed else _texts_of(field.native)
            return chain(listed, (text for text in others if text not in listed))
    native = (field.native or field.unsupported or "").removesuffix("[]")
    if native.upper().startswith("ENUM("):
        return iter([one.replace("''", "'") for one in _ENUM_MEMBER.findall(native)])
    own = native_values(native, dialect)
    if own is not None:
        return own
    return _scalars(field.type, native, facts.column(field.column), facts)


def _scalars(
    kind: ScalarType,
    native: str,
    column: ColumnFacts | None,
    facts: Facts,
) -> Iterator[Value | Sql]:
    if kind is ScalarType.BOOLEAN:
        return iter([False, True])
    if kind in (ScalarType.INT, ScalarType.BIGINT):
        return _whole_numbers(*(bounds(column, facts) if column else (None, None)))
    if kind is ScalarType.FLOAT:
        return iter(range(1, MOST))
    if kind is ScalarType.DECIMAL:
        return _decimals(native)
    if kind is ScalarType.DATETIME:
        return (_FIRST_DAY + timedelta(days=number) for number in count())
    if kind is ScalarType.DATE:
        return (date(2024, 1, 1) + timedelta(days=number) for number in count())
    if kind is ScalarType.TIME:
        return (time(number // 60 % 24, number % 60) for number in range(60, 1500))
    if kind is ScalarType.UUID:
        return _uuids(native)
    if kind is ScalarType.JSON:
        return _documents()
    if kind is ScalarType.BYTES:
        return (text.encode() for text in texts(_length(native)))
    return _texts_of(native)


def _whole_numbers(low: int | Fraction | None, high: int | Fraction | None) -> Iterator[Value]:
    for number in count(1):
        if high is not None and number > high:
            break
        yield number
    for number in count(0):
        if low is not None and -number < low:
            break
        yield -number


def _decimals(native: str) -> Iterator[Value]:
    found = _ARGUMENTS.search(native)
    digits, scale = (int(found[1]), int(found[2] or 0)) if found else (12, 2)
    whole = 10 ** max(0, digits - scale) - 1
    yield from range(1, whole + 1)
    if scale > 0:
        for number in count(1):
            yield Decimal(number).scaleb(-scale)
            if number >= 10**digits - 1:
                break


def _uuids(native: str) -> Iterator[Value]:
    length = _length(native)
    for number in count(1):
        value = UUID(int=number)
        if native.upper().startswith(("BINARY", "VARBINARY", "BLOB")):
            yield value.bytes
        else:
            yield value.hex if length == 32 else str(value)


def _documents() -> Iterator[Value]:
    yield {}
    for number in count(1):
        yield {"a": number}


def _length(native: str) -> int | None:
    found = _ARGUMENTS.search(native)
    return int(found[1]) if found else None


def _texts_of(native: str) -> Iterator[str]:
    length = _length(native) if "CHAR" in native.upper() or "TEXT" in native.upper() else None
    fixed = native.upper().startswith(("CHAR", "NCHAR", "BPCHAR"))
    if fixed and "VARYING" not in native.upper() and (length or 1) <= _LONGEST_FILLED:
        return texts_of_length(length or 1)
    return texts(length)


def texts(most: int | None = None) -> Iterator[str]:
    """a, b ... z, a1, b1 ... that no letter case and no blanks make the same; of up to `most`
    characters."""
    if most == 0:
        yield ""
        return
    yield from ascii_lowercase
    if most == 1:
        yield from "0123456789"
        return
    for number in count(1):
        if most is not None and len(str(number)) >= most:
            return
        for letter in ascii_lowercase:
            yield f"{letter}{number}"


def texts_of_length(length: int) -> Iterator[str]:
    """Texts of just so many characters: aa, bb ... zz, ab, ac ..."""
    if length <= 0:
        yield ""
        return
    for letter in ascii_lowercase:
        yield letter * length
    if length == 1:
        yield from "0123456789"
        return
    for number in range(MOST):
        text, left = "", number
        for _ in range(min(length, 4)):
            left, place = divmod(left, 26)
            text = ascii_lowercase[place] + text
        text = "a" * (length - len(text)) + text
        if len(set(text)) > 1:
            yield text
