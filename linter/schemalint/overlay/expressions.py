"""Expressions of SQL without what says nothing, so that two spellings of one can be compared."""

from __future__ import annotations

import re

_QUOTED = r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")"""
_CAST = (
    r"""::\s*(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*"""
    r"""(?:\s+(?:varying|precision|(?:with|without)\s+time\s+zone))?(?:\([\d,\s]*\))?(?:\[\])*"""
)
_CASTS = re.compile(rf"{_QUOTED}|{_CAST}", re.IGNORECASE)
_PARTS = re.compile(rf"{_QUOTED}|(?P<blank>\s+)|(?P<plain>[^\s'\"]+|['\"])")
_NOW = re.compile(r"\bcurrent_timestamp(?:\(\d*\))?|\bnow\(\)")


def without_casts(expression: str) -> str:
    """The expression without PostgreSQL's casts, `'a'::text`."""
    return _CASTS.sub(lambda found: found["quoted"] or "", expression)


def normal(expression: str) -> str:
    """The expression without casts, blanks, letter case outside quotes and brackets around it."""
    parts: list[str] = []
    for found in _PARTS.finditer(without_casts(expression)):
        if found["quoted"]:
            parts.append(found["quoted"])
        elif found["plain"]:
            plain = found["plain"].lower().replace("public.", "").replace("!=", "<>")
            parts.append(_NOW.sub("now()", plain))
    text = "".join(parts)
    while text.startswith("(") and text.endswith(")") and _closed(text[1:-1]):
        text = text[1:-1]
    return text


def _closed(text: str) -> bool:
    """Whether each bracket of the text is opened and closed within it."""
    depth = 0
    for character in re.sub(_QUOTED, "", text):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
