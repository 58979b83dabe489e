"""Throwaway databases: a schema is built, statements are tried, everything is dropped again."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import uuid4

import pytest

POSTGRESQL = os.environ.get(
    "SCHEMALINT_POSTGRESQL", "host=127.0.0.1 port=5432 user=postgres dbname=postgres"
)
MARIADB = {
    "host": os.environ.get("SCHEMALINT_MARIADB_HOST", "127.0.0.1"),
    "user": os.environ.get("SCHEMALINT_MARIADB_USER", "root"),
    "password": os.environ.get("SCHEMALINT_MARIADB_PASSWORD", ""),
}


class Database(Protocol):
    """A database of one test's own."""

    def build(self, script: str) -> None:
        """Run a script of several statements, each of which has to succeed."""

    def refused(self, *statements: str) -> str | None:
        """Run statements, with BEGIN and COMMIT of one's own where wanted: the error of the first
        that is refused, None if all are accepted."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("PRAGMA foreign_keys = ON")

    def build(self, script: str) -> None:
        self._connection.executescript(script)

    def refused(self, *statements: str) -> str | None:
        try:
            for statement in statements:
                self._connection.execute(statement)
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


class _Server:
    def __init__(self, connection: Any, errors: type[Exception]) -> None:
        self._connection = connection
        self._errors = errors

    def build(self, script: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(script)
            while getattr(cursor, "nextset", lambda: None)():
                pass

    def refused(self, *statements: str) -> str | None:
        with self._connection.cursor() as cursor:
            try:
                for statement in statements:
                    cursor.execute(statement)
            except self._errors as error:
                cursor.execute("ROLLBACK")
                return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())


@contextmanager
def database(name: str) -> Iterator[Database]:
    """An empty database of the kind `sqlite`, `postgresql` or `mysql` (a MariaDB server); skips
    the test where there is no server."""
    with {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mariadb}[name]() as made:
        yield made


@contextmanager
def _sqlite() -> Iterator[Database]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield _Sqlite(connection)
    finally:
        connection.close()


@contextmanager
def _postgresql() -> Iterator[Database]:
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    own = f"schemalint_{uuid4().hex[:12]}"
    with connection:
        connection.execute(f"CREATE SCHEMA {own}; SET search_path TO {own}")
        connection.execute("SET client_min_messages TO error")
        try:
            yield _Server(connection, psycopg.Error)
        finally:
            connection.execute(f"DROP SCHEMA {own} CASCADE")


@contextmanager
def _mariadb() -> Iterator[Database]:
    pymysql = pytest.importorskip("pymysql")
    from pymysql.constants import CLIENT

    try:
        connection = pymysql.connect(
            **MARIADB, autocommit=True, client_flag=CLIENT.MULTI_STATEMENTS, connect_timeout=5
        )
    except pymysql.Error as error:
        pytest.skip(f"no MariaDB server: {error}")
    own = f"schemalint_{uuid4().hex[:12]}"
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {own}")
        cursor.execute(f"USE {own}")
        try:
            yield _Server(connection, pymysql.Error)
        finally:
            cursor.execute(f"DROP DATABASE {own}")


def migration(text: str) -> str:
    """The SQL out of a `help`: the indented lines."""
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    sql = "\n".join(line[4:] for line in lines)
    assert re.search(r"\b(CREATE|ALTER)\b", sql), text
    return sql
