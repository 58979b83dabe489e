"""What a column's type can store: the range of numbers, their steps, and whether a value fits."""

from __future__ import annotations

import struct
from fractions import Fraction

from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.values import NUMERIC_TYPES, Value
from schemalint.model import Dialect, ScalarType

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_WIDTHS = {"TINYINT": 8, "SMALLINT": 16, "MEDIUMINT": 24, "INT2": 16, "SMALLSERIAL": 16}


def fits(column: ColumnFacts, value: Value, facts: Facts) -> bool:
    """Whether a column surely stores `value` as it is, so that a witness may hold it."""
    if value is None:
        return column.nullable
    if not column.typed:
        return True
    if column.values is not None:
        return value in column.values
    if column.type is ScalarType.ENUM:
        return False  # which values it has is not known
    if isinstance(value, str):
        if is_padded(column) and facts.dialect not in _MYSQL:
            return column.max_length == len(value)
        if is_padded(column) and value.endswith(" "):
            return False  # MySQL gives the value back without them (U11b)
        return column.max_length is None or len(value) <= column.max_length
    if isinstance(value, bytes) or column.type not in NUMERIC_TYPES:
        return False
    low, high = bounds(column, facts)
    if (low is not None and value < low) or (high is not None and value > high):
        return False
    apart = step(column, facts)
    if apart is not None and (Fraction(value) / apart).denominator != 1:
        return False
    if column.type is ScalarType.DECIMAL and column.precision:
        digits, scale = column.precision
        return abs(Fraction(value)) < Fraction(10) ** (digits - scale)
    if column.type is ScalarType.FLOAT and abs(Fraction(value)) < 10**30:
        return Fraction(struct.unpack("f", struct.pack("f", value))[0]) == Fraction(value)
    return abs(Fraction(value)) < 10**9 or column.type in (ScalarType.INT, ScalarType.BIGINT)


def bounds(
    column: ColumnFacts, facts: Facts
) -> tuple[int | Fraction | None, int | Fraction | None]:
    """The least and the greatest number that fits, where the type says."""
    if column.type is ScalarType.DECIMAL and column.precision and facts.dialect in _MYSQL:
        digits, scale = column.precision  # PostgreSQL's also hold NaN (O11d)
        greatest = Fraction(10) ** (digits - scale) - Fraction(1, 10**scale)
        return 0 if column.unsigned else -greatest, greatest
    if column.type is ScalarType.BOOLEAN:
        return (0, 1) if "BIT" in column.native else (-128, 127)
    if column.type in (ScalarType.INT, ScalarType.BIGINT):
        first = column.native.split("(")[0].split(" ")[0]
        width = _WIDTHS.get(first, 64 if column.type is ScalarType.BIGINT else 32)
        if "BIGINT" in column.native:
            width = 64
        if facts.dialect is Dialect.SQLITE:
            width = 64
        if facts.dialect is Dialect.SQLSERVER and first == "TINYINT":
            return 0, 255
        if column.unsigned:
            return 0, 2**width - 1
        return -(2 ** (width - 1)), 2 ** (width - 1) - 1
    return (0, None) if column.unsigned else (None, None)


def step(column: ColumnFacts, facts: Facts) -> Fraction | None:
    """The distance of neighbouring values; None where another always lies between."""
    if column.type in (ScalarType.INT, ScalarType.BIGINT, ScalarType.BOOLEAN):
        return Fraction(1)
    if column.type is ScalarType.DECIMAL and facts.dialect is not Dialect.SQLITE:
        if column.precision:
            return Fraction(1, 10 ** column.precision[1])
        if facts.dialect in _MYSQL and "DECIMAL" in column.native:
            return Fraction(1)  # DECIMAL alone is DECIMAL(10, 0) there
    return None


def is_padded(column: ColumnFacts) -> bool:
    """Whether the type is CHAR(n), which is filled up with blanks (U11b, E11f)."""
    return column.native.startswith(("CHAR", "BPCHAR", "NCHAR"))
