"""Which database is opened for which target and dialect."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import NotProvable
from schemalint.prove.databases import opening
from schemalint.prove.databases.opening import opened
from schemalint.prove.databases.sqlite import Sqlite


@pytest.mark.parametrize("target", [None, "sqlite"])
def test_sqlite(target: str | None) -> None:
    with opened(target, Dialect.SQLITE) as database:
        assert isinstance(database, Sqlite)
        database.build(["CREATE TABLE a (id)"])
    with pytest.raises(NotProvable, match="no schema"), database.attempt():
        pass


@pytest.mark.parametrize(
    ("target", "dialect", "said"),
    [
        ("sqlite", Dialect.POSTGRESQL, "SQLite proves nothing about a schema for PostgreSQL"),
        ("postgresql", Dialect.SQLITE, "PostgreSQL proves nothing about a schema for SQLite"),
        ("postgresql://127.0.0.1/a", Dialect.MYSQL, "PostgreSQL proves nothing"),
        ("mysql://127.0.0.1/a", Dialect.POSTGRESQL, "MySQL proves nothing"),
        ("postgresql", Dialect.COCKROACHDB, "PostgreSQL proves nothing about a schema for Cock"),
        ("sqlite:///shop.db", Dialect.SQLITE, "a file is never touched"),
        ("oracle://127.0.0.1", Dialect.MYSQL, "`oracle` is no database"),
        ("postgre", Dialect.POSTGRESQL, "`postgre` is no database"),
        (None, Dialect.MYSQL, "no MySQL"),
        ("mysql", Dialect.MARIADB, "no MariaDB"),
        (None, Dialect.SQLSERVER, "no SQL Server"),
        (None, Dialect.COCKROACHDB, "no CockroachDB"),
        (None, Dialect.MONGODB, "no MongoDB"),
    ],
)
def test_not_provable(target: str | None, dialect: Dialect, said: str) -> None:
    with pytest.raises(NotProvable, match=said), opened(target, dialect):
        pass


def test_help_names_an_address() -> None:
    with pytest.raises(NotProvable) as raised, opened(None, Dialect.MYSQL):
        pass
    assert raised.value.help == "give the address of a server: mysql://user:password@host:3306"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("postgresql+psycopg://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgres://h/d?schema=shop", "postgres://h/d"),
        ("postgresql://h/d?schema=a&sslmode=require", "postgresql://h/d?sslmode=require"),
        ("host=h dbname=d", "host=h dbname=d"),
    ],
)
def test_urls_of_other_tools(target: str, expected: str) -> None:
    assert opening._for_libpq(target) == expected
