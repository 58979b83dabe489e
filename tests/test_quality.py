"""The project's own rules about itself: style, types, layers, and what files may say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_material import ROOT

SOURCES = ("linter", "rules", "configs", "tests", "benchmarks", "docs")
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
    ],
    ids=["ruff check", "ruff format", "mypy", "import-linter"],
)
def test_tool_is_clean(command: list[str]) -> None:
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _python_files() -> list[Path]:
    found = [path for source in SOURCES for path in sorted((ROOT / source).rglob("*.py"))]
    return [path for path in found if "node" not in path.relative_to(ROOT).parts]  # fetched


def test_silenced_warnings_say_why() -> None:
    silent = re.compile(r"#\s*(type:\s*ignore(\[[\w, -]+\])?|noqa(:\s*[A-Z0-9, ]+)?)\s*$")
    unexplained = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _python_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert unexplained == []


def test_files_can_be_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _python_files()
        if (lines := len(path.read_text("utf-8").splitlines())) > 500
    }
    assert long == {}


def test_every_rule_is_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    rules = ROOT / "rules" / "schemalint_rules"
    names = [path.stem for path in (rules / "business").glob("[!_]*.py")]
    names += [path.stem.replace("_", "-") for path in (rules / "design").glob("[!_]*.py")]
    assert [name for name in sorted(names) if f"`{name.rstrip('_')}`" not in changelog] == []
