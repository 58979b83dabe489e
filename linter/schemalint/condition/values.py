"""How two values compare, database by database: exactly, or as a set of possibilities.

Comparisons of text depend on collations, and the schema seldom names them. So a comparison gives
the *set* of relations that may hold; one element means certainty.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.terms import Call, Column, Scalar, Term
from schemalint.model import Dialect, ScalarType

Value: TypeAlias = Scalar | bytes
"""A value of a row. Bytes occur on SQLite only, where any column takes a blob."""

Relation: TypeAlias = frozenset[str]
"""Which of `<`, `=` and `>` can hold between two values that are not NULL."""

LESS, EQUAL, GREATER = frozenset("<"), frozenset("="), frozenset(">")
DIFFERENT = LESS | GREATER
ANY = DIFFERENT | EQUAL

FLIPPED = {"<": ">", ">": "<", "=": "="}

POSTGRES_LIKE = frozenset({Dialect.POSTGRESQL, Dialect.COCKROACHDB})
NUMERIC_TYPES = frozenset(
    {ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL, ScalarType.BOOLEAN}
)
DATE_TYPES = frozenset({ScalarType.DATE, ScalarType.DATETIME})

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\s*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def number(text: str) -> int | Decimal | None:
    """The number that `text` is, as databases read it where a number is wanted; else None."""
    if len(text) > 100 or not text.isascii() or not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.strip().lstrip("+-").isdigit() else Decimal(text.strip())


def moment(text: str) -> datetime | None:
    """The time that an ISO date or date and time names, without a zone; else None."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def is_date(text: str) -> bool:
    """Whether `text` is an ISO date without a time of day."""
    return len(text.strip()) == 10 and moment(text) is not None


def affinity(facts: ColumnFacts) -> str:
    """What SQLite makes of a column's type: `numeric` (also for INTEGER, REAL), `text`, `blob`."""
    native = facts.native
    if native:
        if "INT" in native:
            return "numeric"
        if any(part in native for part in ("CHAR", "CLOB", "TEXT")):
            return "text"
        return "blob" if "BLOB" in native else "numeric"
    if facts.type in (ScalarType.STRING, ScalarType.ENUM, ScalarType.UUID):
        return "text"
    return "blob" if facts.type in (ScalarType.BYTES, None) else "numeric"


def ascii_lower(text: str) -> str:
    """Letters A to Z in lower case, all else as it is: SQLite's lower() and NOCASE (U08b, U10b)."""
    return "".join([chr(ord(sign) + 32) if "A" <= sign <= "Z" else sign for sign in text])


def surely_different(left: str, right: str) -> bool:
    """Whether no usual collation takes two texts for the same.

    MySQL, MariaDB and citext may ignore letter case, accents and trailing blanks (U09, U10f, U11).
    """
    return _plain(left) and _plain(right) and left.rstrip(" ").lower() != right.rstrip(" ").lower()


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def relate(left: Value, right: Value, left_term: Term, right_term: Term, facts: Facts) -> Relation:
    """The relations that can hold between two values, which the two terms have given."""
    dialect = facts.dialect
    if dialect is Dialect.SQLITE:
        return _relate_on_sqlite(left, right, left_term, right_term, facts)
    involved = _involved(left_term, right_term, facts)
    if isinstance(left, str) and isinstance(right, str):
        return _relate_text(left, right, left_term, right_term, involved=involved, dialect=dialect)
    # A column of one sort and a literal in another's clothes: WHERE total > '5'.
    if isinstance(left, str) != isinstance(right, str):
        if not any(one.type in NUMERIC_TYPES for one in involved):
            return ANY
        left, right = _unquoted(left), _unquoted(right)
    if left is None or right is None:
        return ANY
    if isinstance(left, (str, bytes)) or isinstance(right, (str, bytes)):
        return ANY
    as_float = any(one.type is ScalarType.FLOAT for one in involved)
    return _relate_numbers(left, right, as_float=as_float)


def ordered(
    left: tuple[Fraction | None, Fraction | None], right: tuple[Fraction | None, Fraction | None]
) -> Relation:
    """The relations that can hold between numbers of two open ranges; a range that begins where it
    ends is that one number."""
    if left == right and left[0] is not None and left[0] == left[1]:
        return EQUAL
    if left[1] is not None and right[0] is not None and left[1] <= right[0]:
        return LESS
    if left[0] is not None and right[1] is not None and left[0] >= right[1]:
        return GREATER
    return ANY


