"""YAML text to nodes with places. Only events of the YAML library are used: nothing is ever
constructed, so that no tag can do anything, and what is too deep or expands too far is refused
before it is built.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from schemalint.documents.nodes import Fault, Mapping, Node, Pair, Scalar, Sequence, Style, Unread
from schemalint.documents.yaml_errors import explain
from schemalint.finding import Related
from schemalint.source import SourceFile, Span

MAX_CHARACTERS = 10_000_000
MAX_DEPTH = 100
MAX_EXPANSION = 100_000
"""Nodes that the aliases of one document may stand for, all together."""

# What YAML does not count as printable. (The complement of what it does compiles ten times slower.)
_REFUSED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
# Patterns that few files need are compiled when they are first used.
_PROPERTIES = r"(?:[&!][^\s,\[\]{}]*(?:\s+|\Z|(?=[,\]}]))(?:#[^\r\n]*\s*)*)+"
_TAG = r"!\S*"
_BLOCK_HEADER = r"[^\r\n]*(?:\r\n?|\n)?"
_BLANKS = " \t\r\n\x85\u2028\u2029"
_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


class _Refused(Exception):  # noqa: N818 -- a verdict on the text, not a fault of the program
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _Open(msgspec.Struct):
    """A collection whose end has not been seen."""

    mapping: bool
    start: int
    flow: bool
    anchor: str | None
    end: int
    children: list[Node] = []
    size: int = 1


def read_yaml(file: SourceFile) -> tuple[Node | None, tuple[Fault, ...]]:
    """The one document in `file`, and what is wrong with it; None where there is no document,
    or none that could be read. Never raises, whatever the text."""
    reader = _Reader(file)
    try:
        return reader.read(), tuple(reader.faults)
    except _Refused as refused:
        return None, (*reader.faults, refused.fault)


class _Reader:
    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.text
        self.faults: list[Fault] = []
        self.base = 1 if file.text.startswith("\ufeff") else 0
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.expanded = 0
        self.root: Node | None = None

    # -- the text as a whole

    def read(self) -> Node | None:
        """The document's root.

        Raises:
            _Refused: it cannot be read.
        """
        if len(self.text) > MAX_CHARACTERS:
            raise _Refused(
                Fault(
                    f"the file has {len(self.text):,} characters; "
                    f"more than {MAX_CHARACTERS:,} are not read",
                    self._span(0, 0),
                    help="divide it into several files",
                )
            )
        refused = _REFUSED.search(self.text, self.base)
        if refused:
            raise _Refused(self._refused_character(refused.start()))
        try:
            return self._document(_parser(self.text[self.base :]))
        except yaml.MarkedYAMLError as error:
            if "nesting depth" in str(error.problem):
                return _Reader(self.file).read_slowly()
            raise _Refused(explain(error, self.file, self.base, self._open_bracket())) from None
        except yaml.YAMLError as error:  # the reader's own; such characters were sought above
            message = f"this is not YAML: {error}"
            raise _Refused(Fault(message, self._span(0, 0))) from None

    def read_slowly(self) -> Node | None:
        """The root by the library's Python part. Its C part has a limit of its own for nesting and
        refuses text before it tells the events that lead there (libyaml of PyYAML 6.0.4).

        Raises:
            _Refused: it cannot be read.
        """
        try:
            return self._document(_pure_parser(self.text[self.base :]))
        except yaml.MarkedYAMLError as error:
            raise _Refused(explain(error, self.file, self.base, self._open_bracket())) from None

    def _document(self, parser: Any) -> Node | None:
        while True:
            event = parser.get_event()
            if isinstance(event, yaml.StreamEndEvent):
                return self.root
            if self.root is not None and isinstance(event, yaml.DocumentStartEvent):
                self._second_document(event)
                return self.root
            self._take(event)

    def _open_bracket(self) -> Span | None:
        """The innermost bracket or brace that has not been closed."""
        for collection in reversed(self.open):
            if collection.flow:
                return self._span(collection.start, collection.start + 1)
        return None

    def _refused_character(self, at: int) -> Fault:
        code = ord(self.text[at])
        names = {0: "a NUL character", 0xFEFF: "a byte-order mark"}
        if 0xD800 <= code <= 0xDFFF:
            what = f"half a surrogate pair (U+{code:04X})"
        else:
            what = names.get(code, f"the control character U+{code:04X}")
        return Fault(
            f"{what} stands in the file; YAML is printable text",
            self._span(at, at + 1),
            help="save the file as UTF-8 without such characters",
        )

    def _second_document(self, event: Any) -> None:
        at = event.start_mark.index + self.base
        self.faults.append(
            Fault(
                "a second document begins here; the file must hold one",
                self._span(at, min(at + 3, len(self.text))),
                help="take the `---` away, or move what follows into a file of its own",
            )
        )

    # -- events

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            start = self._content_start(event)
            if len(self.open) >= MAX_DEPTH:
                raise _Refused(
                    Fault(
                        f"lists and mappings stand more than {MAX_DEPTH} levels deep here",
                        self._span(start, start + 1),
                    )
                )
            flow = self.text[start : start + 1] in ("[", "{") and bool(event.flow_style)
            mapping = isinstance(event, yaml.MappingStartEvent)
            self.open.append(_Open(mapping, start, flow, event.anchor, start))
            if event.anchor is not None:
                self.anchors.pop(event.anchor, None)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)

    def _scalar(self, event: Any) -> None:
        start = self._content_start(event)
        end = max(start, event.end_mark.index + self.base)
        style = _STYLES.get(event.style, "plain")
        if style in ("literal", "folded"):
            end = start + len(self.text[start:end].rstrip(_BLANKS))
        span = self._span(start, end)
        text = event.value
        if event.style == '"' and _REFUSED.search(text):
            message = "an escape in this text stands for a character that cannot be printed"
            self.faults.append(Fault(message, span, help="use printable characters only"))
            self._add(Unread(span), 1, end, event.anchor)
        else:
            self._add(Scalar(text, span, style), 1, end, event.anchor)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index + self.base, event.end_mark.index + self.base
        span = self._span(start, end)
        target = self.anchors.get(event.anchor)
        if target is None:
            self.faults.append(self._unknown_alias(event.anchor, span))
            self._add(Unread(span), 1, end, None)
            return
        node, size = target
        self.expanded += size
        if self.expanded > MAX_EXPANSION:
            raise _Refused(
                Fault(
                    f"the aliases of this file stand for more than {MAX_EXPANSION:,} values",
                    span,
                    help="aliases of aliases multiply; write the values out",
                )
            )
        self._add(node, size, end, None)

    def _unknown_alias(self, anchor: str, span: Span) -> Fault:
        if any(one.anchor == anchor for one in self.open):
            return Fault(
                f"`*{anchor}` stands inside of what `&{anchor}` names, which would never end", span
            )
        return Fault(
            f"no anchor `&{anchor}` stands before this alias",
            span,
            help=f'write `"*{anchor}"` in quotes if the star belongs to the text',
        )

    def _content_start(self, event: Any) -> int:
        """Where a node begins, behind its anchor and tag; a tag is a fault."""
        start: int = event.start_mark.index + self.base
        if event.anchor is None and event.tag is None:
            return start
        properties = re.compile(_PROPERTIES).match(self.text, start)
        end = properties.end() if properties else start
        if event.tag is not None:
            tag = re.compile(_TAG).search(self.text, start, end)
            at, until = tag.span() if tag else (start, end)
            self.faults.append(
                Fault(
                    f"the tag `{self.text[at:until]}` means nothing here",
                    self._span(at, until),
                    help="take it away; put the value in quotes if the `!` belongs to the text",
                )
            )
        return min(end, event.end_mark.index + self.base) if end > start else start

    # -- nodes

    def _add(self, node: Node, size: int, end: int, anchor: str | None) -> None:
        """Put a finished node, of `size` values, into the innermost open collection."""
        if anchor is not None:
            self.anchors[anchor] = (node, size)
        if self.open:
            inner = self.open[-1]
            inner.children.append(node)
            inner.size += size
            inner.end = max(inner.end, end)
        else:
            self.root = node

    def _close(self, event: Any) -> None:
        closed = self.open.pop()
        end = event.end_mark.index + self.base if closed.flow else closed.end
        span = self._span(closed.start, end)
        node: Node
        if closed.mapping:
            node = Mapping(self._pairs(closed.children), span)
        else:
            node = Sequence(tuple(closed.children), span)
        self._add(node, closed.size, end, closed.anchor)

    def _pairs(self, children: list[Node]) -> tuple[Pair, ...]:
        """Keys and values in turn as pairs: each key once, then what `<<` merges in."""
        pairs: dict[str, Pair] = {}
        merged: list[Pair] = []
        merge: Scalar | None = None
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                if not isinstance(key, Unread):
                    self.faults.append(Fault("a key must be a single name", key.span))
            elif key.text == "<<" and key.style == "plain":
                if merge is not None:
                    self._repeated(key, merge, "merge several mappings with `<<: [*a, *b]`")
                else:
                    merge = key
                    merged += self._merged(value)
            elif key.text in pairs:
                self._repeated(key, pairs[key.text].key, "keep one of them")
            else:
                pairs[key.text] = Pair(key, value)
        for pair in merged:
            pairs.setdefault(pair.key.text, pair)
        return tuple(pairs.values())

    def _repeated(self, key: Scalar, first: Scalar, help: str) -> None:
        self.faults.append(
            Fault(
                f"the key `{key.text}` stands twice in one mapping",
                key.span,
                help=help,
                related=(Related("it stands here first", first.span),),
            )
        )

    def _merged(self, value: Node) -> list[Pair]:
        """The pairs that `<<: value` brings, those of an earlier mapping before a later one's."""
        mappings = value.items if isinstance(value, Sequence) else (value,)
        pairs: list[Pair] = []
        for mapping in mappings:
            if isinstance(mapping, Mapping):
                pairs += mapping.pairs
            elif not isinstance(mapping, Unread):
                message = "`<<` merges a mapping or a list of mappings in, and here is neither"
                self.faults.append(Fault(message, mapping.span, help="write `<<: *anchor`"))
        return pairs

    def _span(self, start: int, end: int) -> Span:
        length = len(self.text)
        return Span(self.file, min(start, length), min(max(start, end), length))


