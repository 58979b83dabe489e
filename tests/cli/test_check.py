"""`schemalint check`: what it reads, what it says, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from schemalint.cli import delivery, main
from tests.cli.command import in_this_process, schemalint


def _json(folder: Path, *arguments: str, **given: Any) -> tuple[int, Any]:
    run = schemalint if given else in_this_process
    done = run(folder, "check", "--output-format", "json", *arguments, **given)
    return done.returncode, json.loads(done.stdout)


def _rules(read: Any) -> list[str]:
    return [finding["rule"] for finding in read["findings"]]


# -- exit codes


def test_0_when_every_rule_is_kept(kept: Path) -> None:
    done = schemalint(kept, "check")
    assert done.returncode == 0
    assert re.fullmatch(
        r"2 rules kept; 1 model in 1 file; no findings \(\d+\.\d\d s\)\n", done.stdout
    )
    assert done.stderr == ""


def test_1_when_a_rule_is_broken(project: Path) -> None:
    code, read = _json(project)
    assert code == 1
    assert {rule["id"]: rule["verdict"] for rule in read["rules"]} == {
        "BR-01": "broken",
        "BR-02": "kept",
    }
    assert _rules(read) == ["BR-01", "money-as-float"]


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_fail_on_names_the_least_that_fails(kept: Path, fail_on: str, code: int) -> None:
    schema = kept / "prisma" / "schema.prisma"
    schema.write_text(schema.read_text("utf-8").replace("Decimal", "Float"), "utf-8")
    assert schemalint(kept, "check", "--fail-on", fail_on).returncode == code


def test_2_when_the_language_rejects_the_schema_and_the_rest_is_judged(project: Path) -> None:
    schema = project / "prisma" / "schema.prisma"
    schema.write_text(schema.read_text("utf-8") + "\nmodle Order {\n}\n", "utf-8")
    code, read = _json(project, "--fail-on", "never")
    assert code == 2
    assert "invalid-schema" in _rules(read)
    assert "BR-01" in _rules(read)


def test_2_when_the_rulebook_is_wrong_and_the_rest_is_judged(project: Path) -> None:
    rulebook = project / "business_rules.yaml"
    rulebook.write_text(rulebook.read_text("utf-8").replace("required:", "requird:"), "utf-8")
    code, read = _json(project, "--fail-on", "never")
    assert code == 2
    assert _rules(read).count("invalid-rulebook") == 1
    assert "BR-01" in _rules(read)


def test_2_when_the_settings_are_wrong(kept: Path) -> None:
    (kept / "schemalint.yaml").write_text("presett: strict\nignore: [money-as-flaot]\n")
    code, read = _json(kept, "--fail-on", "never")
    assert code == 2
    faults = {f["place"]["line"]: f for f in read["findings"] if f["rule"] == "invalid-settings"}
    assert {place["place"]["file"] for place in faults.values()} == {"schemalint.yaml"}
    assert sorted(faults) == [1, 2]


def test_2_when_there_is_nothing_to_check(tmp_path: Path) -> None:
    done = schemalint(tmp_path, "check")
    assert done.returncode == 2
    assert "no schema found" in done.stdout


def test_2_when_a_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "schema.prisma").write_text(" \n")
    code, read = _json(tmp_path)
    assert code == 2
    assert _rules(read) == ["invalid-schema"]


def test_2_when_one_of_several_inputs_is_missing(kept: Path) -> None:
    code, read = _json(kept, "prisma/schema.prisma", "prisma/shema.prisma")
    assert code == 2
    assert [rule["verdict"] for rule in read["rules"]] == ["kept", "kept"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--select", "money-as-flaot"], "did you mean `money-as-float`?"),
        (["--ignore", "zzz"], "`schemalint rules` lists them"),
        (["--preset", "strikt"], "did you mean `strict`?"),
        (["--output-format", "jsn"], "did you mean `json`?"),
        (["--fail-on", "sometimes"], "--fail-on"),
        (["--dialect", "oracle"], "--dialect"),
        (["--quiet", "--verbose"], "exclude each other"),
        (["--nonsense"], "--nonsense"),
        (["--stdin-filename", "a.prisma", "b.prisma"], "give no PATH"),
        (["-"], "--stdin-filename"),
    ],
)
def test_2_for_usage_with_a_word_on_standard_error(
    kept: Path, arguments: list[str], said: str
) -> None:
    done = schemalint(kept, "check", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_3_for_a_fault_of_the_program(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(report: object) -> int:
        raise ZeroDivisionError("on purpose")

    monkeypatch.chdir(kept)
    monkeypatch.setattr(delivery, "exit_code", fail)
    assert main.run(["check"]) == 3
    told = capsys.readouterr().err
    assert "ZeroDivisionError: on purpose" in told
    assert "report it" in told
    assert "Traceback" not in told
    assert main.run(["check", "--traceback"]) == 3
    assert "Traceback" in capsys.readouterr().err


# -- what is chosen


def test_design_rules_are_selected_and_ignored(project: Path) -> None:
    rules = _rules(_json(project, "--preset", "none")[1])
    assert rules == ["BR-01"]
    rules = _rules(_json(project, "--preset", "none", "--select", "money-as-float")[1])
    assert rules == ["BR-01", "money-as-float"]
    arguments = ["--ignore", "money-as-float,missing-primary-key", "--ignore", "redundant-index"]
    assert _rules(_json(project, *arguments)[1]) == ["BR-01"]


def test_settings_choose_and_the_command_line_overrules(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        "[tool.schemalint]\n"
        'ignore = ["money-as-float"]\nfail_on = "never"\noutput_format = "json"\n'
    )
    done = schemalint(project, "check")
    assert done.returncode == 0
    assert _rules(json.loads(done.stdout)) == ["BR-01"]
    code, read = _json(project, "--select", "money-as-float", "--fail-on", "warning")
    assert code == 1
    assert "money-as-float" in _rules(read)


def test_config_names_the_settings(project: Path) -> None:
    (project / "other.yaml").write_text("ignore: [money-as-float]\n")
    assert _rules(_json(project, "--config", "other.yaml")[1]) == ["BR-01"]
    assert schemalint(project, "check", "--config", "gone.yaml").returncode == 2


def test_rulebooks_can_be_named(project: Path) -> None:
    (project / "business_rules.yaml").rename(project / "rules.yaml")
    assert _json(project)[1]["rules"] == []
    code, read = _json(project, "--rules", "rules.yaml")
    assert code == 1
    assert len(read["rules"]) == 2
    assert schemalint(project, "check", "--rules", "gone.yaml").returncode == 2


def test_another_dialect_can_be_asked_for(project: Path) -> None:
    assert _json(project)[1]["schemas"][0]["dialect"] == "postgresql"
    assert _json(project, "--dialect", "sqlite")[1]["schemas"][0]["dialect"] == "sqlite"


def test_sqlite_foreign_keys_are_weak_unless_settled(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "schema.prisma").write_text(
        'datasource db {\n  provider = "sqlite"\n}\n'
        "model A {\n  id Int @id\n  b B[]\n}\n"
        "model B {\n  id Int @id\n  aId Int\n"
        "  a A @relation(fields: [aId], references: [id], onDelete: Restrict)\n}\n"
    )
    (tmp_path / "business_rules.yaml").write_text(
        "version: 1\nrules:\n  - id: R\n    says: s\n    reference: {from: B.a, to: A}\n"
    )
    assert _json(tmp_path, "--preset", "none")[1]["rules"][0]["verdict"] == "weak"
    (tmp_path / "schemalint.yaml").write_text("sqlite_foreign_keys: true\n")
    assert _json(tmp_path, "--preset", "none")[1]["rules"][0]["verdict"] == "kept"


def test_suppressed_findings_are_counted(project: Path) -> None:
    schema = project / "prisma" / "schema.prisma"
    text = schema.read_text("utf-8").replace("Float", "Float // schemalint: allow money-as-float")
    schema.write_text(text, "utf-8")
    read = _json(project)[1]
    assert _rules(read) == ["BR-01"]
    assert read["summary"]["suppressed"] == 1


def test_text_on_standard_input(kept: Path) -> None:
    broken = (kept / "prisma" / "schema.prisma").read_bytes().replace(b" @unique", b"")
    code, read = _json(kept, "--stdin-filename", "prisma/schema.prisma", stdin=broken)
    assert code == 1
    assert read["findings"][0]["place"]["file"] == "prisma/schema.prisma"


def test_a_rule_of_two_schemas_is_told_once_with_its_worst_verdict(project: Path) -> None:
    for name, unique in (("a", " @unique"), ("b", "")):
        (project / f"{name}.prisma").write_text(
            'datasource db {\n  provider = "postgresql"\n}\n'
            f"model Customer {{\n  id Int @id\n  email String{unique}\n}}\n"
        )
    code, read = _json(project, "a.prisma", "b.prisma")
    assert code == 1
    assert len(read["schemas"]) == 2
    assert [rule["verdict"] for rule in read["rules"]] == ["broken", "kept"]
    assert read["summary"]["rules"] == {"kept": 1, "broken": 1}


def test_what_comes_later_is_absent() -> None:
    told = schemalint(Path.cwd(), "check", "--help").stdout
    for option in ("--fix", "--diff", "--baseline", "markdown", "html"):
        assert option not in told
    told = schemalint(Path.cwd(), "--help").stdout
    for command in ("trace", "compare", "init"):
        assert f"  {command} " not in told
