"""What collations take for equal, as far as their names and each database's own tell."""

from __future__ import annotations

import re

from schemalint.model import Dialect, Field, ScalarType

_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)
_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)

# PostgreSQL's own; what CREATE COLLATION makes may ignore anything (case U10e).
_PREDEFINED = re.compile(
    r"default|C|POSIX|ucs_basic|unicode|pg_c_utf8|pg_unicode_fast|C\.\w[\w-]*"
    r"|[a-z]{2,3}_[A-Z]{2}(\.[\w-]+)?(@\w+)?|[a-z]{2,3}(-\w+)*-x-icu|und-x-icu"
)


EXACT_COLLATIONS = {Dialect.MARIADB: "utf8mb4_nopad_bin", Dialect.MYSQL: "utf8mb4_0900_bin"}
"""Collations under which every character of a text counts, where the usual ones pass over some."""


_LEVEL = re.compile(r"-u-(?:\w+-)*ks-level[12]\b")
_TEXT = re.compile(r"(N?VARCHAR|N?CHAR|CHARACTER|TEXT)\b", re.IGNORECASE)


def stores_text(field: Field) -> bool:
    """Whether the database stores a text, an enum's values too where it has no enum for them
    (SQLAlchemy's `native_enum=False`): its collation then decides what is equal."""
    if field.type is ScalarType.ENUM:
        return _TEXT.match(field.native) is not None
    return field.type is ScalarType.STRING


def bare(collation: str) -> str:
    """A collation's name without quotes and without the schema that PostgreSQL's stand in."""
    return collation.replace('"', "").strip("`[]").removeprefix("pg_catalog.")


def ignores_case(collation: str | None, dialect: Dialect) -> bool | None:
    """Whether text under `collation` compares without regard to letter case; None: not known.

    SQLite's NOCASE does (cases U10c, U10d), MySQL's and SQL Server's do unless their names say
    otherwise (U09, U09b); None is the database's own collation.
    """
    name = bare(collation).lower() if collation is not None else ""
    if dialect is Dialect.SQLITE:
        return name == "nocase" if name in ("", "nocase", "binary", "rtrim") else None
    if dialect in _POSTGRES:
        if letters_alike(name):
            return True
        return None if collation is not None and not predefined(collation) else False
    if dialect in _MYSQL or dialect is Dialect.SQLSERVER:
        exact = name == "binary" or name.endswith(("_bin", "_bin2", "_cs")) or "_cs_" in name
        return not exact
    return None


def letters_alike(locale: str) -> bool:
    """Whether ICU compares without regard to letter case for a locale: up to the second level
    (`und-u-ks-level2`), and without one for letter case between them. Seen on PostgreSQL 15."""
    return _LEVEL.search(locale.lower()) is not None and "-kc" not in locale.lower()


def is_settled(collation: str, dialect: Dialect | None) -> bool:
    """Whether it is known which texts are equal under `collation`, letter case aside."""
    if dialect in _POSTGRES:
        return predefined(collation)
    return dialect is not Dialect.SQLITE or bare(collation).lower() in ("binary", "nocase")


def predefined(collation: str) -> bool:
    """Whether PostgreSQL has the collation from the start: equal under it are equal bytes only."""
    return _PREDEFINED.fullmatch(bare(collation)) is not None


def compares_exactly(field: Field, dialect: Dialect) -> bool:
    """Whether no two different texts of a column are equal to the database.

    Letter case (U09), accents (U10f) and trailing blanks (U11, U11b) are what collations ignore:
    MySQL's and MariaDB's nearly all ignore trailing blanks at least (E11d).
    """
    if not stores_text(field):
        return True
    name = bare(field.collation).lower() if field.collation is not None else ""
    if field.ignore_case or field.native.upper().startswith(("CHAR", "BPCHAR", "NCHAR")):
        return dialect is Dialect.SQLITE and not field.ignore_case and name in ("", "binary")
    if dialect in _POSTGRES:
        return field.collation is None or predefined(field.collation)
    if dialect is Dialect.SQLITE:
        return name in ("", "binary")
    return dialect in _MYSQL and tells_blanks_apart(name)


def tells_blanks_apart(collation: str) -> bool:
    """Whether a collation of MySQL's or MariaDB's, by its bare name in lower case, compares bytes,
    trailing blanks included: most of those called _bin do not (observed)."""
    exact = collation.endswith("_bin") and ("nopad" in collation or "0900" in collation)
    return collation == "binary" or exact
