"""A schema that names no database: nothing is decided, and no name goes unresolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.cli.main import run

SCHEMA = "model A {\n  id Int @id\n}\n"
KNOWN = "  - {id: R1, says: One., identity: {of: A, by: [id]}}\n"
LOST = """\
  - id: R2
    says: Two.
    required: {of: Nowhere, fields: [x]}
    enforced_by: service
    because: The importer does it.
"""


def check(folder: Path, rules: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    (folder / "schema.prisma").write_text(SCHEMA)
    (folder / "business_rules.yaml").write_text(f"version: 1\nclosed: true\nrules:\n{rules}")
    code = run(["check", str(folder / "schema.prisma"), "--output-format", "concise"])
    assert code == 1
    return capsys.readouterr().out.splitlines()


def test_named_models_are_declared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = check(tmp_path, KNOWN, capsys)
    assert "R1" in line
    assert "for which database" in line


def test_stale_rule_of_the_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = check(tmp_path, KNOWN + LOST, capsys)
    assert any("R2" in line and "`Nowhere`" in line for line in lines)
