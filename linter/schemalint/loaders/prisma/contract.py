"""Recognises files in the contract language of Prisma 8, which is another language.

It shares most of its words with the schema language of Prisma 7 and before, so that reading it as
that language gives many misleading errors. What only it has (documentation "Author in PSL"): a
first line `// use prisma-8`, a block `types`, blocks called `namespace`, enum members with a
stored value, and the block attributes `@@type`, `@@check`, `@@base` and `@@discriminator`.
It has no block `datasource` or `generator`; beside one, an enum member with a value is a slip.
"""

from __future__ import annotations

import re

from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.syntax import BlockNode, Document
from schemalint.source import Span

_FIRST_LINE = re.compile(r"\ufeff?\s*//[ \t]*use prisma-(?:8|next)\b[^\r\n]*")
_OPENING = re.compile(r"types[ \t]*\{|namespace[ \t]+[^\W\d]\w*[ \t]*\{")
_MEMBER = re.compile(r"[^\W_][\w-]*[ \t]*=[ \t]*(?:\"[^\"\r\n]*\"|-?\d[\d.]*|true\b|false\b)")
_BROKEN_ATTRIBUTE = re.compile(r"@@(?:check|base|discriminator)\b[^\r\n]*")
_ATTRIBUTES = frozenset(["check", "base", "discriminator"])


def contract_language(document: Document) -> Problem | None:
    """One problem at the first construct that only that language has; None where there is none."""
    file = document.file
    text = file.text
    found: list[tuple[int, int]] = []
    first_line = _FIRST_LINE.match(text)
    if first_line is not None:
        found.append(
            (first_line.end() - len(first_line.group().lstrip("\ufeff \t\r\n")), first_line.end())
        )
    enums = [block.span for block in document.blocks if block.keyword == "enum"]
    configured = any(block.keyword in ("datasource", "generator") for block in document.blocks)
    for problem in document.problems:
        start = problem.span.start
        for pattern in (_OPENING, _BROKEN_ATTRIBUTE, _MEMBER):
            match = pattern.match(text, start)
            if match is None:
                continue
            if pattern is _MEMBER and (
                configured or not any(one.start <= start < one.end for one in enums)
            ):
                continue
            found.append(match.span())
    for block in document.blocks:
        found.extend(_in_block(block))
    if not found:
        return None
    start, end = min(found)
    return Problem(
        "This file is written in the contract language of Prisma 8, which this version of "
        f"schemalint does not read: `{text[start:end].strip()}` is not part of the schema language "
        "of Prisma 7 and before.",
        Span(file, start, end),
        help="check a schema of Prisma 7 or before",
    )


def _in_block(block: BlockNode) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opening = _OPENING.match(block.span.file.text, block.span.start)
    if opening is not None:
        found.append(opening.span())
    for attribute in block.attributes:
        if attribute.name in _ATTRIBUTES or (attribute.name == "type" and block.keyword == "enum"):
            found.append((attribute.span.start, attribute.span.end))
    return found
