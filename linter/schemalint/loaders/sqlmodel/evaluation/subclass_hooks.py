"""What bases do to a class while it is made: `__init_subclass__`, and metaclasses of the project.

A hook that gives the class its `__tablename__` is followed where that can be told; a metaclass that
looks as if it did is not, and the name is then not known.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import classes
from schemalint.loaders.sqlmodel.evaluation.execution import Execution
from schemalint.loaders.sqlmodel.evaluation.operators import truth
from schemalint.loaders.sqlmodel.evaluation.scopes import LocalScope, Scope
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    FunctionValue,
    Mapping,
    Unresolved,
    Value,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_HOOK = "__init_subclass__"
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Import, ast.ImportFrom, ast.Pass)


def given(run: Evaluator, cls: ClassValue, name: str) -> Value | None:
    """What the class's bases set its attribute `name` to while it is made; None where they leave
    it alone, Unresolved where that cannot be told."""
    order = classes.mro(run, cls)
    bases = () if isinstance(order, Unresolved) else order[1:]
    for base in bases:
        if not isinstance(base, ClassValue):
            continue
        if _HOOK in classes.body_of(run, base).bindings:
            found = _of_hook(run, base, cls, name)
            if found is not None:
                return found
    for meta in _metaclasses(run, (cls, *bases)):
        if _mentions(meta.node, name):
            reason = f"the metaclass `{meta.name}` may set `{name}`"
            return Unresolved(span=cls.span, reason=reason)
    return None


def _metaclasses(run: Evaluator, order: classes.Order) -> Iterator[ClassValue]:
    """The project's metaclasses, and their bases."""
    for one in order:
        found: Value | None = None
        if isinstance(one, Call):
            found = one.keyword("metaclass")
        elif isinstance(one, ClassValue):
            scope = classes.definition_scope(run, one)
            for word in one.node.keywords:
                if word.arg == "metaclass":
                    found = run.evaluate(word.value, scope)
        if isinstance(found, ClassValue):
            bases = classes.mro(run, found)
            known = (found,) if isinstance(bases, Unresolved) else bases
            yield from (meta for meta in known if isinstance(meta, ClassValue))


def _of_hook(run: Evaluator, base: ClassValue, cls: ClassValue, name: str) -> Value | None:
    for node in base.node.body:
        if isinstance(node, ast.FunctionDef) and node.name == _HOOK and _mentions(node, name):
            return _Hook(run, base, node, cls, name).follow()
    return None


def _mentions(node: ast.AST, name: str) -> bool:
    return any(
        (isinstance(one, ast.Constant) and one.value == name)
        or (isinstance(one, ast.Attribute) and one.attr == name)
        for one in ast.walk(node)
    )


