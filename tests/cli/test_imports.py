"""What `check` of a small schema imports: start-up is a feature, so the list is pinned."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.command import environment

DUMP = """
import sys
from schemalint.cli.main import run
code = run(["check", "prisma/schema.prisma"])
sys.stderr.write("\\n".join(sys.modules))
sys.exit(code)
"""
# Of the engine; of its packages `condition`, `dialects` and `loaders`, everything may come.
EXPECTED = {
    *("attributes", "cli", "cli.asked", "cli.check", "cli.documents", "cli.exit_codes"),
    *("cli.main", "cli.options", "cli.output", "cli.run", "condition", "config", "context"),
    *("dialects", "documents", "documents.nodes", "documents.parameters"),
    *("documents.typed_values", "documents.yaml_errors", "documents.yaml_source", "engine"),
    *("entry_points", "finding", "judgement", "loaders", "model", "near_match", "own_rules"),
    *("project", "project.folders", "project.prisma_config", "project.reading"),
    *("project.schemas", "project.upwards", "reference", "registry", "report", "reporters"),
    *("reporters.terminal", "reporters.text", "rule", "rulebook", "selection", "source"),
    *("suppress", "version"),
}
PACKAGES = ("condition.", "dialects.", "loaders.")
FORBIDDEN = {
    *("sqlglot", "rich", "json", "dataclasses", "importlib.metadata", "asyncio", "logging"),
    *("pathlib", "difflib", "tempfile", "subprocess", "argparse", "xml", "hashlib", "traceback"),
    *("schemalint.reporters.json", "schemalint.reporters.sarif", "schemalint.pages"),
    *("schemalint.json_schema", "schemalint.ast_json", "schemalint.testing"),
    *("schemalint.documents.toml_source",),
}


def _imported(folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", DUMP],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stderr.split())


def test_nothing_heavy_is_imported(kept: Path) -> None:
    imported = _imported(kept)
    assert sorted(imported & FORBIDDEN) == []


def test_the_engines_modules_are_these(kept: Path) -> None:
    names = {name.removeprefix("schemalint.") for name in _imported(kept) if "schemalint." in name}
    ours = {name for name in names if not name.startswith((*PACKAGES, "schemalint_"))}
    assert ours <= EXPECTED, f"add {ours - EXPECTED} only if it must be there"
