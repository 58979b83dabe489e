"""Bounds that a class states (`Field(gt=0)`), and whether the database knows of them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from schemalint.client_claims import Bound
from schemalint.condition.decide import checks, follows
from schemalint.condition.facts import Facts
from schemalint.condition.terms import Call, Column, Compare, Is, Literal, Operator, Or, Term
from schemalint.model import Field, Model, ScalarType, Schema

_OPERATORS: dict[str, Operator] = {
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "min_length": ">=",
    "max_length": "<=",
}
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL)
_MOST_DIGITS = 40  # no column holds more, and what would have to be written out is endless
_LENGTH = re.compile(r"CHAR(?:ACTER)?(?: VARYING)?\((\d+)\)", re.IGNORECASE)


def in_sql(bound: Bound, field: Field) -> Term | None:
    """The bound as a condition on the column; None for what the common subset of SQL cannot say
    (patterns, functions), or of a value that is not known."""
    operator = _OPERATORS.get(bound.kind)
    if operator is None or bound.value is None or field.list:
        return None
    try:
        number = Decimal(bound.value)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return None
    value = Literal(int(number) if number == number.to_integral_value() else number)
    column = Column(field.column)
    if bound.kind in ("min_length", "max_length"):
        is_text = field.type is ScalarType.STRING
        return Compare(operator, Call("length", (column,)), value) if is_text else None
    return Compare(operator, column, value) if field.type in _NUMBERS else None


def unknown_to_database(model: Model, field: Field, schema: Schema) -> tuple[Bound, ...]:
    """The bounds of the field that neither a CHECK of the table nor the column's type says.

    Where a CHECK speaks of the column and it cannot be told whether it says the same, it is taken
    to: so for patterns and functions. A length that the type names is in the DDL, and SQLite's not
    counting it (case O04) is no matter of the class; the values of an enum have their lengths.
    """
    return tuple(
        bound for bound in field.claims.bounds if not _is_known(bound, model, field, schema)
    )


def _is_known(bound: Bound, model: Model, field: Field, schema: Schema) -> bool:
    if bound.kind in ("min_length", "max_length") and field.type is ScalarType.ENUM:
        return True
    if bound.kind == "max_length" and _type_says(bound, field):
        return True
    condition = in_sql(bound, field)
    if condition is not None:
        wanted = Or((condition, Is(Column(field.column), None)))
        given = checks(model, schema.dialect)
        answer = follows(given, wanted, Facts.of(model, schema)).answer
        if answer is not None:
            return answer
    return speaks_of(model, field)


def speaks_of(model: Model, field: Field) -> bool:
    """Whether a CHECK of the table names the column."""
    named = re.compile(rf"(?<!\w){re.escape(field.column)}(?!\w)", re.IGNORECASE)
    return any(named.search(check.expression) for check in model.checks)


def _type_says(bound: Bound, field: Field) -> bool:
    found = _LENGTH.search(field.native)
    return (
        found is not None
        and bound.value is not None
        and bound.value.isdecimal()
        and int(found[1]) <= int(bound.value)
    )
