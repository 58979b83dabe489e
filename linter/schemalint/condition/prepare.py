"""Terms brought into the few forms that the decision procedure looks at."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from schemalint.condition.case import Case
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    In,
    Is,
    Literal,
    Not,
    Opaque,
    Operator,
    Or,
    Scalar,
    Term,
)
from schemalint.condition.values import NUMERIC_TYPES, POSTGRES_LIKE, affinity
from schemalint.model import Dialect, ScalarType

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)

MATCHES = frozenset({"regexp_like", "regexp_i_like", "glob"})
"""Functions that give a truth value, of which nothing else is known."""

STRICT_FUNCTIONS = frozenset(
    {"abs", "lower", "upper", "length", "octet_length", "trim", "text", *MATCHES}
)
"""Functions that are NULL exactly if an argument is."""


def prepared(term: Term, facts: Facts) -> Term:
    """An equivalent term in which columns have the names that `facts` know, IN is a chain of
    comparisons, coalesce() is spelt out where it is compared, and `IS NULL` asks columns where it
    can.
    """
    parts = tuple([prepared(part, facts) for part in term.parts])
    if isinstance(term, Column):
        return Column(facts.resolve(term.name), term.row)
    if isinstance(term, Literal) and _is_no_number(term.value):
        return Opaque(term.sql(facts.dialect))
    if parts != term.parts:
        term = term.with_parts(parts)
    if isinstance(term, In):
        subject = term.term
        return _joined(Or, [prepared(Compare("=", subject, one), facts) for one in term.values])
    if isinstance(term, Compare):
        return _compare(term, facts)
    if isinstance(term, Is) and term.value is None:
        return _is_null(term.term, facts)
    if isinstance(term, Call) and term.function == "text":
        return _text(term, facts)
    if isinstance(term, Call) and term.function in ("integer", "numeric"):
        return _number(term, facts)
    if isinstance(term, (And, Or)):
        return _joined(type(term), term.parts)
    return term


def _is_no_number(value: Scalar) -> bool:
    """NaN and infinity, which PostgreSQL's numbers hold and which stand nowhere among them."""
    return isinstance(value, Decimal) and not value.is_finite()


