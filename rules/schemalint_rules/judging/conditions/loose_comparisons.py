"""Where a database takes a comparison to be true of values that a rule's author would not.

A rule's condition is judged as the database computes it. Two things are then true that no rule
means: text in a column of numbers is greater than any number (SQLite, cases E19 and O19b), and
text equals or is LIKE another that differs in letter case (MySQL, SQLite's LIKE; cases O03h, O03i,
U08g) or in trailing blanks (MySQL, CHAR; cases E11d, E11f).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.condition.collations import EXACT_COLLATIONS, compares_exactly
from schemalint.condition.quoting import quoted
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Or,
    Term,
)
from schemalint.context import Context
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint.rule import Finding
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.rows.key_numbers import points_at_numbers
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.remedies.migration_sql import add_check
from schemalint_rules.wording.describing import called

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_COUNTS = ("length", "octet_length", "integer", "numeric", "num_nonnulls", "num_nulls")
_ORDER = ("<", "<=", ">", ">=")
_EQUAL = ("=", "is not distinct from")
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL)


class Looseness(msgspec.Struct, frozen=True):
    """What a writer has to heed for a condition to be true as it is meant, and what would make
    the database heed it."""

    condition: str
    help: str


def looseness(wanted: Term, rows: Rows) -> Looseness | None:
    """Why `wanted`, which the database keeps true, may be so of values that it is not meant of."""
    for term, positive in _comparisons(wanted, positive=True):
        field = _ordered(term, rows)
        if field is not None:
            return _of_text_as_number(field, rows)
        field = _folding(term, rows) if positive else None
        if field is not None and _matters(term, wanted, rows):
            return _of_case(field, rows)
        field = _padded(term, rows) if positive else None
        if field is not None and _matters(term, wanted, rows):
            return _of_blanks(field, rows)
    return None


def _matters(term: Term, wanted: Term, rows: Rows) -> bool:
    """Whether `wanted` can be true thanks to `term`: not where no row makes that true, nor where
    the rest is true of every row without it."""
    if rows.impossible((term,)):
        return False
    return term == wanted or rows.decide(_without(wanted, term)).answer is not True


def _without(wanted: Term, term: Term) -> Term:
    """The condition with what is never true in the place of one of its comparisons."""
    if wanted == term:
        return Is(Literal(1), None)
    if isinstance(wanted, (And, Or, Not, Is)):
        return wanted.with_parts(tuple([_without(part, term) for part in wanted.parts]))
    return wanted


def _comparisons(term: Term, *, positive: bool) -> Iterator[tuple[Term, bool]]:
    """The comparisons in a condition, and whether their being true helps it to be true."""
    if isinstance(term, Not):
        yield from _comparisons(term.term, positive=not positive)
    elif isinstance(term, (And, Or)):
        for part in term.terms:
            yield from _comparisons(part, positive=positive)
    elif isinstance(term, Is) and term.value is not None:
        yield from _comparisons(term.term, positive=positive is term.value)
    elif isinstance(term, Compare):
        equal = term.operator in _EQUAL
        yield term, positive if equal or term.operator in _ORDER else not positive
    elif isinstance(term, (In, Like)):
        yield term, positive


# -- text in columns of numbers ----------------------------------------------------------------


def _ordered(term: Term, rows: Rows) -> Field | None:
    """A column of numbers that can hold text, in a comparison by order."""
    if not isinstance(term, Compare) or term.operator not in _ORDER:
        return None
    for name in term.columns:
        field = rows.model.column(name)
        if field is None or field.type not in _NUMBERS or not can_hold_text(field, rows):
            continue
        if not rows.impossible((Not(Is(Column(name), None)),)):
            return field
    return None


def can_hold_text(field: Field, rows: Rows) -> bool:
    """Whether a column of SQLite's, of whatever type, takes text or blobs (O05, O05f)."""
    known = rows.facts.column(field.column)
    if known is None or known.typed:
        return False
    if field.generated is not None and isinstance(
        rows.expression(field.generated.expression), Arithmetic
    ):
        return False  # of whatever it is computed from, SQLite makes a number
    if field.type in _NUMBERS and points_at_numbers(field, rows):
        return False
    other = In(Call("typeof", (Column(field.column),)), (Literal("text"), Literal("blob")))
    return rows.implied((), Not(other)) is not True


def _of_text_as_number(field: Field, rows: Rows) -> Looseness:
    path = f"{rows.model.name}.{field.name}"
    column = quoted(field.column, rows.dialect)
    storage = f"typeof({column}) IN ('integer', 'real')"
    if field.nullable:
        storage = f"{column} IS NULL OR {storage}"
    return Looseness(
        f"SQLite stores text in `{path}` too, and takes any text for greater than any number",
        add_check(rows.model, [field.column, "type"], storage, rows.dialect)
        + "\nor make the table STRICT",
    )


