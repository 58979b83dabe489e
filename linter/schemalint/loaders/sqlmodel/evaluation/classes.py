"""Classes of the project: their bodies, their bases in the order of Python's MRO, attributes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import functions
from schemalint.loaders.sqlmodel.evaluation.bindings import Binding, Body, bind
from schemalint.loaders.sqlmodel.evaluation.likeness import class_key
from schemalint.loaders.sqlmodel.evaluation.scopes import ClassScope, ModuleScope, Scope
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Subscript,
    Unresolved,
    Value,
)
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

# A class of the MRO: of the project, from outside (a call from outside that makes one stands there
# as what is called), or a declarative base made by a call.
Ancestor = ClassValue | External | Call
Order = tuple[Ancestor, ...]

_OBJECT = "builtins.object"
_FLASK_MODEL = "flask_sqlalchemy.SQLAlchemy.Model"
_AUTOMAP = "sqlalchemy.ext.automap.automap_base"
# What classes from outside stand on, as far as it matters for the order of a class's bases.
_KNOWN_ORDERS = {
    "enum.IntEnum": ("builtins.int", "enum.ReprEnum", "enum.Enum"),
    "enum.StrEnum": ("builtins.str", "enum.ReprEnum", "enum.Enum"),
    "enum.Flag": ("enum.Enum",),
    "enum.IntFlag": ("builtins.int", "enum.ReprEnum", "enum.Flag", "enum.Enum"),
    "enum.ReprEnum": ("enum.Enum",),
    "sqlmodel.SQLModel": ("pydantic.BaseModel",),
    "pydantic_settings.BaseSettings": ("pydantic.BaseModel",),
    "pydantic.RootModel": ("pydantic.BaseModel", "typing.Generic"),
    "typing.Protocol": ("typing.Generic",),
    "builtins.bool": ("builtins.int",),
}
STATIC = frozenset({"builtins.staticmethod"})
DECLARED = frozenset(
    {
        "sqlalchemy.orm.declared_attr",
        "sqlalchemy.orm.declared_attr.directive",
        "sqlalchemy.orm.declared_attr.cascading",
    }
)
PROPERTIES = frozenset({"builtins.property", "functools.cached_property"})
_CLASS_METHOD = frozenset({"builtins.classmethod"})
_LONGEST_ORDER = 200


def scope_of(run: Evaluator, cls: ClassValue) -> ClassScope:
    """The scope that the statements of the class's body run in, as it is in the end."""
    outer = cls.scope
    if not isinstance(outer, Scope):
        outer = ModuleScope(run.modules.module(cls.module))
    return ClassScope(cls, body_of(run, cls), outer)


def body_of(run: Evaluator, cls: ClassValue) -> Body:
    """What the statements of the class's body bind."""
    key = id(cls.node)
    known = run.bodies.get(key)
    if known is None:
        # The node is kept with its body, so that no other node can take its number.
        run.bodies[key] = known = (cls.node, bind(cls.node.body))
        known[1].attach(_attached(run, cls))
    return known[1]


def _attached(run: Evaluator, cls: ClassValue) -> list[Binding]:
    """`Class.name = value` at the top of the module, behind the class. What says how the table is
    made (`__table_args__`) comes too late there."""
    scope = cls.scope
    if not isinstance(scope, ModuleScope) or scope.before is None:
        return []
    body, at = run.modules.module(cls.module).body, scope.before
    following = [each.at for each in body.bindings.get(cls.name, ()) if each.at > at]
    end = min(following, default=len(body.statements))
    attached = body.attached.get(cls.name, ())
    return [each for each in attached if at < each.at < end and not each.name.startswith("__")]


def bases(run: Evaluator, cls: ClassValue) -> tuple[Value, ...]:
    """The bases as they are written, evaluated."""
    return tuple(run.evaluate(base, definition_scope(run, cls)) for base in cls.node.bases)


def definition_scope(run: Evaluator, cls: ClassValue) -> Scope:
    """The scope of the class statement itself: of its bases, keywords and decorators."""
    outer = cls.scope
    return outer if isinstance(outer, Scope) else ModuleScope(run.modules.module(cls.module))


