"""SQL as it is put together from expressions, and how tightly SQLAlchemy's operators bind."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sqlmodel.drafts import Gap, TypeDraft
from schemalint.source import Span

_TEXTS = frozenset(
    {"AutoString", "String", "Text", "Unicode", "UnicodeText", "VARCHAR", "TEXT", "CHAR", "NCHAR"}
    | {"NVARCHAR", "CLOB", "CITEXT"}
)


class ColumnName(msgspec.Struct, frozen=True):
    """A column that an expression names: physical name, and its type if it is known."""

    name: str
    type: TypeDraft | None = None

    @property
    def is_text(self) -> bool:
        """Whether it holds strings."""
        return self.type is not None and self.type.path.rpartition(".")[2] in _TEXTS


class UnrenderableError(Exception):
    """An expression, or a part of it, that cannot be written as SQL; `refused`, see `Gap`."""

    def __init__(self, span: Span, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.gap = Gap(span=span, reason=reason, refused=refused)


class SqlText(msgspec.Struct, frozen=True):
    """SQL and how tightly its outermost operator binds (SQLAlchemy's numbers).

    `is_text`: SQLAlchemy takes it for a string, so `+` is `||`.
    """

    text: str
    binding: int = 100
    operator: str = ""
    column: ColumnName | None = None
    is_text: bool = False

    def inside(self, operator: str, binding: int) -> str:
        """The text as an operand, with parentheses where SQLAlchemy writes them."""
        natural = operator == self.operator and operator in {"AND", "OR", "+", "*", "||"}
        return f"({self.text})" if self.binding <= binding and not natural else self.text


COMPARISON = 5
BINARY = {
    "==": ("=", 5),
    "!=": ("!=", 5),
    "<": ("<", 5),
    "<=": ("<=", 5),
    ">": (">", 5),
    ">=": (">=", 5),
    "+": ("+", 7),
    "-": ("-", 7),
    "*": ("*", 8),
    "/": ("/", 8),
    "%": ("%", 8),
    "&": ("AND", 3),
    "|": ("OR", 2),
    "and": ("AND", 3),
    "or": ("OR", 2),
}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "IS": "IS NOT",
    "IS NOT": "IS",
    "IN": "NOT IN",
    "NOT IN": "IN",
    "LIKE": "NOT LIKE",
    "NOT LIKE": "LIKE",
    "ILIKE": "NOT ILIKE",
    "NOT ILIKE": "ILIKE",
    "BETWEEN": "NOT BETWEEN",
    "NOT BETWEEN": "BETWEEN",
    "IS DISTINCT FROM": "IS NOT DISTINCT FROM",
    "IS NOT DISTINCT FROM": "IS DISTINCT FROM",
}
METHODS = {
    "is_": "IS",
    "is_not": "IS NOT",
    "isnot": "IS NOT",
    "is_distinct_from": "IS DISTINCT FROM",
    "is_not_distinct_from": "IS NOT DISTINCT FROM",
    "isnot_distinct_from": "IS NOT DISTINCT FROM",
    "in_": "IN",
    "not_in": "NOT IN",
    "notin_": "NOT IN",
    "like": "LIKE",
    "not_like": "NOT LIKE",
    "notlike": "NOT LIKE",
    "ilike": "ILIKE",
    "not_ilike": "NOT ILIKE",
    "notilike": "NOT ILIKE",
    "regexp_match": "~",
    "concat": "||",
}


def negated(operand: SqlText) -> SqlText:
    """NOT of it, written as SQLAlchemy does: `a = b` becomes `a != b`."""
    opposite = _OPPOSITE.get(operand.operator)
    if opposite is None or operand.text.count(f" {operand.operator} ") != 1:
        return SqlText("NOT " + operand.inside("NOT", 4), 4, "NOT")
    text = operand.text.replace(f" {operand.operator} ", f" {opposite} ", 1)
    # SQLAlchemy writes `(x NOT IN (...))` with parentheses of its own.
    if opposite == "NOT IN":
        text = f"({text})"
    elif opposite == "IN":
        text = text[1:-1]
    return SqlText(text, operand.binding, opposite)
