"""Reads one Prisma schema file into its syntax tree.

The grammar is that of the official parser (7.10), which reads line by line. What it accepts gives
no problem here; what it rejects gives a problem on the same lines. Beyond it, a block that is
never closed does not swallow what follows: the next line that opens a block ends it.

Names with a dash or a leading digit are names to the grammar; the validation refuses them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from schemalint.attributes import Attribute, Setting
from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.fields import FieldReader
from schemalint.loaders.prisma.syntax import BlockNode, Document, FieldLine, ValueLine
from schemalint.loaders.prisma.values import Unreadable
from schemalint.source import SourceFile, Span

Keyword = Literal["model", "view", "type", "enum", "datasource", "generator"]

_KEYWORDS: tuple[Keyword, ...] = ("model", "enum", "type", "view", "datasource", "generator")
_LINE = re.compile(r"[^\r\n]*(\r\n|\n|\r)?")
# Where one of these stands, a file without a syntax error may still be in Prisma 8's language.
_CONTRACT_MARKS = ("// use prisma-", "types {", "@@type", "@@check", "@@base", "@@discriminator")


def parse(file: SourceFile) -> Document:
    """The blocks of `file` in their order, and every error of its syntax; never raises."""
    return _Parser(file).document()


class _Block:
    """What has been read of the block that is open.

    `start` is where its keyword starts, `name_start` and `name_end` where its name does and ends,
    and `inside` the start of its first line.
    """

    def __init__(
        self, keyword: Keyword, name: str, start: int, name_start: int, inside: int
    ) -> None:
        self.keyword: Keyword = keyword
        self.name = name
        self.start = start
        self.name_start = name_start
        self.name_end = name_start + len(name)
        self.inside = inside
        self.doc: str | None = None
        self.fields: list[FieldLine] = []
        self.values: list[ValueLine] = []
        self.attributes: list[Attribute] = []
        self.settings: list[Setting] = []
        # Keys of settings without a value: where they start and end.
        self.without_value: list[tuple[int, int]] = []


class _Parser(FieldReader):
    """Reads one file from its start to its end."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__(file)
        self.blocks: list[BlockNode] = []
        # The first of the blocks that were opened and not closed yet: where it starts, and how many
        # problems there were before it. If the file ends first, the official parser understands
        # none of their lines.
        self.unclosed: tuple[int, int] | None = None
        # Where the last search for a `}` and for an opening line began, and what it found.
        self._closing: tuple[int, int | None] = (0, None)
        self._opening: tuple[int, int | None] = (0, None)

    def document(self) -> Document:
        self.top_level()
        problems = self.problems
        problems.sort(key=_start)
        document = Document(self.file, tuple(self.blocks), tuple(problems))
        if problems or any(mark in self.text for mark in _CONTRACT_MARKS):
            from schemalint.loaders.prisma.contract import contract_language

            contract = contract_language(document)
            if contract is not None:
                return Document(self.file, (), (contract,))
        return document

    # Outside blocks

    def top_level(self) -> None:
        text = self.text
        size = len(text)
        at = 0
        doc: str | None = None
        if text.startswith("\ufeff"):
            self.report(
                0,
                1,
                "The file starts with a byte-order mark, which Prisma rejects.",
                "save the file as UTF-8 without a byte-order mark",
            )
            at = 1
        while (at := self.skip(at)) < size:
            letter = text[at]
            if letter in "\r\n":
                at += 1
                doc = None
                continue
            if letter == "/":
                doc, behind = self.comments(at)
                if behind > at:
                    at = behind
                    continue
            block = self.opening(at)
            if block is None:
                at = self.outside(at)
            else:
                block.doc = doc
                at = self.block(block)
            doc = None

    def opening(self, at: int) -> _Block | None:
        """The block that the line at `at` opens, if it opens one.

        Officially no space is needed behind the keyword (`modelUser {` is the model `User`), and
        what stands behind the brace on its line is ignored.
        """
        text = self.text
        for keyword in _KEYWORDS:
            if text.startswith(keyword, at):
                name_start = self.skip(at + len(keyword))
                name_end = self.word_end(name_start)
                brace = self.skip(name_end)
                if name_end == name_start or not text.startswith("{", brace):
                    return None
                line = _LINE.match(text, brace)
                if line is None or line[1] is None:
                    return None
                return _Block(keyword, text[name_start:name_end], at, name_start, line.end())
        return None

    def outside(self, at: int) -> int:
        """Read past what cannot stand outside a block at `at`, and say so."""
        from schemalint.loaders.prisma import lines

        if self.text.startswith("type", at):
            alias = self.alias(at)
            if alias is not None:
                name, end = alias
                self.report(at, end, *lines.type_alias(name))
                return end
        name_end = self.word_end(at)
        brace = self.skip(name_end)
        if name_end > at and self.text.startswith("{", brace):
            block_end = self.unknown_block_end(brace)
            if block_end is not None:
                self.report(at, block_end, *lines.unknown_block(self.text[at:name_end]))
                return block_end
        return self.bad_line(at, *lines.outside(self.line_text(at)))

    def alias(self, at: int) -> tuple[str, int] | None:
        """Name and end of `type Name = Type @attributes`, as it was before composite types."""
        start = self.skip(at + len("type"))
        name_end = self.word_end(start)
        equals = self.skip(name_end)
        if name_end == start or not self.text.startswith("=", equals):
            return None
        known = len(self.problems)
        try:
            end = self.base_type(self.skip(equals + 1))[2]
            end = self.field_attributes(end)[1]
        except Unreadable:
            return None
        finally:
            del self.problems[known:]
        return self.text[start:name_end], end

    def unknown_block_end(self, at: int) -> int | None:
        """The end of a block without a known keyword whose brace is at `at`.

        Officially it goes to the next closing brace behind its first line, wherever that is; here
        never beyond a line that opens another block. None where no brace is left.
        """
        text = self.text
        line = _LINE.match(text, at)
        if line is None or line[1] is None:
            return None
        inside = line.end()
        closing = self.next_closing(inside)
        if closing is None:
            return None
        opening = self.next_opening(inside, closing)
        if opening is None:
            return closing + 1
        return at + len(text[at:opening].rstrip())

    def next_closing(self, at: int) -> int | None:
        """The next `}` from `at` on. Remembered, so that many questions cost one search."""
        start, found = self._closing
        if found is None or not start <= at <= found:
            place = self.text.find("}", at)
            found = place if place >= 0 else len(self.text)
            self._closing = at, found
        return found if found < len(self.text) else None

    def next_opening(self, at: int, end: int) -> int | None:
        """The start of the first line from `at` up to `end` that opens a block; remembered too."""
        start, found = self._opening
        if found is None or not start <= at <= found:
            found = at
            while found <= end and self.opening(self.skip(found)) is None:
                line = _LINE.match(self.text, found)
                found = line.end() if line and line.end() > found else end + 1
            self._opening = at, found
        return found if found <= end else None

    # Inside blocks

    def block(self, block: _Block) -> int:
        """Read the lines of `block`; gives the offset behind its end."""
        if self.unclosed is None:
            self.unclosed = (block.start, len(self.problems))
        if block.keyword in ("datasource", "generator"):
            at = self.lines_of(block, self.read_setting, "setting")
        elif block.keyword == "enum":
            at = self.lines_of(block, self.read_value, "value")
        else:
            at = self.lines_of(block, self.read_fields, "field")
        closed = self.text.startswith("}", at)
        end = at + 1 if closed else block.start + len(self.text[block.start : at].rstrip())
        self.finish(block, end, complete=closed)
        if closed:
            self.unclosed = None
            return end
        if at >= len(self.text):
            self.never_closed()
        else:
            from schemalint.loaders.prisma import lines

            following = self.opening(at)
            self.problems.append(
                lines.not_closed(
                    block.keyword,
                    block.name,
                    Span(self.file, block.start, block.name_end),
                    Span(self.file, at, following.name_end if following else at),
                )
            )
        return at

    def finish(self, block: _Block, end: int, *, complete: bool) -> None:
        """Turn what was read of `block` into its node."""
        file = self.file
        start = block.start
        whole = Span(file, start, end)
        self.blocks.append(
            BlockNode(
                block.keyword,
                block.name,
                Span(file, block.name_start, block.name_end),
                Span(file, start, start + len(block.keyword)),
                whole,
                tuple(block.fields),
                tuple(block.values),
                tuple(block.attributes),
                tuple(block.settings),
                block.doc,
                complete,
            )
        )
        if block.without_value:
            from schemalint.loaders.prisma import lines

            for key_start, key_end in block.without_value:
                key = Span(file, key_start, key_end)
                self.problems.append(lines.without_value(block.keyword, block.name, whole, key))

    def lines_of(
        self,
        block: _Block,
        read: Callable[[_Block, int, str | None], int],
        kind: Literal["field", "value", "setting"],
    ) -> int:
        """Read what stands in `block`, each line that is no comment with `read`.

        Gives the offset of the closing brace, of the line that opens the next block, or of the
        file's end, whichever comes first.
        """
        text = self.text
        at = block.inside
        doc: str | None = None
        plain = kind == "field"
        while True:
            if plain:
                at, doc = self.plain_fields(at, doc, block.fields, block.attributes)
            at = self.skip(at)
            letter = text[at : at + 1]
            if letter in ("}", ""):
                return at
            if letter in "\r\n":
                at += 1
                continue
            if letter == "/":
                comment, behind = self.comments(at)
                if behind > at:
                    at, doc = behind, comment
                    continue
            known = len(self.problems)
            try:
                if letter == "@" and kind != "setting" and text.startswith("@@", at):
                    attribute, end = self.attribute(at, 2)
                    at = self.line_end(self.trailing_comment(end)[1])
                    block.attributes.append(attribute)
                else:
                    at = read(block, at, doc)
                    doc = None
            except Unreadable as error:
                del self.problems[known:]
                if self.opening(at) is not None:
                    return at
                from schemalint.loaders.prisma import lines

                said = lines.inside(kind, self.line_text(at), error.offset - at, error.reason)
                at = self.bad_line(at, *said)

    def read_fields(self, block: _Block, at: int, doc: str | None) -> int:
        field, at = self.field(at, doc, block.name)
        if field is not None:
            block.fields.append(field)
        return at

    def read_value(self, block: _Block, at: int, doc: str | None) -> int:
        value, at = self.enum_value(at, doc)
        block.values.append(value)
        return at

    def read_setting(self, block: _Block, at: int, _doc: str | None) -> int:
        setting, behind = self.setting(at)
        if setting is None:
            block.without_value.append((at, self.word_end(at)))
        else:
            block.settings.append(setting)
        return behind

    # Lines that cannot be understood

    def never_closed(self) -> None:
        """The file ended inside a block: officially each line since its opening is an error."""
        from schemalint.loaders.prisma import lines

        if self.unclosed is None:
            return
        at, known = self.unclosed
        del self.problems[known:]
        size = len(self.text)
        name = ""
        while (at := self.skip(at)) < size:
            if self.text[at] in "\r\n":
                at += 1
                continue
            _, behind = self.comments(at)
            if behind > at:
                at = behind
                continue
            opened = self.opening(at)
            if opened is None:
                at = self.bad_line(at, *lines.inside_unclosed(name))
                continue
            name = opened.name
            said = lines.never_closed(opened.keyword, name)
            closing = self.next_closing(opened.inside)
            if closing is not None and opened.name_start == at + len(opened.keyword):
                # Without a space behind the keyword, it is officially a block of unknown sort, for
                # which any `}` will do.
                self.report(at, closing + 1, *said)
                at = closing + 1
            else:
                at = self.bad_line(at, *said)

    def bad_line(self, at: int, message: str, help: str | None) -> int:
        """Report the line that goes on at `at`; gives the offset of the next one."""
        line = self.line_text(at)
        self.report(at, at + max(len(line.rstrip()), 1), message, help)
        following = _LINE.match(self.text, at)
        return following.end() if following else len(self.text)

    def line_text(self, at: int) -> str:
        """What stands from `at` to the end of its line."""
        line = _LINE.match(self.text, at)
        if line is None:
            return ""
        return self.text[at : line.start(1) if line[1] else line.end()]


def _start(problem: Problem) -> int:
    return problem.span.start
