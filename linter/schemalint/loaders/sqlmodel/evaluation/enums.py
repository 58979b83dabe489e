"""Enum classes of the project: their members, in order and with their values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.evaluation import classes, functions
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.scopes import ClassScope, LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_ENUMS = words("enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag enum.ReprEnum")


def is_enum(run: Evaluator, cls: ClassValue) -> bool:
    """Whether the class is an enum."""
    order = classes.mro(run, cls)
    if isinstance(order, Unresolved):
        return False
    return any(isinstance(base, External) and base.path in _ENUMS for base in order)


def members(run: Evaluator, cls: ClassValue) -> tuple[EnumMember, ...] | None:
    """The members in their order, aliases left out; None if the class is no enum."""
    named = by_names(run, cls)
    if named is None:
        return None
    return tuple(member for name, member in named.items() if member.name == name)


def by_names(run: Evaluator, cls: ClassValue) -> dict[str, EnumMember] | None:
    """The members by name, an alias being the member that it stands for."""
    if not is_enum(run, cls):
        return None
    key = class_key(cls)
    known = run.enum_members.get(key)
    if known is None:
        # Members may be named in each other's values: they are found as far as they are known.
        run.enum_members[key] = known = {}
        _find(run, cls, known)
    return known


def by_name(run: Evaluator, cls: ClassValue, name: Value, span: Span) -> Value | None:
    """`Status["A"]`; None if the class is no enum."""
    named = by_names(run, cls)
    if named is None:
        return None
    if isinstance(name, Constant) and isinstance(name.value, str) and name.value in named:
        return run.placed(named[name.value], span)
    return Unresolved(span=span, reason=f"`{cls.name}` has no such member")


def by_value(run: Evaluator, cls: ClassValue, value: Value, span: Span) -> Value | None:
    """`Status("a")`; None if the class is no enum."""
    found = members(run, cls)
    if found is None:
        return None
    if isinstance(value, EnumMember) and class_key(value.enum) == class_key(cls):
        return run.placed(value, span)
    if isinstance(value, Constant):
        for member in found:
            if member.value is not None and member.value.value == value.value:
                return run.placed(member, span)
    return Unresolved(span=span, reason=f"which member of `{cls.name}` this is cannot be told")


def _find(run: Evaluator, cls: ClassValue, found: dict[str, EnumMember]) -> None:
    body = classes.body_of(run, cls)
    scope = classes.scope_of(run, cls)
    ignored = _ignored(run, scope)
    bases = _external_bases(run, cls)
    maker = classes.attribute_of(run, cls, "__new__", cls.span)
    for binding in body.order:
        name = binding.name
        if binding.kind not in ("value", "unpacked") or name.startswith("_") or name in ignored:
            continue
        value = run.bound(binding, scope)
        if isinstance(value, FunctionValue) or _is_nonmember(value):
            continue
        path = _called(value)
        if isinstance(value, Call) and path in ("enum.member", "enum.auto"):
            if path == "enum.member" and value.args:
                value = value.args[0]
            elif path == "enum.auto":
                value = _auto(run, cls, name, found, value.span)
        if maker is not None:
            value = _made_value(run, maker, cls, value)
        constant = _value(value, bases)
        first = _with_value(found, constant)
        span = run.modules.module(cls.module).span(_target(binding.node, name))
        found[name] = first or EnumMember(span=span, enum=cls, name=name, value=constant)


def _target(node: ast.stmt, name: str) -> ast.AST:
    """The name that a member's assignment defines."""
    for target in node.targets if isinstance(node, ast.Assign) else []:
        for inner in ast.walk(target):
            if isinstance(inner, ast.Name) and inner.id == name:
                return inner
    return node.target if isinstance(node, ast.AnnAssign) else node


