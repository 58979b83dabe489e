"""What holds for every text that the Prisma parser is given."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from schemalint.loaders.prisma.parser import _Parser, parse
from schemalint.loaders.prisma.syntax import Document
from schemalint.source import SourceFile, Span

# Far more than any small text takes, so that only a hang or a quadratic step exceeds it, and no
# busy machine does.
LONGEST = 5.0


def assert_sound(text: str) -> Document:
    """Parse `text` and check what must hold whatever it is."""
    file = SourceFile("schema.prisma", text)
    started = time.process_time()
    document = parse(file)
    assert time.process_time() - started < LONGEST
    for span in spans(document):
        assert span.file is file
        assert 0 <= span.start <= span.end <= len(text)
    starts = [block.span.start for block in document.blocks]
    assert starts == sorted(starts)
    for block in document.blocks:
        assert block.name_span.text == block.name
        assert block.keyword_span.text == block.keyword
        for line in (*block.fields, *block.values):
            assert line.name_span.text == line.name
            assert block.span.start < line.span.start <= line.span.end <= block.span.end
        for attribute in block.attributes:
            assert attribute.name_span.text == attribute.name
            assert attribute.span.text.startswith("@@")
    for problem in document.problems:
        assert problem.message.endswith(".")
    return document


def assert_next_block_is_understood(text: str) -> None:
    """Whatever `text` is, a model that is written behind it is read."""
    model = "model Behind {\n  id Int @id\n}\n"
    document = assert_sound(f"{text}\n{model}")
    if any("contract language" in problem.message for problem in document.problems):
        return
    last = document.blocks[-1]
    assert (last.name, last.complete) == ("Behind", True)
    assert last.span.text == model.rstrip()
    assert [field.name for field in last.fields] == ["id"]


def spans(node: object) -> Iterator[Span]:
    """Every span in a document or a part of one."""
    if isinstance(node, Span):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from spans(item)
    elif isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from spans(getattr(node, name))


class GeneralParser(_Parser):
    """The parser without its short cut for plain lines."""

    def plain_fields(self, at: int, doc: str | None, *_: object) -> tuple[int, str | None]:
        return at, doc


def parse_generally(text: str) -> Document:
    """The document as the general methods alone read it."""
    return GeneralParser(SourceFile("schema.prisma", text)).document()


def shape(node: object) -> object:
    """A document as plain data, each span as its two offsets: equal for equal trees."""
    if isinstance(node, Span):
        return node.start, node.end
    if isinstance(node, SourceFile):
        return node.text
    if isinstance(node, tuple):
        return [shape(item) for item in node]
    if isinstance(node, msgspec.Struct):
        return {name: shape(getattr(node, name)) for name in node.__struct_fields__}
    return node
