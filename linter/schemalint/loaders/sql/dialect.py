"""For which database SQL is meant, and what SQL can state there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.token_rules import is_mysql
from schemalint.model import Dialect
from schemalint.near_match import nearest
from schemalint.source import SourceFile, Span

_HEAD = re.compile(r"(?:\s+|--[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STATED = re.compile(r"^[ \t]*--[ \t]*schemalint:[ \t]*dialect\b[ \t]*([^\r\n]*)", re.MULTILINE)
_DUMP = re.compile(
    r"^-- (PostgreSQL database (?:cluster )?dump|MySQL dump \d|MariaDB dump \d)[^\r\n]*",
    re.MULTILINE,
)
_SERVER = re.compile(r"^-- Server version\b[^\r\n]*", re.MULTILINE)
_NAMES = {
    "postgres": Dialect.POSTGRESQL,
    "pg": Dialect.POSTGRESQL,
    "sqlite3": Dialect.SQLITE,
    "mssql": Dialect.SQLSERVER,
    "tsql": Dialect.SQLSERVER,
    "cockroach": Dialect.COCKROACHDB,
    **{str(dialect): dialect for dialect in Dialect if dialect is not Dialect.MONGODB},
}

_ENUM_TYPES = (None, Dialect.POSTGRESQL, Dialect.COCKROACHDB, Dialect.MYSQL, Dialect.MARIADB)
_NO_PARTIAL_INDEX = (Dialect.MYSQL, Dialect.MARIADB)
_DEFERRABLE = (None, Dialect.POSTGRESQL, Dialect.SQLITE)


def stated_dialect(files: Sequence[SourceFile]) -> tuple[Dialect | None, list[Problem]]:
    """What `-- schemalint: dialect NAME` among the first comments of a file says, the first of
    them for all files; and what is wrong with such comments. Where there is none, what the tool
    that dumped a file says there."""
    found: Dialect | None = None
    problems = []
    dumped: list[tuple[Dialect, Span]] = []
    for file in files:
        head = _HEAD.match(file.text)
        end = head.end() if head else 0
        dumped += _dumped(file, end)
        for comment in _STATED.finditer(file.text, 0, end):
            name = comment[1].strip()
            span = Span(file, comment.start(1), max(comment.start(1) + len(name), comment.start(1)))
            dialect = _NAMES.get(name.lower())
            if dialect is None:
                problems.append(_unknown(name, span))
            elif found is None:
                found = dialect
            elif dialect is not found:
                problems.append(_contradicted(found, dialect, span))
    if found is None and dumped:
        found = dumped[0][0]
        problems += [
            _contradicted(found, other, span)
            for other, span in dumped
            if other is not found and not (is_mysql(other) and is_mysql(found))
        ]
    return found, problems


def _dumped(file: SourceFile, end: int) -> list[tuple[Dialect, Span]]:
    """The database that pg_dump, mysqldump or mariadb-dump wrote the file of, and where it says so.
    MySQL's and MariaDB's tools each dump the other's databases, too."""
    found = _DUMP.search(file.text, 0, end)
    if found is None:
        return []
    span = Span(file, found.start(1), found.end(1))
    if found[1].startswith("PostgreSQL"):
        return [(Dialect.POSTGRESQL, span)]
    server = _SERVER.search(file.text, found.end(), end)
    told = found[0] if server is None else server[0]
    return [(Dialect.MARIADB if "MariaDB" in told else Dialect.MYSQL, span)]


def _contradicted(found: Dialect, other: Dialect, span: Span) -> Problem:
    return Problem(f"another file says that the schema is for {found}, not {other}", span)


def _unknown(name: str, span: Span) -> Problem:
    near = nearest(name, _NAMES)
    message = f"there is no dialect `{name}`" if name else "the dialect's name is missing"
    names = ", ".join(str(dialect) for dialect in Dialect if dialect is not Dialect.MONGODB)
    return Problem(
        message + (f"; did you mean `{near}`?" if near else ""),
        span,
        help=f"dialects are {names}",
    )


def can_say(dialect: Dialect | None) -> frozenset[str]:
    """What SQL can state for this database, by construct."""
    words = {"unique", "index", "foreign-key", "check", "trigger", "case-insensitive"}
    if dialect in _ENUM_TYPES:
        words.add("enum")
    if dialect not in _NO_PARTIAL_INDEX:
        words.add("partial-unique")
    if dialect in _DEFERRABLE:
        words.add("deferred-foreign-key")
    if dialect in (None, Dialect.POSTGRESQL):
        words.add("exclusion")
    return frozenset(words)
