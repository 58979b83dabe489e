"""What stands beside the classes and belongs to tables: `Index("ix_name", User.email)`, and code
that changes a table once it is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.arguments import path_of
from schemalint.loaders.sqlmodel.declarations.constraints import is_constraint, without_limit
from schemalint.loaders.sqlmodel.evaluation.likeness import parts
from schemalint.loaders.sqlmodel.evaluation.scopes import at_the_end
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    FunctionValue,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.modules import Module
    from schemalint.loaders.sqlmodel.evaluation.scopes import Scope
    from schemalint.loaders.sqlmodel.project import Project

# Constraints that find their table by the columns they mention; others stay without one.
_WORDS = ("Index", "Constraint")
_CHANGING = ("append_constraint", "append_column", "add_is_dependent_on")


class Touched(msgspec.Struct, frozen=True):
    """A class whose table is changed at `span`, in a way that is not followed."""

    cls: ClassValue
    span: Span


class Loose(msgspec.Struct, frozen=True):
    """A constraint or an index that stands for itself; `owner` is the table that it is given, by
    `table=` or by `append_constraint()`. `named`: it has a name, by which others may take it."""

    call: Call
    owner: Value | None = None
    named: bool = False


def loose_constraints(project: Project) -> Iterator[Loose | Touched]:
    """The constraints and indexes made at module level, those inside `append_constraint()`
    included, and the classes whose tables are changed otherwise."""
    for module in project.table_modules():
        text = module.file.text
        if any(word in text for word in (*_WORDS, *_CHANGING)):
            yield from _of_module(module, project)
    for cls in project.holders():
        yield from in_class(cls, project)


def _of_module(module: Module, project: Project) -> Iterator[Loose | Touched]:
    for statement, scope in project.statements(module):
        node = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
        for one in node.elts if isinstance(node, ast.Tuple | ast.List) else [node]:
            if isinstance(one, ast.Call):
                named = isinstance(statement, ast.Assign)
                yield from _of_call(one, scope, project, named=named)


def _of_call(
    node: ast.Call, scope: Scope, project: Project, *, named: bool
) -> Iterator[Loose | Touched]:
    made, owner = node, None
    if isinstance(node.func, ast.Attribute) and node.func.attr == "append_constraint":
        made = node.args[0] if node.args and isinstance(node.args[0], ast.Call) else node
        owner = node.func.value
    if _named_like(_without_limit(made)):
        value = project.evaluate(made, scope)
        if isinstance(value, Call) and is_constraint(value):
            given = _table_given(value) if owner is None else project.evaluate(owner, scope)
            yield Loose(value, given, named)
            return
    yield from _touched(node, scope, project)


def in_class(cls: ClassValue, project: Project) -> Iterator[Loose]:
    """Constraints and indexes that stand in the class's body, and not in its `__table_args__`."""
    for statement in cls.node.body:
        if not isinstance(statement, ast.Expr | ast.Assign):
            continue
        named, node = isinstance(statement, ast.Assign), statement.value
        if named and not isinstance(node, ast.Call):
            continue
        for one in node.elts if isinstance(node, ast.Tuple) else [node]:
            if isinstance(one, ast.Call) and _named_like(_without_limit(one)):
                members = project.members(cls).all
                value = project.evaluate(one, at_the_end(members[-1].scope)) if members else None
                if isinstance(value, Call) and is_constraint(value):
                    yield Loose(value, _table_given(value), named)


def _table_given(value: Call) -> Value | None:
    """`CheckConstraint("a > 0", table=users)`."""
    made = without_limit(value)
    if not isinstance(made, Call):
        return None
    return made.keyword("table") or made.keyword("_table")


def finds_its_table(value: Call, *, in_class: bool) -> bool:
    """Whether SQLAlchemy finds the table by the columns that are mentioned. In the body of a class,
    which has no table yet, it does not where one of them is named by a text
    (`ColumnCollectionMixin._check_attach`)."""
    texts = in_class and any(isinstance(one, Constant) for one in _members(without_limit(value)))
    return not texts and mentions_columns(value)


def passed_over(value: Call) -> Problem:
    """Said of what finds no table."""
    name = path_of(without_limit(value)).rpartition(".")[2]
    return Problem(
        f"this `{name}` is in no table: what stands for itself belongs to the table whose columns "
        "it mentions, and a text is no column",
        value.span,
        warning=True,
        help="put it into `__table_args__`, or name columns as attributes, without quotes",
    )


def _members(made: Value) -> tuple[Value, ...]:
    """The columns of a constraint or an index, as they are given."""
    args = made.args if isinstance(made, Call) else ()
    kind = path_of(made).rpartition(".")[2]
    if kind == "Index":
        return args[1:]
    if kind == "ForeignKeyConstraint":
        local = args[0] if args else getattr(made, "keyword", lambda _: None)("columns")
        return local.items if isinstance(local, Sequence) else ()
    if kind == "ExcludeConstraint":
        return tuple(one.items[0] for one in args if isinstance(one, Sequence) and one.items)
    return args


def mentions_columns(value: Value) -> bool:
    """Whether a member is a column of some table, which nobody may know: names alone, and text,
    bind a constraint to no table."""
    made = without_limit(value)
    stack = [*getattr(made, "args", ()), *(one for _, one in getattr(made, "keywords", ()))]
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
