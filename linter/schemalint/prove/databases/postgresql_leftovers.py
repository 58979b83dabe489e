"""Removes from a PostgreSQL server what a run made there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from schemalint.prove.databases.leftovers import PostgresqlLeftover

if TYPE_CHECKING:
    import psycopg

_PAUSE = 0.02  # seconds
_FORCE_SINCE = 130_000  # DROP DATABASE ... WITH (FORCE)


def remove_from_postgresql(leftover: PostgresqlLeftover) -> None:
    """Remove what is left, which may be nothing. Safe to be run again.

    Raises:
        psycopg.Error: the server does not let it.
    """
    import psycopg

    with psycopg.connect(leftover.conninfo, autocommit=True, connect_timeout=10) as connection:
        # A session that is still at its CREATE could make what was looked for in vain.
        _end_sessions(connection, "application_name = %s", leftover.name)
        drop(connection, leftover.name)


def drop(connection: psycopg.Connection[Any], name: str) -> None:
    """Drop the databases called `name` or `name_...`, and the role called `name`.

    Raises:
        psycopg.Error: the server does not let it.
    """
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)",
        (name, f"{name}_"),
    )
    for (database,) in found.fetchall():
        drop_database(connection, database)
    # DROP ROLE IF EXISTS is denied to whoever may not create roles, whether it exists or not.
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchall():
        connection.execute(f'DROP ROLE "{name}"')


def drop_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Drop one database, whoever is connected to it.

    Raises:
        psycopg.Error: the server does not let it.
    """
    if connection.info.server_version >= _FORCE_SINCE:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    _end_sessions(connection, "datname = %s", name)
    connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _end_sessions(connection: psycopg.Connection[Any], which: str, name: str) -> None:
    """End other sessions, and wait until they are gone."""
    while connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE {which} AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
        (name,),
    ).fetchall():
        time.sleep(_PAUSE)
