"""Classes that calls make: `type("Name", (Base,), {...})`, `Enum("Name", "a b")`.

They become class statements, whose parts are the expressions of the call.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel import comprehensions, enums
from schemalint.loaders.sqlmodel.scopes import Scope
from schemalint.loaders.sqlmodel.values import (
    ClassValue,
    Constant,
    External,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluate import Evaluator

_ENUMS = frozenset("enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag".split())


def by_type(
    run: Evaluator, node: ast.Call, args: tuple[Value, ...], scope: Scope, span: Span
) -> Value:
    """`type(name, bases, namespace)`."""
    name = args[0].value if args and isinstance(args[0], Constant) else None
    bases, namespace = node.args[1], node.args[2]
    if not isinstance(name, str) or not isinstance(bases, (ast.Tuple, ast.List)):
        return Unresolved(span=span, reason="the class that `type` makes here is not followed")
    if not isinstance(namespace, ast.Dict):
        return Unresolved(span=span, reason="the class that `type` makes here is not followed")
    annotations = _annotations(namespace)
    body: list[ast.stmt] = []
    for key, value in zip(namespace.keys, namespace.values, strict=True):
        written = run.evaluate(key, scope) if key is not None else None
        attribute = written.value if isinstance(written, Constant) else None
        if not isinstance(attribute, str) or key is None:
            return Unresolved(span=span, reason="the class that `type` makes here is not followed")
        if attribute == "__annotations__":
            continue
        body.append(_assignment(attribute, key, value, annotations.pop(attribute, None)))
    for attribute, annotation in annotations.items():
        body.append(_assignment(attribute, annotation, None, annotation))
    return _class(run, node, name, list(bases.elts), node.keywords, body, scope)


def _annotations(namespace: ast.Dict) -> dict[str, ast.expr]:
    for key, value in zip(namespace.keys, namespace.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "__annotations__":
            if isinstance(value, ast.Dict):
                return {
                    inner.value: annotation
                    for inner, annotation in zip(value.keys, value.values, strict=True)
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                }
    return {}


def functional_enum(
    run: Evaluator, node: ast.Call, callee: Value, args: tuple[Value, ...], scope: Scope, span: Span
) -> Value | None:
    """`Enum("Name", "a b")`, `MyEnum("Name", [("A", 1)])`; None if this is something else."""
    if len(node.args) + sum(word.arg == "names" for word in node.keywords) != 2:
        return None
    own = isinstance(callee, ClassValue) and enums.is_enum(run, callee)
    if not own and not (isinstance(callee, External) and callee.path in _ENUMS):
        return None
    name = args[0].value if args and isinstance(args[0], Constant) else None
    names = run.evaluate(
        node.args[1] if len(node.args) == 2 else node.keywords[_names(node)].value, scope
    )
    members = _members(run, names)
    if not isinstance(name, str) or members is None:
        return Unresolved(span=span, reason="the members of this enum cannot be told")
    auto = ast.copy_location(ast.Name("auto", ast.Load()), node)
    body: list[ast.stmt] = []
    for number, (member, value) in enumerate(members, 1):
        constant = value if isinstance(value, Constant) else Constant(span=span, value=number)
        text_enum = isinstance(callee, External) and callee.path == "enum.StrEnum"
        if value is None and text_enum:
            constant = Constant(span=span, value=member.lower())
        written = ast.copy_location(ast.Constant(constant.value), node)
        body.append(_assignment(member, auto, written, None))
    if any(value is not None and not isinstance(value, Constant) for _, value in members):
        return Unresolved(span=span, reason="the members of this enum cannot be told")
    mixin = [word.value for word in node.keywords if word.arg == "type"]
    return _class(run, node, name, [*mixin, node.func], [], body, scope)


def _names(node: ast.Call) -> int:
    return next(number for number, word in enumerate(node.keywords) if word.arg == "names")


def _members(run: Evaluator, names: Value) -> list[tuple[str, Value | None]] | None:
    """The names with their values, None standing for the next number."""
    if isinstance(names, Constant) and isinstance(names.value, str):
        return [(name, None) for name in names.value.replace(",", " ").split()]
    found: list[tuple[str, Value | None]] = []
    if isinstance(names, Mapping):
        for key, value in names.items:
            if not (isinstance(key, Constant) and isinstance(key.value, str)):
                return None
            found.append((key.value, value))
        return found
    for item in comprehensions.items_of(run, names) or (names,):
        key, value = (item, None)
        if isinstance(item, Sequence) and len(item.items) == 2:
            key, value = item.items  # type: ignore[assignment]  # two of them
        if not (isinstance(key, Constant) and isinstance(key.value, str)):
            return None
        found.append((key.value, value))
    return found


def _assignment(
    name: str, at: ast.expr, value: ast.expr | None, annotation: ast.expr | None
) -> ast.stmt:
    target = ast.copy_location(ast.Name(name, ast.Store()), at)
    if annotation is not None:
        made: ast.stmt = ast.AnnAssign(target, annotation, value, 1)
    else:
        made = ast.Assign([target], value)  # type: ignore[arg-type]  # a value where no annotation is
    made.lineno, made.col_offset = at.lineno, at.col_offset
    last = value or at
    made.end_lineno, made.end_col_offset = last.end_lineno, last.end_col_offset
    return made


def _class(
    run: Evaluator,
    node: ast.Call,
    name: str,
    bases: list[ast.expr],
    keywords: list[ast.keyword],
    body: list[ast.stmt],
    scope: Scope,
) -> ClassValue:
    key = (id(node), id(scope) if not scope_is_module(scope) else 0)
    made = run.made_classes.get(key)
    if made is None:
        made = ast.copy_location(ast.ClassDef(name, bases, keywords, body, []), node)
        if hasattr(made, "type_params"):
            made.type_params = []
        run.made_classes[key] = made
    return run.class_value(made, scope)


def scope_is_module(scope: Scope) -> bool:
    """Whether a class made here is made but once."""
    from schemalint.loaders.sqlmodel.scopes import LocalScope

    return not isinstance(scope, LocalScope)
