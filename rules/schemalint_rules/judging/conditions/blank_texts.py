"""Whether a condition is false of every text that is empty or only white space."""

from __future__ import annotations

import re

import msgspec

from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.facts import Facts
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
    Term,
)
from schemalint.model import Dialect, Field
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.values.visible_patterns import demands_visible

BLANKS = ("\t", "", " ", "\n", " " * 12, "\t" * 12)
"""Texts to try against a condition; a tab first, which trimming blanks leaves alone (O01c)."""

_NEVER_BLANK = (
    "BIT", "BOX", "CIDR", "CIRCLE", "DATEMULTIRANGE", "DATERANGE", "INET", "INET4", "INET6",
    "INT4MULTIRANGE", "INT4RANGE", "INT8MULTIRANGE", "INT8RANGE", "INTERVAL", "LINE", "LSEG",
    "MACADDR", "MACADDR8", "MONEY", "NUMMULTIRANGE", "NUMRANGE", "OID", "PATH", "PG_LSN", "POINT",
    "POLYGON", "TSMULTIRANGE", "TSRANGE", "TSTZMULTIRANGE", "TSTZRANGE",
)  # fmt: skip
"""Types that the schema may take for text and of whose values none is blank (tried on PostgreSQL 15
and MariaDB 10.11): '' is refused, or is some value."""

_ALL_TRIMMED = re.compile(r"L?R?TRIM\((.+), CHR\(9, 10, 11, 12, 13, 32\)\)")
_ANY_BLANKS = re.compile(r"\^(?:\\s|\[\[:space:\]\]|\[\\s\])\*\$")


def is_never_blank(field: Field, dialect: Dialect) -> bool:
    """Whether no value of the column's type is written as blank text; SQLite knows no such type."""
    name = field.native.upper().partition("(")[0].strip()
    return dialect is not Dialect.SQLITE and name in _NEVER_BLANK


def refuses_blanks(term: Term, column: str) -> bool:
    """Whether `term` is surely false (and not NULL) where `column` holds blank text."""
    if isinstance(term, And):
        return any(refuses_blanks(part, column) for part in term.terms)
    if isinstance(term, Or):
        return all(refuses_blanks(part, column) for part in term.terms)
    if isinstance(term, Not):
        return _takes_blanks(term.term, column)
    if isinstance(term, Is):
        if term.value is None:
            return _is_text_of(term.term, column)
        return term.value and refuses_blanks(term.term, column)
    if isinstance(term, In):
        return _is_text_of(term.term, column) and all(map(_is_visible, term.values))
    if isinstance(term, Like):
        return _is_text_of(term.term, column) and _pattern_is_visible(term)
    if isinstance(term, Compare):
        return _compares_visibly(term, column)
    pattern = _pattern(term, column)
    return pattern is not None and demands_visible(pattern)


def _takes_blanks(term: Term, column: str) -> bool:
    """Whether `term` is surely true where `column` holds blank text."""
    if isinstance(term, Is) and term.value is None:
        return False
    pattern = _pattern(term, column)
    return pattern is not None and _ANY_BLANKS.fullmatch(pattern) is not None


def _compares_visibly(term: Compare, column: str) -> bool:
    if term.operator in ("=", "is not distinct from"):
        sides = (term.left, term.right)
        return any(_is_text_of(one, column) for one in sides) and any(map(_is_visible, sides))
    if term.operator != "<>" or Literal("") not in (term.left, term.right):
        return False
    for side in (term.left, term.right):
        trimmed = _ALL_TRIMMED.fullmatch(side.text) if isinstance(side, Opaque) else None
        if trimmed is not None and trimmed[1].strip('()"`') == column:
            return True
    return False


def _is_text_of(term: Term, column: str) -> bool:
    """Whether a term is the column's text, with nothing done to it that adds or drops letters."""
    while isinstance(term, Call) and term.function in ("lower", "upper", "trim", "text"):
        term = term.arguments[0]
    return isinstance(term, Column) and term.name == column


def _is_visible(term: Term) -> bool:
    """Whether a constant has a character that is no white space."""
    return isinstance(term, Literal) and isinstance(term.value, str) and bool(term.value.strip())


def _pattern_is_visible(like: Like) -> bool:
    """Whether a pattern of LIKE has such a character that stands for itself."""
    pattern = like.pattern.value if isinstance(like.pattern, Literal) else None
    if not isinstance(pattern, str) or like.escape is not None or "\\" in pattern:
        return False
    return bool(pattern.replace("%", "").replace("_", "").strip())


# -- regular expressions -----------------------------------------------------------------------


def _pattern(term: Term, column: str) -> str | None:
    """The regular expression that a column is matched with, None for other terms."""
    if not isinstance(term, Call) or term.function not in ("regexp_like", "regexp_i_like"):
        return None
    text, pattern = term.arguments
    while isinstance(pattern, Call) and pattern.function == "text":
        pattern = pattern.arguments[0]
    known = pattern.value if isinstance(pattern, Literal) else None
    return known if isinstance(known, str) and _is_text_of(text, column) else None


# -- what gets past ----------------------------------------------------------------------------


def blank_let_past(rows: Rows, column: str) -> str | None:
    """A blank text that the schema surely lets a row have; None where none was found."""
    for text in BLANKS:
        wanted = Compare("=", Column(column), Literal(text))
        if rows.dialect in (Dialect.MYSQL, Dialect.MARIADB):
            if "\t" in text and _passes_in_mysql(rows, column, wanted):
                return text
        elif rows.possible((wanted,)):
            return text
    return None


def _passes_in_mysql(rows: Rows, column: str, wanted: Term) -> bool:
    """Whether a row with a tab is accepted: collations ignore blanks, but not that."""
    near = [given for given in rows.givens if column in given.term.columns]
    if any(given.term.columns != (column,) for given in near):
        return False
    computed = {name for name, one in rows.definitions.items() if column in one.term.columns}
    if any(computed & set(given.term.columns) for given in rows.givens):
        return False
    known = rows.facts.column(column)
    if known is None:
        return False
    exact = {column: msgspec.structs.replace(known, ignore_case=False)}
    facts = Facts(exact, Dialect.POSTGRESQL)
    return satisfiable([Given(wanted), *near], facts).answer is True
