"""The formats that machines read."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import msgspec

from schemalint.report import RenderOptions, Report, assemble
from schemalint.reporters import concise, github, gitlab, junit, sarif
from schemalint.reporters import json as json_reporter
from schemalint.rule import Finding
from schemalint.source import SourceFile, Span
from tests.reporters.sample import BROKEN, REQUIRED, UNINDEXED, sample

OPTIONS = RenderOptions()


def _with(message: str) -> Report:
    """A report of one finding that says `message`, in a file of an awkward name."""
    file = SourceFile("odd, 100%: name.prisma", "model A {\n}\n")
    return assemble([], [], [Finding("some-rule", message, Span(file, 0, 7))])


def test_json_is_the_documented_document() -> None:
    read = json.loads(json_reporter.render(sample(), OPTIONS))
    assert list(read) == ["version", "schemas", "rules", "findings", "summary"]
    assert read["version"] == 1
    assert read["schemas"] == [
        {
            "files": ["prisma/schema.prisma"],
            "language": "prisma",
            "dialect": "postgresql",
            "models": 2,
            "enums": 0,
        }
    ]
    assert [rule["verdict"] for rule in read["rules"]] == ["broken", "kept", "stale"]
    assert read["rules"][1] == {
        "id": "BR-02",
        "kind": "required",
        "says": "An order has a total.",
        "verdict": "kept",
        "layer": "database",
        "enforced_by": "database",
        "subject": "Order.total",
        "place": {
            "file": "business_rules.yaml",
            "line": 6,
            "column": 5,
            "endLine": 8,
            "endColumn": 43,
        },
        "kept_by": [
            {
                "message": "NOT NULL of `Order.total`",
                "place": {
                    "file": "prisma/schema.prisma",
                    "line": 12,
                    "column": 3,
                    "endLine": 12,
                    "endColumn": 19,
                },
            }
        ],
        "counterexample": None,
    }
    assert read["summary"] == {
        "error": 2,
        "warning": 1,
        "info": 1,
        "suppressed": 1,
        "baseline": 0,
        "rules": {"kept": 1, "broken": 1, "stale": 1},
    }


def test_json_tells_each_finding_with_its_fix() -> None:
    findings = json.loads(json_reporter.render(sample(), OPTIONS))["findings"]
    assert [one["rule"] for one in findings] == [
        "BR-03",
        "BR-01",
        "undocumented-model",
        "unindexed-foreign-key",
    ]
    keys = ["rule", "name", "severity", "verdict", "path", "message", "place", "related", "fix"]
    assert all(list(one) == keys for one in findings)
    assert findings[1]["fix"] is None
    assert [one["message"] for one in findings[1]["related"]] == [
        "this member can be NULL",
        "the rule",
    ]
    (edit,) = findings[3]["fix"]["edits"]
    assert findings[3]["fix"]["safe"] is True
    assert edit["text"] == "\n\n  @@index([customerId])"
    assert edit["place"]["column"] == edit["place"]["endColumn"]


def test_concise_is_one_line_a_finding() -> None:
    lines = concise.render(sample(), OPTIONS).splitlines()
    assert lines[0] == (
        "business_rules.yaml:11:18: error BR-03 `Order` has no field or column `paymnt`"
    )
    assert len(lines) == 4
    assert concise.render(_with("two\nlines"), OPTIONS).count("\n") == 1


def test_github_escapes_messages_and_properties() -> None:
    told = github.render(_with("50%\r\nof it: a, b"), OPTIONS)
    assert told == (
        "::error title=schemalint some-rule,file=odd%2C 100%25%3A name.prisma,line=1,endLine=1,"
        "col=1,endColumn=7::50%25%0D%0Aof it: a, b\n"
    )


def test_github_leaves_out_columns_over_several_lines() -> None:
    file = SourceFile("a.prisma", "model A {\n}\n")
    told = github.render(assemble([], [], [Finding("r", "m", Span(file, 0, 11))]), OPTIONS)
    assert "line=1,endLine=2::" in told


def test_gitlab_fingerprints_outlive_moved_lines() -> None:
    def prints(text: str) -> list[str]:
        file = SourceFile("a.prisma", text)
        start = text.index("model")
        found = [Finding("r", "same", Span(file, start + i, start + 5), path="A") for i in (0, 1)]
        entries = json.loads(gitlab.render(assemble([], [], found), OPTIONS))
        return [entry["fingerprint"] for entry in entries]

    before, after = prints("model A {\n}\n"), prints("\n\n\nmodel A {\n}\n")
    assert before == after
    assert len(set(before)) == 2


def test_gitlab_has_what_gitlab_asks_for() -> None:
    entries = json.loads(gitlab.render(sample(), OPTIONS))
    keys = {"description", "check_name", "fingerprint", "severity", "location"}
    assert all(set(entry) == keys for entry in entries)
    assert [entry["severity"] for entry in entries] == ["major", "major", "info", "minor"]
    assert entries[1]["location"] == {
        "path": "prisma/schema.prisma",
        "lines": {"begin": 6, "end": 6},
    }
    assert json.loads(gitlab.render(assemble([], [], []), OPTIONS)) == []


def test_junit_has_a_case_for_each_rule_and_file() -> None:
    root = ElementTree.fromstring(junit.render(sample(), OPTIONS).encode())
    assert root.attrib["tests"] == "4"
    assert root.attrib["failures"] == "3"
    assert root.attrib["errors"] == "0"
    cases = {case.attrib["name"].split()[0]: case for case in root.iter("testcase")}
    assert list(cases) == ["BR-01", "BR-02", "BR-03", "prisma/schema.prisma"]
    assert cases["BR-02"].find("failure") is None
    failure = cases["BR-01"].find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "broken"
    assert "prisma/schema.prisma:6:3" in (failure.text or "")


def test_junit_replaces_what_xml_cannot_hold() -> None:
    text = junit.render(_with('escape \x1b, \x00, \ufffe & <tag> "quote"'), OPTIONS)
    failure = next(ElementTree.fromstring(text.encode()).iter("failure"))
    assert failure.attrib["message"] == 'escape \ufffd, \ufffd, \ufffd & <tag> "quote"'


def test_junit_tells_what_could_not_be_read_as_an_error() -> None:
    file = SourceFile("a.prisma", "x")
    report = assemble([], [], [Finding("invalid-schema", "no", Span(file, 0, 1))])
    root = ElementTree.fromstring(junit.render(report, OPTIONS).encode())
    assert (root.attrib["errors"], root.attrib["failures"]) == ("1", "0")
    assert next(root.iter("error")).attrib["type"] == "invalid-schema"


def _run(report: Report) -> Any:
    (run,) = json.loads(sarif.render(report, OPTIONS))["runs"]
    return run


def test_sarif_names_rules_places_and_fixes() -> None:
    run = _run(sample())
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [
        "BR-01",
        "BR-02",
        "BR-03",
        "undocumented-model",
        "unindexed-foreign-key",
    ]
    results = {result["ruleId"]: result for result in run["results"]}
    for result in results.values():
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    broken = results[BROKEN.rule]
    physical = broken["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {
        "uri": "prisma/schema.prisma",
        "uriBaseId": "%SRCROOT%",
    }
    assert physical["region"] == {
        "startLine": 6,
        "startColumn": 3,
        "endLine": 6,
        "endColumn": 31,
    }
    assert len(broken["relatedLocations"]) == 2
    (fix,) = results[UNINDEXED.rule]["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"].endswith("@@index([customerId])")


def test_sarif_quotes_paths_and_tells_an_incomplete_run() -> None:
    run = _run(_with("m"))
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "odd%2C%20100%25%3A%20name.prisma"
    assert run["invocations"] == [{"executionSuccessful": True}]
    file = SourceFile("a.prisma", "")
    unread = assemble([], [], [Finding("invalid-schema", "no", Span(file, 0, 0))])
    assert _run(unread)["invocations"] == [{"executionSuccessful": False}]


def test_two_rulebooks_may_use_one_id() -> None:
    whole = sample()
    file = SourceFile("other/business_rules.yaml", "- id: BR-02\n  says: Another.\n")
    again = msgspec.structs.replace(REQUIRED, says="Another.", span=Span(file, 2, 25))
    late = Finding("BR-02", "m", Span(file, 6, 11))
    report = assemble(whole.schemas, [*whole.rules, again], [*whole.findings, late])
    ids = [rule["id"] for rule in _run(report)["tool"]["driver"]["rules"]]
    assert ids.count("BR-02") == 1
    root = ElementTree.fromstring(junit.render(report, OPTIONS).encode())
    failed = [case.attrib["name"] for case in root.iter("testcase") if len(case)]
    assert "BR-02 Another." in failed
    assert "BR-02 An order has a total." not in failed
