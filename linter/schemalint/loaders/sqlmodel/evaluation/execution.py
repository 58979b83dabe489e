"""The statements of a function, carried out over values.

A condition that cannot be decided splits the way in two, and both have to return the same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import (
    changes,
    comprehensions,
    functions,
    imports,
    made_classes,
    subscripts,
)
from schemalint.loaders.sqlmodel.evaluation.bindings import CHANGING, Binding, Statement
from schemalint.loaders.sqlmodel.evaluation.connections import Heard, Text, Untold
from schemalint.loaders.sqlmodel.evaluation.likeness import alike
from schemalint.loaders.sqlmodel.evaluation.operators import SIGNS, binary, truth
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope
from schemalint.loaders.sqlmodel.values import (
    ClassValue,
    Constant,
    FunctionValue,
    Mapping,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_MOST_SPLITS = 6
_MOST_ROUNDS = 500
_NOT_FOLLOWED = "what it returns depends on how the program runs"
_NOT_HEARD = "what this runs depends on how the program runs"


class _Raises:
    """The way ends in an exception."""


_RAISES = _Raises()
# How a list of statements ends: with a value, an exception, or by running on (None).
Outcome = Value | _Raises | None


class Execution:
    """One call of one function."""

    def __init__(self, run: Evaluator, name: str, span: Span) -> None:
        self.run = run
        self.name = name
        self.span = span
        self.splits = 0

    def result(self, body: list[ast.stmt], scope: LocalScope) -> Value:
        """What the call returns."""
        outcome = self.follow(body, scope)
        if outcome is None:
            return Constant(span=self.span, value=None)
        if isinstance(outcome, _Raises):
            return Unresolved(span=self.span, reason=f"`{self.name}` raises an exception")
        return self.run.placed(outcome, self.span)

    def follow(self, statements: list[ast.stmt], scope: LocalScope) -> Outcome:
        """Carry out statements in their order."""
        for number, node in enumerate(statements):
            if reason := self.run.spend():
                return self.lost(reason)
            if isinstance(node, ast.Return):
                if node.value is None:
                    return Constant(span=scope.module.span(node), value=None)
                return self.run.evaluate(node.value, scope)
            if isinstance(node, ast.Raise):
                return _RAISES
            if isinstance(node, ast.If):
                decided = truth(self.run.evaluate(node.test, scope))
                rest = statements[number + 1 :]
                if decided is None:
                    return self.split([[*node.body, *rest], [*node.orelse, *rest]], scope)
                return self.follow([*(node.body if decided else node.orelse), *rest], scope)
            if isinstance(node, (ast.Try, ast.TryStar)):
                rest = [*node.finalbody, *statements[number + 1 :]]
                ways = [[*node.body, *node.orelse, *rest]]
                ways += [[*handler.body, *rest] for handler in node.handlers]
                return self.split(ways, scope)
            if isinstance(node, (ast.With, ast.AsyncWith)):
                for item in node.items:
                    if self.run.heard is not None:
                        self.run.evaluate(item.context_expr, scope)
                    if item.optional_vars is not None:
                        self.forget(item.optional_vars, scope)
                return self.follow([*node.body, *statements[number + 1 :]], scope)
            outcome = self.step(node, scope)
            if outcome is not None:
                return outcome
        return None

    def split(self, ways: list[list[ast.stmt]], scope: LocalScope) -> Outcome:
        """Go all ways, which have to lead to the same."""
        self.splits += 1
        if self.splits > _MOST_SPLITS:
            return self.lost(_NOT_FOLLOWED)
        outcomes: list[Outcome] = []
        ends: list[dict[str, Value]] = []
        heard = self.run.heard
        run: list[list[Text | Untold]] = []
        for way in ways:
            inner = LocalScope(dict(scope.names), scope.outer)
            apart = Heard() if heard is None else heard
            with apart.way() as in_way:
                outcome = self.follow(way, inner)
            if not isinstance(outcome, _Raises):
                outcomes.append(outcome)
                ends.append(inner.names)
                run.append(in_way)
        if heard is not None:
            heard.agree(run, self.span)
        if not outcomes:
            return _RAISES
        first = outcomes[0]
        if all(outcome is None for outcome in outcomes):
            self.join(ends, scope)
            return None
        for other in outcomes[1:]:
            if first is None or other is None or isinstance(first, _Raises):
                return Unresolved(span=self.span, reason=_NOT_FOLLOWED)
            if not isinstance(other, Value) or not alike(first, other):
                return Unresolved(span=self.span, reason=_NOT_FOLLOWED)
        return first

    def lost(self, reason: str) -> Unresolved:
        """What is left of the function is not followed."""
        if self.run.heard is not None:
            said = _NOT_HEARD if reason == _NOT_FOLLOWED else reason
            self.run.heard.lost(self.span, said)
        return Unresolved(span=self.span, reason=reason)

    def passed_over(self, node: ast.stmt) -> None:
        """A statement is not followed, though what it calls could matter."""
        heard = self.run.heard
        if heard is not None and any(isinstance(inner, ast.Call) for inner in ast.walk(node)):
            heard.lost(self.span, _NOT_HEARD)

    def join(self, ends: list[dict[str, Value]], scope: LocalScope) -> None:
        """After several ways, a name stands for what all of them left it."""
        for name in {name for end in ends for name in end}:
            values = [end.get(name) for end in ends]
            first = values[0]
            agree = all(first and other and alike(first, other) for other in values[1:])
            if first is None or not agree:
                first = Unresolved(span=self.span, reason=_NOT_FOLLOWED)
            scope.names[name] = first

    def step(self, node: ast.stmt, scope: LocalScope) -> Outcome:
        """Carry out one simple statement, or a loop."""
        run, names = self.run, scope.names
        if isinstance(node, ast.Assign):
            value = run.evaluate(node.value, scope)
            for target in node.targets:
                self.assign(target, value, node, scope)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.assign(node.target, run.evaluate(node.value, scope), node, scope)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                before = run.evaluate(
                    ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target), scope
                )
                span = scope.module.span(node)
                value = binary(SIGNS[type(node.op)], before, run.evaluate(node.value, scope), span)
                names[node.target.id] = run.bearable(value)
            else:
                self.forget(node.target, scope)
        elif isinstance(node, ast.Expr):
            self.expression(node, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names[node.name] = functions.defined(run, node, scope)
        elif isinstance(node, ast.ClassDef):
            # The class keeps what its names stood for when it was made.
            seen = LocalScope(dict(names), scope.outer)
            names[node.name] = seen.names[node.name] = run.class_value(node, seen)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports(node, scope)
        elif isinstance(node, ast.For):
            return self.loop(node, scope)
        elif isinstance(node, (ast.While, ast.AsyncFor, ast.Match)):
            if any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
                return self.lost(_NOT_FOLLOWED)
            self.passed_over(node)
            self.forget(node, scope)
        elif isinstance(node, (ast.Delete, ast.Global, ast.Nonlocal)):
            self.forget(node, scope)
        return None

    def assign(self, target: ast.expr, value: Value, node: ast.stmt, scope: LocalScope) -> None:
        if self.run.heard is not None and isinstance(target, ast.Attribute):
            changed = self.run.evaluate(target.value, scope)
            self.run.heard.changed(changed, scope.module.span(node))
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)) and not any(
            isinstance(item, ast.Starred) for item in target.elts
        ):
            for number, item in enumerate(target.elts):
                self.assign(item, subscripts.unpacked(value, (number,)), node, scope)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held = scope.names.get(target.value.id)
            if isinstance(held, (Sequence, Mapping)):
                scope.names[target.value.id] = changes.after(self.run, held, node, scope)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            held = scope.names.get(target.value.id)
            if isinstance(held, ClassValue):
                name = target.attr
                scope.names[target.value.id] = made_classes.with_attribute(
                    self.run, held, name, value, node
                )
            elif not isinstance(held, FunctionValue):
                self.forget(target, scope)
        else:
            self.forget(target, scope)

    def expression(self, node: ast.Expr, scope: LocalScope) -> None:
        """A call for its effect: on a name's value where that is known, else on its arguments."""
        call = node.value
        if self.run.heard is not None:
            self.run.evaluate(call, scope)
        if not isinstance(call, ast.Call):
            return
        function = call.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            name = function.value.id
            held = scope.names.get(name)
            if function.attr in CHANGING and isinstance(held, (Sequence, Mapping)):
                scope.names[name] = changes.after(self.run, held, node, scope)
                return
        for inner in (*call.args, *(word.value for word in call.keywords)):
            if isinstance(inner, ast.Name):
                held = scope.names.get(inner.id)
                if isinstance(held, (Sequence, Mapping)) and held.items:
                    self.forget(inner, scope)

    def forget(self, node: ast.AST, scope: LocalScope) -> None:
        """What the names in there stand for is not known any more."""
        for inner in ast.walk(node):
            names = inner.names if isinstance(inner, (ast.Global, ast.Nonlocal)) else []
            if isinstance(inner, ast.Name):
                names = [inner.id]
            for name in names:
                if name in scope.names or isinstance(node, ast.expr):
                    scope.names[name] = Unresolved(
                        span=scope.module.span(inner), reason=_NOT_FOLLOWED
                    )

    def imports(self, node: ast.Import | ast.ImportFrom, scope: LocalScope) -> None:
        statement = Statement(node, 0)
        for alias in node.names:
            if alias.name == "*":
                continue
            name = alias.asname or alias.name
            if isinstance(node, ast.Import):
                name = alias.asname or alias.name.partition(".")[0]
            kind = "import" if isinstance(node, ast.Import) else "from"
            binding = Binding(name, kind, statement.node, 0, imported=alias)  # type: ignore[arg-type]  # one of the two
            scope.names[name] = imports.imported(self.run, scope.module, binding)

    def loop(self, node: ast.For, scope: LocalScope) -> Outcome:
        """A loop over items that are known, one round for each."""
        items = comprehensions.items_of(self.run, self.run.evaluate(node.iter, scope))
        jumps = any(isinstance(inner, (ast.Break, ast.Continue)) for inner in ast.walk(node))
        if items is None or jumps or len(items) > _MOST_ROUNDS:
            if any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
                return self.lost(_NOT_FOLLOWED)
            self.passed_over(node)
            self.forget(node, scope)
            return None
        for item in items:
            self.assign(node.target, item, node, scope)
            outcome = self.follow(node.body, scope)
            if outcome is not None:
                return outcome
        return self.follow(node.orelse, scope)
