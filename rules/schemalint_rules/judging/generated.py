"""What a generated column says of its row: that it equals its expression, where that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal as Choice

from schemalint.condition.case import Case
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Opaque,
    Or,
    Term,
)
from schemalint.model import Field, Model, ScalarType

_Sort = Choice["text", "truth", "null"] | int | None
"""What a value is: an exact number by its digits behind the point; None for anything else."""

_WHOLE = (ScalarType.INT, ScalarType.BIGINT)
_TRUTHS = (And, Or, Not, Is, Compare, In, Like)
_TEXTS = ("lower", "upper", "trim")
_COUNTS = ("length", "octet_length", "integer", "num_nonnulls", "num_nulls")
_SCALE = re.compile(r"\(\s*\d+\s*,\s*(\d+)\s*\)")


def definition(model: Model, field: Field, value: Term) -> Term:
    """That `field` equals `value`, its expression; opaque where storing the value may change it (a
    DECIMAL is rounded, a text cut, a type converted)."""
    assert field.generated is not None
    sort, own = _sort(model, value), _of_column(field)
    exact = sort is not None and sort in (own, "null")
    if isinstance(own, int) and isinstance(sort, int):
        exact = sort <= own
    if field.type is ScalarType.BOOLEAN or (own == 0 and sort == "truth"):
        exact = sort in ("truth", 0, "null")
    if exact and not value.opaque:
        return Compare("is not distinct from", Column(field.column), value)
    text = f"{field.column} = {field.generated.expression}"
    return Opaque(text, (field.column, *value.columns))


def _of_column(field: Field) -> _Sort:
    native = field.native.upper()
    if field.list or native.startswith(("CHAR", "BPCHAR", "NCHAR")):
        return None
    if field.type in _WHOLE:
        return 0
    if field.type is ScalarType.DECIMAL:
        scale = _SCALE.search(native)
        return int(scale[1]) if scale else None
    if field.type is ScalarType.BOOLEAN:
        return "truth"
    return "text" if field.type is ScalarType.STRING else None


def _sort(model: Model, value: Term) -> _Sort:
    if isinstance(value, _TRUTHS):
        return "truth"
    if isinstance(value, Literal):
        return _of_literal(value)
    if isinstance(value, Column):
        field = model.column(value.name)
        return _of_column(field) if field is not None else None
    if isinstance(value, Arithmetic):
        left, right = _sort(model, value.left), _sort(model, value.right)
        if not isinstance(left, int) or not isinstance(right, int) or value.operator in "/%":
            return None
        return left + right if value.operator == "*" else max(left, right)
    if isinstance(value, Case):
        return _joined(_sort(model, one) for one in value.values)
    if isinstance(value, Call):
        if value.function in _COUNTS:
            return 0
        if value.function == "coalesce":
            return _joined(_sort(model, one) for one in value.arguments)
        if value.function in _TEXTS and _sort(model, value.arguments[0]) == "text":
            return "text"
    return None


def _of_literal(literal: Literal) -> _Sort:
    value = literal.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, Decimal):
        return max(0, -int(value.as_tuple().exponent))
    return "text" if isinstance(value, str) else 0


def _joined(sorts: Iterable[_Sort]) -> _Sort:
    """What one of several values is."""
    found = {sort for sort in sorts if sort != "null"}
    if not found:
        return "null"
    if all(isinstance(sort, int) for sort in found):
        return max(sort for sort in found if isinstance(sort, int))
    return found.pop() if len(found) == 1 else None
