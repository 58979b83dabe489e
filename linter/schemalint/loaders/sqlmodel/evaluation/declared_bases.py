"""Declarative bases that a decorator or a metaclass makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import classes
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    ClassValue,
    External,
    Unresolved,
)

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

OF_BASES = ("registry", "__abstract__")
"""What the body of a base has that DeclarativeMeta makes."""

_META = "sqlalchemy.orm.DeclarativeMeta"


def is_declared_base(run: Evaluator, cls: ClassValue) -> bool:
    """`@as_declarative() class Base`, or one made with DeclarativeMeta."""
    if not cls.node.decorator_list and not cls.node.keywords:
        return False
    scope = classes.definition_scope(run, cls)
    for node in cls.node.decorator_list:
        value = run.evaluate(node, scope)
        made = value.callee if isinstance(value, Call) else value
        if isinstance(made, External) and made.path == "sqlalchemy.orm.as_declarative":
            return True
        if isinstance(made, Attribute) and made.name == "as_declarative_base":
            return True
    # Below a base, the same metaclass makes tables: a base of its own has its registry in its body.
    bound = classes.body_of(run, cls).bindings
    if not any(name in bound for name in OF_BASES):
        return False
    for word in cls.node.keywords:
        if word.arg == "metaclass":
            value = run.evaluate(word.value, scope)
            order = classes.mro(run, value) if isinstance(value, ClassValue) else (value,)
            known = () if isinstance(order, Unresolved) else order
            if any(isinstance(one, External) and one.path == _META for one in known):
                return True
    return False
