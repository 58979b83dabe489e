"""Expressions to values, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from schemalint.loaders.sqlmodel.evaluation import (
    attributes,
    calls,
    classes,
    comprehensions,
    functions,
    imports,
    lookup,
    own_constructs,
    subscripts,
    text,
)
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding, Body, Guard
from schemalint.loaders.sqlmodel.evaluation.connections import Heard
from schemalint.loaders.sqlmodel.evaluation.given import Given
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key, weight
from schemalint.loaders.sqlmodel.evaluation.modules import Modules
from schemalint.loaders.sqlmodel.evaluation.operators import (
    MOST_ITEMS,
    SIGNS,
    binary,
    merged,
    truth,
    unary,
)
from schemalint.loaders.sqlmodel.evaluation.scopes import (
    ClassScope,
    LocalScope,
    ModuleScope,
    Scope,
    around_function,
)
from schemalint.loaders.sqlmodel.values import (
    Call,
    ClassValue,
    Constant,
    EnumMember,
    External,
    FunctionValue,
    Mapping,
    Operation,
    Sequence,
    Unresolved,
    Value,
)
from schemalint.source import Span

# How deeply expressions and calls may nest: each level takes a few frames of Python's own stack.
_DEEPEST = 110
# How many expressions one question may take to answer, and all of them together.
# (The 52 tables of a large application take 12,000 in all.)
_STEPS_EACH = 20_000
_STEPS_ALL = 600_000
_HEAVIEST = 20_000  # values in one value


class Evaluator:
    """Evaluates expressions of all modules, remembering what names stand for.

    Attributes:
        modules: that imports are followed in.
        stars_in_progress: star imports being looked through, so that cycles of them end.
        bodies, orders, enum_members, made_classes: what is known of classes.
        generators: which functions are generators.
        calls_deep: how many calls are being followed, one inside the other.
        returned: what functions gave for constants and classes, by the key of the call.
        momentary: counts answers that depend on when they are asked: of a module that is being
            evaluated, in a cycle, or given up because they take too long.
        heard: what the listener runs that is being followed; None while none is.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.stars_in_progress: set[tuple[int, str]] = set()
        self.bodies: dict[int, tuple[ast.ClassDef, Body]] = {}
        self.orders: dict[tuple[str, int, int], classes.Order | Unresolved] = {}
        self.enum_members: dict[tuple[str, int, int], dict[str, EnumMember]] = {}
        self.made_classes: dict[tuple[int, int], ast.ClassDef] = {}
        self.generators: dict[int, tuple[ast.FunctionDef | ast.Lambda, bool]] = {}
        self.calls_deep = 0
        self.returned: dict[tuple[object, ...], tuple[ast.AST, Value]] = {}
        self.momentary = 0
        self.heard: Heard | None = None
        self._scopes: dict[int, LocalScope] = {}
        # The statement of each module that is being evaluated, by its number.
        self._moments: dict[str, int | None] = {}
        self._bound: dict[tuple[object, ...], Value] = {}
        self._decided: dict[tuple[object, ...], bool | None] = {}
        self._in_progress: set[object] = set()
        self._depth = 0
        self._steps = 0
        self._steps_all = 0

    # -- expressions

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """What the expression stands for in the scope. Never raises."""
        span = scope.module.span(node)
        if self._depth == 0:
            self._steps = 0
        reason = self.spend()
        if reason is None and self._depth > _DEEPEST:
            reason = "this is nested too deeply to be followed"
        if reason is not None:
            self.momentary += 1
            return Unresolved(span=span, reason=reason)
        evaluate = _EXPRESSIONS.get(type(node))
        if evaluate is None:
            return Unresolved(span=span, reason="this kind of expression is not followed")
        self._depth += 1
        try:
            return evaluate(self, node, scope, span)
        except RecursionError:
            self.momentary += 1
            return Unresolved(span=span, reason="this is nested too deeply to be followed")
        finally:
            self._depth -= 1

    def spend(self, steps: int = 1) -> str | None:
        """Count work that is about to be done; the reason to give up once there was too much."""
        self._steps += steps
        self._steps_all += steps
        if self._steps > _STEPS_EACH or self._steps_all > _STEPS_ALL:
            self.momentary += 1
            return "this takes too long to be followed"
        return None

    def call(
        self,
        callee: Value,
        args: tuple[Value, ...],
        keywords: tuple[tuple[str, Value], ...],
        span: Span,
    ) -> Value:
        """The value of a call, `span` being that of the whole call."""
        return calls.call(callee, Given(self, args, keywords, span))

    def bearable(self, value: Value) -> Value:
        """The value, or Unresolved if it holds more values than anybody could look through."""
        heaviness = weight(value, _HEAVIEST)
        reason = self.spend(heaviness // 8)
        if heaviness >= _HEAVIEST:
            reason = "this is too large to be followed"
        return value if reason is None else Unresolved(span=value.span, reason=reason)

    def seen_by_function(self, scope: Scope) -> Scope:
        """What the body of a function defined in `scope` sees outside itself, when it is called
        by the statement that is being evaluated: its module's names may change later."""
        outer = around_function(scope)
        if isinstance(outer, LocalScope):
            return LocalScope(outer.names, self.seen_by_function(outer.outer))
        moment = self._moments.get(outer.module.name)
        if moment is not None:
            self.momentary += 1
        return ModuleScope(outer.module, moment)

    @staticmethod
    def placed(value: Value, span: Span) -> Value:
        """The same value, found through the expression at `span`."""
        return value if value.span is span else replace(value, span=span)

    # -- names

    def holds(self, guard: Guard, scope: ModuleScope | ClassScope) -> bool | None:
        """Whether a branch is taken; None where only the running program knows."""
        key = (id(guard.node), guard.branch, _owner(scope), scope.guards)
        if key not in self._decided:
            self._decided[key] = None  # a condition that asks for itself
            self._decided[key] = lookup.decide(self, guard, scope)
        return self._decided[key]

    def bound(self, binding: Binding, scope: ModuleScope | ClassScope) -> Value:
        """What one binding gives its name."""
        key = (id(binding), _owner(scope))
        known = self._bound.get(key)
        if known is not None:
            return known
        if key in self._in_progress:
            self.momentary += 1
            reason = f"`{binding.name}` is defined by means of itself"
            return Unresolved(span=scope.module.span(binding.node), reason=reason)
        if self._depth == 0:
            self._steps = 0
        module, outer = scope.module.name, self._moments.get(scope.module.name)
        self._in_progress.add(key)
        self._depth += 1
        self._moments[module] = _moment(binding, scope)
        try:
            value = self._bind(binding, _at(binding, scope))
        finally:
            self._moments[module] = outer
            self._depth -= 1
            self._in_progress.discard(key)
        if not self._in_progress or not isinstance(value, Unresolved):
            # What failed inside a cycle may succeed when asked from elsewhere.
            self._bound[key] = value
        return value

    def _bind(self, binding: Binding, scope: ModuleScope | ClassScope) -> Value:
        module, node = scope.module, binding.node
        span = module.span(node)
        if self._depth > _DEEPEST:
            self.momentary += 1
            return Unresolved(span=span, reason="this is nested too deeply to be followed")
        if binding.kind in ("import", "from"):
            return imports.imported(self, module, binding)
        if isinstance(node, ast.ClassDef):
            return self.class_value(node, scope)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return functions.defined(self, node, scope)
        if any(guard.branch == "loop" for guard in binding.guards) or binding.kind == "unknown":
            reason = f"what `{binding.name}` is depends on how the program runs"
            return Unresolved(span=span, reason=reason)
        if binding.kind == "changed":
            return functions.changed(self, binding, scope)
        if binding.kind == "attached" and binding.value is not None:
            at = ModuleScope(module, binding.at, binding.guards)
            return self.evaluate(binding.value, at)
        if binding.value is None:
            return Unresolved(span=span, reason=f"`{binding.name}` is given no value")
        value = self.evaluate(binding.value, scope)
        if binding.kind == "augmented" and isinstance(node, ast.AugAssign):
            before = self.before(binding, scope)
            return self.bearable(binary(SIGNS[type(node.op)], before, value, span))
        if binding.kind == "alias":
            name = Constant(span=span, value=binding.name)
            alias = External(span=span, path="typing.TypeAliasType")
            return Call(span=span, callee=alias, args=(name, value))
        return subscripts.unpacked(value, binding.path)

    def before(self, binding: Binding, scope: ModuleScope | ClassScope) -> Value:
        """What the name stood for before the binding."""
        body = scope.body if isinstance(scope, ClassScope) else scope.module.body
        earlier = [known for known in body.bindings[binding.name] if known.at < binding.at]
        span = scope.module.span(binding.node)
        value = None
        if earlier:
            value = lookup.in_body(self, body, binding.name, scope)
        elif isinstance(scope, ClassScope):
            return lookup.look_up(self, binding.name, lookup.around_class(scope), span)
        if value is None:
            return Unresolved(span=span, reason=f"`{binding.name}` is given no value before")
        return value

    def class_value(self, node: ast.ClassDef, scope: Scope) -> ClassValue:
        """The class that a statement defines."""
        module = scope.module
        if isinstance(scope, LocalScope):
            # Classes are told apart by the number of their scope, which has to stay its own.
            self._scopes[id(scope)] = scope
        return ClassValue(
            span=module.span(node), name=node.name, module=module.name, node=node, scope=scope
        )


def _owner(scope: ModuleScope | ClassScope) -> tuple[object, ...]:
    if isinstance(scope, ClassScope):
        return class_key(scope.cls)
    return (scope.module.name,)


def _moment(binding: Binding, scope: ModuleScope | ClassScope) -> int | None:
    """The number of the module's statement that makes the binding; None in functions."""
    if isinstance(scope, ModuleScope):
        return binding.at
    outer: Scope = scope
    while isinstance(outer, ClassScope):
        outer = outer.outer
    return outer.before if isinstance(outer, ModuleScope) else None


def _at(binding: Binding, scope: ModuleScope | ClassScope) -> ModuleScope | ClassScope:
    """The names as the binding's own statement sees them."""
    if isinstance(scope, ModuleScope):
        return ModuleScope(scope.module, binding.at, binding.guards)
    return ClassScope(scope.cls, scope.body, scope.outer, binding.at, binding.guards)


# -- what each kind of expression stands for


def _constant(_run: Evaluator, node: ast.Constant, _scope: Scope, span: Span) -> Value:
    if node.value is ...:
        return External(span=span, path="builtins.Ellipsis")
    return Constant(span=span, value=node.value)


def _name(run: Evaluator, node: ast.Name, scope: Scope, span: Span) -> Value:
    return lookup.look_up(run, node.id, scope, span)


def _attribute(run: Evaluator, node: ast.Attribute, scope: Scope, span: Span) -> Value:
    of = run.evaluate(node.value, scope)
    if isinstance(of, Call) and isinstance(node.value, ast.Name):
        later = scope.module.body.attached.get(node.value.id, ())
        if any(binding.name == node.attr for binding in later):
            reason = f"`{node.value.id}.{node.attr}` is assigned when the program runs"
            return Unresolved(span=span, reason=reason)
    return attributes.attribute(run, of, node.attr, span)


def _call(run: Evaluator, node: ast.Call, scope: Scope, span: Span) -> Value:
    callee = run.evaluate(node.func, scope)
    if isinstance(callee, Unresolved) and run.heard is None:
        return Unresolved(span=span, reason=callee.reason)
    args, keywords = calls.arguments(run, node, scope)
    if run.heard is not None:
        run.heard.called(callee, (*args, *(value for _, value in keywords)), span)
    if isinstance(callee, Unresolved):
        return Unresolved(span=span, reason=callee.reason)
    given = Given(run, args, keywords, span)
    special = calls.special(node, callee, scope, given)
    if special is not None:
        return run.bearable(special)
    return run.bearable(own_constructs.plain(run, calls.call(callee, given)))


def _subscript(run: Evaluator, node: ast.Subscript, scope: Scope, span: Span) -> Value:
    return run.bearable(subscripts.subscript(run, node, scope, span))


def _binary(run: Evaluator, node: ast.BinOp, scope: Scope, span: Span) -> Value:
    left = run.evaluate(node.left, scope)
    right = run.evaluate(node.right, scope)
    return run.bearable(binary(SIGNS[type(node.op)], left, right, span))


def _unary(run: Evaluator, node: ast.UnaryOp, scope: Scope, span: Span) -> Value:
    return unary(SIGNS[type(node.op)], run.evaluate(node.operand, scope), span)


def _boolean(run: Evaluator, node: ast.BoolOp, scope: Scope, span: Span) -> Value:
    sign = SIGNS[type(node.op)]
    undecided: list[Value] = []
    for number, operand in enumerate(node.values):
        value = run.evaluate(operand, scope)
        decided = truth(value)
        last = number == len(node.values) - 1
        if not undecided and (last or decided == (sign == "or")):
            return run.placed(value, span)
        if decided is None or last:
            undecided.append(value)
        elif decided == (sign == "or"):
            undecided.append(value)
            break
    for value in undecided:
        if isinstance(value, Unresolved):
            return Unresolved(span=span, reason=value.reason)
    return run.bearable(Operation(span=span, operator=sign, operands=tuple(undecided)))


def _compare(run: Evaluator, node: ast.Compare, scope: Scope, span: Span) -> Value:
    left = run.evaluate(node.left, scope)
    results: list[Value] = []
    for operator, operand in zip(node.ops, node.comparators, strict=True):
        right = run.evaluate(operand, scope)
        version = subscripts.compared_version(left, SIGNS[type(operator)], right, span)
        results.append(version or binary(SIGNS[type(operator)], left, right, span))
        left = right
    if len(results) == 1:
        return results[0]
    decided = [truth(result) for result in results]
    if False in decided:
        return Constant(span=span, value=False)
    if None not in decided:
        return Constant(span=span, value=True)
    return run.bearable(Operation(span=span, operator="and", operands=tuple(results)))


def _conditional(run: Evaluator, node: ast.IfExp, scope: Scope, span: Span) -> Value:
    decided = truth(run.evaluate(node.test, scope))
    if decided is not None:
        return run.placed(run.evaluate(node.body if decided else node.orelse, scope), span)
    return functions.agreed(
        [run.evaluate(node.body, scope), run.evaluate(node.orelse, scope)], span
    )


def _display(run: Evaluator, node: Any, scope: Scope, span: Span) -> Value:
    items: list[Value] = []
    for item in node.elts:
        if isinstance(item, ast.Starred):
            inner = comprehensions.items_of(run, run.evaluate(item.value, scope))
            if inner is None:
                reason = "the items that `*` takes in cannot be told"
                return Unresolved(span=span, reason=reason)
            items.extend(inner)
        else:
            items.append(run.evaluate(item, scope))
        if len(items) > MOST_ITEMS:
            return Unresolved(span=span, reason="this list is too long to be followed")
    kind = {ast.List: "list", ast.Tuple: "tuple", ast.Set: "set"}[type(node)]
    return run.bearable(Sequence(span=span, kind=kind, items=tuple(items)))  # type: ignore[arg-type]  # one of the three


def _dict(run: Evaluator, node: ast.Dict, scope: Scope, span: Span) -> Value:
    result = Mapping(span=span, items=())
    for key, value_node in zip(node.keys, node.values, strict=True):
        value = run.evaluate(value_node, scope)
        if key is None:
            if not isinstance(value, Mapping):
                reason = "the items that `**` takes in cannot be told"
                return Unresolved(span=span, reason=reason)
            items = value.items
        else:
            items = ((run.evaluate(key, scope), value),)
        result = merged(result, items, span)
        if run.spend(len(result.items) // 4) or len(result.items) > MOST_ITEMS:
            return Unresolved(span=span, reason="this dict is too long to be followed")
    return run.bearable(result)


def _lambda(_run: Evaluator, node: ast.Lambda, scope: Scope, span: Span) -> Value:
    return FunctionValue(
        span=span, name="<lambda>", module=scope.module.name, node=node, scope=scope
    )


def _named(run: Evaluator, node: ast.NamedExpr, scope: Scope, _span: Span) -> Value:
    value = run.evaluate(node.value, scope)
    if isinstance(scope, LocalScope):
        scope.names[node.target.id] = value
    return value


def _starred(run: Evaluator, node: ast.Starred, scope: Scope, span: Span) -> Value:
    # `Generic[*Ts]`, `tuple[*items]`
    value = run.evaluate(node.value, scope)
    return run.bearable(Operation(span=span, operator="*", operands=(value,)))


_EXPRESSIONS: dict[type[ast.expr], Callable[[Evaluator, Any, Scope, Span], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.List: _display,
    ast.Tuple: _display,
    ast.Set: _display,
    ast.Dict: _dict,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.Starred: _starred,
    ast.JoinedStr: text.joined,
    ast.ListComp: comprehensions.comprehension,
    ast.SetComp: comprehensions.comprehension,
    ast.GeneratorExp: comprehensions.comprehension,
    ast.DictComp: comprehensions.comprehension,
}
