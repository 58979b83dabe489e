"""What each end of a run means to a shell: every verdict and severity under every `--fail-on`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import in_this_process

SCHEMA = """\
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views"]
}

datasource db {
  provider = "postgresql"
}

/// Somebody who buys.
model Customer {
  id        Int       @id
  email     String    @unique
  phone     String?   @unique
  number    Int
  deletedAt DateTime?
  touchedAt DateTime  @updatedAt
}

/// A row of another query.
view Overview {
  id   Int @unique
  name String
}
"""
# One rule for each verdict.
RULES = {
    "kept": "required: {of: Customer, fields: [email]}",
    "weak": "audit: {of: Customer, updated: touchedAt}",
    "broken": "unique: {of: Customer, by: [number]}",
    "inexpressible": "check: {of: Customer, that: number > 0}",
    "question": "unique: {of: Customer, by: [phone]}",
    "unknown": "unique: {of: Overview, by: [id]}",
    "service": "unique: {of: Customer, by: [number]}\n    enforced_by: service\n    because: b",
    "stale": "required: {of: Custmer, fields: [email]}",
}
# These are errors whatever severity the rule has: an open question is no pass.
UNDECIDED = {"question", "unknown", "stale"}
ORDER = ("info", "warning", "error", "never")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    return tmp_path


def _rules(folder: Path, text: str) -> None:
    (folder / "business_rules.yaml").write_text(f"version: 1\nrules:\n{text}")


def _check(folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code, and the output."""
    done = in_this_process(folder, "check", "--preset", "none", *arguments)
    assert done.stderr == ""
    return done.returncode, done.stdout


def _verdicts(folder: Path, *arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code, and the verdict of each rule."""
    code, told = _check(folder, "--output-format", "json", *arguments)
    return code, {rule["id"]: rule["verdict"] for rule in json.loads(told)["rules"]}


@pytest.mark.parametrize("severity", ["error", "warning", "info"])
@pytest.mark.parametrize("verdict", RULES)
def test_each_verdict(folder: Path, verdict: str, severity: str) -> None:
    _rules(folder, f"  - id: R\n    says: s\n    severity: {severity}\n    {RULES[verdict]}\n")
    weight = "error" if verdict in UNDECIDED else severity
    passes = verdict in ("kept", "service")
    for fail_on in ORDER:
        fails = not passes and ORDER.index(weight) >= ORDER.index(fail_on)
        assert _verdicts(folder, "--fail-on", fail_on) == (int(fails), {"R": verdict}), fail_on


def test_all_verdicts_in_one_run(folder: Path) -> None:
    rules = "".join(f"  - id: {name}\n    says: s\n    {rule}\n" for name, rule in RULES.items())
    _rules(folder, rules)
    assert _verdicts(folder) == (1, {name: name for name in RULES})
    _, told = _check(folder)
    for name in RULES:
        assert (f"error[{name}]" in told) is (name not in ("kept", "service"))


@pytest.mark.parametrize("fail_on", ORDER)
def test_2_outweighs_every_finding(folder: Path, fail_on: str) -> None:
    _rules(folder, "  - id: R\n    says: s\n")
    assert _verdicts(folder, "--fail-on", fail_on) == (2, {})


def test_stricter_than_the_rule_is_a_warning(folder: Path) -> None:
    _rules(
        folder,
        "  - id: R\n    says: s\n"
        "    unique: {of: Customer, by: [email], where: deletedAt is null}\n",
    )
    assert _verdicts(folder) == (0, {"R": "kept"})
    assert _verdicts(folder, "--fail-on", "warning") == (1, {"R": "kept"})
    _, told = _check(folder, "--output-format", "json")
    (finding,) = json.loads(told)["findings"]
    assert (finding["name"], finding["severity"]) == ("stricter-than-rule", "warning")
