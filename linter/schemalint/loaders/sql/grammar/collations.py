"""Collations, and those that a character set of MySQL or MariaDB brings with it."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import CollateClause
from schemalint.loaders.sql.cursor import Cursor
from schemalint.model import Dialect

_DEFAULTS = {
    "binary": "binary",
    "latin1": "latin1_swedish_ci",
    "gbk": "gbk_chinese_ci",
    "big5": "big5_chinese_ci",
    "gb2312": "gb2312_chinese_ci",
    "sjis": "sjis_japanese_ci",
    "ujis": "ujis_japanese_ci",
    "cp932": "cp932_japanese_ci",
    "eucjpms": "eucjpms_japanese_ci",
    "euckr": "euckr_korean_ci",
    "swe7": "swe7_swedish_ci",
    "dec8": "dec8_swedish_ci",
    "hp8": "hp8_english_ci",
    "tis620": "tis620_thai_ci",
    "gb18030": "gb18030_chinese_ci",
}


def default_collation(character_set: str, dialect: Dialect | None) -> str:
    """The collation of text in `character_set` where none is named."""
    name = character_set.lower()
    if name == "utf8mb4" and dialect is Dialect.MYSQL:
        return "utf8mb4_0900_ai_ci"
    return _DEFAULTS.get(name, f"{name}_general_ci")


def read_collation(cursor: Cursor) -> CollateClause:
    """COLLATE `name`; a qualified name is given without its schema.

    Raises:
        SyntaxFaultError: it is not that.
    """
    start = cursor.mark()
    cursor.expect("COLLATE")
    cursor.accept("=")
    collation = _name(cursor)
    return CollateClause(collation=collation, span=cursor.since(start))


def read_character_set(cursor: Cursor) -> CollateClause:
    """MySQL's CHARACTER SET, with its COLLATE or BINARY, as the collation that it amounts to.

    Raises:
        SyntaxFaultError: it is not that.
    """
    start = cursor.mark()
    binary = cursor.accept("BINARY")
    character_set = "utf8mb4" if binary else _character_set(cursor)
    if binary and cursor.at_any("CHARACTER", "CHARSET", "CHAR", "ASCII", "UNICODE"):
        character_set = _character_set(cursor)
    binary = cursor.accept("BINARY") or binary
    if cursor.at("COLLATE"):
        return CollateClause(collation=read_collation(cursor).collation, span=cursor.since(start))
    if binary:
        collation = f"{character_set}_bin"
    else:
        collation = default_collation(character_set, cursor.dialect)
    return CollateClause(collation=collation, span=cursor.since(start))


def _character_set(cursor: Cursor) -> str:
    """The character set's name in lower case."""
    if cursor.accept("ASCII"):
        return "latin1"
    if cursor.accept("UNICODE"):
        return "ucs2"
    if not cursor.accept("CHARSET"):
        cursor.next()
        cursor.expect("SET")
    cursor.accept("=")
    return "binary" if cursor.accept("BINARY") else _name(cursor).lower()


def _name(cursor: Cursor) -> str:
    """A name, which MySQL also takes as a string; without the schema that PostgreSQL lets stand."""
    if cursor.peek().kind == "string":
        return cursor.string().text
    return cursor.table_name().name
