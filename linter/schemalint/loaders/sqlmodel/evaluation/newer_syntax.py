"""Syntax of newer Pythons than the one that runs this, written so that the older one reads it.

Every character keeps its place, so that spans stay exact. What is taken out says nothing about
tables: type parameters (PEP 695), the insides of f-strings that need PEP 701 (which then cannot be
told), exceptions without parentheses (PEP 758). `type X = ...` becomes `X = ...`.
"""

from __future__ import annotations

import re

_TYPE_PARAMETERS = re.compile(r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*)\[", re.M)
_ALIAS = re.compile(r"^([ \t]*)type([ \t]+)(\w+)([ \t]*(?:\[[^\]\n]*\])?[ \t]*)=(?!=)", re.M)
_EXCEPT = re.compile(r"^([ \t]*except\*?[ \t]+[\w.]+)([ \t]*,[^:(\n]*):", re.M)
_STRING = re.compile(
    r"""(?<![\w"'])(?P<prefix>[rRbBuUfFtT]{0,2})(?P<quote>"{3}|'{3}|"|')|#[^\n]*"""
)
_UNKNOWN = "..."


def older(text: str) -> str:
    """The text as an older Python reads it, as long as the text was."""
    text = _f_strings(text)
    found = _TYPE_PARAMETERS.search(text)
    while found is not None:
        end = _behind_bracket(text, found.end() - 1)
        if end is None:
            break
        text = text[: found.end() - 1] + _blank(text[found.end() - 1 : end]) + text[end:]
        found = _TYPE_PARAMETERS.search(text, end)
    text = _ALIAS.sub(_assignment, text)
    return _EXCEPT.sub(lambda match: match[1] + _blank(match[2]) + ":", text)


def aliases(text: str) -> frozenset[int]:
    """The lines of `type X = ...`, from 1."""
    return frozenset(text.count("\n", 0, match.start()) + 1 for match in _ALIAS.finditer(text))


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _assignment(match: re.Match[str]) -> str:
    indent, gap, name, rest = match.groups()
    return f"{indent}{name}{' ' * (4 + len(gap))}{_blank(rest)}="


def _behind_bracket(text: str, at: int) -> int | None:
    depth = 0
    for place in range(at, min(len(text), at + 2000)):
        depth += (text[place] == "[") - (text[place] == "]")
        if not depth:
            return place + 1
    return None


def _f_strings(text: str) -> str:
    """Replacement fields that an older Python cannot read become `...`."""
    pieces: list[str] = []
    at = 0
    while (match := _STRING.search(text, at)) is not None:
        if match["quote"] is None:
            end = match.end()
            pieces.append(text[at:end])
        else:
            formatted = "f" in match["prefix"].lower()
            start = match.end()
            inside, end = _string(text, start, match["quote"], formatted=formatted)
            pieces += [text[at:start], inside]
        at = max(end, at + 1)
    return "".join([*pieces, text[at:]])


def _string(text: str, at: int, quote: str, *, formatted: bool) -> tuple[str, int]:
    """The rest of a string, rewritten, and the place behind it."""
    pieces: list[str] = []
    start = at
    while at < len(text):
        if text.startswith(quote, at):
            end = at + len(quote)
            return "".join([*pieces, text[start:end]]), end
        if text[at] == "\\":
            at += 2
        elif text[at] == "\n" and len(quote) == 1:
            break
        elif formatted and text.startswith("{{", at):
            at += 2
        elif formatted and text[at] == "{":
            behind = _behind_field(text, at)
            if behind is None:
                break
            pieces += [text[start:at], _field(text[at:behind], quote)]
            start = at = behind
        else:
            at += 1
    return "".join([*pieces, text[start:at]]), at


def _behind_field(text: str, at: int) -> int | None:
    """The place behind `{...}`, the strings and brackets inside it counted."""
    depth = 0
    while at < len(text):
        sign = text[at]
        if sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
            if not depth:
                return at + 1
        elif sign in "'\"":
            quote = sign * 3 if text.startswith(sign * 3, at) else sign
            end = text.find(quote, at + len(quote))
            if end < 0:
                return None
            at = end + len(quote)
            continue
        at += 1
    return None


def _field(field: str, quote: str) -> str:
    old = quote not in field and "\\" not in field and "#" not in field
    if (old and (len(quote) == 3 or "\n" not in field)) or len(field) < len(_UNKNOWN) + 2:
        return field
    inside = _blank(field[1:-1])
    if "\n" in inside:
        # A line inside a plain f-string cannot be kept, and lines must not be lost.
        return field
    return "{" + _UNKNOWN + inside[len(_UNKNOWN) :] + "}"
