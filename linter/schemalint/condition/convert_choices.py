"""sqlglot's CASE, IF and NULLIF to terms."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp
from sqlglot.expressions import Expr

from schemalint.condition.case import Case
from schemalint.condition.sqlglot_nodes import has_more
from schemalint.condition.terms import Compare, Literal, Term

Reader = Callable[[Expr], Term]


def choice(node: Expr, truth: Reader, value: Reader) -> Term | None:
    """The term of a node that chooses between values; None for other nodes.

    `truth` and `value` give the terms of the nodes below it.
    """
    if isinstance(node, exp.Case):
        return _case(node, truth, value)
    if isinstance(node, exp.If):
        otherwise = node.args.get("false")
        no = value(otherwise) if otherwise is not None else Literal(None)
        return Case((truth(node.this),), (value(node.args["true"]), no))
    if isinstance(node, exp.Nullif):
        kept = value(node.this)
        same = Compare("=", kept, value(node.expression))
        return Case((same,), (Literal(None), kept))
    return None


def _case(node: exp.Case, truth: Reader, value: Reader) -> Term | None:
    subject = value(node.this) if node.this is not None else None
    conditions: list[Term] = []
    values: list[Term] = []
    for branch in node.args["ifs"]:
        if has_more(branch):
            return None
        when = branch.this
        conditions.append(truth(when) if subject is None else Compare("=", subject, value(when)))
        values.append(value(branch.args["true"]))
    default = node.args.get("default")
    values.append(value(default) if default is not None else Literal(None))
    return Case(tuple(conditions), tuple(values))
