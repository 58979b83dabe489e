"""Operators over values, as Python computes them; what is not plain data stays an `Operation`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.values import (
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
from schemalint.source import Span

LONGEST_TEXT = 20_000
MOST_ITEMS = 5_000
_LARGEST_NUMBER = 10**40
_STAR = re.compile(r"%[-+ #0-9.]*\*")  # a width that an argument gives

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
    ast.And: "and",
    ast.Or: "or",
}

_COMPUTED: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def binary(sign: str, left: Value, right: Value, span: Span) -> Value:
    """`left sign right`."""
    for side, other in ((left, right), (right, left)):
        optional = sign == "|" and isinstance(other, Constant) and other.value is None
        if isinstance(side, Unresolved) and not optional:  # `Something | None` is a type
            return Unresolved(span=span, reason=side.reason)
    if sign in ("==", "!=", "is", "is not"):
        equal = equality(left, right) if sign in ("==", "!=") else _identity(left, right)
        if equal is not None:
            return Constant(span=span, value=equal == (sign in ("==", "is")))
    elif sign in ("in", "not in"):
        held = _contains(right, left)
        if held is not None:
            return Constant(span=span, value=held == (sign == "in"))
    elif isinstance(left, Sequence) or isinstance(right, Sequence):
        found = _sequences(sign, left, right, span)
        if found is not None:
            return found
    elif isinstance(left, Mapping) and isinstance(right, Mapping) and sign == "|":
        return merged(left, right.items, span)
    else:
        found = _constants(sign, left, right, span)
        if found is not None:
            return found
    return Operation(span=span, operator=sign, operands=(left, right))


def unary(sign: str, operand: Value, span: Span) -> Value:
    """`sign operand`."""
    if isinstance(operand, Unresolved):
        return Unresolved(span=span, reason=operand.reason)
    if sign == "not":
        decided = truth(operand)
        if decided is not None:
            return Constant(span=span, value=not decided)
    elif isinstance(operand, Constant) and isinstance(operand.value, (int, float)):
        number = operand.value
        if sign == "-":
            return Constant(span=span, value=-number)
        if sign == "+":
            return Constant(span=span, value=+number)
        if isinstance(number, int):
            return Constant(span=span, value=-int(number) - 1)
    return Operation(span=span, operator=sign, operands=(operand,))


def truth(value: Value) -> bool | None:
    """Whether `if value` holds; None where that cannot be told."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, (Sequence, Mapping)):
        return bool(value.items)
    if isinstance(value, (ClassValue, FunctionValue, ModuleValue)):
        return True
    if isinstance(value, External) and value.path == "typing.TYPE_CHECKING":
        return False
    made = value.callee if isinstance(value, Call) else value
    if isinstance(made, External) and made.path.startswith("sqlalchemy."):
        # A class of SQLAlchemy, `Integer`, or an object of it; its functions give expressions,
        # which have no truth.
        return True if made.path.rpartition(".")[2][:1].isupper() else None
    return None


def merged(mapping: Mapping, items: tuple[tuple[Value, Value], ...], span: Span) -> Mapping:
    """A mapping with more items; a key that is there keeps its place, as in Python."""
    result = list(mapping.items)
    for key, value in items:
        for number, (known, _) in enumerate(result):
            if equality(known, key):
                result[number] = (known, value)
                break
        else:
            result.append((key, value))
    return Mapping(span=span, items=tuple(result))


def equality(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None where that cannot be told."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return bool(left.value == right.value)
    if isinstance(left, ClassValue) and isinstance(right, ClassValue):
        return class_key(left) == class_key(right)
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return _same_member(left, right)
    if isinstance(left, External) and isinstance(right, External):
        return True if left.path == right.path else None
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Constant) and one.value is None and _is_something(other):
            return False
    return None


