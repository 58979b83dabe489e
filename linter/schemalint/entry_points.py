"""Entry points of the installed packages, read straight from their metadata folders.

The standard library's `importlib.metadata` does this too, but importing it costs more than
the whole search here: see `docs/adr/0003-imports-on-the-check-path.md` for the measurement.
Like it, the first package of a name on the path wins. Packages inside zip files are not seen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable

import msgspec


class EntryPoint(msgspec.Struct, frozen=True):
    """`name = value` in the section `group` of a distribution's entry points."""

    group: str
    name: str
    value: str
    distribution: str


def installed(groups: Collection[str], path: Iterable[str]) -> list[EntryPoint]:
    """The entry points of `groups` in every package installed on `path` (as `sys.path`)."""
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in path:
        try:
            names = sorted(os.listdir(folder or "."))
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            distribution = re.sub(r"[-_.]+", "-", name.rsplit(".", 1)[0].split("-")[0]).lower()
            if distribution in seen:
                continue
            seen.add(distribution)
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), encoding="utf-8") as file:
                    text = file.read()
            except OSError:
                continue
            if any(group in text for group in groups):
                found += _read(text, distribution, groups)
    return found


def _read(text: str, distribution: str, groups: Collection[str]) -> list[EntryPoint]:
    """The entries of an `entry_points.txt`, which is an INI file of `name = value` lines."""
    found: list[EntryPoint] = []
    group = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1].strip()
        elif group in groups and "=" in line and not line.startswith(("#", ";")):
            name, value = line.split("=", 1)
            value = re.sub(r"\s*:\s*", ":", value.split("[")[0].strip())  # extras are of old
            found.append(EntryPoint(group, name.strip(), value, distribution))
    return found
