"""What governs a schema, found from its folder upwards: the rulebook and the settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

RULEBOOKS = ("business_rules.yaml", "business_rules.yml")
SETTINGS = ("schemalint.yaml", "pyproject.toml")


def find_rulebook(folder: str) -> list[str]:
    """The business-rules documents of the nearest folder upwards that has one: [] or one path,
    two where the folder has both spellings."""
    for above in upwards(folder):
        # Whatever has the name: whoever reads it says if it is a folder, or a link to nowhere.
        found = [path for name in RULEBOOKS if os.path.lexists(path := os.path.join(above, name))]
        if found:
            return found
    return []


def find_settings(folder: str) -> list[str]:
    """The settings of the nearest folder upwards that has some, as for `find_rulebook`.

    A pyproject.toml counts only if it says something at `tool.schemalint`.
    """
    for above in upwards(folder):
        found = [path for name in SETTINGS if _has_settings(path := os.path.join(above, name))]
        if found:
            return found
    return []


def _has_settings(path: str) -> bool:
    if not os.path.lexists(path):
        return False
    if not path.endswith(".toml"):
        return True
    try:
        with open(path, "rb") as file:
            content = file.read()
        return b"schemalint" in content and _has_table(content)
    except OSError:
        return True  # whoever reads it says what is wrong


def _has_table(content: bytes) -> bool:
    """Whether TOML says something at `tool.schemalint`, in whatever way that is written."""
    import tomllib  # few files name the tool

    try:
        tool = tomllib.loads(content.decode()).get("tool")
    except (ValueError, RecursionError):
        return re.search(rb"(?m)^\s*\[+\s*tool\s*\.\s*\"?schemalint\b", content) is not None
    return isinstance(tool, dict) and "schemalint" in tool


def upwards(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the root of its git repository or of the disk."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return
        folder = parent
