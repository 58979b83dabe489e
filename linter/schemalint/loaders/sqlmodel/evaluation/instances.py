"""What the constructors of a class leave behind: attributes of `self`, and what they hand on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.evaluation import calls, classes, functions
from schemalint.loaders.sqlmodel.evaluation.execution import Execution
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.operators import truth
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    FunctionValue,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Import, ast.ImportFrom, ast.Pass)


class Instance(msgspec.Struct, frozen=True):
    """An object right after it was made. `handed_on` is the call with the arguments that reach the
    first base from outside; None where they cannot be told."""

    attributes: dict[str, Value]
    handed_on: Call | None


def constructed(run: Evaluator, made: Call) -> Instance:
    """The object that a call of a class of the project makes."""
    cls = made.callee
    attributes: dict[str, Value] = {}
    order = classes.mro(run, cls) if isinstance(cls, ClassValue) else ()
    if isinstance(order, Unresolved):
        return Instance(attributes, None)
    call = made
    for base in order:
        own = _own_constructor(run, base) if isinstance(base, ClassValue) else None
        if own is not None:
            handed = _Construction(run, own, call, attributes).follow()
            if handed is None:
                return Instance(attributes, None)
            call = handed
    return Instance(attributes, call)


def _own_constructor(run: Evaluator, cls: ClassValue) -> FunctionValue | None:
    if "__init__" not in classes.body_of(run, cls).bindings:
        return None
    found = classes.own_attribute(run, cls, "__init__", cls.span, receiver=cls)
    return found if isinstance(found, FunctionValue) else None


class _Construction:
    """One `__init__`, carried out."""

    def __init__(
        self, run: Evaluator, init: FunctionValue, call: Call, attributes: dict[str, Value]
    ) -> None:
        self._run = run
        self._init = init
        self._call = call
        self._attributes = attributes
        self._handed: Call | None = None
        self._told = True
        parameters = init.node.args
        positional = [*parameters.posonlyargs, *parameters.args]
        self._self = positional[0].arg if positional else ""

    def follow(self) -> Call | None:
        """The arguments handed on; None where they cannot be told."""
        outer, node = self._init.scope, self._init.node
        if not isinstance(outer, Scope) or not isinstance(node, ast.FunctionDef):
            return None
        given = Given(
            self._run, (self._call, *self._call.args), self._call.keywords, self._call.span
        )
        names = functions.bound_arguments(self._init, given, outer)
        if isinstance(names, Unresolved):
            return None
        self._execution = Execution(self._run, self._init.name, self._init.span)
        scope = LocalScope(names, self._run.seen_by_function(outer))
        self._statements(node.body, scope)
        if not self._told:
            return None
        span, callee = self._call.span, self._call.callee
        return self._handed or Call(span=span, callee=callee)

    def _statements(self, body: list[ast.stmt], scope: LocalScope) -> None:
        for statement in body:
            if isinstance(statement, ast.If):
                decided = truth(self._run.evaluate(statement.test, scope))
                if decided is not None:
                    self._statements(statement.body if decided else statement.orelse, scope)
                    continue
            handed = _hands_on(statement)
            target = self._target(statement)
            if handed is not None:
                self._attributes.pop("impl", None)  # TypeDecorator's own constructor sets it anew
                args, keywords = calls.arguments(self._run, handed, scope)
                if _is_self(handed, self._self):
                    args = args[1:]
                self._handed = Call(
                    span=self._call.span, callee=self._call.callee, args=args, keywords=keywords
                )
                self._told = not any(isinstance(one, Unresolved) for one in args)
            elif target is not None and statement.value is not None:  # type: ignore[attr-defined]  # an assignment
                self._attributes[target] = self._run.evaluate(statement.value, scope)  # type: ignore[attr-defined]  # the same
            elif isinstance(statement, _SIMPLE):
                held = scope.names.get(self._self)
                self._execution.step(statement, scope)
                if held is not None:
                    scope.names[self._self] = held
            else:
                self._not_followed(statement)

    def _target(self, statement: ast.stmt) -> str | None:
        """NAME of `self.NAME = value`."""
        target: ast.expr | None = None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return target.attr if target.value.id == self._self else None
        return None

    def _not_followed(self, statement: ast.stmt) -> None:
        """What stands in a branch that cannot be decided may have happened or not."""
        span = self._init.span
        for inner in ast.walk(statement):
            if isinstance(inner, ast.stmt) and _hands_on(inner) is not None:
                self._told = False
            if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
                reason = f"`self.{inner.attr}` depends on how the program runs"
                self._attributes[inner.attr] = Unresolved(span=span, reason=reason)


def _hands_on(statement: ast.stmt) -> ast.Call | None:
    """`super().__init__(...)`, `Base.__init__(self, ...)`."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        return call if call.func.attr == "__init__" else None
    return None


def _is_self(call: ast.Call, name: str) -> bool:
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(of, ast.Call):  # super()
        return False
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == name
