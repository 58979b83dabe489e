"""Attributes and configuration blocks as they stand in the source, known or unknown.

The common AST keeps them beside the facts that a loader drew from them, so that a rule can
point at one argument, and so that what this version does not know is not lost.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.source import Span


class Value(msgspec.Struct, frozen=True, gc=False):
    """One value in the source language's own syntax.

    `kind` decides what `text` and `items` hold: a `string` its decoded content, a
    `number` its digits as written, a `constant` its name (`true`, `Cascade`,
    `authorId`), a `call` the function's name with `arguments`, an `array` its `items`,
    an `object` its entries as `arguments` with names.
    """

    kind: Literal["string", "number", "constant", "call", "array", "object"]
    text: str
    span: Span
    items: tuple[Value, ...] = ()
    arguments: tuple[Argument, ...] = ()


class Argument(msgspec.Struct, frozen=True, gc=False):
    """One argument of an attribute or a call; `name` is None where it is positional."""

    name: str | None
    value: Value
    span: Span
    name_span: Span | None = None


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """An attribute as written (`@id`, `@db.VarChar(200)`, `@@index([a])`), known or not.

    `name` is without the leading signs: `id`, `db.VarChar`, `index`.
    """

    name: str
    span: Span
    name_span: Span
    arguments: tuple[Argument, ...] = ()

    def argument(self, name: str) -> Argument | None:
        """The argument called `name`, or None."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        return None


class Setting(msgspec.Struct, frozen=True, gc=False):
    """`key = value` of a configuration block."""

    key: str
    value: Value
    span: Span


class Block(msgspec.Struct, frozen=True, gc=False):
    """A configuration block of the source language: Prisma's `datasource` and `generator`."""

    kind: str
    name: str
    span: Span
    settings: tuple[Setting, ...] = ()
