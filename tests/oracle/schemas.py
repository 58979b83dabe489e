"""The schemas that the oracle suites compare: the corpora's and those of published packages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.oracle.install import SCHEMAS
from tests.shared_material import shared

FIXTURES = Path(__file__).parent / "fixtures"

Files = dict[str, str]


def accepted_schemas() -> dict[str, Files]:
    """The corpora's schemas that Prisma accepts, by corpus and id."""
    found = {}
    for corpus in ("prisma-validation", "prisma-probes"):
        with shared("corpus", f"{corpus}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["accepted"]:
                    found[f"{corpus}/{row['id']}"] = {"schema.prisma": row["schema"]}
    return found


def own_schemas() -> dict[str, Files]:
    """Schemas written for these tests: every native type, long names, defaults, join tables."""
    return {
        f"fixtures/{path.name}": {path.name: path.read_text(encoding="utf-8")}
        for path in sorted(FIXTURES.glob("*.prisma"))
    }


def real_schemas() -> dict[str, Files]:
    """The schemas of published packages, by package and path, each text once."""
    if not SCHEMAS.exists():
        pytest.skip("the real schemas are absent: run `python -m tests.oracle.install`")
    found: dict[str, Files] = {}
    seen = set()
    for path in sorted(SCHEMAS.rglob("*.prisma")):
        text = path.read_bytes().decode("utf-8")
        if text not in seen:
            seen.add(text)
            found[path.relative_to(SCHEMAS).as_posix()] = {path.name: text}
    return found
