"""What stands beside the classes and belongs to tables: `Index("ix_name", User.email)`, and code
that changes a table once it is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.constraints import is_constraint, without_limit
from schemalint.loaders.sqlmodel.likeness import parts
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    FunctionValue,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.modules import Module
    from schemalint.loaders.sqlmodel.project import Project
    from schemalint.loaders.sqlmodel.scopes import Scope

# Constraints that find their table by the columns they mention; others stay without one.
_WORDS = ("Index", "Constraint")
_CHANGING = ("append_constraint", "append_column", "add_is_dependent_on")


class Touched(msgspec.Struct, frozen=True):
    """A class whose table is changed at `span`, in a way that is not followed."""

    cls: ClassValue
    span: Span


def loose_constraints(project: Project) -> Iterator[Call | Touched]:
    """The constraints and indexes made at module level, those inside `append_constraint()`
    included, and the classes whose tables are changed otherwise."""
    for module in project.table_modules():
        text = module.file.text
        if any(word in text for word in (*_WORDS, *_CHANGING)):
            yield from _of_module(module, project)
    for cls in project.holders():
        for value in in_class(cls, project):
            if isinstance(value, Call):
                yield value


def _of_module(module: Module, project: Project) -> Iterator[Call | Touched]:
    for statement, scope in project.statements(module):
        node = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
        if not isinstance(node, ast.Call):
            continue
        made = node
        if isinstance(node.func, ast.Attribute) and node.func.attr == "append_constraint":
            made = node.args[0] if node.args and isinstance(node.args[0], ast.Call) else node
        if _named_like(_without_limit(made)):
            value = project.evaluate(made, scope)
            if isinstance(value, Call) and is_constraint(value):
                yield value
                continue
        yield from _touched(node, scope, project)


def in_class(cls: ClassValue, project: Project) -> Iterator[Value]:
    """Constraints and indexes that stand in the class's body without a name."""
    for statement in cls.node.body:
        if not isinstance(statement, ast.Expr):
            continue
        node = statement.value
        for one in node.elts if isinstance(node, ast.Tuple) else [node]:
            if isinstance(one, ast.Call) and _named_like(_without_limit(one)):
                members = project.members(cls).all
                value = project.evaluate(one, members[-1].scope) if members else None
                if value is not None and is_constraint(value):
                    yield value


def mentions_columns(value: Value) -> bool:
    """Whether a member is a column of some table, which nobody may know: names alone, and text,
    bind a constraint to no table."""
    stack = list(getattr(without_limit(value), "args", ()))
    while stack:
        part = stack.pop()
        if isinstance(part, Unresolved | ClassValue):
            return True
        if isinstance(part, Attribute) and part.name not in ("desc", "asc", "label"):
            return True
        stack += parts(part)
    return False


def _touched(node: ast.expr, scope: Scope, project: Project) -> Iterator[Touched]:
    """Tables that a call at module level is given, or that the function it calls gets hold of."""
    words = {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    if "__table__" in words and (words | names) & set(_CHANGING):
        yield from _tables_in(node, scope, project)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        function = project.evaluate(node.func, scope)
        if isinstance(function, FunctionValue):
            body = function.node
            inside = {one.attr for one in ast.walk(body) if isinstance(one, ast.Attribute)}
            if inside & set(_CHANGING):
                yield from _tables_in(body, function.scope, project)  # type: ignore[arg-type]  # a function's scope
                yield from _tables_in(node, scope, project)


def _tables_in(node: ast.AST, scope: Scope, project: Project) -> Iterator[Touched]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr == "__table__":
            owner = project.evaluate(inner.value, scope)
            if isinstance(owner, ClassValue):
                yield Touched(owner, owner.span)


def _without_limit(node: ast.Call) -> ast.expr:
    """`Index(...)` of `Index(...).ddl_if(...)`."""
    limited = isinstance(node.func, ast.Attribute) and node.func.attr == "ddl_if"
    return node.func.value if limited else node  # type: ignore[attr-defined]  # an attribute then


def _named_like(node: ast.expr) -> bool:
    name = node.func if isinstance(node, ast.Call) else node
    written = name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")
    return any(word in written for word in _WORDS)
