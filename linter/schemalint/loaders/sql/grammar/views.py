"""CREATE VIEW, ALTER VIEW."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Sql
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.alter_column import read_alter_column
from schemalint.loaders.sql.grammar.outcomes import ignored, is_temporary, whole
from schemalint.loaders.sql.statements import (
    AlterTable,
    CreateView,
    Ignored,
    RenameColumn,
    RenameTable,
    SetSchema,
)
from schemalint.source import Span

_LAST_WORDS = (
    ("WITH", "CASCADED", "CHECK", "OPTION"),
    ("WITH", "LOCAL", "CHECK", "OPTION"),
    ("WITH", "CHECK", "OPTION"),
    ("WITH", "NO", "DATA"),
    ("WITH", "DATA"),
    ("WITH", "READ", "ONLY"),
)


def read_create_view(cursor: Cursor, *, replace: bool) -> CreateView | Ignored:
    """`[MATERIALIZED] VIEW name AS query`, behind CREATE and the words before these."""
    materialized = cursor.accept("MATERIALIZED")
    cursor.expect("VIEW")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    view = cursor.table_name()
    if is_temporary(view, cursor.dialect):
        return ignored(cursor, "CREATE TEMPORARY VIEW")
    columns = cursor.names() if cursor.at("(") else ()
    cursor.until("AS")
    cursor.expect("AS")
    return CreateView(
        view=view,
        query=_query(cursor),
        columns=columns,
        replace=replace,
        materialized=materialized,
        if_not_exists=if_not_exists,
        span=whole(cursor),
    )


def read_alter_view(cursor: Cursor) -> AlterTable | CreateView | Ignored:
    """`[MATERIALIZED] VIEW ...` behind ALTER: a new query, name or schema, a column's default."""
    start = cursor.at_token
    cursor.accept("MATERIALIZED")
    cursor.expect("VIEW")
    if_exists = cursor.accept("IF", "EXISTS")
    view = cursor.table_name()
    at = cursor.mark()
    action: RenameTable | RenameColumn | SetSchema
    if cursor.accept("RENAME", "TO"):
        action = RenameTable(name=cursor.table_name(), span=cursor.since(at))
    elif cursor.accept("RENAME"):
        cursor.accept("COLUMN")
        column = cursor.name().text
        cursor.expect("TO")
        action = RenameColumn(column=column, name=cursor.name(), span=cursor.since(at))
    elif cursor.accept("SET", "SCHEMA"):
        action = SetSchema(schema=cursor.name().text, span=cursor.since(at))
    elif cursor.at("ALTER"):
        actions = tuple(read_alter_column(cursor, at))
        return AlterTable(table=view, actions=actions, if_exists=if_exists, span=whole(cursor))
    elif cursor.at_any("AS", "("):
        cursor.at_token = start
        return read_create_view(cursor, replace=True)
    else:
        return ignored(cursor, "ALTER VIEW")
    return AlterTable(table=view, actions=(action,), if_exists=if_exists, span=whole(cursor))


def _query(cursor: Cursor) -> Sql:
    """What is left, without WITH CHECK OPTION and WITH DATA."""
    first, last = cursor.at_token, len(cursor.tokens)
    if first == last:
        raise cursor.unexpected("a query")
    texts = [token.text for token in cursor.tokens[-4:]]
    for words in _LAST_WORDS:
        if tuple(texts[-len(words) :]) == words:
            last -= len(words)
            break
    if last <= first:
        raise cursor.unexpected("a query")
    span = Span(cursor.file, cursor.tokens[first].start, cursor.tokens[last - 1].end)
    cursor.at_token = len(cursor.tokens)
    return Sql(text=span.text, span=span)
