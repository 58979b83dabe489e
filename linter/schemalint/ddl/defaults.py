"""DEFAULT clauses. What the client supplies has none."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from schemalint.condition.quoting import quoted_string
from schemalint.ddl.target import Target
from schemalint.model import Default, Dialect, Field, Layer, ScalarType

# What stands behind DEFAULT without brackets in every database.
_SIMPLE = re.compile(
    r"[+-]?\d+(\.\d+)?|'(?:[^'\\]|'')*'|true|false|null|current_\w+", re.IGNORECASE
)
_SECONDS = re.compile(r"\((\d)\)$")
_TIMES = (ScalarType.DATETIME, ScalarType.DATE, ScalarType.TIME)


def database_default(field: Field) -> Default | None:
    """The default that the database supplies, or None."""
    default = field.default
    return default if default is not None and default.layer is Layer.DATABASE else None


def default_clause(field: Field, target: Target) -> str | None:
    """`DEFAULT ...`; None where there is none, and for a sequence, which the type tells."""
    default = database_default(field)
    if default is None or default.kind == "sequence" or field.generated is not None:
        return None
    if default.kind == "now":
        return f"DEFAULT {_now(field, default, target)}"
    text = default.expression
    if default.kind == "literal" and default.sql is not None and not target.postgresql:
        text = default.sql  # SQLite takes 'true' for a text, and true for a number
    elif default.kind == "literal" and target.mysql and field.type in _TIMES:
        text = _mysql_time(text, target.dialect)
    if not text:
        return None
    return f"DEFAULT {_bracketed(text, field, target)}"


def current_time(field: Field) -> str:
    """The current time as MySQL wants it for the column: with as many digits of a second."""
    digits = _SECONDS.search(field.native)
    return f"CURRENT_TIMESTAMP({digits[1]})" if digits else "CURRENT_TIMESTAMP"


def _now(field: Field, default: Default, target: Target) -> str:
    if default.sql is None:
        return current_time(field) if target.mysql else "CURRENT_TIMESTAMP"
    if target.sqlite and not _SIMPLE.fullmatch(default.sql):
        return f"({default.sql})"
    return default.sql


def _bracketed(text: str, field: Field, target: Target) -> str:
    """In brackets where it is an expression; MySQL takes nothing else for texts without a length
    and JSON (documentation, "Data Type Default Values")."""
    long_text = field.native.endswith(("TEXT", "BLOB")) or field.type is ScalarType.JSON
    if _SIMPLE.fullmatch(text) and not (target.mysql and long_text):
        return text
    if text.startswith("ARRAY[") or (target.mysql and text.startswith("'") and not long_text):
        return text
    return f"({text})"


def _mysql_time(literal: str, dialect: Dialect) -> str:
    """A moment as MySQL reads it, in UTC, as the client would send it."""
    text = literal.strip("'")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return literal
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    return quoted_string(f"{moment:%Y-%m-%d %H:%M:%S}{fraction}", dialect)
