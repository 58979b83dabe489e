"""Which database the project's models are for, as far as its source says so literally."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemalint.loaders.loaded import Problem, Sources
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span

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
_LISTENS = re.compile(r"listens_for\s*\(|event\.listen\s*\(")


def named_dialect(files: Sequence[SourceFile], sources: Sources | None) -> Dialect | None:
    """The database of every literal engine URL in the project; None where there is none, and
    where they name several."""
    found = {
        _BACKENDS[match["backend"]]
        for file in _mentioning(files, sources, "create_engine", "create_async_engine")
        for match in _ENGINE.finditer(file.text)
        if match["backend"] in _BACKENDS
    }
    return found.pop() if len(found) == 1 else None


def switches_foreign_keys_on(files: Sequence[SourceFile], sources: Sources | None) -> bool:
    """Whether a listener for SQLAlchemy's connections runs `PRAGMA foreign_keys=ON`."""
    return any(
        _PRAGMA.search(file.text) and _LISTENS.search(file.text)
        for file in _mentioning(files, sources, "foreign_keys")
    )


def assumed_sqlite(span: Span) -> Problem:
    """Said once where nothing names a database."""
    return Problem(
        "nothing in this project names a database literally, so its models are judged for SQLite",
        span,
        warning=True,
        info=True,
        help="say which with `--dialect`, or `dialect:` in the settings",
    )


def _mentioning(
    files: Sequence[SourceFile], sources: Sources | None, *words: str
) -> Iterator[SourceFile]:
    seen = set()
    for file in [*files, *(sources.mentioning(*words) if sources is not None else ())]:
        if file.path not in seen and any(word in file.text for word in words):
            seen.add(file.path)
            yield file
