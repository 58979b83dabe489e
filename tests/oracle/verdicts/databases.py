"""The databases that are attacked: one statement at a time, each committed or refused."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import uuid4

import pytest

SERVER = os.environ.get("SCHEMALINT_POSTGRESQL", "host=127.0.0.1 port=5432 user=postgres")


class Database(Protocol):
    """An empty database in which one schema after another is built and attacked."""

    provider: str

    def build(self, script: str, *, foreign_keys: bool) -> None:
        """Replace what is there by the tables of `script`; on SQLite foreign keys are checked only
        if `foreign_keys`."""

    def refused(self, statement: str) -> str | None:
        """Run a statement: why it is refused, None if it is accepted."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def indexes(self, table: str) -> list[tuple[str, ...]]:
        """The columns of each index over all rows of a table."""


class Sqlite:
    """SQLite in memory."""

    provider = "sqlite"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)

    def build(self, script: str, *, foreign_keys: bool) -> None:
        self._connection.close()
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.executescript(script)
        self._connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    def refused(self, statement: str) -> str | None:
        try:
            self._connection.execute(statement)
        except sqlite3.Error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def indexes(self, table: str) -> list[tuple[str, ...]]:
        found = [
            tuple(row[0] for row in self.rows(f"SELECT name FROM pragma_index_info('{name}')"))
            for name, partial in self.rows(
                f"SELECT name, partial FROM pragma_index_list('{table}')"
            )
            if not partial
        ]
        # An INTEGER PRIMARY KEY is the table's own order and has no index.
        keys = self.rows(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
        return [*found, tuple(row[0] for row in keys)]

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


class Postgresql:
    """A database of its own on a PostgreSQL server."""

    provider = "postgresql"

    def __init__(self, connection: Any, error: type[Exception]) -> None:
        self._connection = connection
        self._error = error
        self._built = self._emptying = ""

    def build(self, script: str, *, foreign_keys: bool) -> None:
        if script == self._built:  # to empty the tables is quicker
            self._connection.execute(self._emptying)
            return
        self._connection.execute("DROP SCHEMA IF EXISTS own CASCADE; CREATE SCHEMA own")
        self._connection.execute(script.replace('CREATE SCHEMA IF NOT EXISTS "public";', ""))
        self._built = script
        tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'own'")
        deletions = " ".join(f'DELETE FROM "{name}";' for (name,) in tables)
        self._emptying = (
            f"SET session_replication_role TO replica; {deletions} "
            "SET session_replication_role TO origin"
        )

    def refused(self, statement: str) -> str | None:
        try:
            self._connection.execute(statement)
        except self._error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return list(self._connection.execute(query).fetchall())

    def indexes(self, table: str) -> list[tuple[str, ...]]:
        rows = self.rows(
            "SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i "
            "CROSS JOIN unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place) "
            "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number "
            f"WHERE i.indrelid = '\"{table}\"'::regclass AND i.indpred IS NULL "
            "GROUP BY i.indexrelid"
        )
        return [tuple(row[0]) for row in rows]


@contextmanager
def opened(provider: str) -> Iterator[Database]:
    """A database of that provider; skips the test where there is no server."""
    if provider == "sqlite":
        made = Sqlite()
        try:
            yield made
        finally:
            made.close()
        return
    psycopg = pytest.importorskip("psycopg")
    try:
        admin = psycopg.connect(f"{SERVER} dbname=postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    name = f"schemalint_{uuid4().hex[:12]}"
    with admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(f"{SERVER} dbname={name}", autocommit=True) as connection:
                connection.execute(
                    "CREATE EXTENSION IF NOT EXISTS citext;"
                    "SET client_min_messages TO error; SET synchronous_commit TO off;"
                    "CREATE SCHEMA own; SET search_path TO own, public"
                )
                yield Postgresql(connection, psycopg.Error)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
