"""What a CHECK says of the columns that it names, and where NULL gets past it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemalint.condition.terms import (
    And,
    Call,
    Column,
    Compare,
    In,
    Is,
    Literal,
    Not,
    Opaque,
    Or,
    Scalar,
    Term,
)
from schemalint.model import Field, ScalarType

_EMPTY_IS_NULL = re.compile(r"ARRAY_(?:LENGTH|UPPER)\(", re.IGNORECASE)


def listed_values(term: Term, column: str) -> tuple[Scalar, ...] | None:
    """The values that a condition leaves `column`, by `IN`, or by `=` in each alternative; None
    where it does not list them."""
    if isinstance(term, In):
        values = [one.value for one in term.values if isinstance(one, Literal)]
        listed = _is(term.term, column) and len(values) == len(term.values)
        return tuple(values) if listed else None
    if isinstance(term, Compare):
        for side, other in ((term.left, term.right), (term.right, term.left)):
            if term.operator == "=" and _is(side, column) and isinstance(other, Literal):
                return (other.value,)
        return None
    if not isinstance(term, (And, Or)):
        return None
    parts = [listed_values(part, column) for part in term.terms]
    found = [part for part in parts if part is not None]
    if isinstance(term, And):
        return found[0] if found else None
    return tuple([value for part in found for value in part]) if len(found) == len(parts) else None


def asks_for_null(term: Term, column: str) -> bool:
    """Whether a condition says itself what is to happen where `column` is NULL."""
    for part in term.walk():
        null_safe = (
            isinstance(part, Is)
            or (isinstance(part, Compare) and part.operator.startswith("is "))
            or (isinstance(part, Call) and part.function in ("num_nonnulls", "num_nulls"))
        )
        if null_safe and column in part.columns:
            return True
    return False


def never_false(term: Term, *, negated: bool = False) -> Iterator[Term]:
    """The comparisons in a CHECK that no row makes false, because they compare with NULL: `x =
    NULL`, and `x IN ('a', NULL)` where it is not denied (case E04b)."""
    if isinstance(term, (And, Or)):
        for part in term.terms:
            yield from never_false(part, negated=negated)
    elif isinstance(term, Not):
        yield from never_false(term.term, negated=not negated)
    elif isinstance(term, In):
        if not negated and Literal(None) in term.values:
            yield term
    elif isinstance(term, Compare):
        plain = not term.operator.startswith("is ")
        if plain and Literal(None) in (term.left, term.right):
            yield term


def wants_yes(term: Term, field: Field) -> bool:
    """Whether a check wants a flag to be on: `accepted`, `accepted = true`."""
    if isinstance(term, Compare) and term.operator == "=" and term.right == Literal(True):
        term = term.left
    return isinstance(term, Column) and field.type is ScalarType.BOOLEAN


def coalesced(term: Term) -> tuple[str, ...]:
    """The columns of which a comparison takes the first that has a value, if nothing else."""
    if not isinstance(term, Compare):
        return ()
    for side in (term.left, term.right):
        if isinstance(side, Call) and side.function == "coalesce":
            columns = [part.name for part in side.arguments if isinstance(part, Column)]
            return tuple(columns) if len(columns) == len(side.arguments) else ()
    return ()


def empty_array(term: Term) -> str | None:
    """The array that is to have elements, where only its NULL length says so (case O17e)."""
    if isinstance(term, And):
        return next(filter(None, map(empty_array, term.terms)), None)
    if not isinstance(term, Compare) or not isinstance(term.left, Opaque):
        return None
    limit = term.right.value if isinstance(term.right, Literal) else None
    if not isinstance(limit, int) or _EMPTY_IS_NULL.match(term.left.text) is None:
        return None
    wants_some = (
        (term.operator == ">" and limit >= 0)
        or (term.operator in (">=", "=") and limit >= 1)
        or (term.operator == "<>" and limit == 0)
    )
    return term.left.reads[0] if wants_some and len(term.left.reads) == 1 else None


def _is(term: Term, column: str) -> bool:
    """Whether a term is the column, or its text."""
    if isinstance(term, Call) and term.function == "text":
        term = term.arguments[0]
    return isinstance(term, Column) and term.name == column
