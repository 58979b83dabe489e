"""Published migrations: the replay has what a real PostgreSQL has once it ran them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loaders.sql import databases
from tests.oracle.install import MIGRATIONS

pytestmark = [pytest.mark.oracle, pytest.mark.server]

# What is read and not modelled, by package: the start of the problem's message.
NOT_MODELLED = {
    "@juliobrim+prisma-shared": "a loop runs statements that are put together at run time",
}


def packages() -> dict[str, list[str]]:
    """The texts of each package's migrations, in their order."""
    if not MIGRATIONS.exists():
        pytest.skip("real migrations are absent: run `python -m tests.oracle.install`")
    found: dict[str, list[str]] = {}
    for path in sorted(MIGRATIONS.rglob("migration.sql")):
        package = path.relative_to(MIGRATIONS).parts[0].rpartition("@")[0]
        found.setdefault(package, []).append(read(path))
    return found


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def test_as_postgresql_has_it() -> None:
    found = []
    counts = {}
    for package, texts in packages().items():
        with databases.postgresql() as database:
            refused = [error for text in texts if (error := database.run(text)) is not None]
            assert refused == []
            counts[package] = len(texts)
            for one in databases.difference(database, *texts):
                if NOT_MODELLED.get(package, "\n") not in one:
                    found.append(f"{package}: {one}")
    assert "\n".join(found) == ""
    assert counts["litellm-proxy-extras"] == 220
    assert len(counts) >= 3