# -- letter case -------------------------------------------------------------------------------


def _folding(term: Term, rows: Rows) -> Field | None:
    """A text column that is compared without regard to letter case, where that matters."""
    if isinstance(term, Like) and term.ignore_case:
        return None
    if any(_is_number(part) for part in term.parts):
        return None
    columns = all(isinstance(part, Column) for part in term.parts)
    if not columns and not any(_has_letters(part) for part in term.parts):
        return None
    pattern = isinstance(term, Like)
    for name in term.columns:
        field = rows.model.column(name)
        known = rows.facts.column(name)
        if field is None or known is None or known.type is not ScalarType.STRING:
            continue
        if field.ignore_case or (pattern and rows.dialect is Dialect.SQLITE):
            return field
    return None


def _padded(term: Term, rows: Rows) -> Field | None:
    """A text column that equals what has more blanks at its end, compared with a constant."""
    if not isinstance(term, In) and not (isinstance(term, Compare) and term.operator in _EQUAL):
        return None
    if not any(isinstance(part, Literal) and isinstance(part.value, str) for part in term.parts):
        return None
    if isinstance(term.parts[0], Call):
        return None  # what becomes of the blanks there is another matter
    for name in term.columns:
        field = rows.model.column(name)
        known = rows.facts.column(name)
        closed = known is not None and known.values is not None  # an enum of the database's
        if field is None or closed or rows.dialect is None:
            continue
        if not compares_exactly(field, rows.dialect):
            return field
    return None


def _is_number(term: Term) -> bool:
    if isinstance(term, Literal):
        return not isinstance(term.value, str)
    return isinstance(term, Arithmetic) or (isinstance(term, Call) and term.function in _COUNTS)


def _has_letters(term: Term) -> bool:
    """Whether a text with letters can stand there: a constant that has some, or anything that is
    worked out of columns."""
    if isinstance(term, Literal):
        text = term.value
        return isinstance(text, str) and text.lower() != text.upper()
    return not isinstance(term, Column)


def _of_case(field: Field, rows: Rows) -> Looseness:
    path = f"{rows.model.name}.{field.name}"
    if rows.dialect in _MYSQL:
        return Looseness(
            f"the collation of `{path}` ignores letter case, so that the database takes other "
            "spellings for the same",
            f"give `{field.name}` the collation {EXACT_COLLATIONS[rows.dialect]}, under which "
            "every character counts",
        )
    if rows.dialect is Dialect.SQLITE and not field.ignore_case:
        return Looseness(
            f"SQLite's LIKE ignores the case of A to Z, so that `{path}` can be spelt otherwise",
            "use GLOB in the CHECK, which does not",
        )
    return Looseness(
        f"`{path}` compares without regard to letter case, so that the database takes other "
        "spellings for the same",
        f"give `{field.name}` a type and a collation that tell letter case apart",
    )


def _of_blanks(field: Field, rows: Rows) -> Looseness:
    path = f"{rows.model.name}.{field.name}"
    exact = EXACT_COLLATIONS.get(rows.dialect) if rows.dialect is not None else None
    return Looseness(
        f"`{path}` compares without regard to trailing blanks, so that the database takes other "
        "spellings for the same",
        f"give `{field.name}` the collation {exact}, under which every character counts"
        if exact
        else f"give `{field.name}` a type and a collation under which every character counts",
    )


# -- bytes for characters ----------------------------------------------------------------------


def counts_bytes(path: str, model: Model, wanted: Term, context: Context) -> list[Finding]:
    """A CHECK that limits bytes where the rule limits characters (O04f)."""
    if not any(isinstance(part, Call) and part.function == "length" for part in wanted.walk()):
        return []
    rows = Rows(model, context, Layer.DATABASE)
    return [
        stricter(
            path,
            f"{called(model, check)} is stricter than the rule: to this database, length() is the "
            "number of bytes, and letters such as `é` take several",
            check.span,
            help="count characters, with char_length()",
        )
        for check, given in rows.checks
        if any(_limits_bytes(part) for part in given.term.walk())
        and set(given.term.columns) & set(wanted.columns)
    ]


def _limits_bytes(term: Term) -> bool:
    """Whether a term compares a number of bytes, and not with none."""
    if not isinstance(term, Compare) or Literal(0) in term.parts:
        return False
    return any(isinstance(part, Call) and part.function == "octet_length" for part in term.parts)
