"""Text in a terminal: how wide characters are, wrapping, and what must not reach it raw."""

from __future__ import annotations

import re
from unicodedata import category, combining, east_asian_width

TAB_WIDTH = 4
ELLIPSIS = "..."

# Control characters and those that turn the direction of the text: schemas come from
# anywhere, and neither an escape sequence nor a reversed line may reach the terminal.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_REPLACEMENT = "\ufffd"


def harmless(text: str) -> str:
    """The text with control characters replaced; line ends and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else _UNPRINTABLE.sub(_REPLACEMENT, text)


def harmless_name(text: str) -> str:
    """An id or a path, which stands inside a line: harmless, and without line ends and tabs."""
    return text if text.isprintable() else re.sub(r"[\n\t]", _REPLACEMENT, harmless(text))


def width(text: str) -> int:
    """How many cells the text takes (tabs apart, which `Line` expands)."""
    return len(text) if text.isascii() else sum(map(cells, text))


def cells(character: str) -> int:
    """How many cells one character takes: 0, 1 or 2."""
    if character.isascii():
        return 1
    if combining(character) or category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


_CODE_INDENT = 4
_CODE = re.compile(r"""(?:--|\#)\ .*|(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|`[^`]*`|[^ ])+""")
"""A word of SQL, Python or Prisma: what a line end inside of it would make something else."""


def wrap(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` cells, broken at spaces; a longer word stays whole.

    Line ends in the text stay, and so does the indentation of its lines. Lines that are indented
    by four are code, there to be pasted: strings, quoted names and comments stay whole in them.
    """
    lines: list[str] = []
    for line in harmless(text).replace("\t", " " * TAB_WIDTH).split("\n"):
        if width(line) <= limit:
            lines.append(line.rstrip())
            continue
        indent = " " * (len(line) - len(line.lstrip(" ")))
        current = indent
        for word in _CODE.findall(line) if len(indent) >= _CODE_INDENT else line.split(" "):
            if not word:
                continue
            if current.strip() and width(current) + 1 + width(word) > limit:
                lines.append(current)
                current = indent + word
            else:
                current = f"{current} {word}" if current.strip() else indent + word
        lines.append(current)
    return lines


class Line:
    """A source line as displayed: tabs expanded, a window of `limit` cells around a range.

    Attributes:
        text: what is displayed.
        offset: the cells before the range.
        length: the cells of the range, at least 1.
    """

    def __init__(self, line: str, start: int, end: int, limit: int) -> None:
        """`start` and `end` are 0-based character columns into `line`."""
        if len(line) <= limit and line.isascii() and line.isprintable():  # as nearly all are
            self.text = line.rstrip()
            self.offset, self.length = start, max(1, end - start)
            return
        displayed: list[tuple[str, int]] = []
        column = 0
        first = last = -1
        for index, character in enumerate(line):
            if index == start:
                first = len(displayed)
            if index == end:
                last = len(displayed)
            if character == "\t":
                step = TAB_WIDTH - column % TAB_WIDTH
                displayed += [(" ", 1)] * step
                column += step
            else:
                shown = harmless(character)
                displayed.append((shown, cells(shown)))
                column += displayed[-1][1]
        first = len(displayed) if first < 0 else first
        last = len(displayed) if last < 0 else last
        low, high = _window([size for _, size in displayed], first, last, limit)
        before, after = ELLIPSIS * (low > 0), ELLIPSIS * (high < len(displayed))
        visible = displayed[low:high]
        self.text = (before + "".join(shown for shown, _ in visible) + after).rstrip()
        self.offset = len(before) + sum(size for _, size in displayed[low:first])
        self.length = max(1, sum(size for _, size in displayed[first : min(last, high)]))


def _window(sizes: list[int], first: int, last: int, limit: int) -> tuple[int, int]:
    """The part of a line to show: all of it if it fits, else from some cells before the range."""
    if sum(sizes) <= limit:
        return 0, len(sizes)
    room = max(limit - 2 * len(ELLIPSIS), 10)
    range_size = sum(sizes[first:last])
    context = max((room - range_size) // 2, room // 4)
    low, taken = first, 0
    while low > 0 and taken + sizes[low - 1] <= context:
        low -= 1
        taken += sizes[low]
    if sum(sizes[:first]) + range_size <= room:
        low, taken = 0, sum(sizes[:first])
    high, total = first, taken
    while high < len(sizes) and total + sizes[high] <= room:
        total += sizes[high]
        high += 1
    while high == len(sizes) and low > 0 and total + sizes[low - 1] <= room:
        low -= 1
        total += sizes[low]
    return low, high
