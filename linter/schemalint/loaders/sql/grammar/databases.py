"""CREATE and ALTER of a DATABASE or SCHEMA: what of them counts for tables."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.collations import read_character_set, read_collation
from schemalint.loaders.sql.grammar.outcomes import ignored, mentions, not_modelled, whole
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.session_statements import DatabaseCollation
from schemalint.loaders.sql.statements import Ignored, NotUnderstood


def read_database(cursor: Cursor) -> DatabaseCollation | Ignored | NotUnderstood:
    """`DATABASE ...` or `SCHEMA ...`, behind CREATE or ALTER.

    Known and not modelled are a schema with its elements in one statement, and another name.
    """
    created = cursor.tokens[0].text == "CREATE"
    word = cursor.next().text
    if created and mentions(cursor, "CREATE"):
        return not_modelled(cursor, f"one CREATE {word} with what stands in it")
    if not created and "RENAME" in (cursor.peek().text, cursor.peek(1).text):
        return not_modelled(cursor, "a schema gets another name")
    return (is_mysql(cursor.dialect) and _collation(cursor)) or ignored(
        cursor, f"{cursor.tokens[0].text} {word}"
    )


def _collation(cursor: Cursor) -> DatabaseCollation | None:
    """The default collation that is given; ALTER without a name is about the current database."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    named = cursor.peek().kind == "name" or not cursor.at_any(
        "DEFAULT", "CHARACTER", "CHARSET", "CHAR", "COLLATE", "COMMENT", "ENCRYPTION", "READ"
    )
    database = cursor.name().text if named and not cursor.done else None
    found = None
    while not cursor.done:
        if cursor.at("COLLATE"):
            found = read_collation(cursor).collation
        elif cursor.at("CHARSET") or (cursor.at_any("CHARACTER", "CHAR") and _is_set(cursor)):
            found = read_character_set(cursor).collation
        else:
            cursor.next()
    if found is None:
        return None
    return DatabaseCollation(
        database=database, collation=found, if_not_exists=if_not_exists, span=whole(cursor)
    )


def _is_set(cursor: Cursor) -> bool:
    return cursor.peek(1).text == "SET"
