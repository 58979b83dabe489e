"""Comprehensions over items that are known, and what can be iterated over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import enums, subscripts
from schemalint.loaders.sqlmodel.evaluation.operators import MOST_ITEMS, merged, truth
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    ClassValue,
    Constant,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_UNKNOWN = "what this goes through cannot be told"


class _GiveUpError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def items_of(run: Evaluator, value: Value) -> tuple[Value, ...] | None:
    """What a loop over the value goes through; None where that cannot be told."""
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Mapping):
        return tuple(key for key, _ in value.items)
    if isinstance(value, ClassValue):
        return enums.members(run, value)
    if isinstance(value, Constant) and isinstance(value.value, str) and len(value.value) < 1000:
        return tuple(Constant(span=value.span, value=letter) for letter in value.value)
    return None


def comprehension(
    run: Evaluator,
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
    scope: Scope,
    span: Span,
) -> Value:
    """A list, set, dict or generator made in a loop; a generator counts as a list."""
    try:
        if isinstance(node, ast.DictComp):
            pairs: list[tuple[Value, Value]] = []
            for inner in _rounds(run, node.generators, scope):
                pairs.append((run.evaluate(node.key, inner), run.evaluate(node.value, inner)))
            return run.bearable(merged(Mapping(span=span, items=()), tuple(pairs), span))
        items: list[Value] = []
        for inner in _rounds(run, node.generators, scope):
            items.append(run.evaluate(node.elt, inner))
            if len(items) > MOST_ITEMS:
                raise _GiveUpError("this list is too long to be followed")
    except _GiveUpError as error:
        return Unresolved(span=span, reason=error.reason)
    kind = "set" if isinstance(node, ast.SetComp) else "list"
    return run.bearable(Sequence(span=span, kind=kind, items=tuple(items)))  # type: ignore[arg-type]  # one of the two


def _rounds(run: Evaluator, generators: list[ast.comprehension], scope: Scope) -> Iterator[Scope]:
    """The scope of each round of nested loops."""
    if not generators:
        yield scope
        return
    loop, rest = generators[0], generators[1:]
    over = run.evaluate(loop.iter, scope)
    items = items_of(run, over)
    if items is None:
        raise _GiveUpError(over.reason if isinstance(over, Unresolved) else _UNKNOWN)
    for item in items:
        if reason := run.spend():
            raise _GiveUpError(reason)
        inner = LocalScope({}, scope)
        _assign(loop.target, item, inner.names)
        decided = [truth(run.evaluate(test, inner)) for test in loop.ifs]
        if False in decided:
            continue
        if None in decided:
            raise _GiveUpError("which items are taken cannot be told")
        yield from _rounds(run, rest, inner)


def _assign(target: ast.expr, value: Value, names: dict[str, Value]) -> None:
    if isinstance(target, ast.Name):
        names[target.id] = value
    elif isinstance(target, (ast.Tuple, ast.List)):
        for number, inner in enumerate(target.elts):
            _assign(inner, subscripts.unpacked(value, (number,)), names)
