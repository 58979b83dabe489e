"""The texts that MySQL's variables hold, as far as reading tells: what PREPARE may be given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemalint.loaders.sql.grammar.guards import asks_catalog
from schemalint.loaders.sql.lexer import Token

_BRACKETS = 100  # more are not looked into
_IDLE = ("SELECT", "DO", "SET", "SHOW")


class Text(NamedTuple):
    """A text; `origin` is the string literal that it is, None if it was put together.

    `guard` are the tokens of the condition that chose it, the other choice being to do nothing.
    """

    text: str
    origin: Token | None = None
    guard: tuple[Token, ...] = ()


class Asked(NamedTuple):
    """What a query of the catalog gave: its tokens."""

    tokens: tuple[Token, ...]


Value = Text | Asked | None
"""None is a value that is not known."""

Look = Callable[[Token], Value]


def value_of(found: Sequence[Token], look: Look) -> Value:
    """What an expression gives.

    Args:
        look: what a variable of this name holds.
    """
    if sum(token.text == "(" for token in found) > _BRACKETS:
        return None
    found = _bare(found)
    if not found:
        return None
    if len(found) == 1:
        return Text(found[0].text, found[0]) if found[0].kind == "string" else look(found[0])
    if all(token.kind == "string" for token in found):
        return Text("".join([token.text for token in found]))
    if found[0].text == "SELECT" and found[1].text in ("IF", "CONCAT"):
        found = found[1:]
    if found[0].text in ("IF", "CONCAT") and found[1].text == "(":
        behind = behind_bracket(found, 1)
        arguments = split_at_commas(found[2 : behind - 1])
        if found[0].text == "IF" and len(arguments) == 3:
            guard = (*meant(arguments[0], look), *found[behind:])
            return _chosen(guard, value_of(arguments[1], look), value_of(arguments[2], look))
        return _joined([value_of(one, look) for one in arguments]) if behind == len(found) else None
    asked = meant(found, look)
    return Asked(tuple(asked)) if asks_catalog(asked) else None


def meant(found: Sequence[Token], look: Look) -> list[Token]:
    """The tokens of a condition, with what variables hold in their place."""
    result: list[Token] = []
    for token in found:
        value = look(token) if token.kind in ("word", "name", "parameter") else None
        if isinstance(value, Asked):
            result += value.tokens
        elif isinstance(value, Text) and not value.guard:
            result.append(Token("string", value.text, token.start, token.end))
        else:
            result.append(token)
    return result


def is_idle(text: Text) -> bool:
    """Whether running the text changes nothing of interest."""
    return text.text.split(maxsplit=1)[:1] == [] or text.text.split()[0].upper() in _IDLE


def split_at_commas(found: Sequence[Token]) -> list[Sequence[Token]]:
    """The parts between commas outside of brackets; none of nothing."""
    parts: list[Sequence[Token]] = []
    depth = begin = 0
    for at, token in enumerate(found):
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and not depth:
                parts.append(found[begin:at])
                begin = at + 1
    return [*parts, found[begin:]] if found else []


def _bare(found: Sequence[Token]) -> Sequence[Token]:
    """Without brackets around the whole."""
    while found and found[0].text == "(" and behind_bracket(found, 0) == len(found):
        found = found[1:-1]
    return found


def behind_bracket(found: Sequence[Token], opening: int) -> int:
    """The number of the token behind the bracket that opens at `opening`."""
    depth = 0
    for at in range(opening, len(found)):
        if found[at].kind == "sign":
            depth += (found[at].text == "(") - (found[at].text == ")")
        if not depth:
            return at + 1
    return len(found) + 1


def _chosen(guard: tuple[Token, ...], then: Value, other: Value) -> Value:
    """What IF gives: a text that runs under a guard, where the other one does nothing."""
    texts = [one for one in (then, other) if isinstance(one, Text) and not is_idle(one)]
    idle = [one for one in (then, other) if isinstance(one, Text) and is_idle(one)]
    if len(idle) == 2:
        return idle[0]
    if len(texts) == 1 and len(idle) == 1 and not texts[0].guard:
        return texts[0]._replace(guard=guard)
    return None


def _joined(values: Sequence[Value]) -> Value:
    texts = [one for one in values if isinstance(one, Text) and not one.guard]
    return Text("".join([one.text for one in texts])) if len(texts) == len(values) else None
