"""The listeners that modules register: `event.listen(users, "after_create", ...)`, and functions
under `@event.listens_for(users, "after_create")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from schemalint.loaders.sqlmodel.arguments import Arguments, path_of, text_of
from schemalint.loaders.sqlmodel.evaluation.execution import Execution, Outcome
from schemalint.loaders.sqlmodel.evaluation.functions import bound_arguments
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, ModuleScope, Scope
from schemalint.loaders.sqlmodel.module_effects import statements
from schemalint.loaders.sqlmodel.values import Call, FunctionValue, Unresolved, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# The events at which tables are created.
CREATED = ("before_create", "after_create")
_LISTEN = "sqlalchemy.event.listen"
_LISTENS_FOR = "sqlalchemy.event.listens_for"
_MOST_ROUNDS = 200


class Listener(msgspec.Struct, frozen=True):
    """Something that is called at an event of a target: a function, or a `DDL(...)`.

    `certain`: it is registered whenever the module is imported, as far as reading tells.
    """

    target: Value
    event: str
    heard: Value
    span: Span
    certain: bool = True


def listeners(run: Evaluator, modules: Sequence[Module]) -> Iterator[tuple[Listener, Module]]:
    """The listeners that importing the modules registers, in their order; then those at the
    creation of tables that functions register which nothing here calls."""
    speaking = [one for one in modules if "listen" in one.file.text]
    makers = [f"{name}(" for module in speaking for name in _makers(module)]
    called: set[int] = set()
    for module in modules:
        if module in speaking or any(maker in module.file.text for maker in makers):
            for one in _of_module(run, module, called):
                yield one, module
    for module in speaking:
        if any(event in module.file.text for event in CREATED):
            for one in _left(run, module, called):
                yield one, module


def _makers(module: Module) -> list[str]:
    """The functions of a module that register listeners, by name."""
    statements = [one.node for one in module.body.statements]
    return [one.name for one in statements if isinstance(one, ast.FunctionDef) and _mentions(one)]


def _of_module(run: Evaluator, module: Module, called: set[int]) -> Iterator[Listener]:
    for node, scope in statements(run, module):
        if any(guard.branch == "loop" for guard in scope.guards):
            continue  # of a loop, which was looked at as a whole
        certain = all(run.holds(guard, ModuleScope(module)) is True for guard in scope.guards)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from _decorated(run, decorator, node, scope, certain=certain)
        elif isinstance(node, ast.Expr | ast.For) and _mentions(node):
            walk = _Registration(run, "the module", module.span(node))
            walk.certain = certain
            walk.step(node, LocalScope({}, scope))
            yield from walk.found
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _of_called(run, node.value, scope, called, certain=certain)


def _decorated(
    run: Evaluator,
    decorator: ast.expr,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    scope: Scope,
    *,
    certain: bool,
) -> Iterator[Listener]:
    if not isinstance(decorator, ast.Call) or _name(decorator.func) != "listens_for":
        return
    made = run.evaluate(decorator, scope)
    yield from _untold(decorator, made)
    if isinstance(made, Call) and path_of(made) == _LISTENS_FOR:
        function = FunctionValue(
            span=scope.module.span(node),
            name=node.name,
            module=scope.module.name,
            node=node,
            scope=scope,
        )
        yield from _listener(made, function, certain=certain)


def _left(run: Evaluator, module: Module, called: set[int]) -> Iterator[Listener]:
    """What functions register, if the program ever calls them."""
    for node, scope in statements(run, module):
        if not isinstance(node, ast.FunctionDef) or id(node) in called:
            continue
        for inner in ast.walk(node):
            event = _created(inner)
            if event is not None and inner not in node.decorator_list:
                span = scope.module.span(inner)
                reason = f"whether `{node.name}` is called is not known"
                untold = Unresolved(span=span, reason=reason)
                yield Listener(untold, event, untold, span, certain=False)


def _untold(node: ast.Call, made: Value) -> Iterator[Listener]:
    """What looks like a listener at the creation of tables, and is not registered with
    SQLAlchemy's own functions as far as is known."""
    event = _created(node)
    if event is not None and path_of(made) not in (_LISTEN, _LISTENS_FOR):
        reason = made.reason if isinstance(made, Unresolved) else "its call is not known"
        untold = Unresolved(span=made.span, reason=reason)
        yield Listener(untold, event, untold, made.span, certain=False)


def _created(node: ast.AST) -> str | None:
    """The event of `listen(target, "after_create", ...)`, if it is one of these."""
    if isinstance(node, ast.Call) and _name(node.func) in ("listen", "listens_for"):
        for one in node.args[1:2]:
            if isinstance(one, ast.Constant) and one.value in CREATED:
                return str(one.value)
    return None


def _of_called(
    run: Evaluator, call: ast.Call, scope: Scope, called: set[int], *, certain: bool
) -> Iterator[Listener]:
    """What a function of the project registers that a module calls."""
    if not isinstance(call.func, ast.Name | ast.Attribute):
        return
    function = run.evaluate(call.func, scope)
    if not isinstance(function, FunctionValue) or not isinstance(function.node, ast.FunctionDef):
        return
    if not _mentions(function.node) or not isinstance(function.scope, Scope):
        return
    called.add(id(function.node))
    made = run.evaluate(call, scope)
    args = tuple(run.evaluate(one, scope) for one in call.args)
    words = tuple((str(one.arg or "**"), run.evaluate(one.value, scope)) for one in call.keywords)
    names = bound_arguments(function, Given(run, args, words, made.span), function.scope)
    if isinstance(names, Unresolved):
        names = {}
    walk = _Registration(run, function.name, made.span)
    walk.certain = certain
    walk.follow(function.node.body, LocalScope(names, run.seen_by_function(function.scope)))
    yield from walk.found


class _Registration(Execution):
    """Follows statements that register listeners."""

    def __init__(self, run: Evaluator, name: str, span: Span) -> None:
        super().__init__(run, name, span)
        self.found: list[Listener] = []
        self.certain = True

    def step(self, node: ast.stmt, scope: LocalScope) -> Outcome:
        """See `Execution.step`."""
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                self.found += _decorated(
                    self.run, decorator, node, scope, certain=self._is_certain()
                )
        return super().step(node, scope)

    def expression(self, node: ast.Expr, scope: LocalScope) -> None:
        """See `Execution.expression`."""
        call = node.value
        if isinstance(call, ast.Call) and _name(call.func) == "listen":
            made = self.run.evaluate(call, scope)
            self.found += _untold(call, made)
            if isinstance(made, Call) and path_of(made) == _LISTEN:
                self.found += _listener(made, None, certain=self._is_certain())
                return
        super().expression(node, scope)

    def _is_certain(self) -> bool:
        return self.certain and self.splits == 0


def _listener(made: Call, function: FunctionValue | None, *, certain: bool) -> Iterator[Listener]:
    arguments = Arguments(made, ("target", "identifier", "fn"))
    target, event = arguments.value("target"), text_of(arguments.value("identifier"))
    heard = function or arguments.value("fn")
    if target is not None and event is not None and heard is not None:
        yield Listener(target, event, heard, made.span, certain)


def _mentions(node: ast.AST) -> bool:
    """Whether `listen(...)` or `listens_for(...)` is called in there."""
    return any(
        isinstance(inner, ast.Call) and _name(inner.func) in ("listen", "listens_for")
        for inner in ast.walk(node)
    )


def _name(callee: ast.expr) -> str:
    return callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
