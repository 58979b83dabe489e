"""Regular expressions over constants, as far as they cannot take long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.values import (
    Call,
    Constant,
    External,
    FunctionValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_LONGEST_PATTERN = 120
_LONGEST_TEXT = 100
_MOST_REPEATS = 3
_UNKNOWN = "what this pattern does with a text is not followed"
_FLAGS = {
    "re.IGNORECASE": re.IGNORECASE,
    "re.I": re.IGNORECASE,
    "re.ASCII": re.ASCII,
    "re.A": re.ASCII,
    "re.UNICODE": re.UNICODE,
    "re.U": re.UNICODE,
}


def call(name: str, asked: Given, *, flags: tuple[Value, ...] = ()) -> Value | None:
    """A function of `re`, or a method of a pattern, which is then the first argument."""
    if name == "compile":
        return None
    span = asked.span
    given = list(asked.args)
    named = dict(asked.keywords)
    order = {"sub": ["pattern", "repl", "string", "count", "flags"]}.get(
        name, ["pattern", "string", "maxsplit", "flags"]
    )
    for key in order[len(given) :]:
        if key in named:
            given.append(named.pop(key))
    for value in given:
        if isinstance(value, Unresolved):
            return Unresolved(span=span, reason=value.reason)
    found_flags = _flags([*flags, *given[len(order) - 2 :]])
    least = 3 if name == "sub" else 1
    if len(given) < least:  # `re.sub.lower()`, say
        return Unresolved(span=span, reason=_UNKNOWN)
    source = given[2] if name == "sub" else given[-1]
    pattern = _text(given[0])
    text = _text(source)
    if named or found_flags is None or pattern is None or text is None:
        return Unresolved(span=span, reason=_UNKNOWN)
    if len(text) > _LONGEST_TEXT or not is_quick(pattern):
        return Unresolved(span=span, reason=_UNKNOWN)
    try:
        compiled = re.compile(pattern, found_flags)
        if name == "sub" and len(given) == 3:
            return _substituted(asked.run, compiled, given[1], text, span)
        if name in ("split", "findall") and len(given) == 2:
            found = getattr(compiled, name)(text)
            if all(isinstance(item, str) for item in found):
                items = tuple(Constant(span=span, value=item) for item in found)
                return Sequence(span=span, kind="list", items=items)
        if name in ("match", "search", "fullmatch") and len(given) == 2:
            match = getattr(compiled, name)(text)
            return Constant(span=span, value=None) if match is None else _match(match, span)
    except (re.error, OverflowError, RecursionError, IndexError) as error:
        return Unresolved(span=span, reason=f"this fails when it runs: {error}")
    return Unresolved(span=span, reason=_UNKNOWN)


def _substituted(
    run: Evaluator, compiled: re.Pattern[str], by: Value, text: str, span: Span
) -> Value:
    replacement = _text(by)
    if replacement is not None and len(replacement) <= _LONGEST_TEXT:
        return Constant(span=span, value=compiled.sub(replacement, text))
    if not isinstance(by, FunctionValue):
        return Unresolved(span=span, reason=_UNKNOWN)
    pieces, at = [], 0
    for match in compiled.finditer(text):
        piece = _text(run.call(by, (_match(match, span),), (), span))
        if piece is None or len(piece) > _LONGEST_TEXT:
            return Unresolved(span=span, reason=_UNKNOWN)
        pieces += [text[at : match.start()], piece]
        at = match.end()
    return Constant(span=span, value="".join([*pieces, text[at:]]))


def _match(match: re.Match[str], span: Span) -> Call:
    """A match as a call of `re.Match` with its groups, the whole match first."""
    groups = [match.group(0), *match.groups()]
    args = tuple(Constant(span=span, value=group) for group in groups)
    return Call(span=span, callee=External(span=span, path="re.Match"), args=args)


def group(match: Call, name: str, args: tuple[Value, ...], span: Span) -> Value:
    """`match.group(1)` and `match.groups()`."""
    if name == "groups" and not args:
        return Sequence(span=span, kind="tuple", items=match.args[1:])
    number = args[0].value if args and isinstance(args[0], Constant) else 0 if not args else None
    if isinstance(number, int) and len(args) <= 1 and 0 <= number < len(match.args):
        return match.args[number]
    return Unresolved(span=span, reason=_UNKNOWN)


def _text(value: Value | None) -> str | None:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    return None


def _flags(values: list[Value]) -> int | None:
    flags = 0
    for value in values:
        known = _FLAGS.get(value.path) if isinstance(value, External) else None
        if known is None:
            if isinstance(value, Constant) and value.value == 0:
                continue
            return None
        flags |= known
    return flags


def is_quick(pattern: str) -> bool:
    """Whether matching takes no more than polynomial time of a low degree: nothing is repeated
    that itself repeats or chooses, nothing refers back, and few things repeat at all."""
    if len(pattern) > _LONGEST_PATTERN:
        return False
    groups = [False]  # of each open group, whether it repeats or chooses
    closed = False  # whether the group that was just closed did
    repeats = 0
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        was_closed, closed = closed, False
        if sign == "\\":
            if pattern[at + 1 : at + 2].isdigit():
                return False
            at += 2
            continue
        if sign == "[":
            at = _behind_class(pattern, at)
            continue
        if sign == "(":
            if pattern.startswith(("(?P=", "(?("), at):
                return False
            groups.append(False)
            if pattern[at + 1 : at + 2] == "?":
                at += 2
                continue
        elif sign == ")" and len(groups) > 1:
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif sign in "*+{" or (sign == "?" and pattern[at - 1 : at] not in ("*", "+", "?", "}")):
            if sign != "?" and was_closed:
                return False
            repeats += sign != "?"
            groups[-1] = True
        elif sign == "|":
            groups[-1] = True
        at += 1
    return repeats <= _MOST_REPEATS


def _behind_class(pattern: str, at: int) -> int:
    """The place behind a character class that starts at `at`."""
    at += 1
    if pattern[at : at + 1] == "^":
        at += 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
