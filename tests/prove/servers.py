"""The servers that the suites of proofs use, and what runs have left on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from tests.rules.databases import MARIADB, POSTGRESQL

__all__ = ["MARIADB", "MARIADB_URL", "POSTGRESQL", "mariadb", "postgresql"]

MARIADB_URL = "mysql://{user}:{password}@{host}".format(
    **{name: quote(str(value), safe="") for name, value in MARIADB.items()}
)


@contextmanager
def postgresql() -> Iterator[Any]:
    """A connection to the PostgreSQL server as its superuser; skips where there is none."""
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    with connection:
        yield connection


@contextmanager
def mariadb() -> Iterator[Any]:
    """A cursor on the MariaDB server as its root; skips where there is none."""
    pymysql = pytest.importorskip("pymysql")
    try:
        connection = pymysql.connect(**MARIADB, autocommit=True, connect_timeout=5)
    except pymysql.Error as error:
        pytest.skip(f"no MariaDB server: {error}")
    with connection, connection.cursor() as cursor:
        yield cursor


def left_on_postgresql(connection: Any, prefix: str = "schemalint_") -> list[str]:
    """The databases and roles whose names begin with `prefix`."""
    return [
        name
        for (name,) in connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %(prefix)s)"
            " UNION ALL SELECT rolname FROM pg_roles WHERE starts_with(rolname, %(prefix)s)",
            {"prefix": prefix},
        ).fetchall()
    ]


def left_on_mariadb(cursor: Any, prefix: str = "schemalint_") -> list[str]:
    """The databases and accounts whose names begin with `prefix`."""
    cursor.execute(
        "SELECT schema_name FROM information_schema.schemata WHERE left(schema_name, %(size)s) ="
        " %(prefix)s UNION ALL SELECT user FROM mysql.user WHERE left(user, %(size)s) = %(prefix)s",
        {"prefix": prefix, "size": len(prefix)},
    )
    return [name for (name,) in cursor.fetchall()]
