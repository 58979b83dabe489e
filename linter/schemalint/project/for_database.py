"""Which of a folder's migrations are run on one database, where they are kept for several.

Pop and its descendants name the database in a file's name: `3_users.mysql.up.sql` is run on MySQL
in the place of `3_users.up.sql`, which is run on all for which there is no file of their own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from schemalint.model import Dialect
from schemalint.source import SourceFile

_MARKED = re.compile(
    r"(?P<version>\d+)_[^.]*\.(?:(?P<database>\w+)\.)?(?:autocommit\.)?up\.sql", re.IGNORECASE
)
_DATABASES = {
    "postgres": {Dialect.POSTGRESQL},
    "postgresql": {Dialect.POSTGRESQL},
    "cockroach": {Dialect.COCKROACHDB},
    "cockroachdb": {Dialect.COCKROACHDB},
    "mysql": {Dialect.MYSQL, Dialect.MARIADB},
    "mariadb": {Dialect.MYSQL, Dialect.MARIADB},
    "sqlite": {Dialect.SQLITE},
    "sqlite3": {Dialect.SQLITE},
}


def for_database(files: Sequence[SourceFile], dialect: Dialect | None) -> Sequence[SourceFile]:
    """The files that are run on the database; all of them where nothing says which it is."""
    databases = [_database(file.path) for file in files]
    if dialect is None or not any(databases):
        return files
    own = {
        _version(file.path)
        for file, database in zip(files, databases, strict=True)
        if database and dialect in database
    }
    return [
        file
        for file, database in zip(files, databases, strict=True)
        if (dialect in database if database else _version(file.path) not in own)
    ]


def _database(path: str) -> set[Dialect]:
    """The databases that a file's name says it is for; none where it says nothing."""
    found = _MARKED.fullmatch(os.path.basename(path))
    return _DATABASES.get((found["database"] or "").lower(), set()) if found else set()


def _version(path: str) -> str | None:
    found = _MARKED.fullmatch(os.path.basename(path))
    return found["version"] if found else None
