"""What a name stands for at a place: the last binding before it whose conditions hold.

Where that depends on a condition which only the running program knows, every binding that may be
the one counts, and they have to agree.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, TypeAlias

from schemalint.loaders.sqlmodel.evaluation import imports
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding, Body, Guard, Statement
from schemalint.loaders.sqlmodel.evaluation.likeness import alike
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.evaluation.operators import truth
from schemalint.loaders.sqlmodel.evaluation.scopes import (
    ClassScope,
    LocalScope,
    ModuleScope,
    Scope,
)
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    External,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
# Calls whose result, named in a class's body, is a column and not just a value.
_COLUMN_MAKERS = frozenset(
    {
        "sqlalchemy.Column",
        "sqlalchemy.orm.mapped_column",
        "sqlalchemy.orm.column_property",
        "sqlalchemy.orm.deferred",
        "sqlalchemy.orm.relationship",
        "sqlmodel.Field",
        "sqlmodel.Relationship",
    }
)


def is_builtin(name: str) -> bool:
    """Whether every module has the name from the start."""
    return name in _BUILTINS


def look_up(run: Evaluator, name: str, scope: Scope, span: Span) -> Value:
    """The value of `name` in `scope`; Unresolved where nothing is known to bind it."""
    inside: Scope = scope
    while not isinstance(inside, ModuleScope):
        if isinstance(inside, LocalScope):
            found = inside.names.get(name)
            if found is not None:
                return found
            # What a module's names are at this moment the scope says itself.
            inside = around_class(inside)
        else:
            value = _in_class(run, name, inside)
            if value is not None:
                return run.placed(value, span)
            inside = around_class(inside)
    value = in_module(run, inside.module, name, inside)
    if value is not None:
        return run.placed(value, span)
    if name in _BUILTINS:
        return External(span=span, path=f"builtins.{name}")
    return Unresolved(span=span, reason=f"nothing in the project defines `{name}`")


def around_class(scope: ClassScope | LocalScope) -> Scope:
    """What a class's or a function's body sees outside itself: not the names of a class around
    it."""
    outer = scope.outer
    while isinstance(outer, ClassScope):
        outer = outer.outer
    return outer


def _in_class(run: Evaluator, name: str, scope: ClassScope) -> Value | None:
    value = in_body(run, scope.body, name, scope)
    callee = value.callee if isinstance(value, Call) else None
    if value is not None and isinstance(callee, External) and callee.path in _COLUMN_MAKERS:
        return Attribute(span=value.span, of=scope.cls, name=name)
    return value


def in_module(run: Evaluator, module: Module, name: str, scope: ModuleScope) -> Value | None:
    """A module's own name; None if it has none such."""
    value = in_body(run, module.body, name, scope)
    if value is not None:
        return value
    span = Span(module.file, 0, 0)
    if module.problem is not None:
        return Unresolved(span=span, reason=f"`{module.file.path}` cannot be read")
    if name == "__name__":
        return Constant(span=span, value=module.name)
    return None


def in_body(run: Evaluator, body: Body, name: str, scope: ModuleScope | ClassScope) -> Value | None:
    """What the body's own statements bind `name` to, star imports included."""
    bindings = [binding for binding in body.bindings.get(name, ()) if binding.kind != "annotation"]
    if not bindings and not body.stars:
        return None
    before = scope.before
    if before is not None and bindings:
        earlier = [binding for binding in bindings if binding.at < before]
        # What is bound later only is what a forward reference means; `str = str` means the
        # name that is seen outside.
        bindings = earlier or [binding for binding in bindings if binding.at > before]
    stars = [] if isinstance(scope, ClassScope) else body.stars
    if before is not None:
        earlier_stars = [star for star in stars if star.at < before]
        stars = earlier_stars if bindings else earlier_stars or stars
    own_at = bindings[-1].at if bindings else -1
    value = _of_stars(run, scope.module, [star for star in stars if star.at > own_at], name)
    if value is not None and not (isinstance(value, Unresolved) and bindings):
        return value
    choice = _Choice(run, scope, name)
    for binding in reversed(bindings):
        choice.consider(binding)
        if choice.settled:
            break
    found = choice.result(Span(scope.module.file, 0, 0))
    if found is None:
        return _of_stars(run, scope.module, stars, name)
    if isinstance(scope, ModuleScope) and name in scope.module.global_names:
        reason = f"`{name}` is changed by functions when the program runs"
        return Unresolved(span=found.span, reason=reason)
    return found


