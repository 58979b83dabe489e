"""TOML text to nodes with places. The standard library decides what the text means; where each
key and value stands is found by a second, simpler pass, which relies on the text being valid.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import msgspec

from schemalint.documents.nodes import Fault, Mapping, Node, Pair, Scalar, Sequence
from schemalint.source import SourceFile, Span

_Path: TypeAlias = tuple[str | int, ...]

_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")
_VALUE = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")'''
    r"""|\'{3}.*?\'{3,5}(?!\')"""
    r'''|"(?:[^"\\\n]|\\.)*"'''
    r"""|'[^'\n]*'"""
    r"""|\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}#]+"""
    r"""|[^\s,\]}#]+""",
    re.DOTALL,
)
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\Z")


class _Range(msgspec.Struct):
    """Where a key stands (start and end), and its value; equal for a table with a header."""

    key: tuple[int, int]
    value: tuple[int, int]


_NOWHERE = _Range((0, 0), (0, 0))


def read_toml(file: SourceFile, table: tuple[str, ...]) -> tuple[Mapping | None, tuple[Fault, ...]]:
    """The table called `table` (such as `("tool", "schemalint")`) and what is wrong with the file;
    None where it has no such table or is not TOML. Never raises, whatever the text."""
    import tomllib  # only where there is a file to read

    try:
        found: Any = tomllib.loads(file.text)
        for name in table:
            found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            return None, ()
        scanner = _Scanner(file.text)
        scanner.document()
        if not isinstance(found, dict):
            at = Span(file, *scanner.ranges.get(table, _NOWHERE).key)
            return None, (Fault(f"`{'.'.join(table)}` is no table", at),)
    except RecursionError:
        return None, (Fault("lists stand too deep in this file", Span(file, 0, 0)),)
    except ValueError as error:  # tomllib's own, and numbers with too many digits
        return None, (_not_toml(str(error), file),)
    node = _Nodes(file, scanner.ranges).node(found, table)
    assert isinstance(node, Mapping)
    return node, ()


def _not_toml(error: str, file: SourceFile) -> Fault:
    position = _POSITION.search(error)
    at = len(file.text)
    if position and position.group(1):
        line = min(int(position.group(1)), len(file.line_starts))
        at = min(file.line_starts[line - 1] + int(position.group(2)) - 1, at)
    reason = error[: position.start()] if position else error
    span = Span(file, at, min(at + 1, len(file.text)))
    return Fault(f"this is not TOML: {reason[:1].lower()}{reason[1:]}", span)


class _Scanner:
    """Finds the ranges of all keys and values of a text that is known to be valid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ranges: dict[_Path, _Range] = {}
        self.arrays: dict[_Path, int] = {}  # arrays of tables: the index of the last table

    def document(self) -> None:
        table: _Path = ()
        self._gap()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._gap()

    def _gap(self) -> None:
        gap = _GAP.match(self.text, self.at)
        assert gap is not None  # it can match nothing
        self.at = gap.end()

    def _header(self) -> _Path:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path: _Path = ()
        keys = self._keys()
        for number, (name, place) in enumerate(keys, 1):
            path = (*path, name)
            self.ranges.setdefault(path, _Range(place, place))
            if many and number == len(keys):
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
                self.ranges.setdefault(path, _Range(place, place))
        self.at += 2 if many else 1
        return path

    def _keys(self) -> list[tuple[str, tuple[int, int]]]:
        """A dotted key: its names, each with its range."""
        keys: list[tuple[str, tuple[int, int]]] = []
        while True:
            key = _KEY.match(self.text, self.at)
            if key is None:
                raise ValueError("a key was expected")  # not in a valid text
            keys.append((_unquoted(key.group(1)), key.span(1)))
            self.at = key.end()
            if self.text[self.at : self.at + 1] != ".":
                return keys
            self.at += 1

    def _pair(self, table: _Path) -> None:
        path = table
        keys = self._keys()
        for name, place in keys:
            path = (*path, name)
            self.ranges.setdefault(path, _Range(place, place))
        self.at += 1  # the equals sign
        self._gap()
        start = self.at
        self._value(path)
        self.ranges[path] = _Range(keys[-1][1], (start, self.at))

    def _value(self, path: _Path) -> None:
        """Step over the value at hand, noting what stands inside of it."""
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self._items(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            value = _VALUE.match(self.text, self.at)
            if value is None:
                raise ValueError("a value was expected")  # not in a valid text
            self.at = value.end()

    def _items(self, path: _Path) -> None:
        self.at += 1
        number = 0
        while not self._closed("]"):
            start = self.at
            self._value((*path, number))
            self.ranges[(*path, number)] = _Range((start, self.at), (start, self.at))
            number += 1

    def _inline_table(self, path: _Path) -> None:
        self.at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Step over gaps and a comma; whether the closing bracket follows, stepping over it."""
        self._gap()
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
            self._gap()
        if self.at >= len(self.text):
            raise ValueError("a bracket was expected")  # not in a valid text
        if self.text[self.at] != bracket:
            return False
        self.at += 1
        return True


def _unquoted(key: str) -> str:
    if key[0] == '"' and "\\" in key:
        import tomllib

        return next(iter(tomllib.loads(f"{key} = 0")))
    return key[1:-1] if key[0] in "\"'" else key


class _Nodes:
    """Makes nodes of the standard library's values and the ranges found."""

    def __init__(self, file: SourceFile, ranges: dict[_Path, _Range]) -> None:
        self.file = file
        self.ranges = ranges

    def node(self, value: Any, path: _Path) -> Node:
        span = self._span(self._range(path).value)
        if isinstance(value, dict):
            pairs = [
                Pair(self._key((*path, name)), self.node(one, (*path, name)))
                for name, one in value.items()
            ]
            return Mapping(tuple(pairs), span)
        if isinstance(value, list):
            items = [self.node(one, (*path, number)) for number, one in enumerate(value)]
            return Sequence(tuple(items), span)
        if isinstance(value, str):
            return Scalar(value, span, "double")
        if isinstance(value, bool):
            return Scalar("true" if value else "false", span)
        if isinstance(value, (int, float)):
            return Scalar(str(value), span)
        return Scalar(span.text, span, "double")  # a date or a time

    def _key(self, path: _Path) -> Scalar:
        quoted = self._span(self._range(path).key)
        return Scalar(str(path[-1]), quoted, "double" if quoted.text[:1] in "\"'" else "plain")

    def _range(self, path: _Path) -> _Range:
        return self.ranges.get(path, _NOWHERE)

    def _span(self, place: tuple[int, int]) -> Span:
        return Span(self.file, *place)
