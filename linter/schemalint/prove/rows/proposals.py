"""Values that a row's conditions themselves propose: their literals, what lies beside them, texts
that their patterns match, and whole rows that the decision procedure finds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from schemalint.condition.assumptions import Sort
from schemalint.condition.cell import Cell
from schemalint.condition.decide import Given, satisfiable, truth_columns
from schemalint.condition.evaluate import Evaluation, TooMuch
from schemalint.condition.facts import Facts
from schemalint.condition.functions import UNSURE, Unsure
from schemalint.condition.samples import samples
from schemalint.condition.sqlite_cells import text_truth
from schemalint.condition.terms import (
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Opaque,
    Scalar,
    Term,
)
from schemalint.condition.values import NUMERIC_TYPES, is_date, moment, number
from schemalint.model import Dialect, ScalarType
from schemalint.prove.rows.given import Value
from schemalint.prove.rows.patterns import matching_glob, matching_like, matching_regex
from schemalint.prove.rows.row_conditions import RowCondition, literals_in

_MOST = 30
"""How many values beside others are proposed for one column."""

_BUDGET = 5_000
"""How many terms are looked at for one row."""


def named(column: str, conditions: Sequence[RowCondition], facts: Facts) -> list[Value]:
    """The values that conditions themselves name for a column: literals, what patterns match."""
    known = facts.column(column)
    kind = known.type if known else None
    direct = [one.value for atom in _atoms_of(column, conditions) for one in _named(atom)]
    by_number = kind is ScalarType.STRING and facts.dialect in _BY_NUMBER
    if by_number and any(column in truth_columns(one.given.term) for one in conditions):
        direct += ["1", "0"]  # a text counts as the number that it begins with (E17)
    if known is not None and kind is None and not known.native:  # SQLite: a column of no type
        return _unlike(direct, kind)
    typed = _as_typed(direct, kind)
    zero = _ZERO.get(kind) if kind is not None else None
    if zero and facts.dialect is Dialect.MARIADB:
        return _unlike([_dated(one, zero) for one in typed], kind)
    return _unlike(typed, kind)


_BY_NUMBER = (Dialect.SQLITE, Dialect.MYSQL, Dialect.MARIADB)

_ZERO = {ScalarType.DATE: "0000-00-00", ScalarType.DATETIME: "0000-00-00 00:00:00"}


def _dated(literal: Scalar, zero: str) -> Scalar:
    """MariaDB compares a date with a text that is none as if that were the zero date, and takes
    that date itself (O07d; the comparison was seen on 10.11)."""
    no_date = isinstance(literal, str) and not any(sign.isdigit() for sign in literal)
    return zero if no_date else literal


def nearby(
    column: str, conditions: Sequence[RowCondition], row: Mapping[str, Value], facts: Facts
) -> list[Value]:
    """Values beside those that conditions name, and beside what the row has in other columns."""
    known = facts.column(column)
    kind = known.type if known else None
    atoms = _atoms_of(column, conditions)
    literals = [one for atom in atoms for one in _named(atom)]
    around = samples([*atoms, *literals], {column: None}, facts)[column] or []
    found: list[Value] = []
    for other, value in row.items():
        if other != column:
            found += _beside(value)
    found += [one.value for one in around if isinstance(one, Cell) and one.value is not None]
    if known is not None and kind in NUMERIC_TYPES:
        found = [value for value in found if not isinstance(value, str)]
        found += [] if known.typed else _texts_beside(column, atoms, row)
    elif kind is ScalarType.STRING:
        found = [value for value in found if isinstance(value, str)]
        if facts.dialect in (Dialect.MYSQL, Dialect.MARIADB):  # it compares a text as a number
            numbers = [int(one.value) for one in literals if isinstance(one.value, int)]
            found[:0] = [str(one + step) for one in numbers for step in (1, 0, -1)]
    return _unlike(sorted(found, key=lambda value: value == ""), kind)[:_MOST]


def _texts_beside(column: str, atoms: Sequence[Term], row: Mapping[str, Value]) -> list[Value]:
    """Texts for a column of SQLite's that is compared with one that holds a text: to it, a number
    comes before each."""
    compared = [atom for atom in atoms if isinstance(atom, Compare)]
    others = dict.fromkeys(other for atom in compared for other in atom.columns)
    texts = [row.get(other) for other in others if other != column]
    return [
        each
        for text in texts
        if isinstance(text, str) and number(text) is None
        for each in (f"{text}x", text)
    ]


def _beside(value: Value) -> list[Value]:
    if isinstance(value, bool):
        return []
    if isinstance(value, (int, Decimal)):
        return [value + 1, value - 1, value]
    if isinstance(value, (date, datetime)):
        day = timedelta(days=1)
        return [value + day, value - day, value]
    if isinstance(value, str):
        found = moment(value)
        if found is not None:
            beside = [found + timedelta(days=1), found - timedelta(days=1)]
            return [one.date().isoformat() if is_date(value) else str(one) for one in beside]
        return [value]
    return []


def _atoms_of(column: str, conditions: Sequence[RowCondition]) -> list[Term]:
    terms = [one.given.term for one in conditions if column in one.columns]
    return [atom for term in terms for atom in _atoms(term) if column in atom.columns]


def _unlike(values: Sequence[Value], kind: ScalarType | None) -> list[Value]:
    """The values, each once; documents for a column of JSON."""
    found: list[Value] = []
    for value in values:
        one = _document(value) if kind is ScalarType.JSON else value
        if one is not None and not any(one == two and type(one) is type(two) for two in found):
            found.append(one)
    return found


def holds(
    conditions: Sequence[RowCondition], row: Mapping[str, Value], facts: Facts
) -> bool | None:
    """Whether a row surely satisfies all the conditions; None where that is not sure.

    `row` has every column that they read, but for the generated ones.
    """
    evaluation = Evaluation(facts, {}, concrete=True, budget=_BUDGET)
    for column, value in row.items():
        scalar = scalar_of(value)
        if scalar is not None or value is None:
            truth = text_truth(scalar) if isinstance(scalar, str) else None
            evaluation.assumed[Sort.COLUMN, column] = Cell(scalar, truth=truth)
    sure = True
    try:
        for one in sorted(conditions, key=lambda one: one.source != "generated"):
            term = one.prepared
            if one.source == "generated" and isinstance(term, Compare):
                computed = evaluation.value(term.right)
                if not isinstance(computed, Unsure):
                    evaluation.assumed[Sort.COLUMN, one.columns[0]] = Cell(computed)
                continue
            verdict = evaluation.truth(term)
            if verdict is False or (verdict is None and not one.given.passes_null):
                return False
            sure = sure and verdict is not UNSURE
    except (TooMuch, RecursionError):
        return None
    return True if sure else None


def witness(
    conditions: Sequence[RowCondition], pins: Mapping[str, Value], facts: Facts
) -> dict[str, Scalar] | None:
    """A row that surely satisfies all the conditions and has the values of `pins`, by column; None
    where none is found. Pins of types that conditions do not know are left out of account."""
    givens = [one.given for one in conditions]
    for column, value in pins.items():
        term = Column(column)
        if value is None:
            givens.append(Given(Is(term, None)))
            continue
        scalar = scalar_of(value)
        if scalar is not None:
            givens.append(Given(Compare("=", term, Literal(scalar))))
    found = satisfiable(givens, facts)
    if found.answer is not True or found.witness is None:
        return None
    return dict(found.witness)


def scalar_of(value: Value) -> Scalar:
    """The value as conditions have it; None where they have no such value."""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time, UUID)):
        return str(value)
    if isinstance(value, timedelta):
        return str(value)
    return None


def _atoms(term: Term) -> Iterator[Term]:
    """The smallest conditions in a term."""
    if isinstance(term, (Compare, In, Like, Opaque, Is)) or (
        isinstance(term, Call) and term.function not in ("coalesce",)
    ):
        yield term
        if not isinstance(term, (Compare, Is)):
            return
    for part in term.parts:
        yield from _atoms(part)


def _named(atom: Term) -> Iterator[Literal]:
    """The literals of a condition, and what its pattern stands for."""
    if isinstance(atom, Opaque):
        for literal in literals_in(atom.text):
            yield literal
            if isinstance(literal.value, str) and any(sign in literal.value for sign in "^$[*+\\"):
                yield from [Literal(text) for text in matching_regex(literal.value)]
            elif isinstance(literal.value, str) and "%" in literal.value:
                yield from [Literal(text) for text in matching_like(literal.value)]
        return
    if isinstance(atom, Like) and isinstance(atom.pattern, Literal):
        if isinstance(atom.pattern.value, str):
            texts = matching_like(atom.pattern.value, atom.escape)
            yield from [Literal(text) for text in texts]
        return
    if isinstance(atom, Call):
        yield from _matched(atom)
        return
    for part in atom.walk():
        if isinstance(part, Literal) and part.value is not None:
            yield part


def _matched(call: Call) -> Iterator[Literal]:
    pattern = call.arguments[-1]
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        return
    match = matching_glob if call.function == "glob" else matching_regex
    if call.function in ("glob", "regexp_like", "regexp_i_like"):
        yield from [Literal(text) for text in match(pattern.value)]


def _as_typed(values: Sequence[Scalar], kind: ScalarType | None) -> list[Scalar]:
    """Of the literals, those that could be a value of the column itself."""
    texts = kind in (ScalarType.STRING, ScalarType.ENUM, ScalarType.UUID, ScalarType.DATE, None)
    if kind in (ScalarType.DATETIME, ScalarType.TIME, ScalarType.JSON) or texts:
        return [value for value in values if isinstance(value, str)]
    return [value for value in values if isinstance(value, (int, Decimal))]


def _document(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        found: Value = json.loads(value)
    except ValueError:
        return value
    return found
