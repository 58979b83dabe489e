"""Statements that change a list, a dict or a set which is fully known."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import comprehensions
from schemalint.loaders.sqlmodel.evaluation.operators import merged
from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
from schemalint.loaders.sqlmodel.values import Constant, Mapping, Sequence, Unresolved, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator


def after(run: Evaluator, held: Sequence | Mapping, node: ast.stmt, scope: Scope) -> Value:
    """What `held` is after the statement; Unresolved where the change is not followed."""
    span = scope.module.span(node)
    found: Value | None = None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Attribute):
            args = [run.evaluate(arg, scope) for arg in call.args]
            named = [(word.arg, run.evaluate(word.value, scope)) for word in call.keywords]
            if isinstance(held, Sequence):
                found = _sequence_after(run, held, call.func.attr, args, span)
            else:
                found = _mapping_after(held, call.func.attr, args, named, span)
    elif isinstance(node, ast.Assign) and isinstance(held, Mapping) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            key = run.evaluate(target.slice, scope)
            if isinstance(key, Constant):
                found = merged(held, ((key, run.evaluate(node.value, scope)),), span)
    if found is None:
        return Unresolved(span=span, reason="how this is changed afterwards is not followed")
    return run.bearable(found)


def _sequence_after(
    run: Evaluator, held: Sequence, method: str, args: list[Value], span: Span
) -> Value | None:
    if method in ("append", "add") and len(args) == 1:
        return Sequence(span=span, kind=held.kind, items=(*held.items, args[0]))
    if method in ("extend", "update") and len(args) == 1:
        more = comprehensions.items_of(run, args[0])
        if more is not None:
            return Sequence(span=span, kind=held.kind, items=(*held.items, *more))
    if method == "insert" and len(args) == 2 and isinstance(args[0], Constant):
        at = args[0].value
        if isinstance(at, int):
            items = list(held.items)
            items.insert(at, args[1])
            return Sequence(span=span, kind=held.kind, items=tuple(items))
    return None


def _mapping_after(
    held: Mapping, method: str, args: list[Value], named: list[tuple[str | None, Value]], span: Span
) -> Value | None:
    if method == "update" and len(args) <= 1:
        items: list[tuple[Value, Value]] = []
        for given in args:
            if not isinstance(given, Mapping):
                return None
            items.extend(given.items)
        for name, value in named:
            if name is not None:
                items.append((Constant(span=value.span, value=name), value))
            elif isinstance(value, Mapping):
                items.extend(value.items)
            else:
                return None
        return merged(held, tuple(items), span)
    key = args[0].value if args and isinstance(args[0], Constant) else None
    if not isinstance(key, str) or not _all_constant(held):
        return None
    if method == "setdefault":
        if held.get(key) is not None:
            return held
        value = args[1] if len(args) > 1 else Constant(span=span, value=None)
        return merged(held, ((args[0], value),), span)
    if method == "pop":
        kept = tuple(item for item in held.items if not _is_key(item[0], key))
        return Mapping(span=span, items=kept)
    return None


def _all_constant(held: Mapping) -> bool:
    return all(isinstance(key, Constant) for key, _ in held.items)


def _is_key(value: Value, key: str) -> bool:
    return isinstance(value, Constant) and value.value == key
