"""Terms over a row of which some values are known: true, false, NULL, or not yet decided.

Evaluation works on cells (see `cells`): on a row of single values it is what the database does; on
cells of several values it answers only what holds for all of them, and names a choice on which the
rest depends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from schemalint.condition.alternatives import alternatives
from schemalint.condition.assumptions import Choice, Sort
from schemalint.condition.case import Case
from schemalint.condition.cell import SOMETHING, Cell, Something, Span
from schemalint.condition.facts import Facts
from schemalint.condition.functions import (
    NUMBERS,
    UNSURE,
    Unsure,
    calculated,
    called,
    constant_truth,
    matched,
    stored_as,
)
from schemalint.condition.prepare import MATCHES, STRICT_FUNCTIONS, is_null_with_parts
from schemalint.condition.shifts import is_computed, is_whole, span_of
from schemalint.condition.spellings import are_one_text, are_other_texts
from schemalint.condition.sqlite_kinds import relation_of_kinds
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    Is,
    Like,
    Literal,
    Not,
    Or,
    Term,
)
from schemalint.condition.values import (
    ANY,
    DIFFERENT,
    EQUAL,
    FLIPPED,
    Relation,
    Value,
    ordered,
    relate,
    unequal,
)
from schemalint.model import Dialect, ScalarType

Truth: TypeAlias = bool | Unsure | None


class TooMuch(Exception):  # noqa: N818 -- it ends a search, it is no fault of the program
    """The search has used up its budget."""


_TRUE_OF: dict[str, frozenset[str]] = {
    "=": frozenset("="),
    "<>": frozenset("<>"),
    "<": frozenset("<"),
    "<=": frozenset("<="),
    ">": frozenset(">"),
    ">=": frozenset(">="),
    "is not distinct from": frozenset("="),
    "is distinct from": frozenset("<>"),
}
_BOOLEAN_TERMS = (And, Or, Not, Is, Compare, Like)


class Evaluation:
    """Evaluates terms under assumptions.

    Args:
        facts: of the columns.
        domains: the cells of each column, by key, and of numbers that are worked out (`length(x)`),
            by their text; a column without any is SOMETHING or NULL.
        concrete: assume nothing but the columns' values: what then is not sure stays so.
        budget: how many terms may be looked at in all before `TooMuch` is raised.
    """

    def __init__(
        self,
        facts: Facts,
        domains: Mapping[str, Sequence[Cell | Something] | None],
        *,
        concrete: bool,
        budget: int,
    ) -> None:
        self.facts = facts
        self.domains = domains
        self.concrete = concrete
        self.budget = budget
        self.assumed: dict[tuple[Sort, str], object] = {}
        self.next_choice: Choice | None = None

    # -- truth values

    def truth(self, term: Term) -> Truth:
        """Whether the term is true of the row, as far as it is assumed."""
        self.budget -= 1
        if self.budget < 0:
            raise TooMuch
        if isinstance(term, (And, Or)):
            return self._joined(term)
        if isinstance(term, Not):
            inner = self.truth(term.term)
            return inner if inner is UNSURE or inner is None else not inner
        if isinstance(term, Is):
            return self._is(term)
        if isinstance(term, Compare):
            return self._compare(term)
        if isinstance(term, Like):
            return self._like(term)
        if isinstance(term, Literal):
            value = term.value
            if value is None or isinstance(value, bool):
                return value
            if isinstance(value, str):
                return constant_truth(value, self.facts.dialect)
            return value != 0
        if isinstance(term, Column):
            return self._column_truth(term)
        if isinstance(term, Call) and term.function == "coalesce":
            return self._first_truth(term)
        if isinstance(term, Case):
            chosen = self._chosen(term)
            return UNSURE if chosen is None else self.truth(chosen)
        if isinstance(term, Call) and term.function in MATCHES:
            null = self.is_null(term)
            if null is False and not self.concrete:
                return self._assumed_truth(term, (True, False))
            return None if null is True else UNSURE
        return self._free_truth(term)

    def _chosen(self, term: Case) -> Term | None:
        """The value that a CASE takes; None while that is not decided."""
        for condition, value in zip(term.conditions, term.values, strict=False):
            truth = self.truth(condition)
            if truth is UNSURE:
                return None
            if truth:
                return value
        return term.values[-1]

    def _joined(self, term: And | Or) -> Truth:
        decisive = isinstance(term, Or)
        result: Truth = not decisive
        for part in term.terms:
            truth = self.truth(part)
            if truth is decisive:
                return decisive
            if truth is UNSURE or result is UNSURE:
                result = UNSURE
            elif truth is None:
                result = None
        return result

    def _is(self, term: Is) -> Truth:
        if term.value is None:
            return self.is_null(term.term)
        inner = self.truth(term.term)
        return UNSURE if inner is UNSURE else inner is term.value

    def _column_truth(self, term: Column) -> Truth:
        known = self.facts.column(term.name)
        cell = self._cell(term)
        if cell is None:
            return UNSURE
        if isinstance(cell, Something):
            return self._free_truth(term)
        if cell.value is None:
            return None
        if cell.truth is not None:
            return cell.truth
        if isinstance(cell.value, (str, bytes)):
            return self._free_truth(term)
        if isinstance(cell.value, bool) or (known is not None and cell.single):
            return bool(cell.value)
        return cell.value != 0

    def _first_truth(self, term: Call) -> Truth:
        for argument in term.arguments:
            null = self.is_null(argument)
            if null is UNSURE:
                return UNSURE
            if not null:
                return self.truth(argument)
        return None

    def _free_truth(self, term: Term) -> Truth:
        """Something that only assuming can decide."""
        if self.concrete:
            return UNSURE
        if isinstance(term, Column):
            return self._assumed_truth(term, (True, False))
        return self._assumed_truth(term, (True, False, None))

    def _assumed_truth(self, term: Term, options: tuple[bool | None, ...]) -> Truth:
        found = self._assume(Sort.TRUTH, term.sql(), options)
        assert found is None or isinstance(found, (bool, Unsure))
        return found

    # -- NULL

    def is_null(self, term: Term) -> bool | Unsure:
        """Whether the term is NULL."""
        if isinstance(term, Literal):
            return term.value is None
        if isinstance(term, Column):
            cell = self._cell(term)
            if cell is None:
                return UNSURE
            return isinstance(cell, Cell) and cell.value is None
        if isinstance(term, _BOOLEAN_TERMS):
            truth = self.truth(term)
            return UNSURE if truth is UNSURE else truth is None
        if isinstance(term, Call) and term.function in ("num_nonnulls", "num_nulls", "typeof"):
            return False
        if isinstance(term, Call) and term.function == "coalesce":
            return _every([self.is_null(part) for part in term.parts])
        if isinstance(term, Case):
            chosen = self._chosen(term)
            return UNSURE if chosen is None else self.is_null(chosen)
        parts = [self.is_null(part) for part in term.parts]
        strict = isinstance(term, Call) and term.function in (
            *STRICT_FUNCTIONS,
            "integer",
            "numeric",
        )
        if strict or isinstance(term, Arithmetic):
            if True in parts:
                return True
            if UNSURE in parts:
                return UNSURE
            if strict or is_null_with_parts(term, self.facts):
                return False
        if self.concrete:
            value = self.value(term)
            return UNSURE if value is UNSURE else value is None
        assumed = self._assume(Sort.NULL, term.sql(), (False, True))
        return assumed if isinstance(assumed, bool) else UNSURE

    # -- values

    def value(self, term: Term) -> Value | Unsure:
        """The term's value, if it is certain."""
        if isinstance(term, Literal):
            return term.value
        if isinstance(term, Column):
            cell = self._cell(term)
            if isinstance(cell, Cell) and (cell.single or cell.value is None):
                return cell.value
            return UNSURE
        if isinstance(term, _BOOLEAN_TERMS):
            return self.truth(term)
        if isinstance(term, Arithmetic):
            left, right = self.value(term.left), self.value(term.right)
            if isinstance(left, Unsure) or isinstance(right, Unsure):
                return UNSURE
            if term.operator == "/" and not all(is_whole(part, self.facts) for part in term.parts):
                return UNSURE
            return calculated(term.operator, left, right, self.facts.dialect)
        if isinstance(term, Case):
            chosen = self._chosen(term)
            return UNSURE if chosen is None else self.value(chosen)
        if isinstance(term, Call):
            return self._call(term)
        return UNSURE

    def _call(self, term: Call) -> Value | Unsure:
        if term.function in ("num_nonnulls", "num_nulls"):
            nulls = [self.is_null(argument) for argument in term.arguments]
            wanted = term.function == "num_nulls"
            return UNSURE if UNSURE in nulls else sum(null is wanted for null in nulls)
        if term.function == "coalesce":
            for argument in term.arguments:
                value = self.value(argument)
                if value is not None:
                    return value
            return None
        if term.function == "typeof":
            return self._storage(term, surely=True)
        values = [self.value(argument) for argument in term.arguments]
        known = [value for value in values if not isinstance(value, Unsure)]
        if len(known) < len(values):
            return UNSURE
        return called(term.function, known)

    def _storage(self, term: Call, *, surely: bool) -> Value | Unsure:
        """What SQLite's typeof() gives: `integer` may stand for both sorts of numbers, unless
        `surely`. A cell never holds numbers beside text or blobs."""
        column = term.arguments[0]
        cell = self._cell(column) if isinstance(column, Column) else None
        if not isinstance(cell, Cell) or not isinstance(column, Column):
            return UNSURE
        found = stored_as(cell.value)
        if found not in NUMBERS:
            return found
        known = self.facts.column(column.name)
        if known is not None and known.type is ScalarType.FLOAT:
            return "real"
        return UNSURE if surely and not cell.single else found

    # -- comparisons

    def _compare(self, term: Compare) -> Truth:
        safe = term.operator.startswith("is")
        nulls = self.is_null(term.left), self.is_null(term.right)
        if True in nulls:
            if not safe:
                return None
            if UNSURE in nulls:
                return UNSURE
            return (nulls[0] is nulls[1]) is (term.operator == "is not distinct from")
        if UNSURE in nulls and self.next_choice is not None:
            return UNSURE
        relation = self._relation(term.left, term.right)
        holds = _TRUE_OF[term.operator]
        if relation <= holds:
            result = True
        elif not relation & holds:
            result = False
        else:
            if self.next_choice is not None and self.next_choice.sort is Sort.VALUE:
                return UNSURE
            if not self.concrete and UNSURE not in nulls:
                return self._assumed_relation(term, relation, holds)
            return UNSURE
        return UNSURE if UNSURE in nulls else result

    def _relation(self, left: Term, right: Term) -> Relation:
        """The relations that can hold between the values of two terms that are not NULL."""
        left, right = self._taken(left, right), self._taken(right, left)
        if left == right and not left.opaque:
            return EQUAL
        if any(is_computed(side, self.facts) for side in (left, right)):
            known = self._relation_of_cells(left, right)
            if known != ANY:
                return known
        if are_one_text(left, right, self._cell, self.facts):
            return EQUAL
        one, other = self._operand(left, right), self._operand(right, left)
        if isinstance(one, Unsure) or isinstance(other, Unsure) or one is None or other is None:
            return self._relation_of_cells(left, right)
        return relate(one, other, left, right, self.facts)

    def _taken(self, term: Term, other: Term) -> Term:
        """What a CASE or coalesce() takes, where that compares with the other as by itself."""
        found = alternatives(term, other, self.facts)
        if isinstance(term, Case) and found:
            return self._chosen(term) or term
        for one in found:
            null = self.is_null(one)
            if null is not True:
                return term if null is UNSURE else one
        return term

    def _relation_of_cells(self, left: Term, right: Term) -> Relation:
        """The relations of two values of which one at least is known by its cell only."""
        for column, other in ((left, right), (right, left)):
            cell = self._cell(column) if isinstance(column, Column) else None
            if isinstance(cell, Cell) and cell.excludes and self.value(other) in cell.excludes:
                return unequal(left, right, self.facts)
        of_kinds = relation_of_kinds(left, right, self._cell, self.facts)
        if of_kinds is not None:
            return of_kinds
        if are_other_texts(left, right, self._cell, self.facts):
            return DIFFERENT
        spans = self._span(left, right), self._span(right, left)
        return ANY if spans[0] is None or spans[1] is None else ordered(spans[0], spans[1])

    def _span(self, term: Term, other: Term) -> Span | None:
        """The points around a number, as far as its cell tells, for whoever compares it."""
        if isinstance(term, Literal):
            literal = term.value
            if not isinstance(literal, (int, Decimal)) or isinstance(literal, bool):
                return None
            return (Fraction(literal), Fraction(literal))
        cell: object = None
        if is_computed(term, self.facts):
            return span_of(term, self._cell, self.facts)
        if isinstance(term, Column):
            known = self.facts.column(term.name)
            met = self.facts.column(other.name) if isinstance(other, Column) else None
            # Other databases round what a float meets, but for numbers of 32 bits.
            exact = self.facts.dialect is Dialect.SQLITE or (met and met.type is ScalarType.INT)
            if known is not None and (exact or known.type is not ScalarType.FLOAT):
                cell = self._cell(term)
        else:
            value = self.value(term)
            if isinstance(value, int) and not isinstance(value, bool):
                return (Fraction(value), Fraction(value))
            self._operand(term, Literal(0))
            cell = self.assumed.get((Sort.VALUE, term.sql()))
        return cell.span if isinstance(cell, Cell) else None

    def _operand(self, term: Term, other: Term) -> Value | Unsure:
        """A value; beside a literal, a column's cell is as good as one, since literals cut it."""
        if not isinstance(other, Literal):
            return self.value(term)
        if isinstance(term, Column):
            cell = self._cell(term)
            return cell.value if isinstance(cell, Cell) else UNSURE
        if isinstance(term, Call) and term.function == "typeof":
            return self._storage(term, surely=other.value in NUMBERS)
        value = self.value(term)
        if value is not UNSURE or self.concrete or isinstance(term, Literal):
            return value
        name = term.sql()
        options = self.domains.get(name)
        if options is None:
            return UNSURE
        assumed = self.assumed.get((Sort.VALUE, name))
        if isinstance(assumed, Cell):
            return assumed.value
        if self.next_choice is None:
            self.next_choice = Choice(Sort.VALUE, name, tuple(options))
        return UNSURE

    def _assumed_relation(self, term: Compare, relation: Relation, holds: frozenset[str]) -> Truth:
        left, right = term.left.sql(), term.right.sql()
        flip = left > right
        name = f"{right} ? {left}" if flip else f"{left} ? {right}"
        options = sorted(FLIPPED[one] for one in relation) if flip else sorted(relation)
        assumed = self._assume(Sort.RELATION, name, tuple(options))
        if not isinstance(assumed, str) or assumed not in options:
            return UNSURE
        return (FLIPPED[assumed] if flip else assumed) in holds

    def _like(self, term: Like) -> Truth:
        nulls = self.is_null(term.term), self.is_null(term.pattern)
        if True in nulls:
            return None
        if UNSURE in nulls:
            return UNSURE
        spelt, right = self._spelt(term.term), self.value(term.pattern)
        left = self.value(term.term) if spelt is None else spelt
        if isinstance(left, str) and isinstance(right, str):
            found = matched(left, right, term, self.facts, spelt=spelt is not None)
            if found is not UNSURE:
                return found
        return UNSURE if self.concrete else self._assumed_truth(term, (True, False))

    def _spelt(self, term: Term) -> str | None:
        """The constant of which a column's cell holds every spelling; None where it holds none."""
        cell = self._cell(term) if isinstance(term, Column) else None
        value = cell.value if isinstance(cell, Cell) and cell.spellings else None
        return value if isinstance(value, str) else None

    # -- assumptions

    def _cell(self, column: Column) -> Cell | Something | None:
        """The cell assumed of a column; None (and a choice is named) while nothing is."""
        found = self.assumed.get((Sort.COLUMN, column.key))
        if isinstance(found, (Cell, Something)):
            return found
        if self.next_choice is None:
            self.next_choice = Choice(Sort.COLUMN, column.key, self._options(column))
        return None

    def _options(self, column: Column) -> tuple[object, ...]:
        cells = self.domains.get(column.key)
        if cells is not None:
            return tuple(cells)
        if self.concrete:
            return ()
        known = self.facts.column(column.name)
        if known is not None and not known.nullable:
            return (SOMETHING,)
        return (SOMETHING, Cell(None))

    def _assume(self, sort: Sort, name: str, options: tuple[object, ...]) -> object:
        """What is assumed of something; UNSURE (and a choice is named) while nothing is."""
        key = (sort, name)
        if key in self.assumed:
            return self.assumed[key]
        if self.next_choice is None:
            self.next_choice = Choice(sort, name, options)
        return UNSURE


def _every(nulls: list[bool | Unsure]) -> bool | Unsure:
    if False in nulls:
        return False
    return UNSURE if UNSURE in nulls else True
