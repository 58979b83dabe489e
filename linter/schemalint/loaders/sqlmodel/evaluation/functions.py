"""Functions of the project, followed from their arguments to what they return."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemalint.loaders.sqlmodel.evaluation import changes
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding
from schemalint.loaders.sqlmodel.evaluation.execution import Execution
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.likeness import alike, class_key
from schemalint.loaders.sqlmodel.evaluation.scopes import (
    ClassScope,
    LocalScope,
    ModuleScope,
    Scope,
)
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
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
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_ACCESSOR = "builtins.property.setter"
_SPREAD = "the arguments that `*` and `**` take in cannot be told"
# Decorators that leave what a call returns as it is.
_HARMLESS = frozenset(
    {
        "builtins.staticmethod",
        "builtins.classmethod",
        "builtins.property",
        "builtins.property.setter",
        "functools.cache",
        "functools.lru_cache",
        "functools.cached_property",
        "functools.wraps",
        "abc.abstractmethod",
        "typing.no_type_check",
        "typing.final",
        "typing.override",
        "typing.overload",
        "sqlalchemy.orm.declared_attr",
        "sqlalchemy.orm.declared_attr.directive",
        "sqlalchemy.orm.declared_attr.cascading",
        "sqlalchemy.orm.declarative_mixin",
        "pydantic.computed_field",
        "pydantic.field_serializer",
        "pydantic.field_validator",
        "pydantic.model_serializer",
        "pydantic.model_validator",
        "pydantic.root_validator",
        "pydantic.validate_call",
        "pydantic.validator",
        "sqlalchemy.event.listens_for",
        "sqlalchemy.ext.hybrid.hybrid_method",
        "sqlalchemy.ext.hybrid.hybrid_property",
        "sqlalchemy.orm.reconstructor",
        "sqlalchemy.orm.validates",
    }
)


def defined(
    run: Evaluator, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope
) -> FunctionValue | Unresolved:
    """The function that a statement defines; Unresolved if a decorator may make it another."""
    module = scope.module
    span = module.span(node)
    for decorator in node.decorator_list:
        path = decorator_path(run, decorator, scope)
        if path not in _HARMLESS:
            shown = ast.unparse(decorator) if path is None else path
            reason = f"`{node.name}` is decorated with `{shown[:60]}`, which may change it"
            return Unresolved(span=span, reason=reason)
    return FunctionValue(span=span, name=node.name, module=module.name, node=node, scope=scope)


def decorator_path(run: Evaluator, decorator: ast.expr, scope: Scope) -> str | None:
    """The canonical path of a decorator, called or not; None where it is the project's own."""
    value = run.evaluate(decorator, scope)
    if isinstance(value, Call):
        value = value.callee
    if isinstance(value, Attribute) and isinstance(value.of, FunctionValue):
        return _ACCESSOR  # `@name.setter` behind a property `name`
    return value.path if isinstance(value, External) else None


def inlined(function: FunctionValue, given: Given) -> Value:
    """What a call of the function returns: looked for once, where it is given constants and
    classes and gives a constant, or what cannot be told, whenever it is asked."""
    run = given.run
    key = None if run.heard is not None else _call_key(function, given)
    known = None if key is None else run.returned.get(key)
    if known is not None:
        return run.placed(known[1], given.span)
    before = run.momentary
    value = _followed(function, given)
    if key is not None and run.momentary == before and isinstance(value, (Constant, Unresolved)):
        # The node is kept with the answer, so that no other node can take its number.
        run.returned[key] = (function.node, value)
    return value


def _call_key(function: FunctionValue, given: Given) -> tuple[object, ...] | None:
    """What tells calls of a module's or a class's function apart; None where it takes more."""
    scope = function.scope
    while isinstance(scope, ClassScope):
        scope = scope.outer
    if not isinstance(scope, ModuleScope):
        return None
    key: list[object] = [id(function.node)]
    for value in (*given.args, *(value for _, value in given.keywords)):
        if isinstance(value, Constant):
            key.append((type(value.value), value.value))
        elif isinstance(value, ClassValue):
            key.append(class_key(value))
        else:
            return None
    return (*key, *(name for name, _ in given.keywords))


