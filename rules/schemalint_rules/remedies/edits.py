"""Edits of Prisma text that a fix can be made of: an attribute added, a line taken out."""

from schemalint.model import Field, Model, Relation
from schemalint.rule import Edit
from schemalint.source import Span


def add_block_attribute(model: Model, attribute: str) -> Edit:
    """Insert a line with `attribute` (`@@index([a])`) before the closing brace of `model`."""
    file, brace = model.span.file, model.span.end - 1
    line_start = max(file.text.rfind("\n", 0, brace), file.text.rfind("\r", 0, brace)) + 1
    first = model.fields[0].span.start if model.fields else None
    return Edit(Span(file, line_start, line_start), f"{_indent(file.text, first)}{attribute}\n")


def _indent(text: str, member: int | None) -> str:
    """The white space before the member that starts at offset `member`; two spaces for None."""
    if member is None:
        return "  "
    start = max(text.rfind("\n", 0, member), text.rfind("\r", 0, member)) + 1
    indent = text[start:member]
    return indent if indent.strip() == "" else "  "


def add_field_attribute(field: Field | Relation, attribute: str) -> Edit:
    """Append `attribute` (`@unique`) to the line of `field`, before any comment."""
    end = field.span.end
    return Edit(Span(field.span.file, end, end), f" {attribute}")


def remove(span: Span) -> Edit:
    """Take out what `span` covers, with its whole line where nothing else stands on it."""
    text = span.file.text
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    alone = not text[start : span.start].strip() and not text[span.end : end].strip()
    if alone:
        return Edit(Span(span.file, start, end), "")
    blank = span.start
    while blank > start and text[blank - 1] in " \t":
        blank -= 1
    return Edit(Span(span.file, blank, span.end), "")
