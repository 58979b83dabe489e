"""Throwaway databases that take DDL statement by statement and tell what has become of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import uuid4

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.loaders.sql.mariadb_catalog import MariadbCatalog
from tests.loaders.sql.postgresql_catalog import PostgresCatalog
from tests.loaders.sql.schema_facts import Facts, differences, schema_facts
from tests.loaders.sql.sqlite_catalog import SqliteCatalog
from tests.rules.databases import MARIADB, POSTGRESQL


class Database(Protocol):
    """A database of one test's own."""

    dialect: Dialect
    name: str

    def run(self, statement: str) -> str | None:
        """Run one statement: None, or the error with which it was refused."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def facts(self) -> Facts:
        """What there is now."""

    def normalised(self, facts: Facts) -> Facts:
        """A loaded schema's facts in the database's own words."""


def compared(database: Database, statements: list[str]) -> list[str]:
    """Run statements, those that are refused being of no effect, and compare what there is with
    what the loader makes of those that were not."""
    taken = [one for one in statements if database.run(one) is None]
    return difference(database, ";\n".join(taken) + ";\n" if taken else "")


def difference(database: Database, *texts: str) -> list[str]:
    """What the loader makes of `texts` against what the database has now."""
    schema, problems = load(database.dialect, *texts)
    loaded = schema_facts(schema)
    return [*problems, *differences(database.normalised(loaded), database.facts())]


def load(dialect: Dialect, *texts: str) -> tuple[Schema, list[str]]:
    """The schema of the texts, and its problems, one line each."""
    files = [SourceFile(f"{number}.sql", text) for number, text in enumerate(texts)]
    loaded = SqlLoader().load(files, dialect=dialect)
    return loaded.schema, [
        f"{one.span.file.path}:{one.span.place.line}: {one.message}" for one in loaded.problems
    ]


@contextmanager
def postgresql() -> Iterator[Database]:
    """A PostgreSQL database; skips the test where there is no server."""
    psycopg = pytest.importorskip("psycopg")
    own = f"schemalint_{uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    with server:
        server.execute(f"CREATE DATABASE {own}")
        try:
            with psycopg.connect(POSTGRESQL, autocommit=True, dbname=own) as connection:
                connection.execute("SET client_min_messages TO error")
                yield _Postgres(connection, own, psycopg.Error)
        finally:
            server.execute(f"DROP DATABASE {own} WITH (FORCE)")


class _Postgres:
    dialect = Dialect.POSTGRESQL

    def __init__(self, connection: Any, name: str, error: type[Exception]) -> None:
        self._connection = connection
        self.name = name
        self._error = error
        catalog = PostgresCatalog(connection)
        self.facts = catalog.facts
        self.normalised = catalog.normalised

    def run(self, statement: str) -> str | None:
        try:
            self._connection.execute(statement)
        except self._error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return rows


@contextmanager
def mariadb() -> Iterator[Database]:
    """A MariaDB database; skips the test where there is no server."""
    pymysql = pytest.importorskip("pymysql")
    try:
        connection = pymysql.connect(**MARIADB, autocommit=True, connect_timeout=5)
    except pymysql.Error as error:
        pytest.skip(f"no MariaDB server: {error}")
    own = f"schemalint_{uuid4().hex[:12]}"
    with connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {own} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
        cursor.execute(f"USE {own}")
        try:
            yield _Mariadb(cursor, own, pymysql.Error)
        finally:
            cursor.execute(f"DROP DATABASE {own}")


class _Mariadb:
    dialect = Dialect.MARIADB

    def __init__(self, cursor: Any, name: str, error: type[Exception]) -> None:
        self._cursor = cursor
        self.name = name
        self._error = error
        catalog = MariadbCatalog(cursor, name)
        self.facts = catalog.facts
        self.normalised = catalog.normalised

    def run(self, statement: str) -> str | None:
        try:
            self._cursor.execute(statement)
        except self._error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self._cursor.execute(query)
        return list(self._cursor.fetchall())


@contextmanager
def sqlite() -> Iterator[Database]:
    """A SQLite database in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        yield _Sqlite(connection)
    finally:
        connection.close()


class _Sqlite:
    dialect = Dialect.SQLITE
    name = ":memory:"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        catalog = SqliteCatalog(connection)
        self.facts = catalog.facts
        self.normalised = catalog.normalised

    def run(self, statement: str) -> str | None:
        try:
            self._connection.execute(statement)
        except sqlite3.Error as error:
            return str(error)
        return None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()
