"""What a generated column says of its row: that it equals its expression, where that is certain;
else that it is NULL where that is.
"""

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
from schemalint.model import Dialect, Field, Model, ScalarType

_Sort = Choice["text", "truth", "null", "number", "real"] | int | None
"""What a value is: an exact number by its digits behind the point; on SQLite also a number, or one
that is a double for certain; None for anything else."""

_WHOLE = (ScalarType.INT, ScalarType.BIGINT)
_TRUTHS = (And, Or, Not, Is, Compare, In, Like)
_TEXTS = ("lower", "upper", "trim")
_COUNTS = ("length", "octet_length", "integer", "num_nonnulls", "num_nulls")
_REAL = ("REAL", "FLOA", "DOUB")
"""What gives a column of SQLite's REAL affinity: whatever is a number there is a double."""

_SCALE = re.compile(r"\(\s*\d+\s*,\s*(\d+)\s*\)")


def definition(model: Model, field: Field, value: Term, dialect: Dialect) -> Term:
    """That `field` equals `value`, its expression. Where storing the value may change it (a DECIMAL
    is rounded, a text cut, a type converted), only that none of the two is NULL without the other;
    how they are equal is opaque then."""
    assert field.generated is not None
    sqlite = dialect is Dialect.SQLITE
    sort, own = _sort(model, value, sqlite=sqlite), _of_column(field, sqlite=sqlite)
    exact = sort is not None and sort in (own, "null")
    if isinstance(own, int) and isinstance(sort, int):
        exact = sort <= own
    if field.type is ScalarType.BOOLEAN or (own == 0 and sort == "truth"):
        exact = sort in ("truth", 0, "null")
    if sqlite and own in (0, "number"):  # it rounds nothing: what INTEGER and DECIMAL say is a hint
        exact = exact or isinstance(sort, int) or sort in ("number", "real")
    if exact and not value.opaque:
        return Compare("is not distinct from", Column(field.column), value)
    text = f"{field.column} = {field.generated.expression}"
    computed = Opaque(text, (field.column, *value.columns))
    if value.opaque:
        return computed
    nulls: tuple[Term, ...] = (Is(Column(field.column), None), Is(value, None))
    alike = Or((And(nulls), And(tuple([Not(one) for one in nulls]))))
    return And((computed, alike))


def _of_column(field: Field, *, sqlite: bool) -> _Sort:
    native = field.native.upper()
    if field.list or native.startswith(("CHAR", "BPCHAR", "NCHAR")):
        return None
    if field.type in _WHOLE:
        return 0
    if sqlite and field.type in (ScalarType.FLOAT, ScalarType.DECIMAL):
        return "real" if any(part in native for part in _REAL) else "number"
    if field.type is ScalarType.DECIMAL:
        scale = _SCALE.search(native)
        return int(scale[1]) if scale else None
    if field.type is ScalarType.BOOLEAN:
        return "truth"
    return "text" if field.type is ScalarType.STRING else None


def _sort(model: Model, value: Term, *, sqlite: bool) -> _Sort:
    def of(one: Term) -> _Sort:
        return _sort(model, one, sqlite=sqlite)

    if isinstance(value, _TRUTHS):
        return "truth"
    if isinstance(value, Literal):
        return _of_literal(value)
    if isinstance(value, Column):
        field = model.column(value.name)
        return _of_column(field, sqlite=sqlite) if field is not None else None
    if isinstance(value, Arithmetic):
        return _of_arithmetic(value, of(value.left), of(value.right))
    if isinstance(value, Case):
        return _joined(of(one) for one in value.values)
    if isinstance(value, Call):
        if value.function in _COUNTS:
            return 0
        if value.function == "abs":
            inner = of(value.arguments[0])
            return inner if isinstance(inner, int) or inner in ("number", "real") else None
        if value.function == "coalesce":
            return _joined(of(one) for one in value.arguments)
        if value.function in _TEXTS and of(value.arguments[0]) == "text":
            return "text"
    return None


def _of_arithmetic(value: Arithmetic, left: _Sort, right: _Sort) -> _Sort:
    if value.operator in "/%":
        return None
    if isinstance(left, int) and isinstance(right, int):
        return left + right if value.operator == "*" else max(left, right)
    numbers = all(isinstance(one, int) or one in ("number", "real") for one in (left, right))
    if not numbers:
        return None
    return "real" if "real" in (left, right) else "number"


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
    if len(found) > 1 and all(
        isinstance(sort, int) or sort in ("number", "real") for sort in found
    ):
        return "number"
    return found.pop() if len(found) == 1 else None
