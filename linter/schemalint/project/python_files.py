"""Which Python files declare a schema, and the project that their imports reach."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

from schemalint.project.upwards import upwards

# What every module with a table of SQLModel's or SQLAlchemy's says somewhere: a word, and the whole
# pattern, which begins with it. A search for plain text is fast, one for a choice of texts is not.
_DECLARES = tuple(
    (word, re.compile(word + rest))
    for word, rest in (
        (b"table", rb"(?:(?<!\wtable)\s*=|(?<=[\"']table)[\"']\s*:)\s*True"),
        (b"DeclarativeBase", rb"(?<!\wDeclarativeBase)"),
        (b"declarative_base", rb"(?<!\wdeclarative_base)\b"),
        (b"mapped_column", rb"(?<!\wmapped_column)\b"),
        (b"__tablename__", rb"(?<!\w__tablename__)\b"),
        (b"Table", rb"(?<!\wTable)\s*\("),
        (b"Column", rb"(?<!\wColumn)\s*\("),
        (b"Mapped", rb"(?<!\wMapped)\s*\["),
    )
)
# `.Model`: a class of Flask-SQLAlchemy's needs neither an import of it nor a table's name.
_LIBRARY = (b"sqlmodel", b"SQLModel", b"sqlalchemy", b"SQLAlchemy", b"__tablename__", b".Model")
_TABLE = re.compile(rb"table\s*=\s*True")
# A script of Alembic's: the tables that it writes down are those that it works on at its time.
_MIGRATION = re.compile(rb"^revision\b[^=\n]*=[\s\S]*?^down_revision\b[^=\n]*=", re.MULTILINE)
_PROJECT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", "requirements.txt")
_NO_SOURCES = frozenset(("site-packages", "venv", "env", "__pycache__", "node_modules", "build"))


def declares_tables(content: bytes | None) -> bool:
    """Whether the module's text looks as if it declared a table: a quick test before parsing."""
    if content is None:
        return False
    if b"\0" in content:  # UTF-16, perhaps: whoever reads it says so
        content = content.replace(b"\0", b"")
    known = any(word in content for word in _LIBRARY)
    known = known or (b"table" in content and b"True" in content and bool(_TABLE.search(content)))
    return known and any(
        word in content and pattern.search(content) is not None for word, pattern in _DECLARES
    )


def is_source(path: str, folder: str) -> bool:
    """Whether a file below `folder` is one of the project's own, and not of an environment."""
    below = path.startswith(os.path.join(folder, ""))  # as a rule; `relpath` is slow
    inside = (path[len(folder) :] if below else os.path.relpath(path, folder)).split(os.sep)[:-1]
    return not any(name in _NO_SOURCES for name in inside)


def import_root(path: str) -> str:
    """The folder from which the module at `path` is imported: the first above its packages."""
    folder = os.path.dirname(path)
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return folder


def project_root(path: str) -> str:
    """The folder of the project that a module is part of, or its import root."""
    for folder in upwards(os.path.dirname(path)):
        if any(os.path.exists(os.path.join(folder, mark)) for mark in _PROJECT_MARKS):
            return folder
    return import_root(path)


def grouped(paths: Iterable[str]) -> list[list[str]]:
    """The modules of one schema together: those of one project."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(project_root(path), []).append(path)
    return list(groups.values())


def declaring(
    paths: Sequence[str], folder: str, content: Callable[[str], bytes | None]
) -> list[str]:
    """Those of the files below `folder` that declare tables; migrations do not."""
    found = []
    for path in paths:
        text = content(path) if is_source(path, folder) else None
        if declares_tables(text) and not _MIGRATION.search(text or b""):
            found.append(path)
    return found
