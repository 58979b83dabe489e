"""Texts that a pattern matches: of regular expressions, of LIKE and of GLOB.

Only what databases' regular expressions have in common is understood. A text that is proposed
wrongly costs one attempt: the database says what matches.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_CLASSES = {"d": _DIGITS, "w": _LOWER + _DIGITS, "s": " ", "D": _LOWER, "W": "-", "S": _LOWER}
_NAMED = {
    "alpha": _LOWER,
    "lower": _LOWER,
    "upper": _UPPER,
    "digit": _DIGITS,
    "alnum": _LOWER + _DIGITS,
    "xdigit": _DIGITS + "abcdef",
    "space": " ",
    "punct": "-._",
}
_ANY = _LOWER + _DIGITS + _UPPER + " -_.:/@"
_MOST_REPEATS = 200


class _Part(Protocol):
    """A piece of a pattern. `text(number)` is one text that it matches, for each number another as
    far as it has others."""

    def text(self, number: int) -> str: ...


class _Chosen:
    """One of several characters."""

    def __init__(self, signs: str) -> None:
        self._signs = signs or "a"

    def text(self, number: int) -> str:
        return self._signs[number % len(self._signs)]


class _Sequence:
    def __init__(self, parts: list[_Part]) -> None:
        self._parts = parts

    def text(self, number: int) -> str:
        return "".join([part.text(number) for part in self._parts])


class _Alternatives:
    def __init__(self, parts: list[_Part]) -> None:
        self._parts = parts

    def text(self, number: int) -> str:
        turns, which = divmod(number, len(self._parts))
        return self._parts[which].text(turns)


class _Repeated:
    def __init__(self, part: _Part, least: int, most: int | None) -> None:
        self._part = part
        self._least = least
        self._most = most

    def text(self, number: int) -> str:
        enough = max(self._least, 1) if self._most != 0 else 0
        return self._part.text(number) * min(enough, _MOST_REPEATS)


class _Reader:
    """Reads a regular expression; what it does not know, it reads as the character that it is."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self) -> _Part:
        found = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._sequence())
        return found[0] if len(found) == 1 else _Alternatives(found)

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in ("", "|", ")"):
            part = self._piece()
            if part is not None:
                parts.append(self._repeated(part))
        return _Sequence(parts)

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign

    def _piece(self) -> _Part | None:
        sign = self._take()
        if sign in "^$":
            return None
        if sign == "(":
            return self._group()
        if sign == "[":
            return _Chosen(self._class())
        if sign == ".":
            return _Chosen(_LOWER)
        if sign == "\\":
            escaped = self._take()
            if escaped in ("b", "B", "A", "Z", "y", "m", "M"):
                return None
            return _Chosen(_CLASSES.get(escaped, escaped))
        return _Chosen(sign)

    def _group(self) -> _Part | None:
        looks = False
        if self._pattern.startswith("?", self._at):
            looks = not self._pattern.startswith("?:", self._at)
            while self._peek() in tuple("?:=!<"):
                self._at += 1
        inner = self.alternatives()
        self._at += 1  # the closing one
        return None if looks else inner

    def _class(self) -> str:
        denied = self._peek() in ("^", "!")
        self._at += denied
        signs = ""
        while self._peek() and (self._peek() != "]" or not signs):
            if self._pattern.startswith("[:", self._at):
                end = self._pattern.find(":]", self._at)
                signs += _NAMED.get(self._pattern[self._at + 2 : end], "")
                self._at = end + 2 if end > 0 else len(self._pattern)
                continue
            sign = self._take()
            if sign == "\\":
                escaped = self._take()
                signs += _CLASSES.get(escaped, escaped)
            elif self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in (
                "",
                "]",
            ):
                self._at += 1
                last = self._take()
                signs += "".join([chr(code) for code in range(ord(sign), ord(last) + 1)][:100])
            else:
                signs += sign
        self._at += 1
        if denied:
            return "".join([sign for sign in _ANY if sign not in signs])
        return _readable_first(signs)

    def _repeated(self, part: _Part) -> _Part:
        while self._peek() in tuple("*+?{"):
            sign = self._peek()
            if sign == "{":
                end = self._pattern.find("}", self._at)
                least, _, most = self._pattern[self._at + 1 : end].partition(",")
                if end < 0 or not least.strip().isdigit():
                    break
                self._at = end + 1
                upper = int(most) if most.strip().isdigit() else int(least)
                part = _Repeated(part, int(least), upper)
            else:
                self._at += 1
                part = _Repeated(part, 1 if sign == "+" else 0, None)
        return part


def _readable_first(signs: str) -> str:
    """Letters before digits before all else, in the order given."""
    order = sorted(signs, key=lambda sign: (not sign.isalpha(), not sign.isdigit()))
    return "".join(order)


def matching_regex(pattern: str) -> Iterator[str]:
    """A few texts that a regular expression matches, as far as it is understood."""
    try:
        part = _Reader(pattern).alternatives()
        texts = [part.text(number) for number in range(12)]
    except (RecursionError, ValueError):
        return
    yield from dict.fromkeys(texts)


def matching_like(pattern: str, escape: str | None = None) -> Iterator[str]:
    """A few texts that are LIKE a pattern."""
    pieces: list[_Part] = []
    signs = iter(pattern)
    for sign in signs:
        if sign == (escape or "\\"):
            pieces.append(_Chosen(next(signs, sign)))
        elif sign in "%_":
            pieces.append(_Chosen(_LOWER))
        else:
            pieces.append(_Chosen(sign))
    part = _Sequence(pieces)
    yield from dict.fromkeys(part.text(number) for number in range(8))


def matching_glob(pattern: str) -> Iterator[str]:
    """A few texts that SQLite's GLOB matches."""
    regex = ""
    inside = False
    for sign in pattern:
        inside = (inside or sign == "[") and sign != "]"
        if sign == "*" and not inside:
            regex += ".*"
        elif sign == "?" and not inside:
            regex += "."
        elif not inside and sign not in "[]" and not sign.isalnum():
            regex += f"\\{sign}"
        else:
            regex += sign
    yield from matching_regex(regex)
