"""Text with places: files, spans in them, and lines and columns for people.

A span is two offsets into the text, in characters, because that is what every
loader has at hand; lines and columns are worked out only for what is shown.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import msgspec

_Placed = TypeVar("_Placed")

_LINE_END = re.compile(r"\r\n?|\n")


class SourceFile:
    """One text that was read.

    Attributes:
        path: as shown to people: relative to the working folder where it lies
            below it, always with forward slashes.
        text: the whole text, decoded, line ends as they were.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {len(self.text)} characters)"

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; a line ends at LF, CR LF or CR."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end; "" past the last line."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")


class Place(msgspec.Struct, frozen=True, rename="camel"):
    """A span as people and machines are told of it; lines and columns from 1, in characters.

    `end_column` is the column just behind the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Span(msgspec.Struct, frozen=True, gc=False):
    """A range of one file: `start` up to, not including, `end`, in characters from 0."""

    file: SourceFile
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters that the span covers."""
        return self.file.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """The span in lines and columns."""
        line, column = self.file.position(self.start)
        end_line, end_column = self.file.position(self.end)
        return Place(self.file.path, line, column, end_line, end_column)

    def part(self, start: int, end: int) -> Span:
        """The span of some characters inside this one, counted from its start."""
        return Span(self.file, self.start + start, self.start + end)


def moved(value: _Placed, move: Callable[[Span], Span]) -> _Placed:
    """The same record, or tuple of them, with each place in it where `move` puts it."""
    found: _Placed = _moved(value, move)
    return found


def _moved(value: Any, move: Callable[[Span], Span]) -> Any:
    if isinstance(value, Span):
        return move(value)
    if isinstance(value, tuple):
        items = tuple([_moved(one, move) for one in value])
        return value if all(map(operator.is_, items, value)) else items
    if not isinstance(value, msgspec.Struct):
        return value
    parts = {name: getattr(value, name) for name in value.__struct_fields__}
    new = {name: _moved(part, move) for name, part in parts.items()}
    changed = {name: part for name, part in new.items() if part is not parts[name]}
    return msgspec.structs.replace(value, **changed) if changed else value
