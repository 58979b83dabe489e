"""From syntax trees to the common AST, as Migrate and Prisma's client see the schema."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from schemalint.attributes import Attribute, Block
from schemalint.loaders.prisma.build_fields import FieldBuilder
from schemalint.loaders.prisma.defaults import argument_value
from schemalint.loaders.prisma.dialect import Target, target_of
from schemalint.loaders.prisma.drafts import ModelDraft
from schemalint.loaders.prisma.keys import KEY_WORDS, KeyBuilder
from schemalint.loaders.prisma.relations import ForeignKeyBuilder, build_relation, pair_ends
from schemalint.loaders.prisma.syntax import BlockNode, Document, ValueLine
from schemalint.model import Dialect, Enum, EnumValue, Layer, Model, Opaque, Schema

_KNOWN_WORDS = KEY_WORDS | {"map", "schema", "ignore", "shardKey"}


def build_schema(documents: Sequence[Document], dialect: Dialect | None = None) -> Schema:
    """The schema that `documents` make up together, for `dialect` or the one that they name.

    Whatever is broken is left out, or kept as `Opaque` where a rule could depend on it; the first
    of several blocks, fields or values of one name counts.
    """
    blocks = [block for document in documents for block in document.blocks]
    target = target_of(blocks, dialect)
    opaque: list[Opaque] = []
    named = _by_name(blocks, opaque)
    enums = {name: _enum(block, target) for name, block in named.items() if block.keyword == "enum"}
    drafts = _drafts(named, enums, target)
    for document in documents:
        if document.problems:
            _keep_broken_lines(document, drafts)
    keys = KeyBuilder(target, drafts)
    for draft in drafts.values():
        keys.fill(draft)
    pair_ends(drafts.values())
    foreign_keys = ForeignKeyBuilder(target, drafts)
    for draft in drafts.values():
        foreign_keys.fill(draft)
    joins = foreign_keys.join_tables()
    return Schema(
        files=tuple([document.file for document in documents]),
        language="prisma",
        dialect=target.dialect,
        models=(*[_model(draft) for draft in drafts.values()], *joins),
        enums=tuple(enums.values()),
        blocks=tuple(
            [
                Block(block.keyword, block.name, block.span, block.settings)
                for block in blocks
                if block.keyword in ("datasource", "generator")
            ]
        ),
        opaque=tuple(opaque),
        foreign_keys_enforced=target.foreign_keys_enforced,
        can_say=target.can_say,
    )


def _by_name(blocks: Sequence[BlockNode], opaque: list[Opaque]) -> dict[str, BlockNode]:
    named: dict[str, BlockNode] = {}
    for block in blocks:
        if block.keyword in ("datasource", "generator"):
            continue
        if named.setdefault(block.name, block) is not block:
            opaque.append(
                Opaque(
                    block.keyword,
                    block.span.text,
                    f"there is another `{block.name}` before it",
                    block.span,
                    (block.name,),
                )
            )
    return named


def _drafts(
    named: dict[str, BlockNode], enums: dict[str, Enum], target: Target
) -> dict[str, ModelDraft]:
    relatable = {name for name, block in named.items() if block.keyword in ("model", "view")}
    composites = {name for name, block in named.items() if block.keyword == "type"}
    fields = FieldBuilder(target, enums, relatable, composites)
    drafts: dict[str, ModelDraft] = {}
    for name, block in named.items():
        keyword = block.keyword
        if keyword not in ("model", "view", "type"):
            continue
        draft = drafts[name] = ModelDraft(block, keyword)
        key_members: frozenset[str] = frozenset()
        for attribute in block.attributes:
            word = attribute.name
            if word == "map":
                draft.table = _text(attribute, "name") or name
            elif word == "schema":
                draft.schema = _text(attribute, "map")
            elif word == "ignore":
                draft.ignored = True
            elif word == "id":
                key_members = _members(attribute)
            elif word not in _KNOWN_WORDS:
                draft.opaque.append(
                    Opaque(
                        "attribute",
                        attribute.span.text,
                        f"`@@{word}` is not known",
                        attribute.span,
                        (draft.table,),
                    )
                )
        fields.fill(draft, key_members)
    return drafts


def _keep_broken_lines(document: Document, drafts: dict[str, ModelDraft]) -> None:
    """A line that was not understood may be what keeps a rule of its model."""
    starts = [block.span.start for block in document.blocks]
    for problem in document.problems:
        number = bisect_right(starts, problem.span.start) - 1
        if problem.warning or number < 0:
            continue
        block = document.blocks[number]
        draft = drafts.get(block.name)
        if draft is not None and draft.block is block and problem.span.start < block.span.end:
            line = problem.span.place.line
            draft.opaque.append(
                Opaque(
                    "line",
                    problem.span.text,
                    f"line {line} of `{problem.span.file.path}`, which Prisma rejects",
                    problem.span,
                    (draft.table,),
                )
            )


def _model(draft: ModelDraft) -> Model:
    block = draft.block
    return Model(
        draft.name,
        draft.table,
        block.span,
        block.name_span,
        draft.kind,
        draft.schema,
        block.doc,
        draft.ignored,
        tuple(draft.fields.values()),
        draft.primary_key,
        tuple(draft.uniques),
        tuple(draft.indexes),
        tuple(draft.foreign_keys),
        (),
        (),
        (),
        (),
        tuple([build_relation(end) for end in draft.ends]),
        block.attributes,
        tuple(draft.opaque),
    )


def _enum(block: BlockNode, target: Target) -> Enum:
    name = type_name = block.name
    schema = None
    for attribute in block.attributes:
        if attribute.name == "map":
            type_name = _text(attribute, "name") or name
        elif attribute.name == "schema":
            schema = _text(attribute, "map")
    values: dict[str, EnumValue] = {}
    for line in block.values:
        values.setdefault(line.name, _enum_value(line))
    return Enum(
        name,
        type_name,
        tuple(values.values()),
        block.span,
        block.name_span,
        schema,
        Layer.DATABASE if target.enums_in_database else Layer.CLIENT,
        block.doc,
        block.attributes,
    )


def _enum_value(line: ValueLine) -> EnumValue:
    stored = line.name
    for attribute in line.attributes:
        if attribute.name == "map":
            text = _text(attribute, "name")
            stored = stored if text is None else text  # "" too: MySQL's and PostgreSQL's enums can
    return EnumValue(line.name, stored, line.span, line.name_span, line.doc, line.attributes)


def _members(attribute: Attribute) -> frozenset[str]:
    value = argument_value(attribute, "fields")
    if value is None:
        return frozenset()
    items = value.items if value.kind == "array" else (value,)
    return frozenset([item.text for item in items])


def _text(attribute: Attribute, name: str) -> str | None:
    value = argument_value(attribute, name)
    return value.text if value is not None and value.kind == "string" else None
