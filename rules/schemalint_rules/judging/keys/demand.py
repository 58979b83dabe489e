"""A demand of uniqueness: which pairs of rows are forbidden, and how two rows can agree."""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

from schemalint.condition.terms import Term
from schemalint.model import Field, Model, PrimaryKey, Unique

Nulls = Choice["distinct", "equal"]
Key = PrimaryKey | Unique


class Demand(msgspec.Struct, frozen=True):
    """Two rows of `model` that satisfy `where` must not agree on all `fields`."""

    model: Model
    fields: tuple[Field, ...]
    where: Term | None = None
    where_text: str | None = None
    ignore_case: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The physical names of the fields."""
        return tuple(field.column for field in self.fields)


class Case(msgspec.Struct, frozen=True):
    """One way in which two rows can agree: with NULL in just the columns `null`."""

    null: frozenset[str]
    given: tuple[Term, ...]


class Undecided(Exception):  # noqa: N818 -- control flow while a demand is decided
    """A key might keep the demand; the message says what is not known of it."""