def _unquoted(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    truth = {"t": True, "true": True, "f": False, "false": False}.get(value.strip().lower())
    return number(value) if truth is None else truth


def _relate_numbers(
    left: int | Decimal, right: int | Decimal, *, as_float: bool = False
) -> Relation:
    one, other = _exact(left, as_float), _exact(right, as_float)
    return LESS if one < other else GREATER if one > other else EQUAL


def _exact(value: int | Decimal, as_float: bool) -> Fraction:
    # A binary column meets a decimal literal as a binary number: 0.1 is what 0.1 is there.
    return Fraction(float(value)) if as_float else Fraction(value)


def _relate_text(
    left: str,
    right: str,
    *terms: Term,
    involved: list[ColumnFacts],
    dialect: Dialect | None,
) -> Relation:
    types = {one.type for one in involved}
    if types & DATE_TYPES:
        one, other = moment(left), moment(right)
        if one is None or other is None:
            return EQUAL if left == right else ANY
        return LESS if one < other else GREATER if one > other else EQUAL
    if types & NUMERIC_TYPES:
        return EQUAL if left == right else ANY
    if left == right:
        return EQUAL
    if not all(one.settled for one in involved):
        return ANY
    if ScalarType.UUID in types and dialect in POSTGRES_LIKE:
        if _UUID.fullmatch(left) and _UUID.fullmatch(right):
            return EQUAL if left.lower() == right.lower() else DIFFERENT
        return ANY
    padded = any(one.native.startswith(("CHAR", "BPCHAR", "NCHAR")) for one in involved)
    folding = any(one.ignore_case for one in involved)
    exact = dialect in POSTGRES_LIKE or (involved and all(one.exact for one in involved))
    if exact and not padded and not folding:
        return DIFFERENT  # in which order, its collation decides
    if surely_different(left, right):
        return DIFFERENT
    direct = sum(isinstance(term, Column) for term in terms) == 1
    if folding and direct and _plain(left) and _plain(right) and left.lower() == right.lower():
        return EQUAL
    return ANY


def unequal(left: Term, right: Term, facts: Facts) -> Relation:
    """What is left for two texts that differ, where their columns tell all texts apart."""
    for one in _involved(left, right, facts):
        padded = one.native.startswith(("CHAR", "BPCHAR", "NCHAR"))
        if one.ignore_case or not one.settled or padded:
            return ANY
    return DIFFERENT


def _involved(left: Term, right: Term, facts: Facts) -> list[ColumnFacts]:
    found = [facts.column(name) for term in (left, right) for name in term.columns]
    return [one for one in found if one is not None]


# -- SQLite ----------------------------------------------------------------------------------


def _relate_on_sqlite(
    left: Value, right: Value, left_term: Term, right_term: Term, facts: Facts
) -> Relation:
    """SQLite's total order: numbers before text before blobs, after its type conversions."""
    affinities = _affinity_of(left_term, facts), _affinity_of(right_term, facts)
    if "numeric" in affinities and affinities != ("numeric", "numeric"):
        left, right = _as_number(left), _as_number(right)
    elif "text" in affinities and None in affinities:
        if any(isinstance(value, Decimal) for value in (left, right)):
            return ANY
        left, right = _as_text(left), _as_text(right)
    if left is None or right is None:
        return ANY
    ranks = _rank(left), _rank(right)
    if ranks[0] != ranks[1]:
        return LESS if ranks[0] < ranks[1] else GREATER
    if isinstance(left, str) and isinstance(right, str):
        folding = _folding(left_term, right_term, facts)
        if folding is None or not all(
            one.settled for one in _involved(left_term, right_term, facts)
        ):
            return EQUAL if left == right else ANY
        one, other = (ascii_lower(left), ascii_lower(right)) if folding else (left, right)
        return LESS if one < other else GREATER if one > other else EQUAL
    if isinstance(left, bytes) and isinstance(right, bytes):
        return LESS if left < right else GREATER if left > right else EQUAL
    if isinstance(left, (str, bytes)) or isinstance(right, (str, bytes)):
        return ANY
    return _relate_numbers(_stored(left), _stored(right))


def _stored(value: int | Decimal) -> int | Decimal:
    """A number as SQLite keeps it: 64-bit integers, else double precision."""
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    return Decimal(float(value))


def by_kind(left: Value, right: Value) -> Relation | None:
    """How two values compare by what they are alone, where SQLite converts neither; None where both
    are of one kind."""
    ranks = _rank(left), _rank(right)
    return None if ranks[0] == ranks[1] else LESS if ranks[0] < ranks[1] else GREATER


def _rank(value: Value) -> int:
    return 1 if isinstance(value, str) else 2 if isinstance(value, bytes) else 0


def _affinity_of(term: Term, facts: Facts) -> str | None:
    if isinstance(term, Column):
        known = facts.column(term.name)
        return affinity(known) if known else "blob"
    if isinstance(term, Call) and term.function in ("text", "integer"):
        return "text" if term.function == "text" else "numeric"
    return None


def _as_number(value: Value) -> Value:
    found = number(value) if isinstance(value, str) else None
    return value if found is None else found


def _as_text(value: Value) -> Value:
    return str(int(value)) if isinstance(value, int) else value


def _folding(left: Term, right: Term, facts: Facts) -> bool | None:
    """Whether letter case is ignored; None where two columns disagree (or a cast hides one)."""
    cast = [term for term in (left, right) if isinstance(term, Call) and term.function == "text"]
    if any(one.ignore_case for term in cast for one in _involved(term, term, facts)):
        return None
    columns = [facts.column(term.name) for term in (left, right) if isinstance(term, Column)]
    folding = {bool(one and one.ignore_case) for one in columns}
    return folding.pop() if len(folding) == 1 else None if folding else False
