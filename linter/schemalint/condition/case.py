"""CASE, and what says the same: IF, IIF, NULLIF."""

from __future__ import annotations

from schemalint.condition.terms import Literal, Term
from schemalint.model import Dialect

_PRIMARY = 7


class Case(Term, frozen=True):
    """The first of `values` whose condition is true; the last one, which has none, otherwise.

    There is one value more than there are conditions: a CASE without ELSE ends with NULL.
    """

    conditions: tuple[Term, ...]
    values: tuple[Term, ...]

    @property
    def parts(self) -> tuple[Term, ...]:
        """The conditions, then the values."""
        return (*self.conditions, *self.values)

    def with_parts(self, parts: tuple[Term, ...]) -> Term:
        """The same choice between other terms."""
        count = len(self.conditions)
        return Case(parts[:count], parts[count:])

    def render(self, dialect: Dialect | None) -> tuple[str, int]:
        """`CASE WHEN condition THEN value ELSE value END`."""
        branches = [
            f"WHEN {condition.sql(dialect)} THEN {value.sql(dialect)}"
            for condition, value in zip(self.conditions, self.values, strict=False)
        ]
        last = self.values[-1]
        default = "" if last == Literal(None) else f" ELSE {last.sql(dialect)}"
        return f"CASE {' '.join(branches)}{default} END", _PRIMARY
