"""The characters that the texts are made of which a regular expression matches."""

from __future__ import annotations

import re

from schemalint.condition.listed import members

_PIECE = re.compile(
    r"(?P<bracket>\[(?P<members>[^\[\]\\^]+)\])|(?P<digit>\\d|\[\[:digit:\]\])"
    r"|\\(?P<escaped>[^\w\s])|(?P<plain>[^\\\[\](){}|*+?.^$])"
    r"|(?P<opening>\((?:\?:)?)|(?P<closing>\))|(?P<either>\|)"
    r"|(?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)"
)


def characters_of(pattern: str) -> frozenset[str] | None:
    """All characters that stand in texts which PostgreSQL's `~` matches, digits as `0`; None where
    these are not only some of ASCII, or where texts may have others around what is matched.

    `$` matches at the very end only (cases O03k, O03l), and a range goes by code points.
    """
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    body = pattern[1:-1]
    found: set[str] = set()
    at = depth = 0
    repeatable = False
    while at < len(body):
        piece = _PIECE.match(body, at)
        if piece is None:
            return None
        at = piece.end()
        depth += bool(piece["opening"]) - bool(piece["closing"])
        if depth < 0 or (piece["either"] and not depth):
            return None  # each of these alternatives has one of the anchors
        if piece["times"] and not repeatable:
            return None  # `(?i)`
        repeatable = not (piece["opening"] or piece["either"] or piece["times"])
        if piece["bracket"]:
            some = members(piece["members"])
            if some is None:
                return None
            found.update(some)
        elif piece["digit"]:
            found.add("0")
        elif piece["escaped"] or piece["plain"]:
            found.add(piece["escaped"] or piece["plain"])
    return frozenset(found) if not depth and all(map(str.isascii, found)) else None


def is_in_one_case(pattern: str) -> bool:
    """Whether no two texts that it matches differ in letter case only."""
    found = characters_of(pattern)
    return found is not None and len({one.lower() for one in found}) == len(found)
