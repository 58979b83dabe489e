"""Where the names of an expression are looked up: a module, a class body, a function's locals."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.evaluation.bindings import Body, Guard
from schemalint.loaders.sqlmodel.evaluation.modules import Module
from schemalint.loaders.sqlmodel.values import ClassValue, Value


class ModuleScope:
    """A module's names, as they stand at one of its statements.

    Attributes:
        before: the number of the statement that looks; only what earlier ones bound counts, unless
            none did. None: as the module has them in the end.
        guards: the branches that the looking statement stands in.
    """

    __slots__ = ("before", "guards", "module")

    def __init__(
        self, module: Module, before: int | None = None, guards: tuple[Guard, ...] = ()
    ) -> None:
        self.module = module
        self.before = before
        self.guards = guards


class ClassScope:
    """The names of a class's body, then those around the class; `before` and `guards` as above."""

    __slots__ = ("before", "body", "cls", "guards", "module", "outer")
    module: Module

    def __init__(
        self,
        cls: ClassValue,
        body: Body,
        outer: Scope,
        before: int | None = None,
        guards: tuple[Guard, ...] = (),
    ) -> None:
        self.cls = cls
        self.body = body
        self.outer = outer
        self.module = outer.module
        self.before = before
        self.guards = guards


class LocalScope:
    """The names of a function that is being evaluated, then those around its definition."""

    __slots__ = ("module", "names", "outer")
    module: Module

    def __init__(self, names: dict[str, Value], outer: Scope) -> None:
        self.names = names
        self.outer = outer
        self.module = outer.module


Scope = ModuleScope | ClassScope | LocalScope


def around_function(scope: Scope) -> Scope:
    """What a function's body sees outside itself: never the names of a class body."""
    while isinstance(scope, ClassScope):
        scope = scope.outer
    if isinstance(scope, ModuleScope) and scope.before is not None:
        return ModuleScope(scope.module)
    return scope


def at_the_end(scope: Scope) -> Scope:
    """The same names as they stand in the end, as forward references see them."""
    if isinstance(scope, ModuleScope):
        return scope if scope.before is None else ModuleScope(scope.module)
    if isinstance(scope, ClassScope):
        return ClassScope(scope.cls, scope.body, at_the_end(scope.outer))
    return LocalScope(scope.names, at_the_end(scope.outer))
