"""Cells of text, where collations and filled-up blanks leave their order and equality certain."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.condition.cell import Cell
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.storage import fits, is_padded
from schemalint.condition.terms import Column, Literal, Scalar
from schemalint.condition.values import EQUAL, POSTGRES_LIKE, ascii_lower, relate
from schemalint.model import Dialect, ScalarType

_TEXT_SAMPLES = ("x", "a", "other", "y", "z", "A", "x1")
_UUID_SAMPLES = tuple(f"{digit * 8}-0000-4000-8000-000000000000" for digit in "1234567")


def text_cells(
    name: str, column: ColumnFacts, literals: list[Scalar], facts: Facts
) -> list[Cell] | None:
    """The cells of a column of text, an enum or a UUID that a condition compares with `literals`.

    None where a collation leaves open which of them are equal.
    """
    constants = [literal for literal in literals if isinstance(literal, str)]
    if len(constants) < len(literals):
        return None
    if column.values is not None:
        values: list[str] = list(dict.fromkeys(column.values))
        if not _apart(name, values, constants, facts):
            return None
        return [Cell(value) for value in values]
    kept: list[str] = []
    for constant in constants:
        if all(_relation(name, constant, one, facts) != EQUAL for one in kept):
            kept.append(constant)
    if not _apart(name, kept, constants, facts):
        return None
    if facts.dialect is Dialect.SQLITE:
        return [*_ordered_texts(column, kept, facts)]
    found = [Cell(constant, True, fits(column, constant, facts)) for constant in kept]
    exact = column.exact or facts.dialect in POSTGRES_LIKE
    exact = exact and not (column.ignore_case or is_padded(column))
    # Under a collation that folds, a cell holds every spelling of its constant.
    if not exact:
        # What CHAR(n) is filled up with, is nothing to PostgreSQL.
        padded = facts.dialect in POSTGRES_LIKE and not column.ignore_case
        alike = padded or facts.dialect in (Dialect.MYSQL, Dialect.MARIADB)
        found = [msgspec.structs.replace(one, single=False, spellings=alike) for one in found]
    samples = _UUID_SAMPLES if column.type is ScalarType.UUID else _TEXT_SAMPLES
    rest = [
        sample
        for sample in samples
        if not any("=" in _relation(name, sample, constant, facts) for constant in constants)
    ]
    closed = column.type is ScalarType.ENUM  # an enum whose values are not known
    if not rest:
        return None
    usable = [sample for sample in rest if fits(column, sample, facts)]
    value = usable[0] if usable else rest[0]
    excludes = tuple(kept) if exact and column.type is ScalarType.STRING else ()
    storable = bool(usable) and not closed
    return [*found, Cell(value, False, storable, excludes=excludes)]


def _apart(name: str, values: list[str], constants: list[str], facts: Facts) -> bool:
    """Whether each constant surely is, or surely is not, each of the values."""
    return all(
        "=" not in _relation(name, value, constant, facts)
        or _relation(name, value, constant, facts) == EQUAL
        for value in values
        for constant in [*constants, *values]
    )


def _relation(name: str, value: str, constant: str, facts: Facts) -> frozenset[str]:
    return relate(value, constant, Column(name), Literal(constant), facts)


def _ordered_texts(column: ColumnFacts, constants: list[str], facts: Facts) -> Iterator[Cell]:
    """SQLite's order of text, binary or with A to Z as a to z: the constants, and what lies between
    and around them. Under NOCASE a cell holds every spelling of its constant."""
    folds = column.ignore_case
    exact = sorted({ascii_lower(one) for one in constants} if folds else set(constants))
    for constant in exact:
        yield Cell(constant, not folds, fits(column, constant, facts), spellings=folds)
    edges: list[str | None] = [*exact, None]
    before: str | None = None
    for after in edges:
        value = text_between(before, after, folded=folds)
        if value is not None:
            excludes = () if folds else tuple(exact)
            yield Cell(value, False, fits(column, value, facts), excludes=excludes)
        before = after


def text_between(before: str | None, after: str | None, *, folded: bool = False) -> str | None:
    """A text strictly between two others in binary order; None if there is none. `folded`: one
    without capitals, as the other two are."""
    candidates = [*_TEXT_SAMPLES, "", "0", "~", f"{before or ''}x", f"{before or ''} "]
    if before is not None:
        candidates.append(before + "\x00")  # the very next text
    for text in candidates:
        if folded and text != ascii_lower(text):
            continue
        if (before is None or text > before) and (after is None or text < after):
            return text
    return None
