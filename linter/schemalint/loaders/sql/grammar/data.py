"""Statements that say nothing about what rows a table can hold, and those that hide behind them.

DML, queries, transactions, maintenance: all Ignored, except where one of them does DDL's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from schemalint.loaders.sql.clauses import Sql, TableName
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.outcomes import (
    finish,
    ignored,
    mentions,
    not_modelled,
    whole,
)
from schemalint.loaders.sql.grammar.settings import read_set_config
from schemalint.loaders.sql.known_functions import is_harmless
from schemalint.loaders.sql.lexer import Token, is_mysql, is_postgres, words
from schemalint.loaders.sql.statements import (
    Call,
    CreateTable,
    Ignored,
    NotUnderstood,
    Reindex,
    Statement,
)
from schemalint.source import Span

_WRITES = words("INSERT UPDATE DELETE REPLACE MERGE UPSERT TRUNCATE COPY")
_PUT_NOTHING = ("UPDATE", "DELETE", "TRUNCATE")
_QUERIES = frozenset(("SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN"))
_TRANSACTIONS = words(
    "BEGIN START COMMIT END ROLLBACK ABORT SAVEPOINT RELEASE PREPARE XA LOCK UNLOCK TRY "
    "CATCH THROW RAISERROR"
)
_MAINTENANCE = words(
    "ANALYZE ANALYSE ATTACH BACKUP BINLOG CACHE CHECK CHECKPOINT CHECKSUM CLOSE CLUSTER "
    "DBCC DEALLOCATE DECLARE DESC DESCRIBE DETACH DISCARD FETCH FLUSH GO HANDLER HELP "
    "KILL LISTEN LOAD MOVE NOTIFY OPEN OPTIMIZE PRINT PURGE REASSIGN REFRESH REINDEX "
    "REPAIR RESTORE SECURITY SHOW SHUTDOWN UNLISTEN VACUUM WAITFOR"
)
DATA_WORDS = _WRITES | _QUERIES | _TRANSACTIONS | _MAINTENANCE | {"IMPORT", "SOURCE"}
"""The first words of statements that are read here."""

_DDL = ("CREATE", "ALTER", "DROP")
_RUN_TIME = ("EXECUTE", "CALL", "RENAME")
_CATALOGS = ("pg_", "sqlite_", "information_schema")
_CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_CATALOG_SCHEMAS = ("pg_catalog", "mysql", "sys", "crdb_internal")
_NO_DEFINITIONS = ("sqlite_sequence", "sqlite_stat1", "pg_largeobject")
"""Catalog tables that hold no table's definition; migrations write SQLite's last row ids."""

_BEFORE_TARGET = words("INSERT UPDATE DELETE REPLACE INTO FROM OR IGNORE ONLY LOW_PRIORITY")
_FLAG = r"(?:indisready|indisvalid)\s*=\s*(?:true|false)"
_SWITCHES_INDEXES = re.compile(
    rf"update\s+(?:pg_catalog\s*\.\s*)?pg_index\s+set\s+{_FLAG}(?:\s*,\s*{_FLAG})*\s+"
    r"where\s+indrelid\s*=\s*\(\s*select\s+oid\s+from\s+(?:pg_catalog\s*\.\s*)?pg_class\s+"
    r"where\s+relname\s*=\s*'[^']+'\s*\)",
    re.IGNORECASE,
)

_EXTENSIONS = words("cron graphql http net partman pgmq pgsodium pg_catalog vault")
"""Schemas of extensions whose functions change no table of the schema's own."""

_NOT_FUNCTIONS = words("SELECT IN AND OR NOT CASE WHEN THEN ELSE AS EXISTS")


def read_data(cursor: Cursor) -> Statement:
    """The statement, of one of `DATA_WORDS`."""
    word = cursor.peek().text
    if word == "SELECT":
        return _select(cursor)
    if word == "WITH" and is_postgres(cursor.dialect):
        made = _table_of_into(cursor)
        if made is not None:
            return made
    if word in _WRITES:
        return _write(cursor, word)
    if word == "REINDEX":
        return _reindex(cursor)
    if word == "IMPORT" and cursor.at("IMPORT", "FOREIGN"):
        return not_modelled(cursor, "tables come from another database")
    if word == "SOURCE":
        return not_modelled(cursor, "SOURCE reads another file, which is not read here")
    if word in ("BEGIN", "END", "DECLARE", "WITH", "CATCH", "TRY") and mentions(cursor, *_DDL):
        return not_modelled(cursor, f"{word} with statements inside it that change tables")
    if word == "BEGIN" and is_mysql(cursor.dialect) and mentions(cursor, *_RUN_TIME):
        # MariaDB's BEGIN NOT ATOMIC; elsewhere a block is no statement, or begins otherwise.
        return not_modelled(cursor, "BEGIN with statements inside it that could change tables")
    if word == "WITH" and mentions(cursor, "INSERT", "MERGE"):
        while not cursor.at_any("INSERT", "MERGE"):
            cursor.next()
        return _write(cursor, "INSERT")
    return ignored(cursor, word)