def _parser(text: str) -> Any:
    """The YAML library's parser: events of `text`, by its C part where that is installed."""
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        return CParser(text)
    return _pure_parser(text)


def _pure_parser(text: str) -> Any:
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PureParser(Reader, Scanner, Parser):
        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)

    return PureParser(text)


_SIMPLE_ESCAPES = dict(
    zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True)
)
_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


def origins(scalar: Scalar) -> list[tuple[int, int]] | None:
    """For each character of the scalar's text, the range of the file where it is written; None
    where text and file cannot be aligned.

    Folding turns line ends and indentation into blanks, and quotes have escapes; printable
    characters keep their order, and that is what the alignment goes by.
    """
    raw, base = scalar.span.text, scalar.span.start
    at = 0
    if scalar.style in ("single", "double"):
        at = 1
    elif scalar.style in ("literal", "folded"):
        header = re.match(_BLOCK_HEADER, raw)
        at = header.end() if header else 0
    ranges: list[tuple[int, int]] = []
    for letter in scalar.text:
        blank = letter.isspace()
        if not blank:
            at = _next_printed(raw, at, scalar.style)
        length = _written_length(raw, at, letter, scalar.style)
        if length is None and not blank:
            return None
        ranges.append((base + at, base + at + (length or 0)))
        at += length or 0
    return ranges


def _next_printed(raw: str, at: int, style: Style) -> int:
    """Skip blanks, and in double quotes an escaped line end."""
    while at < len(raw):
        if raw[at].isspace():
            at += 1
        elif style == "double" and raw[at] == "\\" and raw[at + 1 : at + 2] in ("\n", "\r"):
            at += 2
        else:
            break
    return at


def _written_length(raw: str, at: int, letter: str, style: Style) -> int | None:
    """How many characters of `raw` at `at` say `letter`; None if they say something else."""
    written = raw[at : at + 1]
    if style == "double" and written == "\\":
        code = raw[at + 1 : at + 2]
        digits = _HEX_ESCAPES.get(code)
        if digits is None:
            return 2 if _SIMPLE_ESCAPES.get(code) == letter else None
        number = raw[at + 2 : at + 2 + digits]
        return 2 + digits if int(number, 16) == ord(letter) else None
    if written != letter:
        return None
    return 2 if style == "single" and letter == "'" else 1
