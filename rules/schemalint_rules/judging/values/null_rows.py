"""What conditions of a schema make of NULL: where they are neither true nor false."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.condition.facts import Facts
from schemalint.condition.terms import (
    And,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Or,
    Term,
)
from schemalint.model import Model, Schema

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


class NullRows:
    """The rows of a model in which some columns are NULL."""

    def __init__(self, model: Model, schema: Schema) -> None:
        self.language = schema.language
        self.model = model
        self.dialect = schema.dialect
        self.facts = Facts.of(model, schema)

    def parsed(self, sql: str) -> Term:
        """A condition of the schema, over the names of its columns."""
        from schemalint.condition.parse import parse_predicate

        return parse_predicate(sql, self.dialect).rename(self.facts.resolve)

    def nullable(self, term: Term) -> list[str]:
        """The columns that a term names and that can be NULL as far as they themselves say."""
        return [
            name
            for name in term.columns
            if (facts := self.facts.column(name)) is not None and facts.nullable
        ]

    def undecided(self, term: Term, columns: Iterable[str]) -> bool:
        """Whether a row can be stored for which `term` is NULL and so is each of `columns`; False
        where that is not certain."""
        from schemalint.condition.decide import Given

        return self._row([Given(Is(term, None))], columns) is True

    def can_lack(self, column: str) -> bool:
        """Whether a row can be stored in which `column` is NULL: its checks let it, as far as is
        known."""
        if not any(column.lower() in check.expression.lower() for check in self.model.checks):
            return True
        return self._row([], [column]) is not False

    def _row(self, given: Sequence[Given], columns: Iterable[str]) -> bool | None:
        from schemalint.condition.decide import Given, checks, satisfiable

        missing = list(columns)
        about = [
            check
            for check in checks(self.model, self.dialect)
            if set(missing) & set(check.term.rename(self.facts.resolve).columns)
        ]
        row = [Given(Is(Column(name), None)) for name in missing]
        return satisfiable([*given, *row, *about], self.facts).answer


class Flag(msgspec.Struct, frozen=True):
    """A column that a predicate asks a yes-or-no question.

    `off` tells that the predicate wants it to be off, or not to be some value; `sure` is false
    for a comparison with 0 or 1, which may be about a number.
    """

    column: str
    off: bool
    sure: bool = True


def flags(term: Term, *, negated: bool = False) -> Iterator[Flag]:
    """The flags of a predicate: `active`, `deleted = false`, `NOT deleted`, `status <> 'gone'`."""
    if isinstance(term, Column):
        yield Flag(term.name, negated)
    elif isinstance(term, (And, Or)):
        for part in term.terms:
            yield from flags(part, negated=negated)
    elif isinstance(term, Not):
        yield from flags(term.term, negated=not negated)
    elif isinstance(term, Compare):
        yield from _compared(term, negated=negated)
    elif isinstance(term, (In, Like)) and negated and isinstance(term.parts[0], Column):
        yield Flag(term.parts[0].name, off=True)


def _compared(term: Compare, *, negated: bool) -> Iterator[Flag]:
    side, other = term.left, term.right
    if isinstance(side, Literal):
        side, other = other, side
    if not isinstance(side, Column) or not isinstance(other, Literal) or other.value is None:
        return
    if term.operator not in ("=", "<>"):
        return
    unlike = negated != (term.operator == "<>")
    if other.value in (0, 1):
        sure = isinstance(other.value, bool)
        yield Flag(side.name, off=unlike == bool(other.value), sure=sure)
    elif unlike:
        yield Flag(side.name, off=True)
