"""A cell: some values of a column that no condition at hand can tell apart."""

from __future__ import annotations

import msgspec

from schemalint.condition.values import Value


class Cell(msgspec.Struct, frozen=True):
    """Some values of a column that behave alike.

    Attributes:
        value: one of them, which stands for all.
        single: it is the only one.
        storable: whether a row can surely hold just this value, as a witness needs.
        truth: for SQLite's text in a condition's place, whether it counts as true.
    """

    value: Value
    single: bool = True
    storable: bool = True
    truth: bool | None = None


class Something(msgspec.Struct, frozen=True):
    """A value of which nothing is known but that it is not NULL."""


SOMETHING = Something()
NULL = Cell(None)
