"""Names and strings as each database's SQL writes them."""

from __future__ import annotations

import re
from functools import lru_cache

from schemalint.condition.reserved_words import RESERVED_WORDS
from schemalint.model import Dialect

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOWER = re.compile(r"[a-z_][a-z0-9_]*")
_FOLDING = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)  # they read an unquoted name in lower case
_SIGNS = {
    Dialect.MYSQL: ("`", "`"),
    Dialect.MARIADB: ("`", "`"),
    Dialect.SQLSERVER: ("[", "]"),
}

# Words that one of the databases, or our own condition language, reads as a keyword.
_RESERVED = frozenset(
    """
    all alter analyze and any array as asc asymmetric authorization begin between binary both
    by cascade case cast change char character check collate column condition constraint
    convert create cross cube current_date current_time current_timestamp current_user
    database databases default delete desc describe distinct div do drop each else end enum
    escape except exclude exec exists explain external false fetch file filter first float for
    force foreign from full function fulltext generated grant group grouping groups having if
    ignore ilike in index initially inner insert int integer intersect interval into is isnull
    join key keys kill lateral lead leading leave left like limit localtime localtimestamp
    lock long loop match merge mod natural new not notnull null offset old on only open option
    or order out outer over overlaps partition percent placing plan primary print proc
    procedure public range rank read real recursive references regexp release rename repeat
    replace restrict return returning revoke right rlike row rows rowcount rule save schema
    schemas select session_user set show signal similar some sql start statistics symmetric
    system table tables then to top trailing transaction trigger true truncate union unique
    unlock unsigned update usage use user using values varchar varying view when where while
    window with within without write xor year_month zerofill
    """.split()  # noqa: SIM905 -- two hundred quoted words would be no easier to read
)


@lru_cache(maxsize=8_192)
def quoted_name(name: str, dialect: Dialect | None) -> str:
    """`name` as an identifier of `dialect`, quoted only where it has to be.

    Without a dialect: as the rulebook writes it, in double quotes where it is no plain word.
    """
    plain = _LOWER if dialect in _FOLDING else _PLAIN
    word = name.lower()
    reserved = word in _RESERVED or (dialect and word in RESERVED_WORDS.get(dialect, ()))
    if plain.fullmatch(name) and not reserved:
        return name
    return quoted(name, dialect)


def quoted(name: str, dialect: Dialect | None) -> str:
    """`name` as an identifier of `dialect`, quoted whatever it is: what a program writes."""
    opening, closing = _SIGNS.get(dialect, ('"', '"')) if dialect else ('"', '"')
    return f"{opening}{name.replace(closing, closing * 2)}{closing}"


def quoted_string(text: str, dialect: Dialect | None) -> str:
    """`text` as a string literal of `dialect` (MySQL and MariaDB read `\\` as an escape)."""
    if dialect in (Dialect.MYSQL, Dialect.MARIADB):
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "''") + "'"


def quoted_table(table: str, schema: str | None, dialect: Dialect | None) -> str:
    """A table, with the database schema that it stands in if one is named."""
    name = quoted_name(table, dialect)
    return f"{quoted_name(schema, dialect)}.{name}" if schema else name
