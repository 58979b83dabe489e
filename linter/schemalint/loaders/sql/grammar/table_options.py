"""What stands behind a table's closing bracket."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import Sql, TableOptions
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.collations import read_character_set, read_collation
from schemalint.loaders.sql.lexer import is_mysql, words

# MySQL's and MariaDB's options that take one value and say nothing about rows.
_NEUTRAL = words(
    "AUTO_INCREMENT AUTOEXTEND_SIZE AVG_ROW_LENGTH CHECKSUM COMPRESSION CONNECTION "
    "DELAY_KEY_WRITE ENCRYPTED ENCRYPTION ENCRYPTION_KEY_ID ENGINE_ATTRIBUTE IETF_QUOTES "
    "INSERT_METHOD ITEF_QUOTES KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS NODEGROUP PACK_KEYS "
    "PAGE_CHECKSUM PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL PASSWORD RAID_TYPE ROW_FORMAT "
    "SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE SEQUENCE STATS_AUTO_RECALC STATS_PERSISTENT "
    "STATS_SAMPLE_PAGES STORAGE TABLE_CHECKSUM TABLESPACE TRANSACTIONAL UNION"
)


def read_option(cursor: Cursor, options: TableOptions) -> TableOptions | None:
    """One option of MySQL's; `options` with what it says, or None if none comes next.

    Raises:
        SyntaxFaultError: its value is missing.
    """
    token = cursor.peek()
    if token.kind != "word":
        return None
    word = token.text
    if word in ("ENGINE", "TYPE"):
        _name(cursor)
        return msgspec.structs.replace(options, engine=_value(cursor))
    if word == "COMMENT":
        _name(cursor)
        return msgspec.structs.replace(options, comment=cursor.string().text)
    at = cursor.at_token
    cursor.accept("DEFAULT")
    if cursor.at("COLLATE"):
        return msgspec.structs.replace(options, collation=read_collation(cursor).collation)
    if cursor.at("CHARSET") or cursor.at("CHARACTER", "SET") or cursor.at("CHAR", "SET"):
        collation = read_character_set(cursor).collation
        return msgspec.structs.replace(options, collation=collation)
    cursor.at_token = at
    if cursor.accept("DATA") or cursor.accept("INDEX"):
        cursor.expect("DIRECTORY")
        cursor.accept("=")
        cursor.string()
        return options
    if cursor.accept("WITH", "SYSTEM", "VERSIONING"):
        return options
    # MariaDB's engines may have options of their own.
    if word in _NEUTRAL or (is_mysql(cursor.dialect) and cursor.peek(1).text == "="):
        _name(cursor)
        if cursor.at("("):
            cursor.skip_brackets()
        else:
            _value(cursor)
        return options
    return None


def _name(cursor: Cursor) -> None:
    cursor.next()
    cursor.accept("=")


def _value(cursor: Cursor) -> str:
    token = cursor.next()
    if token.kind == "sign":
        cursor.at_token -= 1
        raise cursor.unexpected("an option's value")
    return token.text if token.kind != "word" else cursor.file.text[token.start : token.end]


def read_partitions(cursor: Cursor) -> Sql | None:
    """What PARTITION BY says, without these words; None if it does not come next."""
    if not cursor.accept("PARTITION", "BY"):
        return None
    if is_mysql(cursor.dialect):
        return cursor.until("AS", "SELECT", "WITH")
    return cursor.until("USING", "WITH", "TABLESPACE", "AS")
