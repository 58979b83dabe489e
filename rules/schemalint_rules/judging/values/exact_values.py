"""Which values a database takes for equal though they are not the same: texts, mostly.

A comparison that ignores letter case, accents or trailing blanks does not see that one spelling is
written in the place of another (I13d, I13e). One of the very bytes does.
"""

from __future__ import annotations

import re

from schemalint.condition.collations import bare, stores_text, tells_blanks_apart
from schemalint.condition.terms import Column, Term
from schemalint.model import Dialect, Field, ScalarType

BYTES = "bytes of "
"""Begins the name of a column that stands for the very bytes of a text."""

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)

_LOOSE_TYPES = frozenset(
    ("JSON", "XML", "BOX", "CIRCLE", "LSEG", "PATH", "POLYGON", "POINT", "LINE")
)
_THERE = re.compile(
    r"default|C|POSIX|ucs_basic|unicode|[a-z]{2,3}_[A-Z]{2}(?:\.[\w-]+)?|[\w-]+-x-icu"
)

_NAME = r"""(?:OLD|NEW)\.(?:\w+|"[^"]+"|`[^`]+`)"""
EXACT_FORMS = re.compile(
    rf"CAST\(\s*(?P<cast>{_NAME})\s+AS\s+(?:BINARY|BLOB)\s*\)"
    rf"|BINARY\s+(?P<prefix>{_NAME})"
    rf"|(?P<collated>{_NAME})\s+COLLATE\s+[\"'`]?(?:BINARY|\w+_(?:NOPAD|0900)_BIN|C|POSIX)[\"'`]?",
    re.IGNORECASE,
)
"""A column of OLD or NEW in a form that is compared by its bytes."""


def compares_exactly(field: Field, dialect: Dialect) -> bool:
    """Whether two values that the database takes for equal are the same value."""
    if field.list:
        return True
    if dialect in _POSTGRES:
        return not as_text(field, dialect) and _is_deterministic(field.collation)
    if dialect in _MYSQL:
        others = (ScalarType.JSON, ScalarType.UNSUPPORTED)
        if not stores_text(field) and field.type not in others:
            return True
        collation = bare(field.collation or "").lower()
        if field.native.upper().startswith(("CHAR", "NCHAR")):  # which keeps no trailing blanks
            return collation.endswith("_bin") or collation == "binary"
        return tells_blanks_apart(collation)
    collation = (field.collation or "").upper()
    return not field.ignore_case and collation in ("", "BINARY")


_ONE_TEXT = (
    ScalarType.STRING,
    ScalarType.UUID,
    ScalarType.INT,
    ScalarType.BIGINT,
    ScalarType.BOOLEAN,
    ScalarType.ENUM,
    ScalarType.DATE,
    ScalarType.DATETIME,
    ScalarType.BYTES,
)


def has_one_text(field: Field, dialect: Dialect) -> bool:
    """Whether two values that the database takes for equal have the same text: not 1.0 and 1.00,
    nor 0 and -0 (seen on PostgreSQL 15)."""
    of_sqlite = dialect is Dialect.SQLITE and field.type is not ScalarType.STRING
    plain = field.type in _ONE_TEXT and not field.list and not of_sqlite
    return plain and compares_exactly(field, dialect)


def as_text(field: Field, dialect: Dialect) -> bool:
    """Whether PostgreSQL compares the values of a type loosely, or not at all, and their texts
    exactly: citext, json, points."""
    native = field.native.upper()
    return dialect in _POSTGRES and (field.ignore_case or native in _LOOSE_TYPES)


def _is_deterministic(collation: str | None) -> bool:
    """Whether a collation of PostgreSQL's is one of those that are there, which take no two texts
    for the same (PostgreSQL: Collation Support)."""
    name = (collation or "").rpartition(".")[2].strip('"')
    return not name or _THERE.fullmatch(name) is not None


def bytes_of(column: Column) -> Column:
    """The column that stands for the bytes of another."""
    version, _, name = column.name.partition(".")
    return Column(f"{version}.{BYTES}{name}")


def is_bytes(term: Term) -> bool:
    """Whether a term is such a column."""
    return isinstance(term, Column) and term.name.partition(".")[2].startswith(BYTES)
