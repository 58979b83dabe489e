"""Calls: functions of the project followed, known functions computed, all others kept."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel import (
    comprehensions,
    enums,
    functions,
    known_functions,
    made_classes,
    text,
)
from schemalint.loaders.sqlmodel.scopes import Scope
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
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluate import Evaluator

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


def special(
    run: Evaluator,
    node: ast.Call,
    callee: Value,
    args: tuple[Value, ...],
    scope: Scope,
    span: Span,
) -> Value | None:
    """Calls that make classes, which need the expressions of their arguments."""
    path = callee.path if isinstance(callee, External) else ""
    if path == "builtins.type" and len(node.args) == 3:
        return made_classes.by_type(run, node, args, scope, span)
    made = made_classes.functional_enum(run, node, callee, args, scope, span)
    if made is not None:
        return made
    if path == "builtins.super":
        return Unresolved(span=span, reason="`super()` is not followed")
    return None


def call(
    run: Evaluator,
    callee: Value,
    args: tuple[Value, ...],
    keywords: tuple[tuple[str, Value], ...],
    span: Span,
) -> Value:
    """The value of a call."""
    if isinstance(callee, Unresolved):
        return Unresolved(span=span, reason=callee.reason)
    if isinstance(callee, FunctionValue):
        return _followed(run, callee, args, keywords, span)
    if isinstance(callee, ClassValue):
        if len(args) == 1:
            member = enums.by_value(run, callee, args[0], span)
            if member is not None:
                return member
        return Call(span=span, callee=callee, args=args, keywords=keywords)
    if isinstance(callee, Call) and isinstance(callee.callee, External):
        if callee.callee.path == "functools.partial" and callee.args:
            given = {name for name, _ in keywords}
            before = tuple(item for item in callee.keywords if item[0] not in given)
            all_args = (*callee.args[1:], *args)
            return call(run, callee.args[0], all_args, (*before, *keywords), span)
    if isinstance(callee, External):
        found = known_functions.call(run, callee.path, args, keywords, span)
        if found is not None:
            return found
    if isinstance(callee, Attribute):
        found = _method(run, callee, args, keywords, span)
        if found is not None:
            return found
    if isinstance(callee, (Constant, Sequence, Mapping)):
        return Unresolved(span=span, reason=f"`{span.text[:40]}` calls what is no function")
    return Call(span=span, callee=callee, args=args, keywords=keywords)


def _followed(
    run: Evaluator,
    function: FunctionValue,
    args: tuple[Value, ...],
    keywords: tuple[tuple[str, Value], ...],
    span: Span,
) -> Value:
    if run.calls_deep >= _DEEPEST_CALLS:
        return Unresolved(span=span, reason=f"`{function.name}` calls itself, or too many others")
    run.calls_deep += 1
    try:
        return functions.inlined(run, function, args, keywords, span)
    finally:
        run.calls_deep -= 1


def _method(
    run: Evaluator,
    callee: Attribute,
    args: tuple[Value, ...],
    keywords: tuple[tuple[str, Value], ...],
    span: Span,
) -> Value | None:
    """A method of what is fully known."""
    of = callee.of
    if isinstance(of, EnumMember) and of.value is not None:
        of = of.value
    if isinstance(of, Constant) and isinstance(of.value, (str, bytes)):
        return text.method(of.value, callee.name, args, keywords, span)
    if isinstance(of, Mapping):
        return known_functions.of_mapping(of, callee.name, args, span)
    if isinstance(of, Sequence):
        return known_functions.of_sequence(of, callee.name, args, span)
    if isinstance(of, Call) and isinstance(of.callee, External):
        return known_functions.of_call(run, of, callee.name, args, keywords, span)
    return None
