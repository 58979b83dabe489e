"""DROP, of every kind of object."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import finish, ignored, not_modelled
from schemalint.loaders.sql.grammar.routines import has_arguments
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.statements import Drop, Ignored, NotUnderstood

Kind = Literal[
    "table", "view", "index", "type", "domain", "trigger", "function", "schema", "sequence"
]

_KINDS: dict[str, Kind] = {
    "TABLE": "table",
    "TABLES": "table",
    "VIEW": "view",
    "INDEX": "index",
    "TYPE": "type",
    "DOMAIN": "domain",
    "TRIGGER": "trigger",
    "FUNCTION": "function",
    "PROCEDURE": "function",
    "PROC": "function",
    "ROUTINE": "function",
    "SCHEMA": "schema",
    "SEQUENCE": "sequence",
}


def read_drop(cursor: Cursor) -> Drop | Ignored | NotUnderstood:
    """DROP ... of one or several objects.

    What is dropped beside these kinds (extensions, roles, rules ...) takes nothing away from a
    table, except with CASCADE.
    """
    cursor.expect("DROP")
    if cursor.accept("TEMPORARY"):
        return ignored(cursor, "DROP TEMPORARY")
    if cursor.at("MATERIALIZED", "VIEW") or cursor.at("FOREIGN", "TABLE"):
        cursor.next()
    word = cursor.peek().text
    if word == "DATABASE" and is_mysql(cursor.dialect):
        word = "SCHEMA"
    kind = _KINDS.get(word)
    if kind is None:
        return _other(cursor, word)
    cursor.next()
    cursor.accept("CONCURRENTLY")
    if_exists = cursor.accept("IF", "EXISTS")
    names: list[TableName] = []
    typed: list[TableName] = []
    while not names or cursor.accept(","):
        names.append(cursor.table_name())
        if has_arguments(cursor):
            typed.append(names[-1])
    table = None
    if kind == "index" and names[0].schema is not None and _is_sql_server_form(cursor):
        table = TableName(name=names[0].schema, span=names[0].span)
    if kind in ("index", "trigger") and cursor.accept("ON"):
        if kind == "trigger" and (cursor.at("DATABASE") or cursor.at("ALL", "SERVER")):
            return ignored(cursor, "DROP TRIGGER")
        table = cursor.table_name()
    cascade = cursor.accept("CASCADE")
    _skip_options(cursor)
    return Drop(
        kind=kind,
        names=tuple(names),
        table=table,
        if_exists=if_exists,
        cascade=cascade or (kind == "schema" and is_mysql(cursor.dialect)),
        typed=tuple(typed),
        span=finish(cursor),
    )


def _is_sql_server_form(cursor: Cursor) -> bool:
    """T-SQL's old `DROP INDEX table.index`."""
    return cursor.dialect is not None and cursor.dialect.value == "sqlserver"


def _skip_options(cursor: Cursor) -> None:
    """RESTRICT, and MySQL's ALGORITHM, LOCK, WAIT and T-SQL's WITH of DROP INDEX."""
    cursor.accept("RESTRICT")
    if cursor.at_any("ALGORITHM", "LOCK", "WITH", "WAIT", "NOWAIT"):
        cursor.at_token = len(cursor.tokens)


def _other(cursor: Cursor, word: str) -> Ignored | NotUnderstood:
    tokens = cursor.tokens[cursor.at_token :]
    if word == "OWNED" or any(token.kind == "word" and token.text == "CASCADE" for token in tokens):
        return not_modelled(cursor, f"DROP {word} could also take away what tables are made of")
    return ignored(cursor, f"DROP {word}")
