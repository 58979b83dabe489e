"""The hook, as users run it: `pre-commit try-repo` in a scratch repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared_material import ROOT

pytestmark = pytest.mark.packaging

SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model Customer {
  id    Int    @id
  email String
}
"""
RULEBOOK = """\
version: 1
rules:
  - id: BR-01
    says: A customer is identified by their e-mail address.
    unique: {of: Customer, by: [email]}
"""


def test_hook_finds_a_fault_and_passes_once_it_is_mended(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True, check=False
        )

    def hook() -> subprocess.CompletedProcess[str]:
        run("git", "add", "--all")
        return run(
            *(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "schemalint"),
            *("--all-files", "--verbose"),
        )

    run("git", "init", "--quiet")
    (repository / "schema.prisma").write_text(SCHEMA)
    (repository / "business_rules.yaml").write_text(RULEBOOK)

    fault = hook()
    assert fault.returncode == 1, fault.stdout + fault.stderr
    assert "BR-01" in fault.stdout
    assert "schema.prisma:7" in fault.stdout

    (repository / "schema.prisma").write_text(SCHEMA.replace("String", "String @unique"))
    mended = hook()
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert "Passed" in mended.stdout
