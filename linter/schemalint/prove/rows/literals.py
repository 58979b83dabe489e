"""Values as SQL literals: what people paste, and what a database reads as the same value again."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint.prove.rows.given import Sql, Value

_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)


def literal(value: Value | Sql, field: Field, dialect: Dialect | None) -> str:
    """`value` as it is written where a value of `field` is wanted.

    What a driver returned for the column can be written again by it: the database stores the same.
    A text is a string literal whatever the column's type, so that a value of another type than the
    column's can be tried; on PostgreSQL a text for a JSON column is a JSON string, as the driver
    returns one.
    """
    if isinstance(value, Sql):
        return value.text
    if field.list and isinstance(value, list) and dialect in _POSTGRES:
        json_elements = field.type is ScalarType.JSON
        return quoted_string(_array(value, json_elements=json_elements), dialect)
    if field.type is ScalarType.JSON and not field.list:
        own = dialect in _POSTGRES and value is not None
        if own or isinstance(value, (dict, list)):
            return quoted_string(_json(value), dialect)
    return _plain(value, field, dialect)


def named_table(model: Model, dialect: Dialect | None) -> str:
    """The table as a statement names it, with its schema where it has one."""
    table = quoted_name(model.table, dialect)
    if model.schema in (None, "public") or dialect not in _POSTGRES:
        return table  # elsewhere a schema is a database of its own, and this one has another name
    return f"{quoted_name(model.schema or '', dialect)}.{table}"


def equals(field: Field, value: Value, dialect: Dialect | None) -> str:
    """The condition that a column has a value: `email = 'a'`, `deleted_at IS NULL`."""
    name = quoted_name(field.column, dialect)
    if value is None:
        return f"{name} IS NULL"
    return f"{name} = {literal(value, field, dialect)}"


def _plain(value: Value, field: Field, dialect: Dialect | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return _boolean(value, dialect)
    if isinstance(value, int):
        if field.type is ScalarType.BOOLEAN and dialect in _POSTGRES:
            return _boolean(bool(value), dialect)
        return str(value)
    if isinstance(value, float):
        return _float(value, dialect)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else quoted_string(str(value), dialect)
    if isinstance(value, (bytes, bytearray, memoryview)):
        digits = bytes(value).hex()
        return f"'\\x{digits}'" if dialect in _POSTGRES else f"x'{digits}'"
    return quoted_string(text_of(value, dialect), dialect)


def _boolean(value: bool, dialect: Dialect | None) -> str:
    if dialect is Dialect.SQLSERVER:
        return "1" if value else "0"
    return "TRUE" if value else "FALSE"


def _float(value: float, dialect: Dialect | None) -> str:
    if math.isfinite(value):
        return repr(value)
    if dialect is Dialect.SQLITE and math.isinf(value):
        return "9e999" if value > 0 else "-9e999"  # SQLite reads a number out of range so
    return quoted_string({"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN"), dialect)


def text_of(value: object, dialect: Dialect | None) -> str:
    """The text between the quotes of a value that is written in quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is not None and dialect in _MYSQL:
            value = value.astimezone(UTC).replace(tzinfo=None)  # which has no zones
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _interval(value, dialect)
    if isinstance(value, (dict, list)):
        return _json(value)
    return str(value)  # a UUID, or a driver's own type, which prints as the database does


def _interval(value: timedelta, dialect: Dialect | None) -> str:
    """A span of time; to MySQL a TIME, which may have more than 24 hours or be below zero."""
    if dialect in _POSTGRES:
        days, rest = value.days, value - timedelta(days=value.days)
        if days and not rest:
            return _days(days)
        return f"{_days(days)} {_clock(rest)}" if days else _clock(rest)
    return f"-{_clock(-value)}" if value < timedelta(0) else _clock(value)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _clock(value: timedelta) -> str:
    seconds = value.days * 86400 + value.seconds
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{value.microseconds:06}" if value.microseconds else text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_BARE = re.compile(r"[^\s{}\",\\]+")


def _array(values: list[Any], *, json_elements: bool) -> str:
    """PostgreSQL's text of an array: `{a,"b c",NULL}`."""
    return "{" + ",".join(_element(one, json_elements=json_elements) for one in values) + "}"


def _element(value: Any, *, json_elements: bool) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list) and not json_elements:
        return _array(value, json_elements=False)
    text = _json(value) if json_elements else _element_text(value)
    if _BARE.fullmatch(text) and text.upper() != "NULL":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _element_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    return text_of(value, Dialect.POSTGRESQL)
