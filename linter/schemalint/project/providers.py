"""For which database migrations were written, where the tool that runs them says so beside them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

import msgspec

from schemalint.loaders.prisma.dialect import PROVIDERS
from schemalint.model import Dialect
from schemalint.own_rules import INVALID_SCHEMA
from schemalint.project.reading import Reader
from schemalint.source import Span


class Provider(msgspec.Struct, frozen=True):
    """The database that a tool's own file names; `dialect` is None for an unknown one.

    `schemas` are those of the database that are there before the first migration: the platform
    makes and keeps what is in them.
    """

    name: str
    dialect: Dialect | None
    span: Span
    schemas: frozenset[str] = frozenset()


_DRIZZLE = {
    "postgresql": Dialect.POSTGRESQL,
    "mysql": Dialect.MYSQL,
    "sqlite": Dialect.SQLITE,
    "turso": Dialect.SQLITE,
    "mssql": Dialect.SQLSERVER,
    "cockroach": Dialect.COCKROACHDB,
}
# Patterns of the name, compiled where there is such a file: every run imports this module.
_LOCK = r"""(?m)^[ \t]*provider[ \t]*=[ \t]*["'](\w+)["']"""
_DIALECT = r'"dialect"\s*:\s*"(\w+)"'
_TABLE = r"(?m)^[ \t]*\[(db)\]"
# Supabase's own ("Database > Schemas" and the extensions that it installs in them).
_SUPABASE = frozenset(
    (
        *("auth", "storage", "realtime", "vault", "extensions", "graphql", "graphql_public"),
        *("supabase_functions", "supabase_migrations", "cron", "net", "pgsodium", "pgbouncer"),
    )
)


def provider_of(paths: Sequence[str], reader: Reader) -> Provider | None:
    """What stands beside migrations: Prisma's `migration_lock.toml`, Drizzle's journal or
    snapshot, the configuration of a Supabase project (its databases are PostgreSQL).

    Args:
        paths: of the migrations, absolute, in their order.

    Raises:
        Unreadable: there is such a file, and it cannot be read.
    """
    for path, pattern, dialects in _places(paths):
        if os.path.isfile(path):
            file = reader.read(path, INVALID_SCHEMA)
            written = re.search(pattern, file.text)
            if written is not None:
                span = Span(file, *written.span(1))
                schemas = _SUPABASE if pattern is _TABLE else frozenset()
                return Provider(written[1], dialects.get(written[1]), span, schemas)
    return None


def _places(paths: Sequence[str]) -> Iterator[tuple[str, str, dict[str, Dialect]]]:
    """Where such files would stand, how they name the database, and what the names mean."""
    if not paths:
        return
    folder = os.path.dirname(paths[0])
    yield os.path.join(folder, "migration_lock.toml"), _LOCK, PROVIDERS
    yield os.path.join(folder, "meta", "_journal.json"), _DIALECT, _DRIZZLE
    if os.path.basename(paths[0]) == "migration.sql":  # in a folder of its own
        yield os.path.join(os.path.dirname(folder), "migration_lock.toml"), _LOCK, PROVIDERS
        yield os.path.join(folder, "snapshot.json"), _DIALECT, _DRIZZLE
    project, name = os.path.split(folder)
    if os.path.basename(project) == "supabase" and name in ("migrations", "schemas"):
        yield os.path.join(project, "config.toml"), _TABLE, {"db": Dialect.POSTGRESQL}
