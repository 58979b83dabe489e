"""The order of a Sqitch project's scripts: what its plan says, and nothing that their names do."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

_CHANGE = re.compile(r"[+]?\s*(?P<name>[^\s%@#\[+-][^\s\[]*)")
_TAG = re.compile(r"@(?P<name>\S+)")


def deployed(paths: Collection[str], folder: str, plan: bytes) -> list[str]:
    """The scripts `paths` that stand in `folder`, in the order of the plan; others are never run.

    A change that is named again was reworked: its first script then has the name of the tag that
    came behind it (Sqitch manual, "rework").
    """
    if os.path.basename(folder) != "deploy":
        return []
    changes: list[tuple[str, str]] = []  # each with the tag behind it
    open_since = 0
    for line in plan.decode("utf-8", "replace").splitlines():
        text = line.strip()
        tag = _TAG.match(text)
        if tag is not None:
            changes[open_since:] = [(name, tag["name"]) for name, _ in changes[open_since:]]
            open_since = len(changes)
        elif (change := _CHANGE.match(text)) is not None:
            changes.append((change["name"], ""))
    names = [name for name, _ in changes]
    found = []
    for at, (name, behind) in enumerate(changes):
        reworked = name in names[at + 1 :] and behind
        found.append(os.path.join(folder, f"{name}@{behind}.sql" if reworked else f"{name}.sql"))
    return [path for path in dict.fromkeys(found) if path in paths]
