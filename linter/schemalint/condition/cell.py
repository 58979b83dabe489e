"""A cell: some values of a column that no condition at hand can tell apart."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import msgspec

from schemalint.condition.values import Value

Span: TypeAlias = tuple[Fraction | None, Fraction | None]
"""The open range between two numbers; None where it has no end."""


class Cell(msgspec.Struct, frozen=True):
    """Some values of a column that behave alike.

    Attributes:
        value: one of them, which stands for all.
        single: it is the only one.
        storable: whether a row can surely hold just this value, as a witness needs.
        truth: for SQLite's text in a condition's place, whether it counts as true.
        span: of numbers, the two points between which they all lie, None for no bound.
        excludes: of texts that are compared exactly, some that are surely not among them.
        spellings: of texts, whether all of them are equal to `value` under a collation that folds,
            or as CHAR(n) does not count blanks.
    """

    value: Value
    single: bool = True
    storable: bool = True
    truth: bool | None = None
    span: Span | None = None
    excludes: tuple[str, ...] = ()
    spellings: bool = False


class Something(msgspec.Struct, frozen=True):
    """A value of which nothing is known but that it is not NULL."""


SOMETHING = Something()
NULL = Cell(None)