def mro(run: Evaluator, cls: ClassValue) -> Order | Unresolved:
    """The class and its ancestors in the order that attributes are looked up in."""
    key = class_key(cls)
    known = run.orders.get(key)
    if known is None:
        reason = f"`{cls.name}` is its own base"
        run.orders[key] = Unresolved(span=cls.span, reason=reason)
        run.orders[key] = known = _order(run, cls)
    if not isinstance(known, Unresolved):
        return (cls, *known[1:])
    return known


def _order(run: Evaluator, cls: ClassValue) -> Order | Unresolved:
    orders: list[list[Ancestor]] = []
    heads: list[Ancestor] = []
    for base in bases(run, cls):
        order = base_order(run, base)
        if isinstance(order, Unresolved):
            reason = f"a base of `{cls.name}` is not known: {order.reason}"
            return Unresolved(span=base.span, reason=reason)
        if order:
            orders.append(list(order))
            heads.append(order[0])
    merged = _merged([*orders, heads])
    if merged is None:
        reason = f"the bases of `{cls.name}` are in an order that Python refuses"
        return Unresolved(span=cls.span, reason=reason)
    if len(merged) > _LONGEST_ORDER or run.spend(len(merged)):
        return Unresolved(span=cls.span, reason=f"`{cls.name}` has too many ancestors")
    return (cls, *merged)


def base_order(run: Evaluator, base: Value) -> Order | Unresolved:
    """The MRO of a base; empty for `object`."""
    if isinstance(base, Subscript):
        base = base.of
    if isinstance(base, ClassValue):
        return mro(run, base)
    if isinstance(base, External):
        if base.path == _OBJECT:
            return ()
        span = base.span
        if base.path == _FLASK_MODEL and isinstance(base.owner, Call):
            model = base.owner.keyword("model_class")
            if isinstance(model, ClassValue):  # `db.Model` has it for a base
                order = mro(run, model)
                return order if isinstance(order, Unresolved) else (base, *order)
        more = _KNOWN_ORDERS.get(base.path, ())
        return (base, *(External(span=span, path=path) for path in more))
    if isinstance(base, Call):
        return _made_order(run, base)
    if isinstance(base, Attribute):
        return Unresolved(span=base.span, reason=f"`{base.span.text[:60]}` cannot be followed")
    if isinstance(base, Unresolved):
        return base
    return Unresolved(span=base.span, reason=f"`{base.span.text[:60]}` is no class")


def _made_order(run: Evaluator, base: Call) -> Order | Unresolved:
    """The MRO of a class that a call makes."""
    callee = base.callee
    path = callee.path if isinstance(callee, External) else ""
    makes = isinstance(callee, Attribute) and callee.name == "generate_base"
    if makes or path == "sqlalchemy.orm.declarative_base":
        inner = base.keyword("cls")
        if not isinstance(inner, (ClassValue, External)):
            return (base,)
        order = base_order(run, inner)
        return order if isinstance(order, Unresolved) else (base, *order)
    if path == _AUTOMAP:
        reason = "what automap adds is read from the database"
        return Unresolved(span=base.span, reason=reason)
    if path:
        return (External(span=base.span, path=path),)
    reason = f"what `{base.span.text[:60]}` makes is not known"
    return Unresolved(span=base.span, reason=reason)


def _identity(ancestor: Ancestor) -> object:
    if isinstance(ancestor, ClassValue):
        return class_key(ancestor)
    if isinstance(ancestor, External):
        return ancestor.path
    callee = ancestor.callee
    # One `Base = declarative_base()` gives one class, through whatever name it is reached.
    return (callee.path if isinstance(callee, External) else id(callee), len(ancestor.keywords))


