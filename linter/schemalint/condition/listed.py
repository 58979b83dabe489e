"""The texts that a regular expression matches, where they are few and can be listed."""

from __future__ import annotations

import re
from itertools import product

MOST = 200
"""Patterns that match more texts than these are none that list them."""

_ATOM = re.compile(
    r"(?P<open>\((?:\?:)?)|\[(?P<members>[^\[\]\\^-](?:-?[^\[\]\\^-])*)\]|\\(?P<escaped>[^\w\s])"
    r"|(?P<plain>[^\\\[\](){}|*+?.^$])"
)
_TIMES = re.compile(r"\?|\{(?P<least>\d)(?:,(?P<most>\d))?\}")
_RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)
_ALIKE = (str.isdigit, str.islower, str.isupper)


def listed_values(pattern: str) -> tuple[str, ...] | None:
    """The texts that a regular expression of PostgreSQL matches, where it only lists them.

    `^(A|B)$` is A or B and nothing else: `$` matches at the very end only (cases O03k, O03l);
    `^[AB]$` is the same. A range goes by code points, whatever the collation (observed on 15).
    """
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    reader = _Reader(pattern[1:-1])
    found = reader.sequence()
    if found is None or reader.at != len(reader.pattern) or found == [""]:
        return None
    return tuple(dict.fromkeys(found))


class _Reader:
    """Reads a pattern from left to right; None where it is none that can be listed."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def sequence(self) -> list[str] | None:
        found = [""]
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            atom = self._repeated()
            if atom is None or len(found) * len(atom) > MOST:
                return None
            found = ["".join(pair) for pair in product(found, atom)]
        return found

    def _repeated(self) -> list[str] | None:
        atom = self._atom()
        times = _TIMES.match(self.pattern, self.at)
        if atom is None or times is None:
            return atom
        self.at = times.end()
        if times[0] == "?":
            return ["", *atom]
        least = int(times["least"])
        most = int(times["most"] or least)
        if not 0 < most <= 4 or most < least or sum(len(atom) ** n for n in range(most + 1)) > MOST:
            return None
        return ["".join(one) for n in range(least, most + 1) for one in product(atom, repeat=n)]

    def _atom(self) -> list[str] | None:
        token = _ATOM.match(self.pattern, self.at)
        if token is None:
            return None
        self.at = token.end()
        if token["members"]:
            return members(token["members"])
        if not token["open"]:
            return [token["escaped"] or token["plain"]]
        found: list[str] = []
        while True:
            inside = self.sequence()
            if inside is None or self.at >= len(self.pattern):
                return None
            found += inside
            self.at += 1
            if self.pattern[self.at - 1] == ")":
                return found if len(found) <= MOST else None


def members(text: str) -> list[str] | None:
    """The characters of a bracket: single ones, and ranges within the digits or the letters of
    ASCII."""
    found: list[str] = []
    for first, last, single in _RANGE.findall(text):
        if single:
            found.append(single)
        elif first.isascii() and any(kind(first) and kind(last) for kind in _ALIKE):
            found += [chr(code) for code in range(ord(first), ord(last) + 1)]
        else:
            return None
    return found or None
