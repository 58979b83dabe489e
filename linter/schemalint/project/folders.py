"""Looks into folders; links to folders are not followed."""

from __future__ import annotations

import os

_SKIPPED = frozenset({"node_modules"})
# A folder that holds one of these is a whole project: its subfolders are not read on a guess.
_PROJECT_MARKS = frozenset({".git", "package.json", "pyproject.toml", "node_modules"})
_MOST_FOLDERS = 100  # that are looked into for the other files of a schema


def siblings(folder: str) -> list[str]:
    """The files in a folder, and below it unless it is a project's or too large a tree."""
    files, folders = entries(folder)
    names = {os.path.basename(path) for path in (*files, *folders)}
    return sorted(files) if names & _PROJECT_MARKS else below(folder, most=_MOST_FOLDERS)


def below(
    folder: str, *, most: int | None = None, unreadable: list[str] | None = None
) -> list[str]:
    """The files in and below a folder, sorted; below more than `most` folders, only those in it."""
    found: list[str] = []
    pending = [folder]
    visited = 0
    while pending:
        current = pending.pop()
        visited += 1
        if most is not None and visited > most:
            return sorted(entries(folder)[0])
        files, folders = entries(current, unreadable)
        found += files
        pending += [
            path
            for path in folders
            if not (name := os.path.basename(path)).startswith(".") and name not in _SKIPPED
        ]
    return sorted(found)


def entries(folder: str, unreadable: list[str] | None = None) -> tuple[list[str], list[str]]:
    """The files and the folders in a folder; links to folders are not followed."""
    files: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:  # a link to nowhere, too: whoever reads it says so
                    files.append(entry.path)
    except OSError:
        if unreadable is not None:
            unreadable.append(folder)
    return files, folders