def _joined(kind: type[And | Or], terms: list[Term] | tuple[Term, ...]) -> Term:
    flat: list[Term] = []
    for term in terms:
        flat.extend(term.parts if isinstance(term, kind) else (term,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _text(term: Call, facts: Facts) -> Term:
    """PostgreSQL prints `status::text`; on a column of text the cast changes nothing."""
    inner = term.arguments[0]
    known = facts.column(inner.name) if isinstance(inner, Column) else None
    plain = (
        known is not None
        and known.type in (ScalarType.STRING, ScalarType.ENUM)
        and not known.native.startswith(("CHAR", "BPCHAR"))
        and not known.ignore_case
    )
    return inner if plain and facts.dialect in POSTGRES_LIKE else term


def _number(term: Call, facts: Facts) -> Term:
    """PostgreSQL prints `(price)::numeric > (0)::numeric`; of a whole number it changes nothing."""
    inner = term.arguments[0]
    known = facts.column(inner.name) if isinstance(inner, Column) else None
    if known is None or facts.dialect not in POSTGRES_LIKE:
        return term
    whole = known.type is ScalarType.INT
    same = whole or (term.function == "numeric" and known.type in _EXACT)
    return inner if same else term


_EXACT = (ScalarType.BIGINT, ScalarType.DECIMAL)


def _compare(term: Compare, facts: Facts) -> Term:
    length = _length(term)
    if length is not None and facts.dialect in (*POSTGRES_LIKE, Dialect.SQLITE):
        return _nonempty(length, term, facts)
    if length is not None:
        return Compare(">", Call("length", (length,)), Literal(0))
    left, right = term.left, term.right
    for side, other in ((left, right), (right, left)):
        if (
            isinstance(side, Call)
            and side.function == "coalesce"
            and _same_kind(side.arguments, other, facts)
        ):
            flip = side is right

            def compared(value: Term, *, flip: bool = flip, other: Term = other) -> Term:
                pair = (other, value) if flip else (value, other)
                return prepared(Compare(term.operator, *pair), facts)

            return _first_value(side.arguments, compared, facts)
        if isinstance(side, Case) and _same_kind(side.values, other, facts):
            return _chosen_value(side, term, facts)
    if isinstance(left, Column) and isinstance(right, Literal):
        return Compare(term.operator, left, Literal(_spelt(left, right.value, facts)))
    if isinstance(right, Column) and isinstance(left, Literal):
        return Compare(term.operator, Literal(_spelt(right, left.value, facts)), right)
    return term


_MIRRORED: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "<>": "<>", "=": "="}


def _length(term: Compare) -> Term | None:
    """The text `x` of `length(x) > 0`, however that is written; None for other comparisons."""
    left, right, operator = term.left, term.right, term.operator
    if isinstance(left, Literal) and operator in _MIRRORED:
        left, right, operator = right, left, _MIRRORED[operator]
    if not isinstance(left, Call) or left.function not in _LENGTHS:
        return None
    if not isinstance(right, Literal):
        return None
    positive = (operator, right.value) in ((">", 0), ("<>", 0), (">=", 1))
    return left.arguments[0] if positive else None


_LENGTHS = ("length", "octet_length")


def _nonempty(text: Term, term: Compare, facts: Facts) -> Term:
    """`length(x) > 0` says `x <> ''`; not only that on SQLite, where NUL ends a text's length."""
    unlike = Compare("<>", text, Literal(""))
    return unlike if facts.dialect in POSTGRES_LIKE else And((term, unlike))


def _spelt(column: Column, value: Scalar, facts: Facts) -> Scalar:
    """A literal as the column's own values are spelt: `active = 1` of a boolean, 1 of a number."""
    known = facts.column(column.name)
    if known is None or known.type not in NUMERIC_TYPES:
        return value
    boolean = known.type is ScalarType.BOOLEAN and known.typed
    if boolean and facts.dialect in (*POSTGRES_LIKE, Dialect.SQLITE):
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        if isinstance(value, str):
            return {"true": True, "t": True, "false": False, "f": False}.get(value.lower(), value)
        return value
    return int(value) if isinstance(value, bool) else value


def _first_value(
    arguments: tuple[Term, ...], compared: Callable[[Term], Term], facts: Facts
) -> Term:
    """`coalesce(a, b) = c` is `a = c` where a has a value, else `b = c`."""
    first, rest = arguments[0], arguments[1:]
    own = compared(first)
    if not rest:
        return own
    return Or(
        (
            And((Not(_is_null(first, facts)), own)),
            And((_is_null(first, facts), _first_value(rest, compared, facts))),
        )
    )


def _chosen_value(case: Case, term: Compare, facts: Facts) -> Term:
    """`CASE WHEN a THEN b ELSE c END = d` is `b = d` where a is true, else `c = d`."""
    ways: list[Term] = []
    denied: list[Term] = []
    conditions: tuple[Term, ...] = (*case.conditions, Literal(True))
    for condition, value in zip(conditions, case.values, strict=True):
        sides = (value, term.right) if term.left == case else (term.left, value)
        compared = prepared(Compare(term.operator, *sides), facts)
        taken = Is(condition, True)
        ways.append(_joined(And, [*denied, taken, compared]))
        denied.append(Not(taken))
    return _joined(Or, ways)


def _same_kind(values: tuple[Term, ...], other: Term, facts: Facts) -> bool:
    """Whether taking coalesce() or CASE apart changes no conversion and no collation (SQLite,
    citext)."""
    if len(values) > 4:
        return False
    given = [*[value for value in values if value != Literal(None)], other]
    kinds = {_kind(term, facts) for term in given}
    if "folded text" in kinds:  # MySQL compares a literal as the column beside it is compared
        kinds = {_kind(term, facts) for term in given if not _is_text(term)}
    return len(kinds) == 1 and None not in kinds


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and isinstance(term.value, str)


def _kind(term: Term, facts: Facts) -> str | None:
    if isinstance(term, Literal):
        return "text" if isinstance(term.value, str) else None if term.value is None else "numeric"
    known = facts.column(term.name) if isinstance(term, Column) else None
    if known is None or known.type is None:
        return None
    if known.ignore_case:
        folded = facts.dialect in _MYSQL and _typed_kind(known) == "text"
        return "folded text" if folded else None
    if not known.typed:
        return affinity(known)
    return _typed_kind(known)


def _typed_kind(known: ColumnFacts) -> str | None:
    if known.type in NUMERIC_TYPES:
        return "numeric"
    if known.type is ScalarType.STRING and not known.native.startswith(("CHAR", "BPCHAR")):
        return "text"
    return None


_RAISING = (*POSTGRES_LIKE, Dialect.SQLSERVER)
"""Where a division by zero is an error; to the others it is NULL."""


def is_null_with_parts(term: Term, facts: Facts) -> bool:
    """Whether the term is NULL exactly if something in it is. A row for which it is an error is
    none."""
    if isinstance(term, Arithmetic):
        by = term.right
        some = isinstance(by, Literal) and isinstance(by.value, int) and by.value != 0
        return term.operator in "+-*" or some or facts.dialect in _RAISING
    return isinstance(term, Call) and term.function in STRICT_FUNCTIONS


def _is_null(term: Term, facts: Facts) -> Term:
    """`term IS NULL` as a condition on the columns in it, as far as that is the same."""
    if isinstance(term, Literal):
        return Literal(term.value is None)
    if isinstance(term, Call) and term.function == "coalesce":
        return _joined(And, [_is_null(argument, facts) for argument in term.arguments])
    if is_null_with_parts(term, facts):
        return _joined(Or, [_is_null(part, facts) for part in term.parts])
    return Is(term, None)