def _write(cursor: Cursor, word: str) -> Ignored | NotUnderstood:
    """DML; on the database's own catalog it could change any table's definition."""
    at = int(word in ("COPY", "MERGE", "UPSERT"))
    while cursor.peek(at).kind == "word" and cursor.peek(at).text in _BEFORE_TARGET:
        at += 1
    token = cursor.peek(at)
    target = cursor.file.text[token.start : token.end].strip('"`[]').lower()
    catalog = target.startswith(_CATALOGS) or (
        target in _CATALOG_SCHEMAS and cursor.peek(at + 1).text == "."
    )
    if catalog and word in _CHANGING and target not in _NO_DEFINITIONS:
        reason = f"{word} writes to the database's own catalog"
        found = not_modelled(cursor, reason, *_named_relations(cursor))
        switches = _SWITCHES_INDEXES.fullmatch(found.span.text) is not None
        return msgspec.structs.replace(found, until_reindex=switches and len(found.tables) == 1)
    cursor.at_token += at
    into = None if word in _PUT_NOTHING else _target(cursor)
    return msgspec.structs.replace(ignored(cursor, word), into=into)


def _target(cursor: Cursor) -> TableName | None:
    """The table that comes next; None where something else does."""
    try:
        return cursor.table_name()
    except SyntaxFaultError:
        return None


def _reindex(cursor: Cursor) -> Reindex | Ignored:
    """REINDEX TABLE; CONCURRENTLY passes by indexes that are switched off."""
    cursor.expect("REINDEX")
    if cursor.at("("):
        cursor.skip_brackets()
    other = cursor.dialect is not None and not is_postgres(cursor.dialect)
    if other or not cursor.accept("TABLE") or cursor.at("CONCURRENTLY"):
        return ignored(cursor, "REINDEX")
    return Reindex(table=cursor.table_name(), span=finish(cursor))


def _named_relations(cursor: Cursor) -> list[TableName]:
    """The tables that are asked for by `relname = '...'`, as PostgreSQL's catalog has them."""
    return [
        TableName(name=value.text, span=Span(cursor.file, value.start, value.end))
        for column, sign, value in zip(
            cursor.tokens, cursor.tokens[1:], cursor.tokens[2:], strict=False
        )
        if column.text == "RELNAME" and sign.text == "=" and value.kind == "string"
    ]


def _select(cursor: Cursor) -> Statement:
    """A query; one without FROM runs for the effects of its functions."""
    search_path = read_set_config(cursor)
    if search_path is not None:
        return search_path
    tokens = cursor.tokens[cursor.at_token :]
    words = {token.text for token in tokens if token.kind == "word"}
    if "INTO" in words and is_postgres(cursor.dialect):
        table = _table_of_into(cursor)
        if table is not None:
            return table
    elif "INTO" in words:
        made = _made_by_into(cursor)
        if made is not None:
            return not_modelled(cursor, f"SELECT makes the table {made.name}", made)
    if "FROM" in words or not (cursor.dialect is None or is_postgres(cursor.dialect)):
        return ignored(cursor, "SELECT")
    called = tuple(called_in(tokens, cursor))
    return Call(functions=called, span=whole(cursor)) if called else ignored(cursor, "SELECT")


def _table_of_into(cursor: Cursor) -> CreateTable | None:
    """PostgreSQL's SELECT ... INTO t, which is CREATE TABLE t AS; None where INTO is INSERT's."""
    begin, depth = cursor.at_token, 0
    for at in range(begin, len(cursor.tokens)):
        token = cursor.tokens[at]
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
        elif token.kind == "word" and token.text == "INTO" and depth == 0:
            if cursor.tokens[at - 1].text in ("INSERT", "MERGE"):
                return None
            break
    else:
        return None
    start = cursor.mark()
    cursor.at_token = at + 1
    temporary = cursor.accept("TEMPORARY") or cursor.accept("TEMP")
    cursor.accept("UNLOGGED")
    cursor.accept("TABLE")
    table = cursor.table_name()
    behind = cursor.tokens[cursor.at_token].start if not cursor.done else None
    cursor.until()
    span = cursor.since(start)
    text = cursor.file.text[start : cursor.tokens[at].start]
    if behind is not None:
        text += cursor.file.text[behind : span.end]
    query = Sql(text=text, span=span)
    return CreateTable(table=table, temporary=temporary, query=query, span=span)


def called_in(tokens: Sequence[Token], cursor: Cursor) -> Iterator[TableName]:
    """The functions that are called and not known to change no table."""
    for at, token in enumerate(tokens[:-1]):
        if tokens[at + 1].text != "(" or token.kind not in ("word", "name"):
            continue
        within = tokens[at - 2] if at > 1 and tokens[at - 1].text == "." else None
        schema = None if within is None else _spelling(within)
        known = is_harmless(token.text.lower()) or token.text in _NOT_FUNCTIONS
        if not known and (schema or "").lower() not in _EXTENSIONS:
            span = Span(cursor.file, token.start, token.end)
            yield TableName(name=_spelling(token), schema=schema, span=span)


def _spelling(token: Token) -> str:
    return token.text.lower() if token.kind == "word" else token.text


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
