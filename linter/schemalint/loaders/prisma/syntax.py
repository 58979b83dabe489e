"""The syntax tree of a Prisma schema: what stands in the files, before it means anything."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.attributes import Attribute, Setting
from schemalint.loaders.loaded import Problem
from schemalint.source import SourceFile, Span


class FieldLine(msgspec.Struct, frozen=True, gc=False):
    """`name Type? @attributes` in a model, view or type.

    `type_name` is the bare name (`String`, `User`); for `Unsupported("...")` it is `Unsupported`
    and `unsupported` holds the decoded text. `type_span` covers the type with its `?` or `[]`.
    """

    name: str
    name_span: Span
    type_name: str
    type_span: Span
    arity: Literal["required", "optional", "list"]
    span: Span
    unsupported: str | None = None
    attributes: tuple[Attribute, ...] = ()
    doc: str | None = None


class ValueLine(msgspec.Struct, frozen=True, gc=False):
    """One value of an enum."""

    name: str
    name_span: Span
    span: Span
    attributes: tuple[Attribute, ...] = ()
    doc: str | None = None


class BlockNode(msgspec.Struct, frozen=True, gc=False):
    """A top-level block. `span` runs from the keyword to behind the closing brace; `keyword_span`
    and `name_span` cover the opening line's words. Lists that do not apply to the keyword are ().
    `complete` is False where the block is never closed: what it lacks may then stand elsewhere.
    """

    keyword: Literal["model", "view", "type", "enum", "datasource", "generator"]
    name: str
    name_span: Span
    keyword_span: Span
    span: Span
    fields: tuple[FieldLine, ...] = ()
    values: tuple[ValueLine, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    settings: tuple[Setting, ...] = ()
    doc: str | None = None
    complete: bool = True


class Document(msgspec.Struct, frozen=True):
    """One file: its blocks in order, and its syntax errors. A line that is broken is missing from
    its block; a block that is broken keeps the lines that are not."""

    file: SourceFile
    blocks: tuple[BlockNode, ...]
    problems: tuple[Problem, ...] = ()
