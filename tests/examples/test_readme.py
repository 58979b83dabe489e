"""The README's commands and outputs are real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemalint.cli.main import run
from tests.shared_material import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SESSIONS = re.findall(r"```console\n\$ schemalint (.*?)\n(.*?)```", README, re.S)


def test_there_are_sessions() -> None:
    assert SESSIONS


@pytest.mark.parametrize(("command", "output"), SESSIONS, ids=[one[0] for one in SESSIONS])
def test_session(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    run(command.split())
    assert _any_version(output) in _any_version(capsys.readouterr().out)


def _any_version(text: str) -> str:
    """The text without the version of the SQLite at hand."""
    return re.sub(r"sqlite \d+(\.\d+)+", "sqlite", text)


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert [target for target in targets if not (Path(ROOT) / target).exists()] == []


def test_every_kind_is_listed() -> None:
    kinds = [path.stem for path in (ROOT / "rules/schemalint_rules/business").glob("[!_]*.py")]
    assert [kind for kind in kinds if f"[`{kind}`]" not in README] == []
