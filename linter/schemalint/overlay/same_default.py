"""Whether two columns have the same default, as far as two spellings of one can be told apart.

Where that is not certain they are taken for the same: Prisma's own comparison does so for JSON,
dates and lists (`defaults_match` of its schema engine).
"""

from __future__ import annotations

import re

from schemalint.model import Default, Field, Layer, ScalarType
from schemalint.overlay.expressions import normal, without_casts

_UNCOMPARED = (ScalarType.DATETIME, ScalarType.DATE, ScalarType.TIME, ScalarType.BYTES)


def in_database(default: Default | None) -> Default | None:
    """The default, if it is the database that supplies it."""
    return default if default is not None and default.layer is Layer.DATABASE else None


def same_default(declared: Field, migrated: Field) -> bool:
    """Whether the database supplies what the schema says that it does."""
    if migrated.generated is not None or is_open(declared.default):
        return True  # the column has no other value, or any default will do
    one, other = in_database(declared.default), in_database(migrated.default)
    if one is None or other is None:
        return one is None and other is None
    if one.kind == "sequence" or other.kind == "sequence":
        return one.kind == other.kind or _is_next(one) or _is_next(other)
    if one.kind == "literal" and other.kind == "literal":
        return _same_literal(one, other, declared)
    if (one.kind == "now") != (other.kind == "now"):
        texts = [{normal(text) for text in (it.expression, it.sql) if text} for it in (one, other)]
        return bool(texts[0] & texts[1])  # `now()` stands for CURRENT_DATE, too
    return one.kind == "now" or normal(one.expression) == normal(other.expression)


def may_differ(declared: Field, migrated: Field) -> bool:
    """Whether two defaults that pass for the same are of a sort of which that is not certain."""
    one, other = in_database(declared.default), in_database(migrated.default)
    return (
        declared.type in _UNCOMPARED
        and one is not None
        and other is not None
        and one.kind == other.kind == "literal"
        and normal(one.expression) != normal(other.expression)
    )


def is_open(default: Default | None) -> bool:
    """Whether the schema leaves the default to the database: `dbgenerated()` without a text."""
    return default is not None and default.kind == "expression" and not default.expression


def _is_next(default: Default) -> bool:
    text = default.expression.lower()
    return "nextval" in text or "unique_rowid" in text


def _same_literal(one: Default, other: Default, field: Field) -> bool:
    if field.type in _UNCOMPARED or field.list:
        return not field.list or _items(one) == _items(other)
    if field.type is ScalarType.JSON:
        return _squeezed(one.value or "") == _squeezed(other.value or "")
    if normal(one.expression) == normal(other.expression):
        return True
    if field.type is ScalarType.ENUM:
        return False
    return one.value is not None and _value(one.value) == _value(other.value or "")


def _value(text: str) -> str | float:
    """A literal's value; numbers by what they amount to."""
    try:
        return float(text)
    except ValueError:
        return text


def _items(default: Default) -> list[str]:
    """The texts and numbers in a list's default, `'{a,b}'` or `ARRAY['a', 'b']::TEXT[]`."""
    text = without_casts(default.expression)
    text = re.sub(r"^ARRAY", "", text, flags=re.IGNORECASE)
    return re.findall(r"[^\s,'\"{}\[\]()]+", text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
