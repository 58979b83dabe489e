"""What the client's classes claim of rows, and no database is told.

SQLModel's classes are pydantic's too, and say more than their DDL: bounds, validators, `frozen`.
The common AST carries it beside the facts, so that a rule can say what becomes of it. Nothing here
keeps a rule: judgements are made without it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.source import Span

BoundKind = Literal[
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "min_length",
    "max_length",
    "pattern",
    "validator",
]


class Bound(msgspec.Struct, frozen=True, gc=False):
    """A condition on values: `Field(gt=0)`, `Annotated[int, Gt(0)]`, `PositiveInt`, a validator.

    `value` is a number's digits, a pattern's text, or the name of the function that validates; None
    where it cannot be told. `span` is what states it (`gt=0`).
    `checked` tells that the class has something that may check it when a row is made in the client
    (`validate_assignment`, an `__init__` of its own); else nobody does, for a table model does not
    validate. `base` names the base class that states it, where that one is no table: used by
    itself, or by another class, it does validate.
    """

    kind: BoundKind
    value: str | None
    span: Span
    checked: bool = False
    base: str | None = None


class Frozen(msgspec.Struct, frozen=True, gc=False):
    """Where a class, or a field of it, is said to be immutable.

    `ignored` tells that the library does not even read it (SQLModel drops `frozen` as a keyword of
    the class). `base` names the base class that says it, None for the model's own.
    """

    span: Span
    ignored: bool = False
    base: str | None = None


class Replaced(msgspec.Struct, frozen=True, gc=False):
    """Something that a base class adds to its tables, and this one's own arguments replace.

    `text` is how the base says it, on one line; `by` the argument that replaces it; `base` the name
    of the class that says it.
    """

    text: str
    span: Span
    by: Span
    base: str


class OnlyOnce(msgspec.Struct, frozen=True, gc=False):
    """An object of the source, part of a base class, that one table only can have: `span` is where
    it is made, `what` its class (`Column`, `ForeignKey`), `base` the class that has it."""

    what: str
    span: Span
    base: str


class FieldClaims(msgspec.Struct, frozen=True, gc=False):
    """What is claimed of one field."""

    bounds: tuple[Bound, ...] = ()
    frozen: Frozen | None = None
    only_once: OnlyOnce | None = None


class ModelClaims(msgspec.Struct, frozen=True, gc=False):
    """What is claimed of a whole model; its `bounds` are of several fields together."""

    bounds: tuple[Bound, ...] = ()
    frozen: Frozen | None = None
    replaced: tuple[Replaced, ...] = ()
