"""GRANT and REVOKE, as far as tables are concerned."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sql.clauses import Name, TableName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import ignored, whole
from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sql.statements import Block, GrantStatement, Ignored

EVERY_TABLE = "*"
"""The name that stands for all tables of a schema (of the database, where no schema is named)."""

_OTHER_OBJECTS = words(
    "SEQUENCE DATABASE DOMAIN FOREIGN FUNCTION PROCEDURE ROUTINE PACKAGE LANGUAGE LARGE "
    "PARAMETER SCHEMA TABLESPACE TYPE"
)


class _Privilege(msgspec.Struct, frozen=True):
    name: str
    columns: tuple[Name, ...]


def read_grant(cursor: Cursor) -> GrantStatement | Block | Ignored:
    """GRANT or REVOKE on tables: a Block where privileges differ in their columns.

    Ignored is what grants roles, what speaks of anything but tables, and REVOKE GRANT OPTION FOR,
    which takes no privilege away. T-SQL's DENY outweighs a GRANT; it is read as a REVOKE.
    """
    granted = cursor.next().text == "GRANT"
    if cursor.at("GRANT", "OPTION", "FOR") or cursor.at("ADMIN", "OPTION", "FOR"):
        return ignored(cursor, "REVOKE")
    privileges = _privileges(cursor)
    if not cursor.accept("ON"):
        return ignored(cursor, "GRANT")
    tables = _tables(cursor)
    if tables is None or not (cursor.accept("TO") or cursor.accept("FROM")):
        return ignored(cursor, "GRANT")
    roles = _roles(cursor)
    span = whole(cursor)
    found = [
        GrantStatement(
            privileges=tuple([privilege.name for privilege in same]),
            tables=tables,
            roles=roles,
            columns=tuple([column.text for column in same[0].columns]),
            granted=granted,
            span=span,
        )
        for same in _by_columns(privileges)
    ]
    return found[0] if len(found) == 1 else Block(statements=tuple(found), span=span)


def _privileges(cursor: Cursor) -> list[_Privilege]:
    """`SELECT, UPDATE (a, b), ALL PRIVILEGES`."""
    found = []
    while True:
        words = []
        while cursor.peek().kind in ("word", "name") and not cursor.at_any("ON", "TO", "FROM"):
            words.append(cursor.name().text.lower())
        columns = cursor.names() if cursor.at("(") else ()
        name = " ".join(words)
        found.append(_Privilege("all" if name == "all privileges" else name, columns))
        if not cursor.accept(","):
            return found


def _by_columns(privileges: Sequence[_Privilege]) -> list[list[_Privilege]]:
    """The privileges, those over the same columns together."""
    groups: dict[tuple[str, ...], list[_Privilege]] = {}
    for privilege in privileges:
        key = tuple([column.text for column in privilege.columns])
        groups.setdefault(key, []).append(privilege)
    return list(groups.values())


def _tables(cursor: Cursor) -> tuple[TableName, ...] | None:
    """What stands behind ON: None where it is no table."""
    start = cursor.mark()
    if cursor.accept("ALL"):
        if not cursor.accept("TABLES"):
            return None
        cursor.expect("IN", "SCHEMA")
        schemas = [cursor.name()]
        while cursor.accept(","):
            schemas.append(cursor.name())
        return tuple([TableName(name=EVERY_TABLE, schema=s.text, span=s.span) for s in schemas])
    if cursor.at("OBJECT", "::") or cursor.at("OBJECT", ":"):
        while cursor.at_any("OBJECT", "::", ":"):
            cursor.next()
    elif cursor.peek(1).text in ("::", ":"):
        return None
    cursor.accept("TABLE")
    if cursor.peek().kind == "word" and cursor.peek().text in _OTHER_OBJECTS:
        following = cursor.peek(1)
        if following.kind in ("word", "name", "string") and following.text not in ("TO", "FROM"):
            return None
    tables = [_table(cursor, start)]
    while cursor.accept(","):
        tables.append(_table(cursor, cursor.mark()))
    return tuple(tables)


def _table(cursor: Cursor, start: int) -> TableName:
    """A table, or MySQL's `*`, `*.*` and `database.*`."""
    if cursor.accept("*"):
        if cursor.accept("."):
            cursor.expect("*")
        return TableName(name=EVERY_TABLE, span=cursor.since(start))
    if cursor.peek(1).text == "." and cursor.peek(2).text == "*":
        schema = cursor.name().text
        cursor.expect(".", "*")
        return TableName(name=EVERY_TABLE, schema=schema, span=cursor.since(start))
    return cursor.table_name()


def _roles(cursor: Cursor) -> tuple[str, ...]:
    """The roles in order; a MySQL account is `user@host`."""
    roles = [read_role(cursor)]
    while cursor.accept(","):
        roles.append(read_role(cursor))
    return tuple(roles)


def read_role(cursor: Cursor) -> str:
    """A role or an account: PostgreSQL's GROUP before it means nothing."""
    cursor.accept("GROUP")
    start = cursor.mark()
    token = cursor.next()
    placeholder = token.kind == "parameter" and token.text.startswith(":")  # of psql and its like
    if token.kind not in ("word", "name", "string") and not placeholder:
        cursor.at_token -= 1
        raise cursor.unexpected("a role")
    role = token.text
    if token.kind == "word":
        cursor.at_token -= 1
        role = cursor.name().text
    if cursor.peek().start == cursor.since(start).end and cursor.peek().text.startswith("@"):
        host = cursor.next().text[1:]
        role += "@" + (host or cursor.next().text)
    return role