def _merged(orders: list[list[Ancestor]]) -> list[Ancestor] | None:
    """C3: each class before its bases, the bases in their written order; None if impossible."""
    result: list[Ancestor] = []
    remaining = [order for order in orders if order]
    while remaining:
        tails = {_identity(item) for order in remaining for item in order[1:]}
        for order in remaining:
            if _identity(order[0]) not in tails:
                head = order[0]
                break
        else:
            return None
        result.append(head)
        taken = _identity(head)
        remaining = [
            rest
            for order in remaining
            if (rest := order[1:] if _identity(order[0]) == taken else order)
        ]
        if len(result) > _LONGEST_ORDER:
            return None
    return result


def attribute_of(
    run: Evaluator, cls: ClassValue, name: str, span: Span, *, receiver: Value | None = None
) -> Value | None:
    """What a project class or one of its project ancestors binds `name` to, `declared_attr` and
    class methods being given `receiver` (the class itself if None). None: no project class of the
    MRO does, though one from outside may; Unresolved: the MRO is not known that far."""
    order = mro(run, cls)
    known: tuple[Ancestor, ...] = (cls,) if isinstance(order, Unresolved) else order
    for ancestor in known:
        if isinstance(ancestor, ClassValue):
            found = own_attribute(run, ancestor, name, span, receiver=receiver or cls)
            if found is not None:
                return found
    return Unresolved(span=span, reason=order.reason) if isinstance(order, Unresolved) else None


def own_attribute(
    run: Evaluator, cls: ClassValue, name: str, span: Span, *, receiver: Value
) -> Value | None:
    """What the class's own body binds `name` to."""
    from schemalint.loaders.sqlmodel.evaluation import lookup

    scope = scope_of(run, cls)
    value = lookup.in_body(run, scope.body, name, scope)
    if value is None:
        return None
    if isinstance(value, FunctionValue) and isinstance(value.node, ast.FunctionDef):
        return _method(run, value, receiver, span)
    return run.placed(value, span)


def _method(run: Evaluator, function: FunctionValue, receiver: Value, span: Span) -> Value:
    """A function of a class's body, as its decorators have it seen from `receiver`."""
    paths = decorators_of(run, function)
    if paths & DECLARED:
        return run.call(function, (class_behind(receiver),), (), span)
    if paths & PROPERTIES and not isinstance(receiver, ClassValue):
        return run.call(function, (receiver,), (), span)
    if paths & _CLASS_METHOD:
        return bound(function, class_behind(receiver), span)
    if paths & STATIC or isinstance(receiver, ClassValue) or paths & PROPERTIES:
        return run.placed(function, span)
    return bound(function, receiver, span)


def bound(function: FunctionValue, receiver: Value, span: Span) -> Call:
    """A method whose first argument is given already."""
    partial = External(span=span, path="functools.partial")
    return Call(span=span, callee=partial, args=(function, receiver))


def class_behind(receiver: Value) -> Value:
    """The class of an instance; the class itself if it is one."""
    if isinstance(receiver, Call):
        return receiver.callee
    return receiver


def decorators_of(run: Evaluator, function: FunctionValue) -> frozenset[str]:
    """The canonical paths of a function's decorators, the project's own left out."""
    node, scope = function.node, function.scope
    if isinstance(node, ast.Lambda) or not isinstance(scope, Scope):
        return frozenset()
    found = (functions.decorator_path(run, each, scope) for each in node.decorator_list)
    return frozenset(path for path in found if path is not None)


def qualified_name(cls: ClassValue) -> str:
    """`__qualname__`, for a class that is not made in a function."""
    names = [cls.name]
    scope = cls.scope
    while isinstance(scope, ClassScope):
        names.append(scope.cls.name)
        scope = scope.outer
    return ".".join(reversed(names))


def special_attribute(cls: ClassValue, name: str, span: Span) -> Value | None:
    """`__name__` and the like."""
    if name == "__name__":
        return Constant(span=span, value=cls.name)
    if name == "__qualname__":
        return Constant(span=span, value=qualified_name(cls))
    if name == "__module__":
        return Constant(span=span, value=cls.module)
    if name == "__doc__":
        return Constant(span=span, value=ast.get_docstring(cls.node, clean=False))
    return None
