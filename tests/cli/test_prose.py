"""`source`: the ids of the rulebook and of the prose that it renders."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.cli.main import run

SCHEMA = 'datasource db {\n  provider = "sqlite"\n}\n\nmodel A {\n  id Int @id\n}\n'
RULEBOOK = """\
version: 1
source: prose.md
rules:
  - {id: BR-01, says: One., identity: {of: A, by: [id]}}
  - {id: BR-02, says: Two., required: {of: A, fields: [id]}}
"""


def check(folder: Path, prose: str | None, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    (folder / "schema.prisma").write_text(SCHEMA)
    (folder / "business_rules.yaml").write_text(RULEBOOK)
    if prose is not None:
        (folder / "prose.md").write_text(prose)
    code = run(["check", str(folder / "schema.prisma"), "--output-format", "concise"])
    return code, capsys.readouterr().out


def test_every_id_on_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(tmp_path, "# Rules\n**BR-01** One.\n**BR-02**: Two.\n", capsys)
    assert (code, out) == (0, "")


def test_rule_that_the_prose_does_not_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = check(tmp_path, "BR-01 One. See BR-021 no, XBR-02 no, BR-02-a no.\n", capsys)
    assert code == 1
    assert "business_rules.yaml:5:10: error unmapped-rule the rule `BR-02`" in out


def test_rule_that_the_rulebook_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(tmp_path, "BR-01 One. BR-02 Two.\nBR-03 Three. And BR-03 again.\n", capsys)
    assert code == 1
    assert out.count("unmapped-rule") == 1
    assert "prose.md:2:1: error unmapped-rule the prose states `BR-03`" in out


def test_prose_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = check(tmp_path, None, capsys)
    assert code == 2
    assert "business_rules.yaml:2:9: error invalid-rulebook" in out
