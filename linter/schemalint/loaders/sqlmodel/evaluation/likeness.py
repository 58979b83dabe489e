"""Whether two values are the same thing, wherever they were written; and how large a value is."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Mapping,
    ModuleValue,
    Operation,
    Sequence,
    Subscript,
    Unresolved,
    Value,
)


def class_key(cls: ClassValue) -> tuple[str, int, int]:
    """What tells classes apart: a factory's class is another one for each call of the factory."""
    scope = id(cls.scope) if isinstance(cls.scope, LocalScope) else 0
    return (cls.module, id(cls.node), scope)


def alike(one: Value, other: Value) -> bool:
    """Whether two values are alike, places aside. What is unresolved is like nothing, unless both
    are the same name."""
    pairs = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        if left is right:
            continue
        if type(left) is not type(right):
            return False
        if isinstance(left, Unresolved) and isinstance(right, Unresolved):
            if left.origin is None or left.origin != right.origin:
                return False
            continue
        if not _same_itself(left, right):
            return False
        inside, others = parts(left), parts(right)
        if len(inside) != len(others):
            return False
        pairs.extend(zip(inside, others, strict=True))
    return True


def _same_itself(one: Value, other: Value) -> bool:
    """Whether two values of one kind are alike, their parts aside."""
    if isinstance(one, Constant) and isinstance(other, Constant):
        return type(one.value) is type(other.value) and one.value == other.value
    if isinstance(one, ClassValue) and isinstance(other, ClassValue):
        return class_key(one) == class_key(other)
    if isinstance(one, FunctionValue) and isinstance(other, FunctionValue):
        return one.node is other.node and one.scope is other.scope
    if isinstance(one, EnumMember) and isinstance(other, EnumMember):
        return one.name == other.name and class_key(one.enum) == class_key(other.enum)
    if isinstance(one, External) and isinstance(other, External):
        return one.path == other.path
    if isinstance(one, ModuleValue) and isinstance(other, ModuleValue):
        return one.name == other.name
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return one.kind == other.kind
    if isinstance(one, Attribute) and isinstance(other, Attribute):
        return one.name == other.name
    if isinstance(one, Operation) and isinstance(other, Operation):
        return one.operator == other.operator
    if isinstance(one, Call) and isinstance(other, Call):
        names = [name for name, _ in one.keywords]
        return names == [name for name, _ in other.keywords] and len(one.args) == len(other.args)
    return True


def parts(value: Value) -> list[Value]:
    """The values that a value is made of."""
    if isinstance(value, Sequence):
        return list(value.items)
    if isinstance(value, Mapping):
        return [part for item in value.items for part in item]
    if isinstance(value, Call):
        return [value.callee, *value.args, *(keyword for _, keyword in value.keywords)]
    if isinstance(value, Attribute):
        return [value.of]
    if isinstance(value, Subscript):
        return [value.of, *value.items]
    if isinstance(value, Operation):
        return list(value.operands)
    return []


def weight(value: Value, limit: int) -> int:
    """How many values a value holds, itself included; counted no further than `limit`."""
    count = 0
    stack = [value]
    while stack and count < limit:
        count += 1
        stack.extend(parts(stack.pop()))
    return count + len(stack)
