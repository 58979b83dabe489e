"""What is neither of tables nor of types: comments, grants, the search path, whole schemas."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.grammar.grants import EVERY_TABLE
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.replay.views import remove_views_of
from schemalint.loaders.sql.session_statements import (
    DatabaseCollation,
    ForeignKeyChecks,
    SetSearchPath,
)
from schemalint.loaders.sql.statements import (
    Comment,
    CreateCollation,
    GrantStatement,
)
from schemalint.model import Grant


def comment(replay: Replay, statement: Comment) -> None:
    """COMMENT ON. One on something unknown is of no consequence."""
    if statement.kind == "type":
        kind = replay.catalog.type(statement.target)
        if kind is not None:
            kind.comment = statement.text
        return
    if statement.kind == "other":
        return
    table = replay.catalog.table(statement.target)
    if table is None:
        return
    if statement.column is None:
        table.comment = statement.text
        return
    column = replay.catalog.column(table, statement.column)
    if column is not None:
        column.comment = statement.text


def collation(replay: Replay, statement: CreateCollation) -> None:
    """CREATE COLLATION."""
    catalog = replay.catalog
    name, meaning = catalog.fold(statement.name.name), catalog.collation(statement.meaning)
    if meaning and not (statement.if_not_exists and name in catalog.collations):
        catalog.collations[name] = meaning


def database_collation(replay: Replay, statement: DatabaseCollation) -> None:
    """CREATE DATABASE and ALTER DATABASE of MySQL, with a collation."""
    catalog = replay.catalog
    database = catalog.schema if statement.database is None else statement.database
    if not (statement.if_not_exists and database in catalog.database_collations):
        catalog.database_collations[database] = statement.collation


def grant(replay: Replay, statement: GrantStatement) -> None:
    """GRANT and REVOKE, kept in their order.

    Raises:
        RefusedError: there is no such table.
    """
    made = [
        Grant(statement.privileges, role, statement.span, statement.columns, statement.granted)
        for role in statement.roles
    ]
    for name in statement.tables:
        if name.name == EVERY_TABLE:
            _grant_on_all(replay, name, made)
            continue
        table = replay.catalog.table(name)
        if table is None:
            raise replay.missing(name, harmless=True)
        table.grants += made


def _grant_on_all(replay: Replay, name: TableName, grants: list[Grant]) -> None:
    """On the tables that are there; MySQL's reach those to come as well."""
    catalog = replay.catalog
    schema = catalog.schema_of(name)
    if replay.mysql_like:
        catalog.grants += [(schema, one) for one in grants]
        return
    for table in catalog.tables.values():
        if table.schema == schema:
            table.grants += grants


def set_search_path(replay: Replay, statement: SetSearchPath) -> None:
    """SET search_path, USE."""
    name = TableName(name="", schema=statement.schema, span=statement.span)
    replay.catalog.schema = replay.catalog.schema_of(name) if statement.schema else None


def foreign_key_checks(replay: Replay, statement: ForeignKeyChecks) -> None:
    """SET FOREIGN_KEY_CHECKS. Each file is a session of its own."""
    replay.unchecked = None if statement.on else statement.span.file.path


def drop_schema(replay: Replay, name: TableName) -> None:
    """DROP SCHEMA (MySQL: DATABASE) ... CASCADE: everything in it goes."""
    catalog = replay.catalog
    inside = TableName(name="", schema=name.name, span=name.span)
    schema = catalog.key(inside)[0]
    going = [one for key, one in catalog.tables.items() if key[0] == schema]
    if not replay.mysql_like:
        remove_views_of(replay, going)
    for table in going:
        if not catalog.has(table):
            continue
        for other, _, key in catalog.foreign_keys_to(table):
            catalog.remove_foreign_key(other, key)
        catalog.remove_table(table)
    catalog.types = {key: one for key, one in catalog.types.items() if key[0] != schema}
    catalog.functions = {key: one for key, one in catalog.functions.items() if key[0] != schema}
    catalog.routines = {key: one for key, one in catalog.routines.items() if key[0] != schema}
