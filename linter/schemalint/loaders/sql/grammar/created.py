"""CREATE, but of tables and indexes."""

from __future__ import annotations

import re

from schemalint.condition.collations import letters_alike
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.create_trigger import read_create_trigger
from schemalint.loaders.sql.grammar.databases import read_database
from schemalint.loaders.sql.grammar.grants import read_role
from schemalint.loaders.sql.grammar.outcomes import ignored, mentions, not_modelled, whole
from schemalint.loaders.sql.grammar.routines import read_create_routine
from schemalint.loaders.sql.grammar.user_types import read_create_domain, read_create_type
from schemalint.loaders.sql.grammar.views import read_create_view
from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sql.statements import CreateCollation, Ignored, NotUnderstood, Statement

_SILENT = words(
    "ACCESS AGGREGATE APPLICATION ASSEMBLY CAST CERTIFICATE CONVERSION DEFAULT EXTENSION "
    "FULLTEXT GROUP LANGUAGE LOGIN MASKING OPERATOR PARTITION POLICY PUBLICATION RESOURCE "
    "ROLE SECURITY SEQUENCE SERVER SPATIAL STATISTICS SUBSCRIPTION SYNONYM TABLESPACE "
    "TEXT TRANSFORM UNDO USER XML"
)
"""What can be created without saying what rows a table can hold."""

_OPTION = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|\"?(\w+)\"?)")
_DDL = ("ALTER", "DROP", "RENAME", "TRUNCATE", "EXECUTE", "CALL")


def read_create(cursor: Cursor) -> Statement | None:
    """The statement; None where it creates what is not known here."""
    cursor.expect("CREATE")
    replace = cursor.accept("OR", "REPLACE") or cursor.accept("OR", "ALTER")
    temporary = _modifiers(cursor)
    if cursor.at("EVENT", "TRIGGER"):
        return ignored(cursor, "CREATE EVENT TRIGGER")
    word = cursor.peek().text
    if temporary and word in ("VIEW", "TRIGGER", "SEQUENCE", "PROCEDURE"):
        return ignored(cursor, f"CREATE TEMPORARY {word}")
    match word:
        case "TYPE":
            return read_create_type(cursor)
        case "DOMAIN":
            return read_create_domain(cursor)
        case "VIEW" | "MATERIALIZED":
            return read_create_view(cursor, replace=replace)
        case "FUNCTION" | "PROCEDURE" | "PROC":
            return read_create_routine(cursor, replace=replace)
        case "TRIGGER" | "CONSTRAINT":
            return read_create_trigger(cursor, replace=replace)
        case "DATABASE" | "SCHEMA":
            return read_database(cursor)
        case "COLLATION":
            return _collation(cursor)
        case "RULE":
            return _rule(cursor)
        case "EVENT":
            return _event(cursor)
        case "FOREIGN":
            return _foreign(cursor)
        case "VIRTUAL":
            return _virtual_table(cursor)
    return ignored(cursor, f"CREATE {word}") if word in _SILENT else None


def _modifiers(cursor: Cursor) -> bool:
    """Step over the words between CREATE and what is created; whether it is temporary."""
    temporary = False
    while True:
        if cursor.at_any("TEMP", "TEMPORARY"):
            cursor.next()
            temporary = True
        elif cursor.accept("ALGORITHM", "=") or cursor.at_any("RECURSIVE", "TRUSTED", "PROCEDURAL"):
            cursor.next()
        elif cursor.accept("DEFINER", "="):
            read_role(cursor)
            if cursor.at("("):
                cursor.skip_brackets()
        elif cursor.accept("SQL", "SECURITY") or cursor.at("AGGREGATE", "FUNCTION"):
            cursor.next()
        else:
            return temporary


def _collation(cursor: Cursor) -> CreateCollation | NotUnderstood:
    """One that is not deterministic finds different texts equal (case U10e)."""
    cursor.expect("COLLATION")
    careful = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table_name()
    if cursor.accept("FROM"):
        meaning = cursor.table_name().name
        return CreateCollation(
            name=name, meaning=meaning, if_not_exists=careful, span=whole(cursor)
        )
    options = {
        key.lower(): text or word
        for key, text, word in _OPTION.findall(cursor.parenthesised().text)
    }
    locale = options.get("locale") or options.get("lc_collate", "")
    icu = options.get("provider", "").lower() == "icu"
    if options.get("deterministic", "").lower() in ("false", "0", "off"):
        meaning = locale
        if not (icu and letters_alike(locale)):
            return not_modelled(cursor, "texts that differ can be equal by this collation")
    else:
        meaning = "und-x-icu" if icu else locale
    return CreateCollation(name=name, meaning=meaning, if_not_exists=careful, span=whole(cursor))


def _rule(cursor: Cursor) -> NotUnderstood | Ignored:
    """PostgreSQL's rules rewrite a table's statements (case I14), unless they are for SELECT."""
    cursor.expect("RULE")
    cursor.until("ON")
    cursor.expect("ON")
    if cursor.at("SELECT"):
        return ignored(cursor, "CREATE RULE")
    cursor.next()
    cursor.expect("TO")
    table = cursor.table_name()
    return not_modelled(cursor, f"a rule rewrites the statements on {table.name}", table)


def _event(cursor: Cursor) -> NotUnderstood | Ignored:
    """MySQL's events are writers like others, unless they run DDL."""
    if mentions(cursor, *_DDL):
        return not_modelled(cursor, "an event runs statements that could change tables")
    return ignored(cursor, "CREATE EVENT")


def _foreign(cursor: Cursor) -> NotUnderstood | Ignored:
    if not cursor.accept("FOREIGN", "TABLE"):
        return ignored(cursor, "CREATE FOREIGN DATA WRAPPER")
    cursor.accept("IF", "NOT", "EXISTS")
    table = cursor.table_name()
    return not_modelled(cursor, f"{table.name} is a table of another database", table)


def _virtual_table(cursor: Cursor) -> NotUnderstood:
    cursor.expect("VIRTUAL", "TABLE")
    cursor.accept("IF", "NOT", "EXISTS")
    table = cursor.table_name()
    return not_modelled(cursor, f"{table.name} is a virtual table", table)
