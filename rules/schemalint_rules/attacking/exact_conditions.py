"""Conditions as their author reads them: where the database takes texts for equal that are not, or
text for a number."""

from __future__ import annotations

from schemalint.condition.collations import compares_exactly, stores_text
from schemalint.condition.quoting import quoted_string
from schemalint.condition.terms import (
    And,
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Opaque,
    Or,
    Scalar,
    Term,
)
from schemalint.context import Context
from schemalint.model import Dialect, Field, Model, ScalarType

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_EQUAL = ("=", "is not distinct from")
_ORDER = ("<", "<=", ">", ">=")
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL)


def ordered_numbers(that: Term, model: Model) -> tuple[Field, ...]:
    """The columns of numbers that a condition compares by order."""
    found: dict[Field, None] = {}
    for part in that.walk():
        if isinstance(part, Compare) and part.operator in _ORDER:
            for name in part.columns:
                field = model.column(name)
                if field is not None and field.type in _NUMBERS:
                    found[field] = None
    return tuple(found)


def exact(term: Term, model: Model, context: Context) -> Term:
    """The condition where texts are equal only if every character is; the same term where the
    database compares them so anyway."""
    if isinstance(term, (And, Or)):
        parts = tuple([exact(part, model, context) for part in term.terms])
        return term if parts == term.terms else term.with_parts(parts)
    if isinstance(term, Is) and term.value is True:
        inner = exact(term.term, model, context)
        return term if inner == term.term else Is(inner, True)
    if isinstance(term, Not) and isinstance(term.term, Compare) and term.term.operator == "<>":
        return term
    comparing = isinstance(term, In) or (isinstance(term, Compare) and term.operator in _EQUAL)
    liking = isinstance(term, Like) and not term.ignore_case
    if not (comparing or liking) or not _is_loose(term, model, context):
        return term
    dialect = context.dialect
    if liking and dialect is Dialect.SQLITE:
        found = _glob(term, dialect)
        return term if found is None else And((term, found))
    parts = tuple([_to_the_letter(part, dialect) for part in term.parts])
    return And((term, term.with_parts(parts)))


def _is_loose(term: Term, model: Model, context: Context) -> bool:
    """Whether a text column is compared that the database does not compare exactly."""
    if any(isinstance(part, Literal) and not isinstance(part.value, str) for part in term.parts):
        return False
    for name in term.columns:
        field = model.column(name)
        if field is None or not stores_text(field):
            continue
        if not compares_exactly(field, context.dialect):
            return True
        if isinstance(term, Like) and context.dialect is Dialect.SQLITE:
            return True
    return False


def _to_the_letter(term: Term, dialect: Dialect) -> Term:
    sql = term.sql(dialect)
    if dialect in _MYSQL:
        return Opaque(f"CAST({sql} AS BINARY)", term.columns)
    if dialect is Dialect.SQLITE:
        return Opaque(f"(({sql}) COLLATE BINARY)", term.columns)
    if isinstance(term, Column):  # a CHAR with its blanks, which a cast would take off
        return Opaque(f"(format('%s', {sql}) COLLATE \"C\")", term.columns)
    return Opaque(f'(({sql})::text COLLATE "C")', term.columns)


def _glob(term: Term, dialect: Dialect) -> Term | None:
    """The pattern as SQLite's GLOB, which minds letter case."""
    assert isinstance(term, Like)
    pattern = term.pattern.value if isinstance(term.pattern, Literal) else None
    if not isinstance(pattern, str) or term.escape or any(sign in pattern for sign in "*?["):
        return None
    glob = pattern.replace("%", "*").replace("_", "?")
    text = f"({term.term.sql(dialect)} GLOB {quoted_string(glob, dialect)})"
    return Opaque(text, term.columns)


def askable(term: Term, model: Model, context: Context) -> Term:
    """The condition as PostgreSQL answers it: an enum that is compared with what is none of its
    labels is compared as text."""
    if context.dialect is not Dialect.POSTGRESQL:
        return term
    if isinstance(term, (Compare, In)):
        texts = {part.value for part in term.parts if isinstance(part, Literal)}
        parts = tuple([_as_text(part, texts, model, context) for part in term.parts])
    else:
        parts = tuple([askable(part, model, context) for part in term.parts])
    return term if parts == term.parts else term.with_parts(parts)


def _as_text(term: Term, texts: set[Scalar], model: Model, context: Context) -> Term:
    field = model.column(term.name) if isinstance(term, Column) else None
    enum = next((one for one in context.schema.enums if field and one.name == field.enum), None)
    if enum is None or texts <= {value.stored for value in enum.values}:
        return term
    return Call("text", (term,))