def _followed(function: FunctionValue, given: Given) -> Value:
    run, span = given.run, given.span
    node = function.node
    outer = function.scope
    if not isinstance(outer, Scope):
        return _lost(run, span, f"what `{function.name}` sees is not known")
    if isinstance(node, ast.AsyncFunctionDef) or _is_generator(run, node):
        return _lost(run, span, f"`{function.name}` is no plain function")
    names = bound_arguments(function, given, outer)
    if isinstance(names, Unresolved):
        return _lost(run, span, names.reason)
    scope = LocalScope(names, run.seen_by_function(outer))
    if isinstance(node, ast.Lambda):
        return run.evaluate(node.body, scope)
    return Execution(run, function.name, span).result(node.body, scope)


def _lost(run: Evaluator, span: Span, reason: str) -> Unresolved:
    if run.heard is not None:
        run.heard.lost(span, reason)
    return Unresolved(span=span, reason=reason)


def _is_generator(run: Evaluator, node: ast.FunctionDef | ast.Lambda) -> bool:
    known = run.generators.get(id(node))
    if known is None:
        # The node is kept with the answer, so that no other node can take its number.
        run.generators[id(node)] = known = (node, _yields(node))
    return known[1]


def _yields(node: ast.FunctionDef | ast.Lambda) -> bool:
    body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    stack: list[ast.AST] = list(body)
    while stack:
        inner = stack.pop()
        if isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Await)):
            return True
        if not isinstance(inner, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(inner))
    return False


def bound_arguments(
    function: FunctionValue, given: Given, outer: Scope
) -> dict[str, Value] | Unresolved:
    """The parameters by name, defaults included."""
    args, keywords, span = given.args, given.keywords, given.span
    for value in args:
        if isinstance(value, Operation) and value.operator == "*" and len(value.operands) == 1:
            return Unresolved(span=span, reason=_SPREAD)
    if any(name == "**" for name, _ in keywords):
        return Unresolved(span=span, reason=_SPREAD)
    parameters = function.node.args
    positional = [*parameters.posonlyargs, *parameters.args]
    names: dict[str, Value] = {}
    for parameter, value in zip(positional, args, strict=False):
        names[parameter.arg] = value
    rest = args[len(positional) :]
    if parameters.vararg is not None:
        names[parameters.vararg.arg] = Sequence(span=span, kind="tuple", items=rest)
    elif rest:
        reason = f"`{function.name}` is called with too many arguments"
        return Unresolved(span=span, reason=reason)
    known = {parameter.arg for parameter in (*parameters.args, *parameters.kwonlyargs)}
    extra: list[tuple[Value, Value]] = []
    for name, value in keywords:
        if name in known:
            names[name] = value
        else:
            extra.append((Constant(span=value.span, value=name), value))
    if parameters.kwarg is not None:
        names[parameters.kwarg.arg] = Mapping(span=span, items=tuple(extra))
    elif extra:
        reason = f"`{function.name}` is called with an argument it does not have"
        return Unresolved(span=span, reason=reason)
    _add_defaults(given.run, parameters, names, outer)
    for parameter in (*positional, *parameters.kwonlyargs):
        if parameter.arg not in names:
            reason = f"`{function.name}` is called without its argument `{parameter.arg}`"
            return Unresolved(span=span, reason=reason)
    return names


def _add_defaults(
    run: Evaluator, parameters: ast.arguments, names: dict[str, Value], outer: Scope
) -> None:
    positional = [*parameters.posonlyargs, *parameters.args]
    defaults = parameters.defaults
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(defaults) :], defaults, strict=True)
    )
    pairs += zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)
    for parameter, default in pairs:
        if default is not None and parameter.arg not in names:
            names[parameter.arg] = run.evaluate(default, outer)


def agreed(values: list[Value], span: Span) -> Value:
    """The one value that all ways lead to."""
    first = values[0]
    if all(alike(first, other) for other in values[1:]):
        return replace(first, span=span)
    for value in values:
        if isinstance(value, Unresolved):
            return Unresolved(span=span, reason=value.reason)
    reason = "this depends on a condition that only the running program knows"
    return Unresolved(span=span, reason=reason)


def changed(run: Evaluator, binding: Binding, scope: ModuleScope | ClassScope) -> Value:
    """What a module's or class's name holds after `NAME.append(...)` or `NAME[...] = ...`."""
    value = run.before(binding, scope)
    if not isinstance(value, (Sequence, Mapping)):
        return value
    return changes.after(run, value, binding.node, scope)
