"""Whether a regular expression matches only texts that hold a character which is no white space.

It reads the part that databases' expressions have in common, and says no to all else.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<repeat>[*+?]\??|\{(?P<least>\d+)(?:,\d*)?\}\??)|(?P<open>\((?:\?:)?)|(?P<close>\))|"
    r"(?P<bar>\|)|(?P<anchor>[\^$])|(?P<any>\.)|\[(?P<no>\^?)(?P<members>\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]|"
    r"\\(?P<escaped>.)|(?P<plain>[^\\\[\]{}])",
    re.DOTALL,
)
_ESCAPES = {"S": True, "w": True, "d": True}
_MEMBER = re.compile(r"\[:(?P<named>\w+):\]|(?P<first>\\.|.)(?:-(?P<last>\\.|[^\]]))?", re.DOTALL)
_VISIBLE_CLASSES = ("alpha", "lower", "upper", "digit", "alnum", "punct", "graph", "xdigit")
_SPACES = " \t\n\r\v\f"


def demands_visible(pattern: str) -> bool:
    """Whether whatever matches `pattern`, or a part of it, holds a visible character."""
    reader = _Reader(pattern)
    found = reader.alternatives()
    return found and reader.at == len(pattern)


class _Reader:
    """Reads a pattern from left to right; `at` stays where it cannot go on."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> bool:
        """Whether each of the alternatives demands a visible character."""
        every = self._sequence()
        while self.pattern.startswith("|", self.at):
            self.at += 1
            every = self._sequence() and every
        return every

    def _sequence(self) -> bool:
        some = False
        while True:
            token = _TOKEN.match(self.pattern, self.at)
            if token is None or token["close"] or token["bar"] or token["repeat"]:
                return some
            self.at = token.end()
            visible = self._atom(token)
            repeat = _TOKEN.match(self.pattern, self.at)
            if repeat is not None and repeat["repeat"]:
                self.at = repeat.end()
                visible = visible and _at_least_once(repeat)
            some = some or visible

    def _atom(self, token: re.Match[str]) -> bool:
        if token["open"]:
            inside = self.alternatives()
            if self.pattern.startswith(")", self.at):
                self.at += 1
            return inside
        if token["members"] is not None:
            return _class_is_visible(token["members"], negated=bool(token["no"]))
        if token["escaped"]:
            sign = token["escaped"]
            return _ESCAPES.get(sign, not sign.isalnum() and sign not in _SPACES)
        return bool(token["plain"]) and token["plain"] not in _SPACES


def _at_least_once(repeat: re.Match[str]) -> bool:
    if repeat["least"] is not None:
        return int(repeat["least"]) > 0
    return repeat["repeat"].startswith("+")


def _class_is_visible(members: str, *, negated: bool) -> bool:
    """Whether a class of characters has no white space in it."""
    parts = list(_MEMBER.finditer(members))
    if negated:
        return any(part["named"] == "space" or part["first"] == r"\s" for part in parts)
    return bool(parts) and all(_member_is_visible(part) for part in parts)


def _member_is_visible(part: re.Match[str]) -> bool:
    if part["named"]:
        return part["named"] in _VISIBLE_CLASSES
    first, last = part["first"], part["last"]
    if first.startswith("\\") and len(first) > 1:
        return last is None and _ESCAPES.get(first[1], not first[1].isalnum())
    if last is None:
        return first not in _SPACES
    return len(last) == 1 and not any(first <= space <= last for space in _SPACES)
