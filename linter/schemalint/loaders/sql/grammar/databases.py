"""CREATE and ALTER of a DATABASE or SCHEMA: what of them counts for tables."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import ignored, mentions, not_modelled
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.statements import Ignored, NotUnderstood

_USUAL_COLLATION = "_ci"


def read_database(cursor: Cursor) -> Ignored | NotUnderstood:
    """`DATABASE ...` or `SCHEMA ...`, behind CREATE or ALTER.

    Known and not modelled are: a schema with its elements in one statement, another name, and
    MySQL's default collation for the tables where it is not one that ignores letter case.
    """
    created = cursor.tokens[0].text == "CREATE"
    word = cursor.next().text
    if created and mentions(cursor, "CREATE"):
        return not_modelled(cursor, f"one CREATE {word} with what stands in it")
    if not created and "RENAME" in (cursor.peek().text, cursor.peek(1).text):
        return not_modelled(cursor, "a schema gets another name")
    if is_mysql(cursor.dialect):
        collation = _collation(cursor)
        if collation is not None and not collation.lower().endswith(_USUAL_COLLATION):
            return not_modelled(cursor, f"tables made after it compare by {collation}")
    return ignored(cursor, f"{cursor.tokens[0].text} {word}")


def _collation(cursor: Cursor) -> str | None:
    """The default collation; a character set alone has one that ignores letter case, but binary."""
    found = None
    while not cursor.done:
        token = cursor.next()
        if token.text in ("COLLATE", "CHARSET") or (
            token.text == "SET" and cursor.peek(-2).text == "CHARACTER"
        ):
            cursor.accept("=")
            name = cursor.next().text
            if token.text == "COLLATE" or name.lower() == "binary":
                found = name.lower()
    return found
