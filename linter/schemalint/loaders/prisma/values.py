"""Names, values, arguments and attributes of Prisma's schema language, read at an offset.

The grammar is the official one: every value stands on one line, and nothing is optional that the
official parser demands. Whoever reads here gets the value and the offset behind it, or `Unreadable`
with the place where the text stopped making sense and what would have been needed there.
"""

from __future__ import annotations

import re

from schemalint.attributes import Argument, Attribute, Value
from schemalint.loaders.loaded import Problem
from schemalint.source import SourceFile, Span

# What separates words: Unicode's space separators and the tab, never a line end.
SPACE = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

DEEPEST = 100
"""How many brackets may stand inside each other."""

_SPACES = re.compile(f"[{SPACE}]*")
_WORD = re.compile(r"[^\W_][\w-]*")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Whatever follows a backslash belongs to the string, even a line end, as officially.
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\[\s\S][^"\\\x00-\x1f]*)*"')

_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


class Watch:
    """How closely the official parser looks at the arguments between two brackets.

    An argument without a value is an error in an attribute, in a call that is an attribute's
    argument, and in a call that is an element of an array there; a trailing comma in the first two.
    Deeper inside, and in native types and configuration blocks, both pass.
    """

    NOTHING = 0
    ELEMENT = 1
    CALL = 2
    ARGUMENTS = 3


class Unreadable(Exception):  # noqa: N818 - a way out of the grammar, not an error of the program
    """The text at `offset` is not what the grammar allows there; `reason` is for people."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class ValueReader:
    """Reads the parts of one file.

    `problems` collects what is wrong with text that can be read all the same, such as an unknown
    escape in a string; whoever gives up on a line takes back what it added.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.text
        self.problems: list[Problem] = []

    def report(self, start: int, end: int, message: str, help: str | None = None) -> None:
        """Add a problem with the characters from `start` to `end`."""
        self.problems.append(Problem(message, Span(self.file, start, end), help=help))

    def skip(self, at: int) -> int:
        """The offset behind the spaces at `at`."""
        match = _SPACES.match(self.text, at)
        return match.end() if match else at

    def word_end(self, at: int) -> int:
        """The offset behind the name at `at`; `at` itself where no name starts.

        A name has letters of any script, ASCII digits, `_` and `-`, and starts with a letter or
        digit. (Dashes and leading digits are names to the grammar and refused later.)
        """
        match = _WORD.match(self.text, at)
        if match is None:
            return at
        word = match.group()
        if word.isascii():
            return match.end()
        for index, letter in enumerate(word):
            if letter > "\x7f" and not letter.isalpha():
                return at + index
        return match.end()

    def path_end(self, at: int) -> int:
        """The offset behind the dotted name at `at`; `at` itself where none starts."""
        end = self.word_end(at)
        if end == at:
            return at
        while self.text.startswith(".", end):
            end = self.word_end(end + 1)
        return end

    def attribute(self, at: int, signs: int) -> tuple[Attribute, int]:
        """The attribute whose `signs` at-signs start at `at`."""
        start = self.skip(at + signs)
        end = self.path_end(start)
        if end == start:
            raise Unreadable(start, f"after `{'@' * signs}` the name of an attribute is missing")
        name = self.text[start:end]
        name_span = Span(self.file, start, end)
        bracket = self.skip(end)
        if not self.text.startswith("(", bracket):
            return Attribute(name, Span(self.file, at, end), name_span), end
        # Officially nobody looks at the commas of native types.
        watch = Watch.NOTHING if "." in name else Watch.ARGUMENTS
        arguments, end = self.arguments(bracket, "@" * signs + name, 1, watch)
        return Attribute(name, Span(self.file, at, end), name_span, arguments), end

    def arguments(
        self, at: int, owner: str, depth: int, watch: int
    ) -> tuple[tuple[Argument, ...], int]:
        """The arguments in the brackets that open at `at`, and the offset behind them."""
        self._limit(at, depth)
        text = self.text
        arguments: list[Argument] = []
        at = self.skip(at + 1)
        if text.startswith(",", at) and text.startswith(")", self.skip(at + 1)):
            self._trailing_comma(at, owner, watch)
            at = self.skip(at + 1)
        while not text.startswith(")", at):
            argument, at = self._argument(at, owner, depth, watch)
            if argument is not None:
                arguments.append(argument)
            at = self.skip(at)
            if text.startswith(")", at):
                break
            if not text.startswith(",", at):
                raise Unreadable(at, self._between(at, "argument", ")"))
            behind = self.skip(at + 1)
            if text.startswith(")", behind):
                self._trailing_comma(at, owner, watch)
                at = behind
                break
            at = behind
        return tuple(arguments), at + 1

    def _trailing_comma(self, at: int, owner: str, watch: int) -> None:
        if watch < Watch.CALL:
            return
        self.report(
            at,
            at + 1,
            f"The arguments of `{owner}` end with a comma, which Prisma does not allow.",
            "remove the comma",
        )

    def _argument(self, at: int, owner: str, depth: int, watch: int) -> tuple[Argument | None, int]:
        inner = Watch.CALL if watch == Watch.ARGUMENTS else Watch.NOTHING
        end = self.word_end(at)
        if end > at:
            colon = self.skip(end)
            if self.text.startswith(":", colon):
                name = self.text[at:end]
                start = self.skip(colon + 1)
                if self.text[start : start + 1] in (",", ")"):
                    if watch == Watch.NOTHING:
                        return None, start
                    self.report(
                        at,
                        end,
                        f"The argument `{name}` of `{owner}` has no value.",
                        f"write a value behind `{name}:`, or leave the argument out",
                    )
                    return None, start
                value, end = self.value(start, depth, inner)
                whole = Span(self.file, at, end)
                return Argument(name, value, whole, Span(self.file, at, at + len(name))), end
        value, end = self.value(at, depth, inner)
        return Argument(None, value, value.span), end

    def value(self, at: int, depth: int = 0, watch: int = 0) -> tuple[Value, int]:
        """The value that starts at `at`, inside `depth` brackets."""
        first = self.text[at : at + 1]
        if first == '"':
            text, end = self.string(at)
            return Value("string", text, Span(self.file, at, end)), end
        if first == "[":
            return self._array(at, depth + 1, watch)
        if first == "{":
            return self._object(at, depth + 1)
        end = self.path_end(at)
        if end > at:
            bracket = self.skip(end)
            if self.text.startswith("(", bracket):
                name = self.text[at:end]
                arguments, end = self.arguments(bracket, name, depth + 1, watch)
                return Value("call", name, Span(self.file, at, end), (), arguments), end
        number = _NUMBER.match(self.text, at)
        if number is not None:
            return Value("number", number.group(), Span(self.file, at, number.end())), number.end()
        if end > at:
            return Value("constant", self.text[at:end], Span(self.file, at, end)), end
        raise Unreadable(at, self._no_value(at))

    def _array(self, at: int, depth: int, watch: int) -> tuple[Value, int]:
        watch = Watch.ELEMENT if watch == Watch.CALL else Watch.NOTHING
        self._limit(at, depth)
        text = self.text
        items: list[Value] = []
        end = self.skip(at + 1)
        while not (text.startswith("]", end) and not items):
            item, end = self.value(end, depth, watch)
            items.append(item)
            end = self.skip(end)
            if text.startswith("]", end):
                break
            if not text.startswith(",", end):
                raise Unreadable(end, self._between(end, "value", "]"))
            end = self.skip(end + 1)
        end += 1
        return Value("array", "", Span(self.file, at, end), tuple(items)), end

    def _object(self, at: int, depth: int) -> tuple[Value, int]:
        self._limit(at, depth)
        text = self.text
        entries: list[Argument] = []
        end = self.skip(at + 1)
        while not (text.startswith("}", end) and not entries):
            start = end
            end = self.word_end(start)
            colon = self.skip(end)
            if end == start or not text.startswith(":", colon):
                raise Unreadable(start, "every entry between braces is written `name: value`")
            name_span = Span(self.file, start, end)
            value, end = self.value(self.skip(colon + 1), depth)
            entries.append(Argument(name_span.text, value, Span(self.file, start, end), name_span))
            end = self.skip(end)
            if text.startswith("}", end):
                break
            if not text.startswith(",", end):
                raise Unreadable(end, self._between(end, "entry", "}"))
            end = self.skip(end + 1)
        end += 1
        return Value("object", "", Span(self.file, at, end), (), tuple(entries)), end

    def string(self, at: int) -> tuple[str, int]:
        """The decoded string whose opening quote is at `at`, and the offset behind it."""
        match = _STRING.match(self.text, at)
        if match is None:
            raise Unreadable(at, 'a string has to end with `"` on the same line and hold no tabs')
        raw = match.group()[1:-1]
        if "\\" not in raw:
            return raw, match.end()
        return self._decoded(raw, at + 1), match.end()

    def _decoded(self, raw: str, start: int) -> str:
        """`raw` with its escapes replaced; `start` is where it stands in the file."""
        parts: list[str] = []
        done = 0
        while (at := raw.find("\\", done)) >= 0:
            parts.append(raw[done:at])
            escape = raw[at + 1]
            if escape == "u":
                letter, length = self._code_point(raw, at, start)
                parts.append(letter)
                done = at + length
                continue
            letter = _ESCAPES.get(escape, "")
            if not letter:
                shown = "A backslash at the end of a line"
                if escape not in "\r\n":
                    shown = f"`\\{escape}`"
                self.report(
                    start + at,
                    start + at + 2,
                    f"{shown} is not an escape that Prisma's strings know.",
                    "write a backslash that is meant as such twice: `\\\\`",
                )
            parts.append(letter)
            done = at + 2
        parts.append(raw[done:])
        return "".join(parts)

    def _code_point(self, raw: str, at: int, start: int) -> tuple[str, int]:
        """The character that `\\uXXXX` at `at` stands for, and how much of `raw` it takes.

        A character outside the basic plane is written as two escapes, as in JSON.
        """
        first = _unit(raw, at)
        if first is None:
            self._bad_code_point(start + at, 2)
            return "", 2
        if not 0xD800 <= first <= 0xDFFF:
            return chr(first), 6
        second = _unit(raw, at + 6)
        if second is None:
            self._bad_code_point(start + at, 6)
            return "", 6
        if first >= 0xDC00 or not 0xDC00 <= second <= 0xDFFF:
            self._bad_code_point(start + at, 12)
            return "", 12
        return chr(0x10000 + (first - 0xD800) * 0x400 + second - 0xDC00), 12

    def _bad_code_point(self, at: int, length: int) -> None:
        self.report(
            at,
            at + length,
            "This `\\u` escape names no character.",
            "write four hexadecimal digits behind `\\u`, or the character itself",
        )

    def _limit(self, at: int, depth: int) -> None:
        if depth > DEEPEST:
            raise Unreadable(at, f"brackets stand more than {DEEPEST} deep inside each other")

    def _no_value(self, at: int) -> str:
        letter = self.text[at : at + 1]
        if letter in ("", "\r", "\n"):
            return "everything between brackets has to stand on one line"
        if letter == "'":
            return "strings are written between double quotes"
        if letter in ("]", "}"):
            return "a value is missing, or a comma stands behind the last one"
        if letter == ",":
            return "a value is missing before the comma"
        if self.text.startswith(("/*", "//"), at):
            return "a comment cannot stand between brackets"
        return f"a value cannot start with `{letter}`"

    def _between(self, at: int, noun: str, closing: str) -> str:
        letter = self.text[at : at + 1]
        if letter in ("", "\r", "\n"):
            return f"`{closing}` is missing; everything between brackets has to stand on one line"
        if self.text.startswith(("/*", "//"), at):
            return "a comment cannot stand between brackets"
        return f"`,` or `{closing}` has to follow the {noun} before `{letter}`"


def _unit(raw: str, at: int) -> int | None:
    """The number in the escape `\\uXXXX` at `at`, or None where there is none."""
    digits = raw[at + 2 : at + 6]
    if not raw.startswith("\\u", at) or len(digits) < 4 or not _HEXADECIMAL.issuperset(digits):
        return None
    return int(digits, 16)
