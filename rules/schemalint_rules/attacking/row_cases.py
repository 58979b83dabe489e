"""The different sorts of rows that a condition speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.terms import And, Compare, In, Is, Not, Or, Term
from schemalint.context import Context
from schemalint.model import Model

_MOST = 4


def cases(condition: Term | None) -> tuple[tuple[Term, ...], ...]:
    """Conditions that each describe some of the rows of which `condition` is true, and together
    all of them: one for each branch of its OR, or value of its IN. A constraint that covers some
    only leaves another open. Several branches in one AND are not multiplied."""
    if condition is None:
        return ((),)
    found = list(_branches(condition))
    if len(found) == 1 and isinstance(condition, And):
        for at, part in enumerate(condition.terms):
            branches = list(_branches(part))
            if len(branches) > 1:
                rest = (*condition.terms[:at], *condition.terms[at + 1 :])
                return tuple((*rest, branch) for branch in branches[:_MOST])
    return tuple((branch,) for branch in found[:_MOST])


def _branches(condition: Term) -> Iterable[Term]:
    if isinstance(condition, Or):
        return condition.terms
    if isinstance(condition, In):
        return [Compare("=", condition.term, value) for value in condition.values]
    return [condition]


def possible(conditions: Sequence[Term], model: Model, context: Context) -> bool:
    """Whether a row could satisfy all the conditions; false only where that is certain."""
    return (
        satisfiable([Given(term) for term in conditions], context.facts(model)).answer is not False
    )


def outside(condition: Term) -> Term:
    """True of the rows for which `condition` is false or NULL."""
    return Not(Is(condition, True))
