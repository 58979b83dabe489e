"""Fields, enum values, settings and comments of a Prisma schema: what stands on one line.

`plain_fields` reads the shapes that most lines have, with one regular expression a line and one an
argument, because that is several times faster than going from place to place. It takes only what
the grammar surely allows, and leaves every other line to the general methods beside it, which say
the same of the plain lines too (a test holds them together).
"""

from __future__ import annotations

import re
from typing import Literal

from schemalint.attributes import Argument, Attribute, Setting, Value
from schemalint.loaders.prisma.syntax import FieldLine, ValueLine
from schemalint.loaders.prisma.values import Unreadable, ValueReader
from schemalint.source import SourceFile, Span

Arity = Literal["required", "optional", "list"]

_NAME = r"[A-Za-z][A-Za-z0-9_]*"
# The end of the line, before it at most a comment that is no documentation.
_END = r"((?://(?!/)[^\r\n]*)?\r?\n)"
_PLAIN_FIELD = re.compile(rf"[ \t]*({_NAME})[ \t]+({_NAME})(\[\]|\?)?[ \t]*{_END}?")
_PLAIN_ATTRIBUTE = re.compile(rf"@({_NAME}(?:\.{_NAME})?)(?:(\()|[ \t]*{_END}?)")
_PLAIN_BLOCK_ATTRIBUTE = re.compile(r"[ \t]*@@([A-Za-z]+)\(")
_PLAIN_ARGUMENT = re.compile(
    rf"(?:({_NAME}):[ \t]*)?"
    rf"(?:({_NAME})(\(\))?"
    r'|("[^"\\\x00-\x1f]*")'
    r"|(-?[0-9]+(?:\.[0-9]+)?)"
    rf"|\[({_NAME}(?:,[ \t]*{_NAME})*)\])"
    rf"(?:,[ \t]*|(\))[ \t]*{_END}?)"
)
_PLAIN_NAME = re.compile(_NAME)
_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_COMMENT = re.compile(r"//[^\r\n]*")

_ARITIES: dict[str | None, Arity] = {None: "required", "?": "optional", "[]": "list"}


