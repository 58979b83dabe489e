"""Which database the project's models are for, as far as its source says so literally."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.drafts import TableDraft
from schemalint.loaders.sqlmodel.emission.ddl_types import ddl_type
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.project import Project

_BACKENDS = {
    "sqlite": Dialect.SQLITE,
    "postgresql": Dialect.POSTGRESQL,
    "postgres": Dialect.POSTGRESQL,
    "cockroachdb": Dialect.COCKROACHDB,
    "mysql": Dialect.MYSQL,
    "mariadb": Dialect.MARIADB,
    "mssql": Dialect.SQLSERVER,
}
# A URL at the beginning of a string literal that an engine is made of, or that is called a URL.
_ENGINE = re.compile(
    r"""(?:create_(?:async_)?engine\s*\(\s*(?:url\s*=\s*)?|^\s*\w*(?:URL|url|uri|URI|dsn|DSN)\w*"""
    r"""\s*(?::\s*[\w.\[\] |]+)?=\s*)[fFrRbB]{0,2}["'](?P<backend>[a-z0-9]+)(?:\+\w+)?://""",
    re.MULTILINE,
)
_PRAGMA = re.compile(r"PRAGMA\s+foreign_keys\s*(?:=|\()\s*(?:ON|1|TRUE|YES)\b", re.IGNORECASE)
CONNECTIONS = ("create_engine", "create_async_engine", "foreign_keys")
_LISTENS = re.compile(r"listens_for\s*\(|event\.listen\s*\(")


def about_connections(project: Project) -> list[SourceFile]:
    """The files of the project that say something of how it connects to its database."""
    return project.speaking(*CONNECTIONS)


def named_dialect(files: Sequence[SourceFile]) -> Dialect | None:
    """The database of every literal engine URL in `files`; None where there is none, and where
    they name several."""
    found = {
        _BACKENDS[match["backend"]]
        for file in files
        if "create_engine" in file.text or "create_async_engine" in file.text
        for match in _ENGINE.finditer(file.text)
        if match["backend"] in _BACKENDS
    }
    return found.pop() if len(found) == 1 else None


def switches_foreign_keys_on(files: Sequence[SourceFile]) -> bool:
    """Whether a listener for SQLAlchemy's connections runs `PRAGMA foreign_keys=ON`."""
    return any(_PRAGMA.search(file.text) and _LISTENS.search(file.text) for file in files)


def assumed(tables: Sequence[TableDraft]) -> tuple[Dialect, Problem]:
    """The database that is judged for where nothing names one, and what is then said once: SQLite,
    unless a column has a type that SQLAlchemy writes for PostgreSQL only."""
    for table in tables:
        for column in table.columns:
            kind = column.type
            if ddl_type(kind, Dialect.SQLITE) is None and ddl_type(kind, Dialect.POSTGRESQL):
                name = kind.path.rpartition(".")[2]
                reason = f"SQLite has no `{name}`, which `{table.name}.{column.attribute}` is"
                return Dialect.POSTGRESQL, _assumed(f"PostgreSQL: {reason}", kind.span)
    return Dialect.SQLITE, _assumed("SQLite", tables[0].name_span)


def _assumed(what: str, span: Span) -> Problem:
    return Problem(
        f"nothing in this project names a database literally, so its models are judged for {what}",
        span,
        warning=True,
        info=True,
        help="say which with `--dialect`, or `dialect:` in the settings",
    )
