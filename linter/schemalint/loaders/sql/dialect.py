"""For which database SQL is meant, and what SQL can state there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemalint.loaders.loaded import Problem
from schemalint.model import Dialect
from schemalint.near_match import nearest
from schemalint.source import SourceFile, Span

_HEAD = re.compile(r"(?:\s+|--[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_STATED = re.compile(r"^[ \t]*--[ \t]*schemalint:[ \t]*dialect\b[ \t]*([^\r\n]*)", re.MULTILINE)
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
    them for all files; and what is wrong with such comments."""
    found: Dialect | None = None
    problems = []
    for file in files:
        head = _HEAD.match(file.text)
        for comment in _STATED.finditer(file.text, 0, head.end() if head else 0):
            name = comment[1].strip()
            span = Span(file, comment.start(1), max(comment.start(1) + len(name), comment.start(1)))
            dialect = _NAMES.get(name.lower())
            if dialect is None:
                problems.append(_unknown(name, span))
            elif found is None:
                found = dialect
            elif dialect is not found:
                problems.append(
                    Problem(
                        f"another file says that the schema is for {found}, not {dialect}", span
                    )
                )
    return found, problems


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
