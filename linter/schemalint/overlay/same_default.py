"""Whether two columns have the same default, as far as two spellings of one can be told apart.

Where that is not certain they are taken for the same: Prisma's own comparison does so for JSON,
dates and lists (`defaults_match` of its schema engine).
"""

from __future__ import annotations

import re

from schemalint.model import Default, Field, Layer, ScalarType

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|::|[^\s'":]+|:""")
_CAST = re.compile(
    r"""::\s*(?:"[^"]+"|[\w.]+)(?:\."[^"]+")?(?:\s+(?:varying|precision|(?:with|without)\s+time\s+zone))?"""
    r"""(?:\([\d,\s]*\))?(?:\[\])*""",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:current_timestamp(?:\(\d*\))?|now\(\))", re.IGNORECASE)
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
        return _normal(one.expression) == _normal(other.expression)
    return one.kind == "now" or _normal(one.expression) == _normal(other.expression)


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
    if _normal(one.expression) == _normal(other.expression):
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
    text = _CAST.sub("", default.expression)
    text = re.sub(r"^ARRAY", "", text, flags=re.IGNORECASE)
    return re.findall(r"[^\s,'\"{}\[\]()]+", text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _normal(expression: str) -> str:
    """The expression without casts, blanks, letter case and brackets that say nothing."""
    text = _NOW.sub("now()", _CAST.sub("", expression))
    parts = [
        part if part[0] in "'\"" else part.lower()
        for part in _TOKEN.findall(text)
        if not part.isspace()
    ]
    text = "".join(parts).replace("public.", "")
    while text.startswith("(") and text.endswith(")") and _closed(text[1:-1]):
        text = text[1:-1]
    return text


def _closed(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
