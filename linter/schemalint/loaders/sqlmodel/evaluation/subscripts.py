"""`value[...]`: items of what is known, types with arguments, members of enums by name."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemalint.loaders.sqlmodel.evaluation import enums, forward_references
from schemalint.loaders.sqlmodel.evaluation.operators import equality
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    ClassValue,
    Constant,
    External,
    Mapping,
    Sequence,
    Subscript,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# Whose arguments are values and not types, so that a text there is just a text.
_TAKE_VALUES = frozenset({"typing.Literal"})
_ENVIRONMENT = "the environment is known only when the program runs"
_COMPARISONS = {">=": operator.ge, ">": operator.gt, "<": operator.lt, "<=": operator.le}
# The Pythons that run today's libraries.
_OLDEST, _NEWEST_KNOWN = (3, 10), (3, 14)


def subscript(run: Evaluator, node: ast.Subscript, scope: Scope, span: Span) -> Value:
    """The value of `of[...]`."""
    of = run.evaluate(node.value, scope)
    if isinstance(of, Unresolved):
        return Unresolved(span=span, reason=of.reason)
    if isinstance(of, External) and of.path == "os.environ":
        return Unresolved(span=span, reason=_ENVIRONMENT)
    if isinstance(node.slice, ast.Slice):
        return _sliced(run, of, node.slice, scope, span)
    if isinstance(of, External) and of.path == "sys.version_info":
        return _version_part(run.evaluate(node.slice, scope), of, span)
    if isinstance(of, (Sequence, Mapping)) or (
        isinstance(of, Constant) and isinstance(of.value, (str, bytes))
    ):
        return item(of, run.evaluate(node.slice, scope), span)
    if isinstance(of, ClassValue):
        member = enums.by_name(run, of, run.evaluate(node.slice, scope), span)
        if member is not None:
            return member
    return Subscript(span=span, of=of, items=_arguments(run, of, node.slice, scope))


def _arguments(run: Evaluator, of: Value, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    path = of.path if isinstance(of, External) else ""
    values = []
    for number, inner in enumerate(nodes):
        takes_type = path not in _TAKE_VALUES and not (path == "typing.Annotated" and number)
        if takes_type and isinstance(of, (External, ClassValue, Subscript)):
            values.append(forward_references.annotation(run, inner, scope))
        else:
            values.append(run.evaluate(inner, scope))
    return tuple(values)


def item(of: Value, key: Value, span: Span) -> Value:
    """One item of what is fully known."""
    if isinstance(key, Unresolved):
        return Unresolved(span=span, reason=key.reason)
    if isinstance(of, Mapping):
        found: Value | None = None
        for known, value in of.items:
            equal = equality(known, key)
            if equal is None:
                return Unresolved(span=span, reason="which item is meant cannot be told")
            if equal:
                found = value
        if found is None:
            return Unresolved(span=span, reason="there is no such item")
        return replace(found, span=span)
    number = key.value if isinstance(key, Constant) else None
    if isinstance(number, int):
        if isinstance(of, Sequence) and of.kind != "set":
            if -len(of.items) <= number < len(of.items):
                return replace(of.items[number], span=span)
            return Unresolved(span=span, reason="there is no such item")
        if isinstance(of, Constant) and isinstance(of.value, str):
            if -len(of.value) <= number < len(of.value):
                return Constant(span=span, value=of.value[number])
            return Unresolved(span=span, reason="there is no such character")
    return Unresolved(span=span, reason="which item is meant cannot be told")


def _sliced(run: Evaluator, of: Value, node: ast.Slice, scope: Scope, span: Span) -> Value:
    bounds: list[int | None] = []
    for bound in (node.lower, node.upper, node.step):
        value = run.evaluate(bound, scope) if bound is not None else None
        if isinstance(value, Constant) and isinstance(value.value, int):
            bounds.append(value.value)
        elif value is None or (isinstance(value, Constant) and value.value is None):
            bounds.append(None)
        else:
            return Unresolved(span=span, reason="which part is meant cannot be told")
    if isinstance(of, External) and of.path == "sys.version_info":
        return Subscript(span=span, of=of, items=())
    if bounds[2] == 0:
        return Unresolved(span=span, reason="this fails when it runs: the step is zero")
    part = slice(*bounds)
    if isinstance(of, Sequence) and of.kind != "set":
        return Sequence(span=span, kind=of.kind, items=of.items[part])
    if isinstance(of, Constant) and isinstance(of.value, (str, bytes)):
        return Constant(span=span, value=of.value[part])
    return Unresolved(span=span, reason="which part is meant cannot be told")


def unpacked(value: Value, path: tuple[int, ...]) -> Value:
    """What `a, b = value` gives the name that `path` leads to."""
    for number in path:
        if isinstance(value, Unresolved):
            return value
        if isinstance(value, Sequence) and value.kind != "set" and number < len(value.items):
            value = value.items[number]
        else:
            return Unresolved(span=value.span, reason="what this is unpacked to cannot be told")
    return value


def _version_part(key: Value, of: External, span: Span) -> Value:
    if isinstance(key, Constant) and key.value == 0:
        return Constant(span=span, value=_OLDEST[0])
    return Attribute(span=span, of=of, name="minor")


def compared_version(left: Value, sign: str, right: Value, span: Span) -> Constant | None:
    """`sys.version_info >= (3, 11)`, where all Pythons of today give the same answer."""
    if isinstance(left, Subscript):
        left = left.of
    if not (isinstance(left, External) and left.path == "sys.version_info"):
        return None
    if not isinstance(right, Sequence):
        return None
    parts = []
    for part in right.items:
        if not (isinstance(part, Constant) and isinstance(part.value, int)):
            return None
        parts.append(part.value)
    asked = tuple(parts)
    compare = _COMPARISONS.get(sign)
    if compare is None:
        return None
    pythons = range(_OLDEST[1], _NEWEST_KNOWN[1] + 1)
    answers = {compare((3, minor, 99), asked) for minor in pythons}
    if len(answers) == 1:
        return Constant(span=span, value=answers.pop())
    return None
