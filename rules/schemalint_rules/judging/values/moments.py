"""Expressions that give the current time."""

from __future__ import annotations

import re

from schemalint.model import Default, Dialect, Field, Model, ScalarType, Schema
from schemalint.rule import Judgement, broken
from schemalint_rules.remedies.languages import in_prisma

_TIMES = (ScalarType.DATETIME, ScalarType.DATE)
# Expressions of the five databases that give the moment of the statement or transaction.
_CURRENT_TIME = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|sysdate|sysdatetime"
    r"|sysutcdatetime|getdate|getutcdate|utc_timestamp|unixepoch|unix_timestamp)\s*\("
    r"|\bcurrent_timestamp\b|\blocaltimestamp\b|\bcurrent_date\b|\bcurdate\s*\("
    r"|\b(datetime|strftime|julianday|date)\s*\([^)]*'now'",
    re.IGNORECASE,
)

# Time added to it or taken from it: `now() + interval '1 day'`, `datetime('now', '+1 day')` ...
_UNIT = r"(?:sec|min|hour|day|week|mon|year)"
_SHIFT = re.compile(
    rf"[+-]\s*\(?\s*(?:interval\b|make_interval\s*\(|'[^']*{_UNIT})"
    r"|\b(?:date_add|date_sub|adddate|subdate|addtime|subtime|timestampadd|dateadd)\s*\("
    r"|\bcurrent_date\b\s*[+-]\s*\d"
    rf"|'now'\s*,[^)]*'[+-]?\s*\d[^']*{_UNIT}",
    re.IGNORECASE,
)


def gives_now(expression: str) -> bool:
    """Whether an SQL expression gives, or is made of, the current time."""
    return _CURRENT_TIME.search(expression) is not None


def is_now(default: Default) -> bool:
    """Whether a default is the current time."""
    if is_shifted(default):
        return False
    return default.kind == "now" or (default.kind == "expression" and gives_now(default.expression))


def is_shifted(default: Default) -> bool:
    """Whether a default is made of the current time and is another."""
    return shifts(default.sql or default.expression)


def shifts(expression: str) -> bool:
    """Whether time is added to the current one in an SQL expression, or taken from it."""
    return gives_now(expression) and _SHIFT.search(expression) is not None


def no_time(model: Model, field: Field, schema: Schema) -> Judgement | None:
    """The judgement of a field that can hold no time; None for one that can."""
    if field.type in _TIMES and not field.list:
        return None
    whole_numbers = (ScalarType.INT, ScalarType.BIGINT)
    if field.type in (*whole_numbers, ScalarType.UNSUPPORTED) and not field.list:
        return None  # seconds since 1970, or a type of the database's own
    prisma = in_prisma(schema, field.type_span)
    texts_or_days = (ScalarType.STRING, ScalarType.FLOAT)
    if schema.dialect is Dialect.SQLITE and field.type in texts_or_days and not prisma:
        return None  # SQLite has no type for it: text, or Julian days (Date and Time Datatype)
    return broken(
        f"{model.name}.{field.name}",
        f"`{model.name}.{field.name}` holds {field.native or field.type.value}, not a time",
        field.type_span,
        contradicts=True,
        label="not a time",
        help="make it a `DateTime`" if prisma else "give it a type of date and time",
    )
