"""Does one condition follow from others, for every row that the database can hold?

The procedure is sound both ways: `True` only where it is certain, `False` only with a row that
shows it, None wherever it cannot tell.

It looks for a row that satisfies the givens and not the wanted. First over cells (see `cells`) and
over assumptions about whatever it does not understand: no such row at all proves the answer True.
Then over real values, each term computed as the database computes it: a row found shows False.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal as Wish

import msgspec

from schemalint.condition.alternatives import alternatives
from schemalint.condition.assumptions import Choice, Sort
from schemalint.condition.case import Case
from schemalint.condition.cell import Cell, Something
from schemalint.condition.cells import cells
from schemalint.condition.evaluate import Evaluation, TooMuch
from schemalint.condition.facts import Facts
from schemalint.condition.functions import UNSURE
from schemalint.condition.number_cells import number_cells
from schemalint.condition.prepare import prepared
from schemalint.condition.samples import samples
from schemalint.condition.shared_points import shared_points
from schemalint.condition.shifts import points_of_sums
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    Is,
    Literal,
    Not,
    Or,
    Scalar,
    Term,
)
from schemalint.model import Dialect, Layer, Model, ScalarType

_BUDGET = 50_000
"""How many terms each of the two searches may look at: about 0.2 s."""


class Given(msgspec.Struct, frozen=True):
    """A condition that every row in question satisfies.

    `passes_null`: it only must not be false, as for a CHECK (case E04); an index predicate, or a
    rule's `where`, has to be true.
    """

    term: Term
    passes_null: bool = False


class Decision(msgspec.Struct, frozen=True):
    """An answer, and what shows it.

    Attributes:
        answer: None where the procedure cannot tell.
        witness: a row that shows the answer (of `follows`: one that shows False), as values by
            column; every column that the terms name is in it. A date is its ISO text.
        reason: why there is no answer, in words for the user.
    """

    answer: bool | None
    witness: Mapping[str, Scalar] | None = None
    reason: str | None = None


def follows(given: Sequence[Given], wanted: Term, facts: Facts) -> Decision:
    """Whether every row that the database can hold and that satisfies all of `given` makes
    `wanted` true (not merely not false).

    What else holds for every row, a CHECK for instance, has to be among the givens.
    """
    needs = [_need(one, facts) for one in given]
    needs.append(_Need(prepared(wanted, facts), "not true"))
    found = _row(needs, facts)
    return Decision(None if found.answer is None else not found.answer, found.witness, found.reason)


def satisfiable(given: Sequence[Given], facts: Facts) -> Decision:
    """Whether a row exists that satisfies all of `given`; True comes with such a row."""
    return _row([_need(one, facts) for one in given], facts)


def checks(
    model: Model, dialect: Dialect | None, *, layer: Layer = Layer.DATABASE
) -> tuple[Given, ...]:
    """The CHECKs of `model` that are enforced at `layer` or a stronger one, as givens."""
    if not model.checks:
        return ()
    from schemalint.condition.parse import parse_predicate

    return tuple(
        Given(parse_predicate(check.expression, dialect), passes_null=True)
        for check in model.checks
        if check.enforced and check.layer.strength >= layer.strength
    )


# -- the search ------------------------------------------------------------------------------


class _Need(msgspec.Struct, frozen=True):
    """What a row that is looked for makes of a term."""

    term: Term
    wish: Wish["true", "not false", "not true"]


def _need(given: Given, facts: Facts) -> _Need:
    return _Need(prepared(given.term, facts), "not false" if given.passes_null else "true")


def _row(needs: Sequence[_Need], facts: Facts) -> Decision:
    """Whether there is a row that satisfies every need."""
    needs = [*needs, *_of_lengths(needs)]
    domains = _domains(needs, facts)
    proof = Evaluation(facts, domains, concrete=False, budget=_BUDGET)
    try:
        possible = _search(proof, needs)
    except (TooMuch, RecursionError):
        return Decision(None, reason="the conditions have too many cases to go through")
    if not possible:
        return Decision(False)
    doubts = [name for sort, name in proof.assumed if sort is not Sort.COLUMN]
    unknown = [
        name
        for (sort, name), cell in proof.assumed.items()
        if sort is Sort.COLUMN and not (isinstance(cell, Cell) and cell.storable)
    ]
    columns = {name for (sort, name) in proof.assumed if sort is Sort.COLUMN}
    columns |= {key for need in needs for key in _keys(need.term)}
    values = samples(
        [need.term for need in needs], {key: domains.get(key) for key in sorted(columns)}, facts
    )
    trial = Evaluation(facts, values, concrete=True, budget=_BUDGET)
    try:
        if _search(trial, needs) and _complete(trial, needs, values):
            return Decision(True, _witness(trial, facts))
    except (TooMuch, RecursionError):
        pass
    return Decision(None, reason=_reason(doubts, unknown))


def _search(evaluation: Evaluation, needs: Sequence[_Need]) -> bool:
    """Assume until every need is met, or nothing is left to assume; the assumptions stay."""
    evaluation.next_choice = None
    left: list[_Need] = []
    for need in needs:
        truth = evaluation.truth(need.term)
        if truth is UNSURE:
            left.append(need)
        elif not (
            truth is True
            if need.wish == "true"
            else truth is not False
            if need.wish == "not false"
            else truth is not True
        ):
            return False
    if not left:
        return True
    choice: Choice | None = evaluation.next_choice
    if choice is None:
        # Nothing to assume and still not decided. Looking for a proof, that may be a row.
        return not evaluation.concrete
    key = (choice.sort, choice.name)
    for option in choice.options:
        evaluation.assumed[key] = option
        if _search(evaluation, left):
            return True
    evaluation.assumed.pop(key, None)
    return False


def _complete(
    trial: Evaluation, needs: Sequence[_Need], values: Mapping[str, Sequence[Cell | Something]]
) -> bool:
    """Give every column a value, and compute all once more."""
    for key, cells_of in values.items():
        if (Sort.COLUMN, key) not in trial.assumed:
            if not cells_of:
                return False
            trial.assumed[Sort.COLUMN, key] = cells_of[0]
    return _search(trial, needs)


def _witness(trial: Evaluation, facts: Facts) -> dict[str, Scalar]:
    row: dict[str, Scalar] = {}
    for (_, key), cell in trial.assumed.items():
        if isinstance(cell, Something):
            continue
        assert isinstance(cell, Cell)
        value = cell.value
        assert not isinstance(value, bytes)
        known = facts.column(key.removeprefix("old.").removeprefix("new."))
        if known and known.type is ScalarType.BOOLEAN and value in (0, 1) and value is not None:
            value = bool(value)
        row[key] = value
    return row


def _domains(needs: Sequence[_Need], facts: Facts) -> dict[str, list[Cell] | None]:
    """The cells of every column named, cut by the literals that it is compared with."""
    constants: dict[str, list[Scalar]] = {}
    columns: dict[str, Column] = {}
    truths: set[str] = set()
    for need in needs:
        truths |= truth_columns(need.term)
        for term in need.term.walk():
            if isinstance(term, Column):
                columns[term.key] = term
            if isinstance(term, Compare):
                for side, other in ((term.left, term.right), (term.right, term.left)):
                    for one in (side, *alternatives(side, other, facts)):
                        if isinstance(one, Column) and isinstance(other, Literal):
                            constants.setdefault(one.key, []).append(other.value)
    for need in needs:
        for term in need.term.walk():
            for name in getattr(term, "reads", ()):
                columns.setdefault(facts.resolve(name), Column(facts.resolve(name)))
    terms = [need.term for need in needs]
    for key, points in points_of_sums(terms, facts).items():
        constants.setdefault(key, []).extend(points)
    for key, points in shared_points(terms, constants, facts).items():
        constants.setdefault(key, []).extend(points)
    domains = {
        key: cells(column.name, constants.get(key, ()), facts, as_truth=key in truths)
        for key, column in columns.items()
    }
    return {**domains, **_worked_out(needs, facts)}


def _of_lengths(needs: Sequence[_Need]) -> list[_Need]:
    """No text has more characters than bytes."""
    calls = {part for need in needs for part in need.term.walk() if isinstance(part, Call)}
    return [
        _Need(Compare("<=", Call("length", call.arguments), call), "not false")
        for call in calls
        if call.function == "octet_length" and Call("length", call.arguments) in calls
    ]


def _worked_out(needs: Sequence[_Need], facts: Facts) -> dict[str, list[Cell] | None]:
    """The cells of lengths and sums that are compared with whole numbers, by their text."""
    found: dict[str, list[int] | None] = {}
    counts: set[str] = set()
    longest: dict[str, int | None] = {}
    for need in needs:
        for term in need.term.walk():
            if not isinstance(term, Compare):
                continue
            for side, other in ((term.left, term.right), (term.right, term.left)):
                count = isinstance(side, Call) and side.function in ("length", "octet_length")
                if not isinstance(other, Literal) or not (count or isinstance(side, Arithmetic)):
                    continue
                name = side.sql()
                numbers = found.setdefault(name, [])
                plain = isinstance(other.value, int) and abs(other.value) < 2**53
                if numbers is not None and plain:
                    numbers.append(int(other.value or 0))
                else:
                    found[name] = None
                if count:
                    counts.add(name)
                    longest[name] = _longest(side, facts)
    return {
        name: number_cells(numbers, count=name in counts, high=longest.get(name))
        for name, numbers in found.items()
        if numbers is not None
    }


def _longest(length: Term, facts: Facts) -> int | None:
    """The most characters that `length(s)` can count, by the type of the column."""
    text = length.parts[0]
    known = facts.column(text.name) if isinstance(text, Column) else None
    in_characters = isinstance(length, Call) and length.function == "length"
    return known.max_length if known is not None and in_characters else None


def _keys(term: Term) -> set[str]:
    """The keys of the columns that a term reads."""
    return {part.key for part in term.walk() if isinstance(part, Column)}


def truth_columns(term: Term) -> set[str]:
    """The columns that stand where a condition is wanted."""
    if isinstance(term, Column):
        return {term.key}
    wanting = isinstance(term, (And, Or, Not, Case))
    if wanting or (isinstance(term, Is) and term.value is not None):
        return set().union(*[truth_columns(part) for part in term.parts])
    found: set[str] = set()
    for part in term.walk():
        if part is not term and isinstance(part, (And, Or, Not, Is, Case)):
            found |= (
                truth_columns(part) if not isinstance(part, Is) or part.value is not None else set()
            )
        elif getattr(part, "function", "") == "coalesce":
            found |= {one.key for one in part.parts if isinstance(one, Column)}
    return found


def _reason(doubts: list[str], unknown: list[str]) -> str:
    if doubts:
        what = doubts[0].replace(" ? ", "` and `") if " ? " in doubts[0] else doubts[0]
        return f"what it says of `{what}` cannot be worked out without running the database"
    if unknown:
        return f"not enough is known of the values that `{unknown[0]}` can hold"
    return "no row could be found that shows it, nor a proof that there is none"
