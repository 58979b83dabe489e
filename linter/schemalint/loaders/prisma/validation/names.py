"""Names: what is defined twice, what is reserved, what may not be a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain

from schemalint.finding import Related
from schemalint.loaders.prisma.syntax import BlockNode, Document
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import (
    SCALARS,
    CompositeFacts,
    EnumFacts,
    ModelFacts,
    SchemaFacts,
)
from schemalint.source import Span

_WORDS = """
    PrismaClient break case catch class const continue debugger default delete do else
    enum export extends false finally for function if implements import in instanceof interface let
    new null package private protected public return super switch this throw true try typeof
    var void while with yield
"""
RESERVED = frozenset(_WORDS.split())
"""Words of JavaScript, and the client's own class: generated code could not use them as types.

Version 7 refuses `async`, `await` and `using` too, which older releases accept.
"""
_SUSPICIOUS = re.compile(r"^\d|-", re.MULTILINE)
_SORTS = {"model": "model", "view": "view", "type": "composite type", "enum": "enum"}


def resolve_names(documents: Sequence[Document], schema: SchemaFacts, report: Report) -> None:
    """Fill in the schema's models, enums and types, and report what their names do wrong."""
    kinds = schema.kinds
    tops: dict[str, BlockNode] = {}
    configuring: dict[str, dict[str, BlockNode]] = {"datasource": {}, "generator": {}}
    for document in documents:
        for block in document.blocks:
            keyword = block.keyword
            if block.name in SCALARS:
                report.error(
                    block.name_span,
                    f"`{block.name}` is the name of a built-in type; "
                    f"a {_SORTS.get(keyword, keyword)} cannot have it.",
                )
            if keyword in ("model", "view"):
                _model(block, schema, report)
            elif keyword == "enum":
                _enum(block, schema, report)
            elif keyword == "type":
                _composite(block, schema, report)
            else:
                _repeated_settings(block, report)
                _defined_once(block, configuring[keyword], report)
                continue
            _defined_once(block, tops, report)
    for name, block in tops.items():
        kinds[name] = "model" if block.keyword == "view" else block.keyword
    kinds["Unsupported"] = "unsupported"
    for scalar in SCALARS:
        kinds[scalar] = "scalar"


def _defined_once(block: BlockNode, seen: dict[str, BlockNode], report: Report) -> None:
    first = seen.get(block.name)
    seen[block.name] = block
    if first is None:
        return
    sort = _SORTS.get(block.keyword)
    help_text = "Give one of them another name"
    report.error(
        block.name_span,
        f"The {sort or block.keyword} `{block.name}` has the name of another "
        f"{_SORTS.get(first.keyword, first.keyword)}.",
        help=f"{help_text}; `@@map` keeps the name in the database." if sort else f"{help_text}.",
        related=(Related("defined first here", first.name_span),),
    )


def _model(block: BlockNode, schema: SchemaFacts, report: Report) -> None:
    lines = block.fields
    fields = {line.name: line for line in lines}
    facts = ModelFacts(block, block.name, block.keyword == "view", fields)
    schema.models.append(facts)
    schema.model_by_name[block.name] = facts
    _block_name(block, report)
    if len(fields) != len(lines):
        _repeated_fields(block, report)
    _identifiers(fields, "field", ((line.name, line.name_span) for line in lines), report)


def _composite(block: BlockNode, schema: SchemaFacts, report: Report) -> None:
    lines = block.fields
    fields = {line.name: line for line in lines}
    facts = CompositeFacts(block, block.name, fields)
    schema.composites.append(facts)
    schema.composite_by_name[block.name] = facts
    _identifiers([block.name], "composite type", [(block.name, block.name_span)], report)
    if len(fields) != len(lines):
        _repeated_fields(block, report)


def _enum(block: BlockNode, schema: SchemaFacts, report: Report) -> None:
    values = frozenset([value.name for value in block.values])
    facts = EnumFacts(block, block.name, values)
    schema.enums.append(facts)
    schema.enum_by_name[block.name] = facts
    _block_name(block, report)
    _identifiers(values, "value", ((one.name, one.name_span) for one in block.values), report)
    if len(values) != len(block.values):
        seen: dict[str, Span] = {}
        for value in block.values:
            if value.name in seen:
                report.error(
                    value.span,
                    f"The enum `{block.name}` has the value `{value.name}` twice.",
                    related=(Related("first here", seen[value.name]),),
                )
            seen.setdefault(value.name, value.name_span)


def _block_name(block: BlockNode, report: Report) -> None:
    if block.name in RESERVED:
        report.error(
            block.span,
            f"No {block.keyword} can be called `{block.name}`: the client that Prisma generates "
            "needs the word for itself.",
            help="Choose another name; `@@map` keeps the name in the database.",
        )
    _identifiers([block.name], block.keyword, [(block.name, block.name_span)], report)


def _repeated_fields(block: BlockNode, report: Report) -> None:
    seen: dict[str, Span] = {}
    for line in block.fields:
        if line.name in seen:
            report.error(
                line.name_span,
                f"The {_SORTS[block.keyword]} `{block.name}` has the field `{line.name}` twice.",
                related=(Related("first here", seen[line.name]),),
            )
        seen.setdefault(line.name, line.name_span)


def _repeated_settings(block: BlockNode, report: Report) -> None:
    seen: set[str] = set()
    for setting in block.settings:
        if setting.key in seen:
            report.error(
                setting.span, f"The {block.keyword} `{block.name}` sets `{setting.key}` twice."
            )
        seen.add(setting.key)


def _identifiers(
    names: Iterable[str], sort: str, places: Iterable[tuple[str, Span]], report: Report
) -> None:
    text = "\n".join(names)
    if text.isascii() and not _SUSPICIOUS.search(text):
        return
    for name, span in places:
        identifier(name, span, sort, report)


def identifier(name: str, span: Span, sort: str, report: Report) -> None:
    """Report a name that starts with a digit or holds a hyphen."""
    if starts_with_digit(name):
        report.error(span, f"The name of a {sort} cannot start with a digit: `{name}`.")
    elif "-" in name:
        report.error(span, f"The name of a {sort} cannot hold a `-`: `{name}`.")


def starts_with_digit(name: str) -> bool:
    """Whether Prisma takes the first character for a number: it goes by Unicode's categories, in
    which the Chinese word for three, say, is a letter."""
    return unicodedata.category(name[:1] or " ").startswith("N")


def unknown_type(schema: SchemaFacts, name: str, span: Span, report: Report) -> None:
    """Report a field type that names nothing, proposing the nearest one that does."""
    match = report.nearest(
        name,
        chain(SCALARS, schema.model_by_name, schema.enum_by_name, schema.composite_by_name),
    )
    report.error(
        span,
        f"There is no type `{name}`: it is neither built in, "
        "nor a model, an enum or a composite type of this schema.",
        help=f"Did you mean `{match}`?" if match else None,
    )