class FieldReader(ValueReader):
    """Reads the lines inside a block."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__(file)
        self._names: dict[str, str] = {}
        # Behind here no `*/` is left, so that a search for one need not be repeated.
        self._last_comment_end = len(file.text)

    # Plain lines

    def plain_fields(
        self, at: int, doc: str | None, fields: list[FieldLine], attributes: list[Attribute]
    ) -> tuple[int, str | None]:
        """Read the plain lines from the line start `at` on, up to the first that is not plain.

        Gives where it stopped, and the documentation that still waits for its field.
        """
        text, file = self.text, self.file
        name_of = self._names.setdefault
        match_field, match_attribute = _PLAIN_FIELD.match, _PLAIN_ATTRIBUTE.match
        read_arguments = self._plain_arguments
        while True:
            line = match_field(text, at)
            if line is None:
                block = _PLAIN_BLOCK_ATTRIBUTE.match(text, at)
                read = None if block is None else read_arguments(block.end(1))
                if block is None or read is None or not read[3]:
                    return at, doc
                name = block[1]
                start, name_end = block.span(1)
                attributes.append(
                    Attribute(
                        name_of(name, name),
                        Span(file, start - 2, read[1]),
                        Span(file, start, name_end),
                        read[0],
                    )
                )
                at = read[2]
                continue
            name, type_name, mark, ended = line.groups()
            end = type_end = line.end(2) if mark is None else line.end(3)
            behind = line.end()
            own: list[Attribute] = []
            while not ended:
                match = match_attribute(text, behind)
                if match is None:
                    return at, doc
                attribute, bracket, ended = match.groups()
                end = match.end(1)
                name_span = Span(file, behind + 1, end)
                if bracket is None:
                    own.append(
                        Attribute(name_of(attribute, attribute), Span(file, behind, end), name_span)
                    )
                    behind = match.end()
                    continue
                read = read_arguments(end)
                if read is None:
                    return at, doc
                arguments, end, after, ended = read
                own.append(
                    Attribute(
                        name_of(attribute, attribute),
                        Span(file, behind, end),
                        name_span,
                        arguments,
                    )
                )
                behind = after
            start, name_end = line.span(1)
            fields.append(
                FieldLine(
                    name_of(name, name),
                    Span(file, start, name_end),
                    name_of(type_name, type_name),
                    Span(file, line.start(2), type_end),
                    _ARITIES[mark],
                    Span(file, start, end),
                    None,
                    tuple(own),
                    doc,
                )
            )
            doc = None
            at = behind

    def _plain_arguments(self, at: int) -> tuple[tuple[Argument, ...], int, int, str | None] | None:
        """The arguments in the bracket at `at`, if all are plain.

        Then the offsets behind the bracket and behind what else was read, and that if it ends the
        line.
        """
        text, file = self.text, self.file
        name_of = self._names.setdefault
        arguments: list[Argument] = []
        at += 1
        while True:
            match = _PLAIN_ARGUMENT.match(text, at)
            if match is None:
                return None
            name, constant, call, string, number, names, closing, ended = match.groups()
            if constant is not None:
                constant = name_of(constant, constant)
                if call is None:
                    start, end = match.span(2)
                    value = Value("constant", constant, Span(file, start, end))
                else:
                    start, end = match.start(2), match.end(3)
                    value = Value("call", constant, Span(file, start, end))
            elif names is not None:
                start, end = match.span(6)
                items = tuple(
                    [
                        Value(
                            "constant",
                            name_of(item[0], item[0]),
                            Span(file, item.start(), item.end()),
                        )
                        for item in _PLAIN_NAME.finditer(text, start, end)
                    ]
                )
                start -= 1
                end += 1
                value = Value("array", "", Span(file, start, end), items)
            elif string is not None:
                start, end = match.span(4)
                value = Value("string", string[1:-1], Span(file, start, end))
            else:
                start, end = match.span(5)
                value = Value("number", number, Span(file, start, end))
            if name is None:
                arguments.append(Argument(None, value, value.span))
            else:
                name_start, name_end = match.span(1)
                arguments.append(
                    Argument(
                        name_of(name, name),
                        value,
                        Span(file, name_start, end),
                        Span(file, name_start, name_end),
                    )
                )
            if closing is not None:
                return tuple(arguments), match.end(7), match.end(), ended
            at = match.end()

    # Any line

    def field(self, at: int, doc: str | None, owner: str) -> tuple[FieldLine | None, int]:
        """The field whose name starts at `at`, and the offset of the next line.

        None for a field in a form that Prisma gave up; a problem says so.
        """
        name_end = self.word_end(at)
        if name_end == at:
            raise Unreadable(at, "a field starts with its name")
        behind = self.skip(name_end)
        colon = behind if self.text.startswith(":", behind) else -1
        if colon >= 0:
            behind = self.skip(behind + 1)
        known = len(self.problems)
        kind = self._type(behind)
        end = name_end if kind is None else kind[4]
        own, end = self.field_attributes(end)
        own_doc, behind = self.trailing_comment(end)
        following = self.line_end(behind)
        if colon >= 0 or kind is None or kind[3] not in _ARITIES:
            from schemalint.loaders.prisma import lines

            del self.problems[known:]
            mark = ":" if colon >= 0 else "" if kind is None else str(kind[3])
            start, stop = at, end
            if colon >= 0:
                start, stop = colon, colon + 1
            elif kind is not None:
                start, stop = kind[2], kind[4]
            shown = "" if kind is None else kind[0]
            self.report(start, stop, *lines.legacy(mark, self.text[at:name_end], shown, owner))
            return None, following
        type_name, unsupported, type_start, arity, type_end = kind
        if own_doc is not None:
            doc = own_doc if doc is None else f"{doc}\n{own_doc}"
        field = FieldLine(
            self.text[at:name_end],
            Span(self.file, at, name_end),
            type_name,
            Span(self.file, type_start, type_end),
            _ARITIES[arity],
            Span(self.file, at, end),
            unsupported,
            own,
            doc,
        )
        return field, following

    def _type(self, at: int) -> tuple[str, str | None, int, str | None, int] | None:
        """Name, text of `Unsupported`, start, mark of the arity and end of the type at `at`.

        The mark is None, `?` or `[]`, or one that Prisma gave up: `!`, `[]?`, `[`.
        """
        text = self.text
        if text.startswith("[", at):
            inner = self.skip(at + 1)
            known = len(self.problems)
            try:
                name, unsupported, end = self.base_type(inner)
            except Unreadable:
                return None
            closing = self.skip(end)
            if not text.startswith("]", closing):
                del self.problems[known:]
                return None
            return name, unsupported, at, "[", closing + 1
        if self.word_end(at) == at:
            return None
        name, unsupported, end = self.base_type(at)
        behind = self.skip(end)
        if text.startswith("[]", behind):
            question = self.skip(behind + 2)
            if text.startswith("?", question):
                return name, unsupported, at, "[]?", question + 1
            return name, unsupported, at, "[]", behind + 2
        mark = text[behind : behind + 1]
        if mark and mark in "?!":
            return name, unsupported, at, mark, behind + 1
        return name, unsupported, at, None, end

    def base_type(self, at: int) -> tuple[str, str | None, int]:
        """A type without its arity: name, text of `Unsupported("...")`, and where it ends."""
        if self.text.startswith("Unsupported(", at):
            start = self.skip(at + 12)
            if self.text.startswith('"', start):
                inner, end = self.string(start)
                end = self.skip(end)
                if self.text.startswith(")", end):
                    return "Unsupported", inner, end + 1
            raise Unreadable(start, '`Unsupported` takes one string: `Unsupported("circle")`')
        end = self.word_end(at)
        if end == at:
            raise Unreadable(at, "a type is missing")
        return self.text[at:end], None, end

    def field_attributes(self, end: int) -> tuple[tuple[Attribute, ...], int]:
        """The attributes behind `end`, and where the last of them ends."""
        own: list[Attribute] = []
        while True:
            at = self.skip(end)
            if not self.text.startswith("@", at):
                return tuple(own), end
            if self.text.startswith("@@", at):
                raise Unreadable(at, "an attribute with `@@` stands on a line of its own")
            attribute, end = self.attribute(at, 1)
            own.append(attribute)

    def enum_value(self, at: int, doc: str | None) -> tuple[ValueLine, int]:
        """The enum value whose name starts at `at`, and the offset of the next line."""
        name_end = self.word_end(at)
        if name_end == at:
            raise Unreadable(at, "an enum value starts with its name")
        own, end = self.field_attributes(name_end)
        own_doc, behind = self.trailing_comment(end)
        following = self.line_end(behind)
        if own_doc is not None:
            doc = own_doc if doc is None else f"{doc}\n{own_doc}"
        name_span = Span(self.file, at, name_end)
        return ValueLine(name_span.text, name_span, Span(self.file, at, end), own, doc), following

    def setting(self, at: int) -> tuple[Setting | None, int]:
        """The `key = value` at `at`, and the offset of the next line; None without a value."""
        key_end = self.word_end(at)
        if key_end == at:
            raise Unreadable(at, "a setting starts with its name")
        equals = self.skip(key_end)
        if not self.text.startswith("=", equals):
            raise Unreadable(equals, "`=` has to follow the name")
        start = self.skip(equals + 1)
        if self.text.startswith(("//", "/*", "\r", "\n"), start):
            _, behind = self.trailing_comment(start)
            return None, self.line_end(behind)
        value, end = self.value(start)
        _, behind = self.trailing_comment(end)
        following = self.line_end(behind)
        return Setting(self.text[at:key_end], value, Span(self.file, at, end)), following

    def line_end(self, at: int) -> int:
        """The offset of the next line; raises Unreadable unless the line ends at `at`."""
        at = self.skip(at)
        match = _LINE_END.match(self.text, at)
        if match is None:
            raise Unreadable(at, self._too_much(at))
        return match.end()

    def _too_much(self, at: int) -> str:
        rest = self.text[at : at + 2]
        if not rest:
            return "the file ends before the block is closed"
        if rest == "/*":
            return "a comment that starts with `/*` ends with `*/`, and is the last on its line"
        if self.text[max(at - 100, 0) : at].rstrip().endswith("*/"):
            return "a comment between `/*` and `*/` has to be the last on its line"
        if rest[0] in ",;":
            return f"nothing separates lines: remove `{rest[0]}`"
        if rest[0] == "}":
            return "`}` has to stand on a line of its own"
        return f"`{rest[0]}` cannot follow here"

    # Comments

    def trailing_comment(self, at: int) -> tuple[str | None, int]:
        """The documentation in a comment behind other text, and where the comment ends."""
        start = self.skip(at)
        if not self.text.startswith("/", start):
            return None, at
        doc, end = self.comment(start)
        return (doc, end) if end > start else (None, at)

    def comments(self, at: int) -> tuple[str | None, int]:
        """The documentation in the comments that follow each other from `at`, and their end.

        A blank line ends them. Nothing is read, and the end is `at`, where no comment starts.
        """
        docs: list[str] = []
        end = at
        while True:
            start = self.skip(end)
            doc, behind = self.comment(start)
            if behind == start:
                return ("\n".join(docs) if docs else None), end
            if doc is not None:
                docs.append(doc)
            line_end = _LINE_END.match(self.text, behind)
            end = line_end.end() if line_end else behind

    def comment(self, at: int) -> tuple[str | None, int]:
        """The documentation that the comment at `at` holds, if any, and where it ends."""
        text = self.text
        match = _LINE_COMMENT.match(text, at)
        if match is not None:
            if text.startswith("///", at):
                return text[at + 3 : match.end()].lstrip(), match.end()
            return None, match.end()
        if text.startswith("/*", at) and at < self._last_comment_end:
            end = text.find("*/", at + 2)
            if end >= 0:
                return text[at + 2 : end].strip(), end + 2
            self._last_comment_end = at
        return None, at
