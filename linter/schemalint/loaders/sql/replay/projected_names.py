"""What the members of a SELECT's list are called, and the lists and brackets of a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemalint.loaders.sql.lexer import Token, words

_NO_ALIAS = words(
    "END NULL TRUE FALSE UNKNOWN ISNULL NOTNULL YEAR MONTH DAY HOUR MINUTE SECOND PRECISION "
    "VARYING ZONE"
)
"""Words that end an expression and are no name without AS before them."""

_GOES_ON = words(
    "IS NOT AND OR XOR LIKE ILIKE SIMILAR TO BETWEEN SYMMETRIC IN COLLATE ZONE FROM DISTINCT ALL "
    "ANY SOME CASE WHEN THEN ELSE DIV MOD REGEXP RLIKE GLOB MATCH ESCAPE INTERVAL DATE TIME "
    "TIMESTAMP BINARY OPERATOR DOUBLE OVER"
)
"""Words behind which an expression goes on."""

_AFTER_CALL = ("FILTER", "OVER", "WITHIN")
_NAMED_OTHERWISE = words("CAST EXTRACT TRIM NOT IN ANY ALL SOME TREAT")
_CONSTANTS = ("TRUE", "FALSE", "NULL")


def has_alias(item: Sequence[Token]) -> bool:
    """Whether the last word of a member is its alias, without AS."""
    if len(item) < 2 or item[-1].kind not in ("word", "name"):
        return False
    last, before = item[-1], item[-2]
    if last.kind == "word" and last.text in _NO_ALIAS:
        return False
    if before.kind == "word":
        return before.text not in _GOES_ON
    return before.kind in ("name", "string", "number", "parameter") or before.text in ")]*"


def is_column(item: Sequence[Token]) -> bool:
    """Whether it is a column's name alone: `a`, `t.a`, `s.t.a`."""
    if len(item) not in (1, 3, 5) or any(one.text != "." for one in item[1::2]):
        return False
    if any(one.kind not in ("word", "name") for one in item[::2]):
        return False
    return len(item) > 1 or item[0].kind == "name" or item[0].text not in _CONSTANTS


def name_of_expression(item: Sequence[Token], spelling: Callable[[Token], str]) -> str | None:
    """What PostgreSQL calls a member without an alias (its FigureColname): a column under casts
    by the column, a call by its function. None for the others."""
    item = unwrapped(item)
    if len(item) == 1 and item[0].kind in ("number", "string"):
        return "?column?"
    at = 0
    while at < len(item):
        if item[at].text == "(":
            at = closing(item, at)
        elif item[at].text == "::":
            item = unwrapped(item[:at])
            break
        at += 1
    if is_column(item):
        return spelling(item[-1])
    at = 0
    while at + 2 < len(item) and item[at].kind in ("word", "name") and item[at + 1].text == ".":
        at += 2
    if at + 1 >= len(item) or item[at].kind not in ("word", "name") or item[at + 1].text != "(":
        return None
    end = closing(item, at + 1) + 1
    while end + 1 < len(item) and item[end].text in _AFTER_CALL:
        end += 2 if item[end + 1].text == "GROUP" else 1
        end = closing(item, end) + 1 if item[end].text == "(" else end + 1
    if end < len(item) or item[at].text in _NAMED_OTHERWISE:
        return None
    return spelling(item[at])


def split(items: Sequence[Token]) -> list[Sequence[Token]]:
    """What stands between the commas outside brackets."""
    found: list[Sequence[Token]] = []
    depth = start = 0
    for at, token in enumerate(items):
        if token.kind == "sign":
            depth += (token.text in "([") - (token.text in ")]")
            if token.text == "," and depth == 0:
                found.append(items[start:at])
                start = at + 1
    return [*found, items[start:]]


def closing(found: Sequence[Token], at: int) -> int:
    """Where the bracket that opens at `at` is closed; the number of tokens if nowhere."""
    depth = 0
    for number in range(at, len(found)):
        if found[number].kind == "sign":
            depth += (found[number].text == "(") - (found[number].text == ")")
            if depth == 0:
                return number
    return len(found)


def unwrapped(found: Sequence[Token]) -> Sequence[Token]:
    """The tokens without brackets around all of them."""
    if not found or found[0].text != "(" or found[-1].text != ")":
        return found
    opened: list[int] = []
    pairs = {}
    for at, token in enumerate(found):
        if token.kind == "sign" and token.text == "(":
            opened.append(at)
        elif token.kind == "sign" and token.text == ")" and opened:
            pairs[opened.pop()] = at
    outer = 0
    while 2 * outer < len(found) and pairs.get(outer) == len(found) - 1 - outer:
        outer += 1
    return found[outer : len(found) - outer]
