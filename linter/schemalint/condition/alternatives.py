"""CASE and coalesce(): which of several values they are compared as."""

from __future__ import annotations

from schemalint.condition.case import Case
from schemalint.condition.facts import Facts
from schemalint.condition.storage import is_padded
from schemalint.condition.terms import Call, Column, Literal, Term
from schemalint.condition.values import NUMERIC_TYPES, affinity
from schemalint.model import Dialect, ScalarType


def alternatives(term: Term, other: Term, facts: Facts) -> tuple[Term, ...]:
    """The values of which `term` is one, if whichever it is compares with the constant `other` as
    it does by itself; () where it is no choice, or that is not so.

    All have to be numbers, or texts under one collation that nothing fills up. SQLite gives what
    is chosen no affinity: a column of numbers beside a number is the same without it.
    """
    if isinstance(term, Case):
        found = term.values
    else:
        found = term.parts if isinstance(term, Call) and term.function == "coalesce" else ()
    if not found or not isinstance(other, Literal):
        return ()
    sorts = {_sort(one, facts) for one in found if one != Literal(None)}
    alike = len(sorts) == 1 and None not in sorts
    if facts.dialect is Dialect.SQLITE:
        alike = alike and sorts == {"numbers"} and _is_number(other)
    return found if alike else ()


def _sort(term: Term, facts: Facts) -> str | None:
    """What a value is beside others: "numbers", or texts of a collation."""
    if isinstance(term, Literal):
        if isinstance(term.value, str):
            return None  # which collation then counts is another's
        return "numbers" if _is_number(term) else None
    known = facts.column(term.name) if isinstance(term, Column) else None
    if known is None:
        return None
    if not known.typed:
        return "numbers" if affinity(known) == "numeric" else None
    if known.type in NUMERIC_TYPES - {ScalarType.BOOLEAN, ScalarType.FLOAT}:
        return "numbers"
    if known.type is ScalarType.STRING and not is_padded(known) and known.settled:
        return f"texts {known.native.partition('(')[0]} {known.ignore_case} {known.exact}"
    return None


def _is_number(literal: Literal) -> bool:
    return not isinstance(literal.value, (str, bool)) and literal.value is not None