def _ignored(run: Evaluator, scope: ClassScope) -> set[str]:
    bindings = scope.body.bindings.get("_ignore_")
    if not bindings:
        return set()
    value = run.bound(bindings[-1], scope)
    if isinstance(value, Constant) and isinstance(value.value, str):
        return set(value.value.replace(",", " ").split())
    if isinstance(value, Sequence):
        return {str(item.value) for item in value.items if isinstance(item, Constant)}
    return set()


def _external_bases(run: Evaluator, cls: ClassValue) -> set[str]:
    order = classes.mro(run, cls)
    if isinstance(order, Unresolved):
        return set()
    return {base.path for base in order if isinstance(base, External)}


def _is_nonmember(value: Value) -> bool:
    """Whether the enum keeps the value as it is: functions, and what says that it is none."""
    return _called(value) in ("enum.nonmember", "builtins.property", "functools.partial")


def _called(value: Value) -> str:
    """The canonical path of what a call calls."""
    callee = value.callee if isinstance(value, Call) else None
    return callee.path if isinstance(callee, External) else ""


def _auto(
    run: Evaluator, cls: ClassValue, name: str, found: dict[str, EnumMember], span: Span
) -> Value:
    """The value that `auto()` gives."""
    own = classes.attribute_of(run, cls, "_generate_next_value_", span)
    bases = _external_bases(run, cls)
    values = [member.value for member in found.values()]
    if isinstance(own, FunctionValue):
        known = tuple(value for value in values if value is not None)
        last = Sequence(span=span, kind="list", items=known)
        start = Constant(span=span, value=1)
        count = Constant(span=span, value=len(found))
        return run.call(own, (Constant(span=span, value=name), start, count, last), (), span)
    if "enum.StrEnum" in bases:
        return Constant(span=span, value=name.lower())
    numbers = [value.value if value is not None else None for value in values]
    known_numbers = [number for number in numbers if isinstance(number, int)]
    if len(known_numbers) != len(numbers):
        return Unresolved(span=span, reason="the values before `auto()` are no numbers")
    highest = max(known_numbers, default=0)
    if bases & {"enum.Flag", "enum.IntFlag"}:
        return Constant(span=span, value=1 << max(highest, 0).bit_length() if numbers else 1)
    return Constant(span=span, value=highest + 1)


def _made_value(run: Evaluator, maker: Value, cls: ClassValue, value: Value) -> Value:
    """The `_value_` that the enum's own `__new__` sets for a member written as `value`."""
    unknown = Unresolved(span=value.span, reason="what `__new__` makes of it cannot be told")
    if not isinstance(maker, FunctionValue) or not isinstance(maker.node, ast.FunctionDef):
        return unknown
    args = value.items if isinstance(value, Sequence) and value.kind == "tuple" else (value,)
    outer = maker.scope
    if not isinstance(outer, Scope):
        return unknown
    names = functions.bound_arguments(maker, Given(run, (cls, *args), (), value.span), outer)
    if isinstance(names, Unresolved):
        return unknown
    scope = LocalScope(names, run.seen_by_function(outer))
    for node in maker.node.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Attribute) and target.attr == "_value_":
            return run.evaluate(node.value, scope) if isinstance(node, ast.Assign) else unknown
    return unknown


def _value(value: Value, bases: set[str]) -> Constant | None:
    """What a member's `.value` is, if that is a constant."""
    if isinstance(value, EnumMember):
        value = value.value or Unresolved(span=value.span, reason="")
    if isinstance(value, Sequence) and value.kind == "tuple" and "builtins.str" in bases:
        value = value.items[0] if len(value.items) == 1 else value
    if not isinstance(value, Constant):
        return None
    if bases & {"builtins.str", "enum.StrEnum"} and not isinstance(value.value, str):
        return Constant(span=value.span, value=str(value.value))
    return value


def _with_value(found: dict[str, EnumMember], constant: Constant | None) -> EnumMember | None:
    if constant is None:
        return None
    for member in found.values():
        if member.value is not None and member.value.value == constant.value:
            return member
    return None
