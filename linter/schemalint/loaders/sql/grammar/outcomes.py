"""What becomes of a whole statement that is not modelled: ignored, or known and not understood."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.statements import Ignored, NotUnderstood
from schemalint.model import Dialect
from schemalint.source import Span


def whole(cursor: Cursor) -> Span:
    """The statement from its first token to its last; takes what was not read."""
    cursor.at_token = len(cursor.tokens)
    return cursor.since(cursor.tokens[0].start if cursor.tokens else 0)


def ignored(cursor: Cursor, word: str) -> Ignored:
    """A statement that says nothing about what rows a table can hold; `word` names its kind."""
    return Ignored(word=word, span=whole(cursor))


def not_modelled(cursor: Cursor, reason: str, *tables: TableName) -> NotUnderstood:
    """Legal SQL that could change what rows `tables` (none: any table) can hold."""
    return NotUnderstood(reason=reason, tables=tables, known=True, span=whole(cursor))


def is_temporary(name: TableName, dialect: Dialect | None) -> bool:
    """Whether what is created by a name is gone when the session ends: by its schema, which SQLite
    and PostgreSQL have for the purpose."""
    schema = {Dialect.SQLITE: "temp", Dialect.POSTGRESQL: "pg_temp"}.get(dialect or Dialect.MYSQL)
    return name.schema is not None and name.schema.lower() == schema


def finish(cursor: Cursor) -> Span:
    """The span of a statement that was read to its end.

    Raises:
        SyntaxFaultError: something stands behind what was read.
    """
    if not cursor.done:
        raise cursor.unexpected("the end of the statement")
    return whole(cursor)


def rest(cursor: Cursor) -> Sql:
    """Everything that is left, as it is written."""
    start = cursor.mark()
    cursor.at_token = len(cursor.tokens)
    span = cursor.since(start)
    return Sql(text=span.text, span=span)


def mentions(cursor: Cursor, *words: str) -> bool:
    """Whether one of these words (upper case, unquoted) stands in what is left."""
    return any(
        token.kind == "word" and token.text in words for token in cursor.tokens[cursor.at_token :]
    )
