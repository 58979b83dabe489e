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
    *("attributes", "cli", "cli.asked", "cli.check", "cli.delivery", "cli.documents"),
    *("cli.exit_codes",),
    "client_claims",  # `model` has its structs: 0.3 ms of 28
    *("cli.loading", "cli.main", "cli.options", "cli.output", "cli.run", "condition"),
    *("config", "context"),
    *("dialects", "documents", "documents.nodes", "documents.parameters"),
    *("documents.typed_values", "documents.yaml_errors", "documents.yaml_source", "engine"),
    *("entry_points", "finding", "judgement", "loaders", "model", "near_match", "own_rules"),
    *("project", "project.folders", "project.migrations", "project.prisma_config"),
    *("project.prisma_files", "project.reading", "project.schemas", "project.upwards"),
    "project.providers",  # `schemas` has its struct
    *("reference", "registry", "report", "reporters"),
    *("reporters.terminal", "reporters.text", "rule", "rulebook", "selection", "source"),
    *("suppress", "version"),
    *("table_parts", "vocabulary"),  # `model` is made of them
}
# These come besides, where a schema has migrations.
OF_MIGRATIONS = {"overlay", "project.down_sections", "project.sql_files"}
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


def _ours(imported: set[str]) -> set[str]:
    names = {name.removeprefix("schemalint.") for name in imported if "schemalint." in name}
    return {name for name in names if not name.startswith((*PACKAGES, "schemalint_"))}


def test_nothing_heavy_is_imported(kept: Path) -> None:
    imported = _imported(kept)
    assert sorted(imported & FORBIDDEN) == []
    assert sorted(name for name in imported if name.startswith("schemalint.loaders.sql.")) == []


def test_the_engines_modules_are_these(kept: Path) -> None:
    ours = _ours(_imported(kept))
    assert ours <= EXPECTED, f"add {ours - EXPECTED} only if it must be there"


def test_migrations_bring_nothing_heavy(kept: Path) -> None:
    """Only a condition that has to be judged is worth the import of sqlglot."""
    migration = kept / "prisma" / "migrations" / "1_init" / "migration.sql"
    migration.parent.mkdir(parents=True)
    migration.write_text(
        'CREATE TABLE "Customer" ("id" INTEGER NOT NULL, "email" TEXT NOT NULL,\n'
        '  "price" DECIMAL(65,30) NOT NULL, PRIMARY KEY ("id"));\n'
        'CREATE UNIQUE INDEX "Customer_email_key" ON "Customer"("email");\n'
    )
    imported = _imported(kept)
    assert sorted(imported & FORBIDDEN) == []
    assert "schemalint.loaders.sql.loader" in imported
    ours = {name for name in _ours(imported) if not name.startswith("overlay.")}
    allowed = EXPECTED | OF_MIGRATIONS
    assert ours <= allowed, f"add {ours - allowed} only if it must be there"
