"""Removes from a MySQL or MariaDB server what a run made there."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from schemalint.prove.databases.leftovers import MysqlLeftover
from schemalint.prove.databases.mysql_connection import connected

if TYPE_CHECKING:
    from pymysql.cursors import Cursor

_PAUSE = 0.02  # seconds
_PATIENCE = 30  # seconds, in which a session that was ended is gone


def remove_from_mysql(leftover: MysqlLeftover) -> None:
    """Remove what is left, which may be nothing. Safe to be run again.

    Raises:
        pymysql.Error: the server does not let it.
        TimeoutError: a session of the run does not end.
    """
    with connected(leftover.connection) as connection, connection.cursor() as cursor:
        _end_maker(cursor, leftover.name)
        drop(cursor, leftover.name, leftover.host)


def _end_maker(cursor: Cursor, name: str) -> None:
    """End the session that may be at its CREATE still, and wait until it is gone."""
    from pymysql import MySQLError

    until = time.monotonic() + _PATIENCE
    while (holder := _one(cursor, "SELECT IS_USED_LOCK(%s)", name)) is not None:
        with suppress(MySQLError):  # it may have ended meanwhile
            cursor.execute("KILL %s", (holder,))
        if time.monotonic() > until:
            raise TimeoutError(f"session {holder} does not end")
        time.sleep(_PAUSE)


def drop(cursor: Cursor, name: str, host: str) -> None:
    """Drop the database `name` and the account `name`@`host`.

    Raises:
        pymysql.Error: the server does not let it.
    """
    from pymysql import MySQLError

    drop_database(cursor, name)
    try:
        cursor.execute("DROP USER IF EXISTS %s@%s", (name, host))
    except MySQLError as error:
        if error.args[0] not in _MAY_MAKE_NO_ACCOUNT:
            raise


# Whoever may not make accounts made none. Also said where there is none of that name.
_MAY_MAKE_NO_ACCOUNT = (1044, 1227)


_COUNTED = "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = %s"


def drop_database(cursor: Cursor, name: str) -> None:
    """Drop one database, whoever is using it.

    Raises:
        pymysql.Error: the server does not let it.
    """
    from pymysql import MySQLError

    # Who may not drop it may not see it either, and is denied even where there is none.
    if not _one(cursor, _COUNTED, name):
        return
    # A session in the middle of a transaction there would keep DROP DATABASE waiting.
    cursor.execute(
        "SELECT id FROM information_schema.processlist"
        " WHERE (user = %s OR db = %s) AND id <> CONNECTION_ID()",
        (name, name),
    )
    for (session,) in cursor.fetchall():
        with suppress(MySQLError):
            cursor.execute("KILL %s", (session,))
    cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")


def _one(cursor: Cursor, query: str, *values: object) -> Any:
    cursor.execute(query, values)
    row = cursor.fetchone()
    return row[0] if row is not None else None
