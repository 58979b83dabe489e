"""DEFAULT clauses. What the client supplies has none."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from schemalint.condition.quoting import quoted_string
from schemalint.ddl.target import Target
from schemalint.model import Default, Dialect, Field, Layer, Model, ScalarType

# What stands behind DEFAULT without brackets in every database.
_SIMPLE = re.compile(
    r"[+-]?\d+(\.\d+)?|[bx]?'(?:[^'\\]|'')*'|\"(?:[^\"]|\"\")*\"|true|false|null|current_\w+",
    re.IGNORECASE,
)
# Names that stand for columns: not in a text, not a type behind `::`, not a function.
_NAMES = re.compile(
    r"""'(?:[^']|'')*'|::\s*"?\w+"?|\.\s*"?\w+"?|"(?P<quoted>(?:[^"]|"")+)"(?!\s*[.(])"""
    r"""|\b\w+\s*[.(]|\b(?P<word>[A-Za-z_]\w*)\b"""
)
_WORDS = frozenset(
    """
    all and any array as at case cast collate current_date current_time current_timestamp date
    day distinct else end false for from hour in interval is like localtime localtimestamp
    minute month not null or second then time timestamp to true type when with without year zone
    """.split()  # noqa: SIM905 -- forty quoted words would be no easier to read
)
_BRACKETS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|[()]")
_SECONDS = re.compile(r"\((\d)\)$")
_TIMES = (ScalarType.DATETIME, ScalarType.DATE, ScalarType.TIME)


def database_default(field: Field) -> Default | None:
    """The default that the database supplies, or None."""
    default = field.default
    return default if default is not None and default.layer is Layer.DATABASE else None


def default_clause(model: Model, field: Field, target: Target) -> str | None:
    """`DEFAULT ...`; None where there is none, and for a sequence, which the type tells.

    A default that names a column is left out, and told: no database but MySQL takes it, and a
    whole schema would not be made for it. (`prisma db pull` writes so of a generated column.)
    """
    default = database_default(field)
    if default is None or default.kind == "sequence" or field.generated is not None:
        return None
    if default.kind == "now":
        return f"DEFAULT {_now(field, default, target)}"
    text = default.expression
    if default.kind == "literal" and default.sql is not None and "::" not in default.sql:
        text = default.sql  # SQLite takes 'true' for a text, and true for a number
    elif default.kind == "literal" and target.mysql and field.type in _TIMES:
        text = _mysql_time(text, target.dialect)
    if not text:
        return None
    named = None if target.mysql or default.kind == "literal" else _named_column(text, model)
    if named is not None:
        what = f"the default of `{model.table}.{field.column}`"
        reason = f"it names the column `{named}`, which a default cannot"
        target.omit(what, reason, default.span, model.table)
        return None
    return f"DEFAULT {_value(text, field, target)}"


def _named_column(expression: str, model: Model) -> str | None:
    """A column of the table that the expression names, if it does."""
    columns = {field.column for field in model.fields}
    for match in _NAMES.finditer(expression):
        quoted, word = match["quoted"], match["word"]
        name = quoted.replace('""', '"') if quoted is not None else word
        if name in columns and (quoted is not None or word.lower() not in _WORDS):
            return name
    return None


def current_time(field: Field) -> str:
    """The current time as MySQL wants it for the column: with as many digits of a second."""
    digits = _SECONDS.search(field.native)
    return f"CURRENT_TIMESTAMP({digits[1]})" if digits else "CURRENT_TIMESTAMP"


def _now(field: Field, default: Default, target: Target) -> str:
    if default.sql is None:
        return current_time(field) if target.mysql else "CURRENT_TIMESTAMP"
    return _bracketed(default.sql) if target.sqlite else default.sql


def _value(text: str, field: Field, target: Target) -> str:
    """As it is written behind DEFAULT. MySQL takes expressions only for texts without a length and
    for JSON (documentation, "Data Type Default Values")."""
    if target.postgresql or (target.mysql and " ON UPDATE " in text):
        return text
    long_text = field.native.endswith(("TEXT", "BLOB")) or field.type is ScalarType.JSON
    if target.mysql and long_text:
        return text if _is_enclosed(text) else f"({text})"
    if target.mysql and text.startswith("'"):
        return text
    return _bracketed(text)


def _bracketed(text: str) -> str:
    """In brackets where it is an expression, and has none yet."""
    return text if _SIMPLE.fullmatch(text) or _is_enclosed(text) else f"({text})"


def _is_enclosed(text: str) -> bool:
    """Whether one pair of brackets stands around all of it."""
    if not text.startswith("("):
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return match.end() == len(text)
    return False


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
