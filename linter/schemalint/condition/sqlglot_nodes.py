"""Questions about nodes of sqlglot's syntax tree, as the conversion to terms asks them."""

from __future__ import annotations

import re

from sqlglot import ErrorLevel, exp
from sqlglot.expressions import Expr

from schemalint.model import Dialect

# What sqlglot may hang on a node beside the usual. Anything else that is set changes what the node
# says (`negate`, `symmetric`, `safe` ...), so the node is then not understood.
_KNOWN_ARGUMENTS = frozenset(
    {
        *("this", "expression", "expressions", "table", "quoted", "is_string", "low", "high"),
        *("to", "ifs", "default", "true", "false", "big_int", "_type", "kind", "nested", "dtype"),
    }
)
_MORE_ARGUMENTS: dict[type[Expr], frozenset[str]] = {
    exp.Is: frozenset({"negate"}),
    exp.Like: frozenset({"negate"}),
    exp.ILike: frozenset({"negate"}),
    exp.Length: frozenset({"binary"}),
    exp.Div: frozenset({"typed", "safe"}),
    exp.Coalesce: frozenset({"is_nvl"}),
    exp.Trim: frozenset({"position"}),
}

_PREDICATES = (
    *(exp.In, exp.Between, exp.Like, exp.ILike, exp.Escape, exp.Glob, exp.RegexpLike, exp.Match),
    exp.Not,
)
"""What sqlglot makes of IN, BETWEEN, LIKE and their negations."""

_PLAIN_ARRAY = re.compile(
    r"\{(?!null[,}])[\w-]+(?:,(?!null[,}])[\w-]+)*\}", re.ASCII | re.IGNORECASE
)


def has_more(node: Expr) -> bool:
    """Whether the node carries something that the conversion would lose."""
    known = _KNOWN_ARGUMENTS | _MORE_ARGUMENTS.get(type(node), frozenset())
    parts = (node, node.this) if isinstance(node, exp.Column) else (node,)
    return any(
        value and name not in known
        for part in parts
        if isinstance(part, Expr)
        for name, value in part.args.items()
    )


def binds_otherwise(node: Expr, dialect: Dialect | None) -> bool:
    """Whether the database reads operators without brackets in another order than sqlglot.

    To SQLite, `=` and `<` bind no looser than IN, BETWEEN and LIKE: `a = b IN (0, 1)` asks whether
    `a = b` is 0 or 1 (sqlite.org, "SQL Language Expressions"). To MySQL, they belong to the upper
    bound before them: `a BETWEEN 0 AND b IN (0, 1)` compares `a` with what `b IN (0, 1)` is. Both
    were tried, on SQLite 3.40 and MariaDB 10.11.
    """
    if dialect is Dialect.SQLITE:
        return isinstance(node, exp.Binary) and isinstance(node.expression, _PREDICATES)
    if dialect in (Dialect.MYSQL, Dialect.MARIADB) and isinstance(node, _PREDICATES):
        left = node.this
        if isinstance(left, exp.Paren) and isinstance(left.this, exp.Not):  # NOT BETWEEN
            left = left.this.this
        return not isinstance(node, exp.Not) and isinstance(left, exp.Between)
    return False


def chain(node: Expr) -> list[Expr]:
    """The operands of a left-deep chain of one operator, from left to right."""
    operands: list[Expr] = []
    while True:
        operands.append(node.expression)
        if type(node.this) is not type(node):
            operands.append(node.this)
            return operands[::-1]
        node = node.this


def array_values(node: Expr, wanted: type[Expr] | None) -> list[Expr] | None:
    """The elements of `ANY (ARRAY[...])`, as PostgreSQL prints an IN, casts dropped."""
    if wanted is exp.All and isinstance(node, exp.Anonymous) and str(node.this).upper() == "ALL":
        inner = node.expressions[0] if len(node.expressions) == 1 else None
    elif wanted is not None and isinstance(node, wanted):
        inner = node.this
    else:
        return None
    while isinstance(inner, (exp.Paren, exp.Cast)):
        inner = inner.this
    if isinstance(inner, exp.Literal) and inner.is_string:
        return _of_array_text(inner.this)
    return list(inner.expressions) if isinstance(inner, exp.Array) else None


def _of_array_text(text: str) -> list[Expr] | None:
    """The elements of an array that is written as text, `'{a,b}'`; None where they are quoted."""
    if _PLAIN_ARRAY.fullmatch(text) is None:
        return None
    return [exp.Literal.string(element) for element in text[1:-1].split(",")]


def described(node: Expr) -> str:
    """The node in words, for its author: the function by name, else the SQL, cut short."""
    if isinstance(node, exp.Func):
        name = str(node.this) if isinstance(node, exp.Anonymous) else node.sql_name().lower()
        return f"the function `{name}`"
    if isinstance(node, (exp.Subquery, exp.Select, exp.Exists)):
        return "a query"
    if isinstance(node, (exp.Placeholder, exp.Parameter)):
        return "a parameter"
    text = node.sql(comments=False, unsupported_level=ErrorLevel.IGNORE)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
