"""COMMENT ON."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import finish, ignored
from schemalint.loaders.sql.statements import Comment, Ignored
from schemalint.source import Span

_KINDS: dict[str, Literal["table", "type"]] = {
    "TABLE": "table",
    "VIEW": "table",
    "TYPE": "type",
    "DOMAIN": "type",
}


def read_comment(cursor: Cursor) -> Comment | Ignored:
    """COMMENT ON a table, a column or a type; a comment on anything else is ignored."""
    cursor.expect("COMMENT", "ON")
    if cursor.accept("COLUMN"):
        table, column = _column(cursor)
        return Comment(
            kind="column",
            target=table,
            column=column,
            text=_text(cursor),
            span=finish(cursor),
        )
    if cursor.at_any("MATERIALIZED", "FOREIGN"):
        cursor.next()
    kind = _KINDS.get(cursor.peek().text)
    if kind is None:
        return ignored(cursor, "COMMENT")
    cursor.next()
    target = cursor.table_name()
    return Comment(kind=kind, target=target, text=_text(cursor), span=finish(cursor))


def _column(cursor: Cursor) -> tuple[TableName, str]:
    """`[schema.]table.column`."""
    parts = [cursor.name()]
    while cursor.accept("."):
        parts.append(cursor.name())
    if len(parts) == 1:
        raise cursor.unexpected("`.` and a column's name")
    table = parts[-2]
    start = parts[-3].span.start if len(parts) > 2 else table.span.start
    schema = parts[-3].text if len(parts) > 2 else None
    span = Span(cursor.file, start, table.span.end)
    return TableName(name=table.text, schema=schema, span=span), parts[-1].text


def _text(cursor: Cursor) -> str | None:
    """IS 'text', or None for IS NULL. Strings with nothing but blanks between them are one."""
    cursor.expect("IS")
    if cursor.accept("NULL"):
        return None
    text = cursor.string().text
    while cursor.peek().kind == "string":
        text += cursor.string().text
    return text