def _of_stars(run: Evaluator, module: Module, stars: list[Statement], name: str) -> Value | None:
    """What the last of some star imports gives that has the name; one whose names are not known
    counts only if no other has it."""
    unknown = None
    for star in reversed(stars):
        value = imports.from_star(run, module, star, name)
        if value is not None and not isinstance(value, Unresolved):
            return value
        unknown = unknown or value
    return unknown


_Branch: TypeAlias = tuple[tuple[int, str], ...]
"""The sides of conditions that a statement stands in, the outermost first."""


class _Choice:
    """Gathers the bindings that may be the one which counts, the last first."""

    def __init__(self, run: Evaluator, scope: ModuleScope | ClassScope, name: str) -> None:
        self.run = run
        self.scope = scope
        self.name = name
        self.found: list[Binding] = []
        self.spare: list[Binding] = []  # used only if nothing else is there
        self.settled = False
        self._taken: set[_Branch] = set()

    def consider(self, binding: Binding) -> None:
        undecided = []
        for guard in binding.guards:
            holds = self.run.holds(guard, self.scope)
            if holds is False:
                if _is_spare(guard):
                    self.spare.append(binding)
                return
            if holds is None:
                undecided.append((id(guard.node), guard.branch))
        self.found.append(binding)
        self.settled = self._covers(tuple(undecided))

    def _covers(self, branch: _Branch) -> bool:
        """Whether, with this branch, one of those that bind the name is always taken: two sides
        of one condition are as good as what is around it."""
        self._taken.add(branch)
        while branch:
            outer, (node, side) = branch[:-1], branch[-1]
            other = {"body": "orelse", "orelse": "body"}.get(side)
            if other is None or (*outer, (node, other)) not in self._taken:
                return False
            branch = outer
            self._taken.add(branch)
        return True

    def result(self, span: Span) -> Value | None:
        candidates = self.found or self.spare
        if not candidates:
            return None
        values = [self.run.bound(binding, self.scope) for binding in candidates]
        if isinstance(values[0], Unresolved) and self.found and len(values) == 1:
            for binding in self.spare:
                # `try: import it; except ImportError: it = ...`, and there is no such module.
                if candidates[0].kind in ("from", "import") and _is_import_handler(binding):
                    return self.run.bound(binding, self.scope)
        first = values[0]
        if all(alike(first, other) for other in values[1:]):
            return first
        return Unresolved(
            span=span,
            reason=f"what `{self.name}` is depends on a condition "
            "that only the running program knows",
            origin=self._origin(),
        )

    def _origin(self) -> tuple[str, str] | None:
        """The name, if it is a module's as it is in the end."""
        scope = self.scope
        settled = isinstance(scope, ModuleScope) and scope.before is None
        return (scope.module.name, self.name) if settled else None


def _is_spare(guard: Guard) -> bool:
    """Whether what is bound there is known to type checkers, or where an import fails."""
    if guard.branch == "handler":
        return True
    return isinstance(guard.node, ast.If) and mentions_type_checking(guard.node.test)


def mentions_type_checking(test: ast.expr) -> bool:
    """Whether a condition asks for TYPE_CHECKING."""
    for node in ast.walk(test):
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING":
            return True
        if isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING":
            return True
    return False


def _is_import_handler(binding: Binding) -> bool:
    return any(guard.branch == "handler" for guard in binding.guards)


def decide(run: Evaluator, guard: Guard, scope: ModuleScope | ClassScope) -> bool | None:
    """Whether a branch is taken; None where only the running program knows."""
    for held in scope.guards:
        if held.node is guard.node and isinstance(guard.node, ast.If):
            return held.branch == guard.branch
    node = guard.node
    if isinstance(node, ast.If):
        outer = ModuleScope(scope.module, None) if isinstance(scope, ModuleScope) else scope
        answer = truth(run.evaluate(node.test, _at(node, outer)))
        if answer is None:
            return None
        return answer == (guard.branch == "body")
    if isinstance(node, (ast.Try, ast.TryStar)):
        expected = all(_expects_import_error(handler) for handler in node.handlers)
        if guard.branch == "handler":
            return False if expected else None
        return True if expected else None
    return None


def _at(node: ast.stmt, scope: ModuleScope | ClassScope) -> Scope:
    """The scope in which a statement of the same body looks up its names."""
    body = scope.module.body if isinstance(scope, ModuleScope) else scope.body
    statement = body.statement_of(node)
    if statement is None:
        return scope
    if isinstance(scope, ModuleScope):
        return ModuleScope(scope.module, statement.at, statement.guards)
    return ClassScope(scope.cls, scope.body, scope.outer, statement.at, statement.guards)


def _expects_import_error(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in _IMPORT_ERRORS for kind in kinds)
