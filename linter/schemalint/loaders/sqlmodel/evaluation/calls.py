"""Calls: functions of the project followed, known functions computed, all others kept."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import (
    comprehensions,
    enums,
    functions,
    known_functions,
    made_classes,
    text,
)
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Mapping,
    Operation,
    Sequence,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_DEEPEST_CALLS = 25
Arguments = tuple[tuple[Value, ...], tuple[tuple[str, Value], ...]]


def arguments(run: Evaluator, node: ast.Call, scope: Scope) -> Arguments:
    """The arguments of a call. What `*x` and `**x` take in stands among them where it is known;
    where not, `*x` is an Operation `*` and `**x` a keyword named `**`."""
    args: list[Value] = []
    for arg in node.args:
        if isinstance(arg, ast.Starred):
            value = run.evaluate(arg.value, scope)
            inner = comprehensions.items_of(run, value)
            if inner is None:
                span = scope.module.span(arg)
                args.append(Operation(span=span, operator="*", operands=(value,)))
            else:
                args.extend(inner)
        else:
            args.append(run.evaluate(arg, scope))
    keywords: list[tuple[str, Value]] = []
    for word in node.keywords:
        value = run.evaluate(word.value, scope)
        if word.arg is not None:
            keywords.append((word.arg, value))
        else:
            keywords.extend(unpacked_keywords(value))
    return tuple(args), tuple(keywords)


def unpacked_keywords(value: Value) -> list[tuple[str, Value]]:
    """The keywords that `**value` gives; one named `**` where they cannot be told."""
    if isinstance(value, Mapping):
        names = []
        for key, inner in value.items:
            if not (isinstance(key, Constant) and isinstance(key.value, str)):
                break
            names.append((key.value, inner))
        else:
            return names
    return [("**", value)]


def special(node: ast.Call, callee: Value, scope: Scope, given: Given) -> Value | None:
    """Calls that make classes, which need the expressions of their arguments."""
    path = callee.path if isinstance(callee, External) else ""
    if path == "builtins.type" and len(node.args) == 3:
        return made_classes.by_type(node, scope, given)
    if path == "builtins.super":
        return Unresolved(span=given.span, reason="`super()` is not followed")
    return made_classes.functional_enum(node, callee, scope, given)


def call(callee: Value, given: Given) -> Value:
    """The value of a call."""
    span = given.span
    if isinstance(callee, Unresolved):
        return Unresolved(span=span, reason=callee.reason)
    if isinstance(callee, FunctionValue):
        return _followed(callee, given)
    if isinstance(callee, ClassValue):
        if len(given.args) == 1:
            member = enums.by_value(given.run, callee, given.args[0], span)
            if member is not None:
                return member
    elif isinstance(callee, Call):
        if _path(callee.callee) == "functools.partial" and callee.args:
            return call(callee.args[0], given.with_first(callee.args[1:], callee.keywords))
    elif isinstance(callee, External):
        found = known_functions.call(callee.path, given)
        if found is not None:
            return found
    elif isinstance(callee, Attribute):
        found = _method(callee, given)
        if found is not None:
            return found
    elif isinstance(callee, (Constant, Sequence, Mapping)):
        return Unresolved(span=span, reason=f"`{span.text[:40]}` calls what is no function")
    return Call(span=span, callee=callee, args=given.args, keywords=given.keywords)


def _path(value: Value) -> str:
    return value.path if isinstance(value, External) else ""


def _followed(function: FunctionValue, given: Given) -> Value:
    run = given.run
    if run.calls_deep >= _DEEPEST_CALLS:
        run.momentary += 1
        reason = f"`{function.name}` calls itself, or too many others"
        return Unresolved(span=given.span, reason=reason)
    run.calls_deep += 1
    try:
        return functions.inlined(function, given)
    finally:
        run.calls_deep -= 1


def _method(callee: Attribute, given: Given) -> Value | None:
    """A method of what is fully known."""
    of, name = callee.of, callee.name
    if isinstance(of, EnumMember) and of.value is not None:
        of = of.value
    if isinstance(of, Constant) and isinstance(of.value, (str, bytes)):
        return text.method(of.value, name, given)
    if isinstance(of, Mapping):
        return known_functions.of_mapping(of, name, given.args, given.span)
    if isinstance(of, Sequence):
        return known_functions.of_sequence(of, name, given.args, given.span)
    if isinstance(of, Call):
        return known_functions.of_call(of, name, given)
    return None
