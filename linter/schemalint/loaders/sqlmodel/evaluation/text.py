"""Texts made of constants: f-strings and the methods of `str`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.operators import (
    LONGEST_TEXT,
    MOST_ITEMS,
    constants_of,
    has_wide_number,
)
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import (
    Constant,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_METHODS = words(
    "capitalize casefold count endswith find format index isalnum isalpha isascii isdecimal "
    "isdigit isidentifier islower isnumeric isspace istitle isupper join lower lstrip partition "
    "removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip split splitlines "
    "startswith strip swapcase title upper zfill ljust rjust center encode decode hex"
)
_UNKNOWN = "this text is made of what only the running program knows"
_TOO_LARGE = "this is too large to be computed"


def joined(run: Evaluator, node: ast.JoinedStr, scope: Scope, span: Span) -> Value:
    """An f-string."""
    result = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            piece = _formatted(run, part, scope, span)
            if isinstance(piece, Value):
                return piece
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            piece = part.value
        else:
            return Unresolved(span=span, reason=_UNKNOWN)
        result += piece
        if len(result) > LONGEST_TEXT:
            return Unresolved(span=span, reason=_TOO_LARGE)
    return Constant(span=span, value=result)


def _formatted(
    run: Evaluator, part: ast.FormattedValue, scope: Scope, span: Span
) -> str | Unresolved:
    value = run.evaluate(part.value, scope)
    if isinstance(value, Unresolved):
        return Unresolved(span=span, reason=value.reason)
    spec = ""
    if isinstance(part.format_spec, ast.JoinedStr):
        inner = joined(run, part.format_spec, scope, span)
        if not (isinstance(inner, Constant) and isinstance(inner.value, str)):
            return Unresolved(span=span, reason=_UNKNOWN)
        spec = inner.value
    if not isinstance(value, Constant) or has_wide_number(spec):
        return Unresolved(span=span, reason=_UNKNOWN)
    shown: object = value.value
    try:
        if part.conversion == ord("r"):
            shown = repr(shown)
        elif part.conversion == ord("a"):
            shown = ascii(shown)
        elif part.conversion == ord("s"):
            shown = str(shown)
        return format(shown, spec)
    except Exception as error:
        return Unresolved(span=span, reason=f"this fails when it runs: {error}")


def method(receiver: str | bytes, name: str, asked: Given) -> Value:
    """What a method of a text gives."""
    span = asked.span
    if name not in _METHODS or not hasattr(receiver, name):
        return Unresolved(span=span, reason=f"what `.{name}()` of a text gives is not followed")
    given = [plain(arg) for arg in asked.args]
    named = {key: plain(value) for key, value in asked.keywords}
    if _NOTHING in given or _NOTHING in named.values():
        return asked.unresolved or Unresolved(span=span, reason=_UNKNOWN)
    if not _bearable(receiver, name, [*given, *named.values()]):
        return Unresolved(span=span, reason=_TOO_LARGE)
    try:
        result = getattr(receiver, name)(*given, **named)
    except Exception as error:
        return Unresolved(span=span, reason=f"this fails when it runs: {error}")
    return of_plain(result, span)


_NOTHING = object()


def plain(value: Value) -> Any:
    """The value as Python has it, if it is made of constants; a marker if not."""
    if isinstance(value, Constant):
        return value.value
    if isinstance(value, Mapping):
        return _NOTHING if (found := constants_of(value)) is None else found
    if isinstance(value, Sequence):
        items = [plain(item) for item in value.items]
        if any(item is _NOTHING for item in items):
            return _NOTHING
        return tuple(items) if value.kind == "tuple" else items
    return _NOTHING


def is_plain(value: object) -> bool:
    """Whether `plain` could make something of the value."""
    return value is not _NOTHING


def of_plain(result: object, span: Span) -> Value:
    """A value of what a method of a text gave back."""
    if result is None or isinstance(result, (str, bytes, bool, int, float)):
        return Constant(span=span, value=result)
    if isinstance(result, (list, tuple)) and len(result) <= MOST_ITEMS:
        items = tuple(of_plain(item, span) for item in result)
        kind = "tuple" if isinstance(result, tuple) else "list"
        return Sequence(span=span, kind=kind, items=items)  # type: ignore[arg-type]  # one of two
    return Unresolved(span=span, reason=_TOO_LARGE)


def _bearable(receiver: str | bytes, name: str, given: list[Any]) -> bool:
    size = len(receiver)
    if name in ("zfill", "ljust", "rjust", "center"):
        return all(not isinstance(arg, int) or arg <= 1000 for arg in given)
    if name == "format":
        text = receiver if isinstance(receiver, str) else ""
        # An attribute or an item in a replacement field would be looked up in real objects.
        fields = _fields(text)
        return not (has_wide_number(text) or any(sign in fields for sign in ".[{"))
    if name == "replace":
        longest = max((len(arg) for arg in given if isinstance(arg, (str, bytes))), default=0)
        return (size + 1) * max(longest, 1) <= LONGEST_TEXT
    if name == "join" and given and isinstance(given[0], (list, tuple)):
        total = sum(len(item) for item in given[0] if isinstance(item, (str, bytes)))
        return total + size * len(given[0]) <= LONGEST_TEXT
    return size <= LONGEST_TEXT


def _fields(text: str) -> str:
    """What stands inside the braces of a format."""
    inside, depth = [], 0
    for character in text.replace("{{", "").replace("}}", ""):
        if depth > 0:
            inside.append(character)
        depth += (character == "{") - (character == "}")
    return "".join(inside)
