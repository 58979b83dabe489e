"""ALTER, but of tables."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.create_trigger import read_create_trigger
from schemalint.loaders.sql.grammar.databases import read_database
from schemalint.loaders.sql.grammar.grants import read_role
from schemalint.loaders.sql.grammar.outcomes import finish, ignored, mentions, not_modelled
from schemalint.loaders.sql.grammar.routines import read_alter_routine
from schemalint.loaders.sql.grammar.user_types import read_alter_domain, read_alter_type
from schemalint.loaders.sql.grammar.views import read_alter_view
from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sql.statements import (
    AlterTable,
    EnableTrigger,
    Ignored,
    NotUnderstood,
    RenameIndex,
    RenameTrigger,
    Statement,
)
from schemalint.model import Dialect

_SILENT = words(
    "AGGREGATE ASSEMBLY AUTHORIZATION COLLATION CONVERSION DEFAULT EVENT EXTENSION "
    "FULLTEXT GROUP INSTANCE LANGUAGE LARGE LOGIN OPERATOR PARTITION POLICY PUBLICATION "
    "RESOURCE ROLE RULE SECURITY SEQUENCE SERVER STATISTICS SUBSCRIPTION SYSTEM "
    "TABLESPACE TEXT USER"
)
"""What can be altered without saying what rows a table can hold."""


_SESSIONS = words("DATABASE FUNCTION PROCEDURE ROLE ROUTINE SYSTEM USER")
"""What can have settings of its own."""


def _replica(cursor: Cursor) -> bool:
    last = cursor.tokens[-2:] if cursor.tokens[-1].text == ";" else cursor.tokens[-1:]
    return last[0].text.upper() == "REPLICA"


def read_alter(cursor: Cursor) -> Statement | None:
    """The statement; None where it alters what is not known here."""
    cursor.expect("ALTER")
    cursor.accept("PROCEDURAL")
    while cursor.at_any("ALGORITHM", "DEFINER", "SQL"):
        definer = cursor.next().text == "DEFINER"
        cursor.next()
        if definer:
            read_role(cursor)
        elif not cursor.at("VIEW"):
            cursor.next()
    word = cursor.peek().text
    if word in _SESSIONS and mentions(cursor, "SESSION_REPLICATION_ROLE") and _replica(cursor):
        return not_modelled(cursor, "triggers and foreign keys are off where it is in force")
    match word:
        case "TYPE":
            return read_alter_type(cursor)
        case "DOMAIN":
            return read_alter_domain(cursor)
        case "VIEW" | "MATERIALIZED":
            return read_alter_view(cursor)
        case "INDEX":
            return _index(cursor)
        case "TRIGGER":
            return _trigger(cursor)
        case "FUNCTION" | "PROCEDURE" | "PROC" | "ROUTINE":
            return read_alter_routine(cursor)
        case "DATABASE" | "SCHEMA":
            return read_database(cursor)
        case "FOREIGN":
            return _foreign(cursor)
    return ignored(cursor, f"ALTER {word}") if word in _SILENT else None


def _index(cursor: Cursor) -> RenameIndex | Ignored | NotUnderstood:
    """PostgreSQL's new names, and T-SQL's DISABLE, which lets duplicates in."""
    cursor.expect("INDEX")
    cursor.accept("IF", "EXISTS")
    index = cursor.table_name()
    if cursor.accept("RENAME", "TO"):
        name = cursor.name().text
        return RenameIndex(index=index, name=name, span=finish(cursor))
    if cursor.accept("ON"):
        table = cursor.table_name()
        if mentions(cursor, "DISABLE"):
            return not_modelled(cursor, f"the index {index.name} is switched off", table)
    return ignored(cursor, "ALTER INDEX")


def _trigger(cursor: Cursor) -> Statement:
    """Another name (PostgreSQL), or a new body (T-SQL)."""
    if cursor.dialect is Dialect.SQLSERVER:
        return read_create_trigger(cursor, replace=True)
    cursor.expect("TRIGGER")
    trigger = cursor.name().text
    cursor.expect("ON")
    table = cursor.table_name()
    start = cursor.mark()
    if not cursor.accept("RENAME", "TO"):
        return ignored(cursor, "ALTER TRIGGER")
    name = cursor.name()
    action = RenameTrigger(trigger=trigger, name=name, span=cursor.since(start))
    return AlterTable(table=table, actions=(action,), span=finish(cursor))


def _foreign(cursor: Cursor) -> NotUnderstood | Ignored:
    if not cursor.accept("FOREIGN", "TABLE"):
        return ignored(cursor, "ALTER FOREIGN DATA WRAPPER")
    cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    table = cursor.table_name()
    return not_modelled(cursor, f"{table.name} is a table of another database", table)


def read_switch_trigger(cursor: Cursor) -> AlterTable | Ignored:
    """T-SQL's ENABLE TRIGGER a ON t and DISABLE TRIGGER ALL ON t."""
    start = cursor.mark()
    enabled = cursor.next().text == "ENABLE"
    cursor.expect("TRIGGER")
    names: list[TableName | None] = [None if cursor.accept("ALL") else cursor.table_name()]
    while cursor.accept(","):
        names.append(cursor.table_name())
    cursor.expect("ON")
    if cursor.at("DATABASE") or cursor.at("ALL", "SERVER"):
        return ignored(cursor, "ENABLE TRIGGER")
    table = cursor.table_name()
    span = cursor.since(start)
    actions = tuple(
        [
            EnableTrigger(trigger=name.name if name else None, enabled=enabled, span=span)
            for name in names
        ]
    )
    return AlterTable(table=table, actions=actions, span=finish(cursor))
