"""The documentation says what is so: generated pages, and the files that it names."""

from __future__ import annotations

import re
import runpy

from tests.shared_material import ROOT


def test_rule_pages_are_up_to_date() -> None:
    expected = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    folder = ROOT / "docs" / "rules"
    written = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert written == expected, "run `make docs`"


def test_the_architecture_names_what_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    engine = ROOT / "linter" / "schemalint"
    loaders = [engine / "loaders" / name for name in ("prisma", "sql", "sqlmodel")]
    proofs = [engine / "prove" / name for name in ("", "databases", "rows")]
    folders = (ROOT, engine, *proofs, *loaders)
    named = set(re.findall(r"`([\w./-]+(?:\.py|\.toml|/))`", text))
    assert len(named) > 30
    gone = [name for name in named if not any((folder / name).exists() for folder in folders)]
    assert gone == []
