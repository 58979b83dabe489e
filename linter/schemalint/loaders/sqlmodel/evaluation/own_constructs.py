"""Constructs of SQLAlchemy that a project has its own class for: `class Column(sa.Column)`.

What its `__init__` hands on is what the construct says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.evaluation import classes, instances
from schemalint.loaders.sqlmodel.values import Call, ClassValue, External, Unresolved, Value

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

_CONSTRUCTS = frozenset(
    f"sqlalchemy.{name}"
    for name in (
        "CheckConstraint",
        "Column",
        "ForeignKey",
        "ForeignKeyConstraint",
        "Index",
        "MetaData",
        "PrimaryKeyConstraint",
        "UniqueConstraint",
    )
)


def plain(run: Evaluator, value: Value) -> Value:
    """The call of SQLAlchemy's own class that a call of a subclass amounts to; any other value as
    it is."""
    if not isinstance(value, Call) or not isinstance(value.callee, ClassValue):
        return value
    order = classes.mro(run, value.callee)
    known = () if isinstance(order, Unresolved) else order
    for one in known:
        if isinstance(one, External) and one.path in _CONSTRUCTS:
            handed = instances.constructed(run, value).handed_on
            if handed is None:
                reason = (
                    f"what `{value.callee.name}.__init__` makes of its arguments is not followed"
                )
                return Unresolved(span=value.span, reason=reason)
            return Call(span=value.span, callee=one, args=handed.args, keywords=handed.keywords)
    return value