def _identity(left: Value, right: Value) -> bool | None:
    """Whether two values are one object; None where that cannot be told."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        if not ({type(left.value), type(right.value)} & {bool, type(None)}):
            return None
        return type(left.value) is type(right.value) and left.value == right.value
    return equality(left, right)


def _same_member(left: Value, right: Value) -> bool | None:
    if not (isinstance(left, EnumMember) and isinstance(right, EnumMember)):
        return None
    return left.name == right.name and class_key(left.enum) == class_key(right.enum)


def _is_something(value: Value) -> bool:
    """Whether a value certainly is not None."""
    kinds = (Sequence, Mapping, ClassValue, FunctionValue, ModuleValue, EnumMember, Subscript)
    if isinstance(value, kinds):
        return True
    if isinstance(value, Call):
        return isinstance(value.callee, ClassValue)
    return isinstance(value, External) and value.path.startswith(("builtins.", "sqlalchemy."))


def _contains(container: Value, item: Value) -> bool | None:
    if isinstance(container, Mapping):
        items = [key for key, _ in container.items]
    elif isinstance(container, Sequence):
        items = list(container.items)
    elif isinstance(container, Constant) and isinstance(container.value, str):
        if isinstance(item, Constant) and isinstance(item.value, str):
            return item.value in container.value
        return None
    else:
        return None
    answers = [equality(known, item) for known in items]
    if True in answers:
        return True
    return None if None in answers else False


def _sequences(sign: str, left: Value, right: Value, span: Span) -> Value | None:
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if sign == "+" and left.kind == right.kind:
            if len(left.items) + len(right.items) > MOST_ITEMS:
                return Unresolved(span=span, reason="this list is too long to be followed")
            return Sequence(span=span, kind=left.kind, items=left.items + right.items)
        if sign == "|" and left.kind == right.kind == "set":
            return Sequence(span=span, kind="set", items=left.items + right.items)
        return None
    if sign == "*" and isinstance(left, Sequence) and isinstance(right, Constant):
        times = right.value
        if isinstance(times, int) and len(left.items) * times <= MOST_ITEMS:
            return Sequence(span=span, kind=left.kind, items=left.items * times)
    return None


def _constants(sign: str, left: Value, right: Value, span: Span) -> Value | None:
    if isinstance(left, EnumMember) or isinstance(right, EnumMember):
        return None
    if isinstance(left, Constant) and sign == "%" and isinstance(left.value, str):
        return _formatted(left.value, right, span)
    if not (isinstance(left, Constant) and isinstance(right, Constant)):
        return None
    if not _bearable(sign, left.value, right.value):
        return Unresolved(span=span, reason="this is too large to be computed")
    compute = _COMPUTED.get(sign)
    if compute is None or left.value is None or right.value is None:
        return None
    try:
        return Constant(span=span, value=compute(left.value, right.value))
    except Exception as error:
        return Unresolved(span=span, reason=f"this fails when it runs: {error}")


def _bearable(sign: str, left: object, right: object) -> bool:
    """Whether the result is of a bearable size."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (str, bytes)):
            if isinstance(other, (str, bytes)):
                return len(one) + len(other) <= LONGEST_TEXT
            return not isinstance(other, int) or len(one) * other <= LONGEST_TEXT
    for number in (left, right):
        if isinstance(number, (int, float)) and abs(number) > _LARGEST_NUMBER:
            return False
    if sign in ("**", "<<"):
        return isinstance(right, (int, float)) and abs(right) <= 128
    return True


def _formatted(text: str, right: Value, span: Span) -> Value | None:
    """`"..." % right`."""
    operand: object
    if isinstance(right, Constant):
        operand = right.value
    elif isinstance(right, Sequence) and right.kind == "tuple":
        items = [item.value for item in right.items if isinstance(item, Constant)]
        if len(items) != len(right.items):
            return None
        operand = tuple(items)
    elif isinstance(right, Mapping):
        operand = constants_of(right)
        if operand is None:
            return None
    else:
        return None
    if has_wide_number(text) or _STAR.search(text):
        return Unresolved(span=span, reason="this is too large to be computed")
    try:
        result = text % operand
    except Exception as error:
        return Unresolved(span=span, reason=f"this fails when it runs: {error}")
    return Constant(span=span, value=result)


def constants_of(mapping: Mapping) -> dict[str, Any] | None:
    """A mapping of names to constants as a dict; None where it is not one."""
    result = {}
    for key, value in mapping.items:
        if not (isinstance(key, Constant) and isinstance(key.value, str)):
            return None
        if not isinstance(value, Constant):
            return None
        result[key.value] = value.value
    return result


def has_wide_number(text: str) -> bool:
    """Whether a format could ask for thousands of characters."""
    run = 0
    for character in text:
        run = run + 1 if character.isdigit() else 0
        if run > 3:
            return True
    return False
