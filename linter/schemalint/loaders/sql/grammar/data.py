"""Statements that say nothing about what rows a table can hold, and those that hide behind them.

DML, queries, transactions, maintenance: all Ignored, except where one of them does DDL's work.
"""

from __future__ import annotations

from itertools import pairwise

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import ignored, mentions, not_modelled
from schemalint.loaders.sql.grammar.settings import read_set_config
from schemalint.loaders.sql.statements import Ignored, NotUnderstood, Statement
from schemalint.source import Span

_WRITES = frozenset(
    ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "UPSERT", "TRUNCATE", "COPY")
)
_QUERIES = frozenset(("SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN"))
_TRANSACTIONS = frozenset(
    (
        "BEGIN",
        "START",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT",
        "RELEASE",
        "PREPARE",
        "XA",
        "LOCK",
        "UNLOCK",
        "TRY",
        "CATCH",
        "THROW",
        "RAISERROR",
    )
)
_MAINTENANCE = frozenset(
    (
        "ANALYZE",
        "ANALYSE",
        "ATTACH",
        "BACKUP",
        "BINLOG",
        "CACHE",
        "CHECK",
        "CHECKPOINT",
        "CHECKSUM",
        "CLOSE",
        "CLUSTER",
        "DBCC",
        "DEALLOCATE",
        "DECLARE",
        "DESC",
        "DESCRIBE",
        "DETACH",
        "DISCARD",
        "FETCH",
        "FLUSH",
        "GO",
        "HANDLER",
        "HELP",
        "KILL",
        "LISTEN",
        "LOAD",
        "MOVE",
        "NOTIFY",
        "OPEN",
        "OPTIMIZE",
        "PRINT",
        "PURGE",
        "REASSIGN",
        "REFRESH",
        "REINDEX",
        "REPAIR",
        "RESTORE",
        "SECURITY",
        "SHOW",
        "SHUTDOWN",
        "UNLISTEN",
        "VACUUM",
        "WAITFOR",
    )
)
DATA_WORDS = _WRITES | _QUERIES | _TRANSACTIONS | _MAINTENANCE | {"IMPORT"}
"""The first words of statements that are read here."""

_DDL = frozenset(("CREATE", "ALTER", "DROP"))
_CATALOGS = ("pg_", "sqlite_", "information_schema")
_CATALOG_SCHEMAS = ("pg_catalog", "mysql", "sys", "crdb_internal")
_NO_DEFINITIONS = ("sqlite_sequence", "sqlite_stat1", "pg_largeobject")
"""Catalog tables that hold no table's definition; migrations write SQLite's last row ids."""

_BEFORE_TARGET = frozenset(
    (
        "INSERT",
        "UPDATE",
        "DELETE",
        "REPLACE",
        "INTO",
        "FROM",
        "OR",
        "IGNORE",
        "ONLY",
        "LOW_PRIORITY",
    )
)
_HARMLESS_FUNCTIONS = frozenset(
    (
        "setval",
        "nextval",
        "currval",
        "lastval",
        "set_config",
        "current_setting",
        "pg_notify",
        "pg_sleep",
        "pg_advisory_lock",
        "pg_advisory_unlock",
        "pg_advisory_xact_lock",
        "pg_advisory_unlock_all",
        "pg_try_advisory_lock",
        "get_lock",
        "release_lock",
        "pg_terminate_backend",
        "pg_reload_conf",
        "pg_stat_reset",
        "pg_get_serial_sequence",
        "lo_create",
        "lo_unlink",
        "version",
        "now",
        "coalesce",
        "greatest",
        "max",
        "min",
        "count",
        "last_insert_rowid",
        "last_insert_id",
        "exists",
        "create_hypertable",
        "add_retention_policy",
        "add_compression_policy",
        "add_continuous_aggregate_policy",
        "schedule",
        "unschedule",
        "raise",
    )
)
"""Functions that change no table's definition, for a SELECT that is run for its effect alone."""


_NOT_FUNCTIONS = frozenset(
    ("SELECT", "IN", "AND", "OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "AS")
)


def read_data(cursor: Cursor) -> Statement:
    """The statement, of one of `DATA_WORDS`."""
    word = cursor.peek().text
    if word == "SELECT":
        return _select(cursor)
    if word in _WRITES:
        return _write(cursor, word)
    if word == "IMPORT" and cursor.at("IMPORT", "FOREIGN"):
        return not_modelled(cursor, "tables come from another database")
    if word in ("BEGIN", "END", "DECLARE", "WITH", "CATCH", "TRY") and mentions(cursor, _DDL):
        return not_modelled(cursor, f"{word} with statements inside it that change tables")
    return ignored(cursor, word)


def _write(cursor: Cursor, word: str) -> Ignored | NotUnderstood:
    """DML; on the database's own catalog it could change any table's definition."""
    at = 0
    while cursor.peek(at).kind == "word" and cursor.peek(at).text in _BEFORE_TARGET:
        at += 1
    token = cursor.peek(at)
    target = cursor.file.text[token.start : token.end].strip('"`[]').lower()
    catalog = target.startswith(_CATALOGS) or (
        target in _CATALOG_SCHEMAS and cursor.peek(at + 1).text == "."
    )
    if (
        catalog
        and word in ("INSERT", "UPDATE", "DELETE", "REPLACE")
        and target not in _NO_DEFINITIONS
    ):
        return not_modelled(cursor, f"{word} writes to the database's own catalog")
    return ignored(cursor, word)


def _select(cursor: Cursor) -> Statement:
    """A query; one without FROM runs for the effects of its functions."""
    search_path = read_set_config(cursor)
    if search_path is not None:
        return search_path
    tokens = cursor.tokens[cursor.at_token :]
    words = {token.text for token in tokens if token.kind == "word"}
    if "INTO" in words:
        made = _made_by_into(cursor)
        if made is not None:
            return not_modelled(cursor, f"SELECT makes the table {made.name}", made)
    if "FROM" in words:
        return ignored(cursor, "SELECT")
    for token, following in pairwise(tokens):
        if following.text != "(" or token.kind not in ("word", "name"):
            continue
        name = token.text.lower()
        if name not in _HARMLESS_FUNCTIONS and token.text not in _NOT_FUNCTIONS:
            return not_modelled(cursor, f"the function {name} could change tables")
    return ignored(cursor, "SELECT")


def _made_by_into(cursor: Cursor) -> TableName | None:
    """The table of SELECT ... INTO t; None for a variable or a file."""
    for at, token in enumerate(cursor.tokens):
        if token.kind == "word" and token.text == "INTO":
            following = cursor.tokens[at + 1 : at + 4]
            while following and following[0].text in ("TABLE", "TEMP", "TEMPORARY", "UNLOGGED"):
                following = following[1:]
            if following and following[0].kind in ("word", "name"):
                if following[0].text in ("OUTFILE", "DUMPFILE"):
                    return None
                name = following[0]
                text = name.text
                if name.kind == "word":
                    text = cursor.file.text[name.start : name.end]
                return TableName(name=text, span=Span(cursor.file, name.start, name.end))
    return None
