"""Classes that calls make: `type("Name", (Base,), {...})`, `Enum("Name", "a b")`.

They become class statements, whose parts are the expressions of the call.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.evaluation import comprehensions, enums
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    ClassValue,
    Constant,
    External,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# Names with underscores that say something of a table.
_SIGNIFICANT = frozenset(
    {
        "__abstract__",
        "__annotations__",
        "__mapper_args__",
        "__table__",
        "__table_args__",
        "__tablename__",
    }
)
_ENUMS = words("enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag")


def by_type(node: ast.Call, scope: Scope, given: Given) -> Value:
    """`type(name, bases, namespace)`."""
    run, args, span = given.run, given.args, given.span
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
    head = ast.ClassDef(name, list(bases.elts), node.keywords, body, [])
    return _class(run, node, head, scope)


def _annotations(namespace: ast.Dict) -> dict[str, ast.expr]:
    for key, value in zip(namespace.keys, namespace.values, strict=True):
        named = isinstance(key, ast.Constant) and key.value == "__annotations__"
        if named and isinstance(value, ast.Dict):
            return {
                inner.value: annotation
                for inner, annotation in zip(value.keys, value.values, strict=True)
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
            }
    return {}


def functional_enum(node: ast.Call, callee: Value, scope: Scope, given: Given) -> Value | None:
    """`Enum("Name", "a b")`, `MyEnum("Name", [("A", 1)])`; None if this is something else."""
    run, args, span = given.run, given.args, given.span
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
    head = ast.ClassDef(name, [*mixin, node.func], [], body, [])
    return _class(run, node, head, scope)


def with_attribute(
    run: Evaluator, cls: ClassValue, name: str, value: Value, node: ast.stmt
) -> ClassValue:
    """The class after `cls.name = value` in the function that makes it."""
    if name.startswith("__") and name not in _SIGNIFICANT:
        return cls
    outer = cls.scope
    if not isinstance(outer, Scope):
        return cls
    hidden = f"<{name}>"  # no name that the source could have
    at = ast.copy_location(ast.Name(hidden, ast.Load()), node)
    old = cls.node
    body = [*old.body, _assignment(name, at, at, None)]
    made = ast.ClassDef(old.name, old.bases, old.keywords, body, old.decorator_list)
    if hasattr(made, "type_params"):
        made.type_params = []
    ast.copy_location(made, old)
    return run.class_value(made, LocalScope({hidden: value}, outer))


def _names(node: ast.Call) -> int:
    return next(number for number, word in enumerate(node.keywords) if word.arg == "names")


def _members(run: Evaluator, names: Value) -> list[tuple[str, Value | None]] | None:
    """The names with their values, None standing for the next number."""
    if isinstance(names, Constant) and isinstance(names.value, str):
        return [(name, None) for name in names.value.replace(",", " ").split()]
    found: list[tuple[str, Value | None]] = []
    if isinstance(names, Mapping):
        for name, constant in names.items:
            if not (isinstance(name, Constant) and isinstance(name.value, str)):
                return None
            found.append((name.value, constant))
        return found
    for item in comprehensions.items_of(run, names) or (names,):
        key: Value = item
        value: Value | None = None
        if isinstance(item, Sequence) and len(item.items) == 2:
            key, value = item.items
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


def _class(run: Evaluator, call: ast.Call, made: ast.ClassDef, scope: Scope) -> ClassValue:
    """The class, the same one each time that the same call is looked at."""
    key = (id(call), id(scope) if isinstance(scope, LocalScope) else 0)
    if key not in run.made_classes:
        if hasattr(made, "type_params"):
            made.type_params = []
        run.made_classes[key] = ast.copy_location(made, call)
    return run.class_value(run.made_classes[key], scope)
