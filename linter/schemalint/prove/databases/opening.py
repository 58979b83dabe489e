"""The throwaway database that somebody asks for, or the one that a dialect has by default."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from schemalint.model import Dialect
from schemalint.prove.database import Database, NotProvable

_NAMES = {
    Dialect.SQLITE: "SQLite",
    Dialect.POSTGRESQL: "PostgreSQL",
    Dialect.MYSQL: "MySQL",
    Dialect.MARIADB: "MariaDB",
    Dialect.SQLSERVER: "SQL Server",
    Dialect.COCKROACHDB: "CockroachDB",
    Dialect.MONGODB: "MongoDB",
}
_MYSQL_FAMILY = (Dialect.MYSQL, Dialect.MARIADB)
# The schemes of URLs, and those that SQLAlchemy's drivers and Prisma have.
_SCHEMES = {
    "sqlite": Dialect.SQLITE,
    "postgres": Dialect.POSTGRESQL,
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MYSQL,
    "mariadb": Dialect.MARIADB,
}


@contextmanager
def opened(target: str | None, dialect: Dialect) -> Iterator[Database]:
    """A throwaway database for schemas of `dialect`, removed at the end.

    Its own `dialect` is the same, but for MySQL and MariaDB, which have one address: the database
    says which one it is, and proves nothing for the other.

    Args:
        target: None for the default, `sqlite`, `postgresql` (the embedded server), `mysql`, or the
            URL of a server, in which password and options may stand.

    Raises:
        NotProvable: there is none.
    """
    database = _made(target, dialect)
    try:
        yield database
    finally:
        database.close()


def _made(target: str | None, dialect: Dialect) -> Database:
    kind = dialect if target is None else _kind(target)
    if kind is not dialect and not (kind in _MYSQL_FAMILY and dialect in _MYSQL_FAMILY):
        raise NotProvable(
            f"{_NAMES[kind]} proves nothing about a schema for {_NAMES[dialect]}",
            f"give a database of its own kind: {_OFFERS.get(dialect, 'there is none yet')}",
        )
    if kind is Dialect.SQLITE:
        from schemalint.prove.databases.sqlite import Sqlite

        return Sqlite()
    if kind is Dialect.POSTGRESQL:
        if target is not None and _is_address(target):
            from schemalint.prove.databases.postgresql import Postgresql

            return Postgresql(_for_libpq(target))
        from schemalint.prove.databases.embedded import EmbeddedPostgresql

        return EmbeddedPostgresql()
    if kind in _MYSQL_FAMILY and target is not None and _is_address(target):
        from schemalint.prove.databases.mysql import Mysql

        return Mysql(target)
    raise NotProvable(
        f"there is no {_NAMES[dialect]} to prove anything in",
        f"give the address of a server: {_OFFERS[dialect]}" if dialect in _OFFERS else None,
    )


_OFFERS = {
    Dialect.SQLITE: "sqlite",
    Dialect.POSTGRESQL: "postgresql, or postgresql://user:password@host/database",
    Dialect.MYSQL: "mysql://user:password@host:3306",
    Dialect.MARIADB: "mysql://user:password@host:3306",
}


# What Prisma adds to URLs, and libpq does not know.
_PRISMAS = frozenset(
    (
        "schema",
        "connection_limit",
        "pool_timeout",
        "socket_timeout",
        "pgbouncer",
        "statement_cache_size",
        "single_use_connections",
        "sslidentity",
        "sslaccept",
        "sslpassword",
    )
)


def _for_libpq(target: str) -> str:
    """A URL as SQLAlchemy or Prisma writes it, as libpq reads it."""
    scheme, separator, behind = target.partition("://")
    if not separator:
        return target
    place, mark, query = behind.partition("?")
    kept = [part for part in query.split("&") if part.partition("=")[0] not in _PRISMAS]
    query = "&".join(kept)
    return f"{scheme.partition('+')[0]}://{place}{mark if query else ''}{query}"


def _is_address(target: str) -> bool:
    return "://" in target or "=" in target


def _kind(target: str) -> Dialect:
    scheme, _, behind = target.partition("://")
    kind = _SCHEMES.get(scheme.partition("+")[0])
    if kind is Dialect.SQLITE and behind:
        raise NotProvable(
            "a file is never touched: proofs on SQLite are made in memory", "name it `sqlite`"
        )
    if kind is None and "=" in target and "://" not in target:
        kind = Dialect.POSTGRESQL  # libpq's `host=... dbname=...`
    if kind is None:
        raise NotProvable(
            f"`{scheme}` is no database that proofs can be made in",
            "sqlite, postgresql, mysql, or a URL that begins with postgresql:// or mysql://",
        )
    return kind
