"""Statements of a module that make tables otherwise than by `class` or `NAME = Table(...)`: loops
over items that are known, lists and dicts of tables, calls for their effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.evaluation import classes, comprehensions
from schemalint.loaders.sqlmodel.evaluation.execution import Execution
from schemalint.loaders.sqlmodel.evaluation.likeness import parts
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    External,
    FunctionValue,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_TABLE = "sqlalchemy.Table"
_MAKERS = frozenset({_TABLE, "builtins.type", "functools.partial"})
_MOST_ROUNDS = 200
_MOST_VALUES = 2000
_COMPOUND = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.Match, ast.AsyncFor, ast.AsyncWith)


class Beside(msgspec.Struct, frozen=True):
    """Tables and classes that are made on the way; `untold`: some are that are not followed."""

    made: tuple[ClassValue | Call, ...] = ()
    untold: bool = False


def is_table_call(value: Value) -> bool:
    """Whether this is `Table("name", metadata, ...)`."""
    return (
        isinstance(value, Call)
        and isinstance(value.callee, External)
        and value.callee.path == _TABLE
    )


def own_kind(run: Evaluator, value: Value) -> Call | None:
    """The call `FTS5Table("name", ...)` of a subclass of Table that the project has, as one of
    Table; None for anything else."""
    if not isinstance(value, Call) or not isinstance(value.callee, ClassValue):
        return None
    order = classes.mro(run, value.callee)
    if isinstance(order, Unresolved):
        return None
    if not any(isinstance(one, External) and one.path == _TABLE for one in order):
        return None
    table = External(span=value.callee.span, path=_TABLE)
    return Call(span=value.span, callee=table, args=value.args, keywords=value.keywords)


def makes_tables(run: Evaluator, call: ast.Call, scope: Scope) -> bool:
    """Whether a call could give a table, or a class that is one."""
    callee = run.evaluate(call.func, scope)
    if isinstance(callee, External):
        return callee.path in _MAKERS
    if isinstance(callee, ClassValue):
        order = classes.mro(run, callee)
        known = () if isinstance(order, Unresolved) else order
        return any(isinstance(one, External) and one.path == _TABLE for one in known)
    if not isinstance(callee, FunctionValue):
        return isinstance(callee, Call)
    for node in ast.walk(callee.node):
        if isinstance(node, ast.ClassDef):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            if isinstance(name, ast.Name):
                name = name.id
            if name in ("Table", "type"):
                return True
    return False


def made_in(run: Evaluator, node: ast.expr, scope: Scope) -> list[ClassValue | Call]:
    """The tables, and classes, that an expression makes and gives, in lists and dicts too."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    if not any(_could_make(run, one, scope) for one in calls):
        return []
    return within(run, run.evaluate(node, scope))


def within(run: Evaluator, value: Value) -> list[ClassValue | Call]:
    """The tables and classes that a value is, or that lists and dicts hold."""
    found: list[ClassValue | Call] = []
    stack = [value]
    seen = 0
    while stack and seen < _MOST_VALUES:
        seen += 1
        value = stack.pop()
        if isinstance(value, ClassValue):
            found.append(value)
        elif isinstance(value, Call):
            table = value if is_table_call(value) else own_kind(run, value)
            if table is not None:
                found.append(table)
        else:
            stack += reversed(parts(value))
    return found


def _could_make(run: Evaluator, call: ast.Call, scope: Scope) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func
    known = name.id if isinstance(name, ast.Name) else name
    return known in ("Table", "type") or makes_tables(run, call, scope)


def defines_tables(run: Evaluator, function: FunctionValue, depth: int = 0) -> bool:
    """Whether the function calls SQLAlchemy's Table somewhere, by itself or through another."""
    for node in ast.walk(function.node):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name == "Table" and isinstance(function.scope, Scope):
            value = run.evaluate(node.func, function.scope)
            if isinstance(value, External) and value.path == _TABLE:
                return True
        if depth < 2 and isinstance(node.func, ast.Name) and isinstance(function.scope, Scope):
            inner = run.evaluate(node.func, function.scope)
            other = isinstance(inner, FunctionValue) and inner.node is not function.node
            if other and defines_tables(run, inner, depth + 1):  # type: ignore[arg-type]  # a function
                return True
    return False


def of_loop(run: Evaluator, node: ast.For, scope: Scope) -> list[ClassValue | Call] | None:
    """What a loop at the top of a module makes, one round for each of its items; None where it
    makes tables in a way that is not followed."""
    items = comprehensions.items_of(run, run.evaluate(node.iter, scope))
    plain = not any(isinstance(one, _COMPOUND) for one in node.body) and not node.orelse
    if items is None or not plain or len(items) > _MOST_ROUNDS:
        return None
    execution = Execution(run, "the loop", scope.module.span(node))
    found: list[ClassValue | Call] = []
    for item in items:
        local = LocalScope({}, scope)
        execution.assign(node.target, item, node, local)
        for statement in node.body:
            found += _of_statement(run, statement, local)
            execution.step(statement, local)
            made = local.names.get(getattr(statement, "name", ""))
            if isinstance(made, ClassValue):
                found.append(made)
    return found


def _of_statement(
    run: Evaluator, statement: ast.stmt, scope: LocalScope
) -> Iterator[ClassValue | Call]:
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr) and statement.value is not None:
        yield from made_in(run, statement.value, scope)


def may_make(node: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether the text of a loop looks as if it made tables."""
    return any(_is_maker(inner, ("Table", "type")) for inner in ast.walk(node))


def made_beside(run: Evaluator, function: FunctionValue, value: Value) -> Beside:
    """What a `declared_attr` that gives `value`, a relation, makes beside it: the class that it
    leads to, the table between the two."""
    if not any(_is_maker(one, ("Table",)) or _is_type(one) for one in ast.walk(function.node)):
        return Beside()
    found = [one for part in parts(value)[1:] for one in within(run, part)]
    made = tuple([one for one in found if isinstance(one, Call) or _is_local(one)])
    return Beside(made, untold=not made)


def _is_local(cls: ClassValue) -> bool:
    return isinstance(cls.scope, LocalScope)


def _is_maker(node: ast.AST, names: tuple[str, ...]) -> bool:
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.ClassDef)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
    return (name.id if isinstance(name, ast.Name) else name) in names


def _is_type(node: ast.AST) -> bool:
    """Whether it is `type(name, bases, namespace)`."""
    return _is_maker(node, ("type",)) and len(getattr(node, "args", ())) == 3
