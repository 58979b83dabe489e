"""SET, USE, PRAGMA and pg_dump's set_config: what changes how later statements are read."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import ignored, not_modelled, whole
from schemalint.loaders.sql.lexer import fold, is_mysql
from schemalint.loaders.sql.session_statements import ForeignKeyChecks, Pragma, SetSearchPath
from schemalint.loaders.sql.statements import Ignored, NotUnderstood
from schemalint.model import Dialect

_ENGINES = ("DEFAULT_STORAGE_ENGINE", "STORAGE_ENGINE")
_ENGINES_WITH_KEYS = ("INNODB", "DEFAULT")
_OFF = ("0", "OFF", "FALSE")


def read_set(cursor: Cursor) -> SetSearchPath | ForeignKeyChecks | Ignored | NotUnderstood:
    """SET: `search_path` counts; so do the few settings that change what tables are made of."""
    cursor.expect("SET")
    everywhere = cursor.at("GLOBAL")
    if cursor.at_any("LOCAL", "SESSION", "GLOBAL"):
        cursor.next()
    if cursor.accept("SEARCH_PATH") and (cursor.accept("TO") or cursor.accept("=")):
        return _search_path(cursor)
    if cursor.at("SCHEMA") and cursor.peek(1).kind == "string":
        cursor.next()
        return _search_path(cursor)
    checks = None
    for name, value in _variables(cursor):
        if name in _ENGINES and value not in _ENGINES_WITH_KEYS and not value.startswith("@"):
            return not_modelled(
                cursor,
                f"tables made after it are of the engine {value}, which may keep no foreign keys",
            )
        if name == "EXPLICIT_DEFAULTS_FOR_TIMESTAMP" and value in _OFF:
            # Case I27: a TIMESTAMP column is then changed by every UPDATE.
            return not_modelled(cursor, "TIMESTAMP columns made after it get defaults of their own")
        if name == "FOREIGN_KEY_CHECKS" and not everywhere:
            checks = value not in _OFF
    if checks is not None and is_mysql(cursor.dialect):
        return ForeignKeyChecks(on=checks, span=whole(cursor))
    return ignored(cursor, "SET")


def _variables(cursor: Cursor) -> Iterator[tuple[str, str]]:
    """Each variable that is set, and the last word of its value, in upper case. A user's own,
    `@name`, is none."""
    while not cursor.done:
        taken = cursor.until("=", ":=", "TO", ",").text.upper()
        if not (cursor.accept("=") or cursor.accept(":=") or cursor.accept("TO")):
            return
        name = taken.split(".")[-1].split()[-1:] or [""]
        own = taken.startswith("@") and not taken.startswith("@@")
        cursor.until(",")
        value = cursor.tokens[cursor.at_token - 1]
        cursor.accept(",")
        if not own:
            yield name[0].lstrip("@"), value.text.upper()


def _search_path(cursor: Cursor) -> SetSearchPath:
    """The first schema of the path that objects are really made in."""
    schemas = []
    while not cursor.done:
        token = cursor.next()
        if token.kind == "word":
            schemas.append(fold(cursor.file.text[token.start : token.end], cursor.dialect))
        elif token.kind in ("name", "string"):
            schemas.append(token.text)
    made_in = [schema for schema in schemas if schema not in ("$user", "pg_catalog", "pg_temp")]
    schema = made_in[0] if made_in else ""
    if schema.upper() == "DEFAULT":
        schema = "public"
    return SetSearchPath(schema=schema, span=whole(cursor))


def read_reset(cursor: Cursor) -> SetSearchPath | Ignored:
    """RESET: of `search_path` to what a server starts with."""
    cursor.expect("RESET")
    if cursor.at_any("SEARCH_PATH", "ALL"):
        return SetSearchPath(schema="public", span=whole(cursor))
    return ignored(cursor, "RESET")


def read_set_config(cursor: Cursor) -> SetSearchPath | None:
    """`SELECT pg_catalog.set_config('search_path', '...', false)`; None for another SELECT."""
    start = cursor.at_token
    cursor.expect("SELECT")
    if cursor.accept("PG_CATALOG"):
        cursor.accept(".")
    if not (cursor.accept("SET_CONFIG", "(") and cursor.peek().text.lower() == "search_path"):
        cursor.at_token = start
        return None
    cursor.next()
    cursor.expect(",")
    path = cursor.string().text
    schemas = [part.strip().strip('"') for part in path.split(",")]
    made_in = [s for s in schemas if s not in ("", "$user", "pg_catalog", "pg_temp")]
    return SetSearchPath(schema=made_in[0] if made_in else "", span=whole(cursor))


def read_use(cursor: Cursor) -> SetSearchPath | Ignored:
    """MySQL's USE; T-SQL's names a database, whose schemas stay as they are."""
    cursor.expect("USE")
    if cursor.dialect is Dialect.SQLSERVER:
        return ignored(cursor, "USE")
    return SetSearchPath(schema=cursor.name().text, span=whole(cursor))


def read_pragma(cursor: Cursor) -> Pragma | Ignored | NotUnderstood:
    """PRAGMA with a value, `= value` or `(value)`; without one it only asks."""
    cursor.expect("PRAGMA")
    name = cursor.table_name().name.lower()
    if not (cursor.accept("=") or cursor.accept("(")):
        return ignored(cursor, "PRAGMA")
    sign = cursor.next().text if cursor.at_any("-", "+") else ""
    value = (sign + cursor.next().text).lower()
    if name == "writable_schema" and value not in ("0", "off", "false", "no", "reset"):
        return not_modelled(cursor, "what follows can rewrite the definition of any table")
    return Pragma(name=name, value=value, span=whole(cursor))