class _Hook:
    """One `__init_subclass__`, carried out for one class."""

    def __init__(
        self, run: Evaluator, base: ClassValue, node: ast.FunctionDef, cls: ClassValue, name: str
    ) -> None:
        self._run = run
        self._node = node
        self._cls = cls
        self._name = name
        scope = classes.scope_of(run, base)
        self._function = FunctionValue(
            span=scope.module.span(node), name=_HOOK, module=base.module, node=node, scope=scope
        )
        self._found: Value | None = None
        self._over = False
        self._execution = Execution(run, _HOOK, self._function.span)

    def follow(self) -> Value | None:
        """What the hook sets; None if nothing."""
        parameters = self._node.args
        if not parameters.args or not isinstance(self._function.scope, Scope):
            return self._untold()
        span = self._cls.span
        own = {parameters.args[0].arg: self._cls}
        names: dict[str, Value] = {**own}
        scope_of_class = classes.definition_scope(self._run, self._cls)
        words = {
            word.arg: self._run.evaluate(word.value, scope_of_class)
            for word in self._cls.node.keywords
            if word.arg
        }
        later = [*parameters.args[1:], *parameters.kwonlyargs]
        defaults = [*parameters.defaults, *parameters.kw_defaults]
        aligned = [None] * (len(later) - len(defaults)) + defaults
        for parameter, default in zip(later, aligned, strict=False):
            value = words.pop(parameter.arg, None)
            if value is None and default is not None:
                value = self._run.evaluate(default, self._function.scope)
            names[parameter.arg] = value or Unresolved(span=span, reason="it is not given")
        if parameters.kwarg is not None:
            names[parameters.kwarg.arg] = Mapping(span=span, items=())
        scope = LocalScope(names, self._run.seen_by_function(self._function.scope))
        self._statements(self._node.body, scope)
        return self._found

    def _untold(self) -> Unresolved:
        reason = f"what `{_HOOK}` sets `{self._name}` to depends on how the program runs"
        return Unresolved(span=self._cls.span, reason=reason)

    def _statements(self, body: list[ast.stmt], scope: LocalScope) -> None:
        for statement in body:
            if self._over:
                return
            if isinstance(statement, ast.Return | ast.Raise):
                self._over = True
                return
            if isinstance(statement, ast.If):
                decided = self._decide(statement.test, scope)
                if decided is not None:
                    self._statements(statement.body if decided else statement.orelse, scope)
                    continue
            value = self._value(statement, scope)
            if value is not None:
                self._found = self._run.evaluate(value, scope)
            elif isinstance(statement, _SIMPLE):
                cls = scope.names.get(self._first)
                self._execution.step(statement, scope)
                if cls is not None:
                    scope.names[self._first] = cls
            elif _mentions(statement, self._name):
                self._found = self._untold()

    @property
    def _first(self) -> str:
        return self._node.args.args[0].arg

    def _value(self, statement: ast.stmt, scope: LocalScope) -> ast.expr | None:
        """What `cls.NAME = value` or `setattr(cls, "NAME", value)` sets."""
        if isinstance(statement, ast.Assign):
            wanted = f"{self._first}.{self._name}"
            if any(ast.unparse(target) == wanted for target in statement.targets):
                return statement.value
        call = statement.value if isinstance(statement, ast.Expr) else None
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "setattr"
            and len(call.args) == 3
            and isinstance(call.args[1], ast.Constant)
            and call.args[1].value == self._name
        ):
            return call.args[2]
        return None

    def _decide(self, test: ast.expr, scope: LocalScope) -> bool | None:
        """The truth of a condition; it may ask for the class's own attribute."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._decide(test.operand, scope)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            parts = [self._decide(one, scope) for one in test.values]
            both = isinstance(test.op, ast.And)
            if (not both) in parts:
                return not both
            return None if None in parts else both
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            asked, where = test.left, ast.unparse(test.comparators[0])
            if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
                first = self._first
                if where in (f"{first}.__dict__", f"vars({first})"):
                    bindings = classes.body_of(self._run, self._cls).bindings
                    has = asked.value in bindings
                    return has is isinstance(test.ops[0], ast.In)
        if isinstance(test, ast.Call):
            decided = self._decide_call(test)
            if decided is not None:
                return decided
        return truth(self._run.evaluate(test, scope))

    def _decide_call(self, test: ast.Call) -> bool | None:
        """`hasattr(cls, "NAME")`, `getattr(cls, "NAME", None)`, `cls.__dict__.get("NAME")`."""
        function, args = ast.unparse(test.func), test.args
        if function in ("hasattr", "getattr") and len(args) > 1:
            if ast.unparse(args[0]) != self._first:
                return None
            args = args[1:]
        elif function != f"{self._first}.__dict__.get":
            return None
        name = args[0].value if args and isinstance(args[0], ast.Constant) else None
        if not isinstance(name, str):
            return None
        if function == "hasattr":
            return self._has(name)
        if function != "getattr" and name not in classes.body_of(self._run, self._cls).bindings:
            return False if len(args) == 1 else None
        found = classes.attribute_of(self._run, self._cls, name, self._cls.span)
        return None if found is None else truth(found)

    def _has(self, name: str) -> bool | None:
        found = classes.attribute_of(self._run, self._cls, name, self._cls.span)
        if isinstance(found, Unresolved):
            return None
        if found is not None:
            return True
        from schemalint.loaders.sqlmodel.evaluation import attributes

        # SQLModel's own classes have a table's name already.
        own = attributes.implied_table_name(self._run, self._cls, self._cls.span)
        return name == "__tablename__" and own is not None
