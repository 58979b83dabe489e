"""Every format holds whatever stands in schemas, rulebooks and the names of files."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from schemalint.report import RenderOptions
from schemalint.reporters import concise, github, gitlab, junit, sarif, text
from schemalint.reporters import json as json_reporter
from schemalint.reporters.terminal import width
from tests.reporters.awkward import AWKWARD, report_of
from tests.reporters.json_document import REPORT, faults
from tests.reporters.sample import sample

NOT_PRINTED = set("\x00\x07\x1b\x7f\x9b\u2028\u202e\ufeff\r\t\u0085")


@pytest.fixture(params=AWKWARD.values(), ids=AWKWARD.keys())
def awkward(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


def _encodes(rendered: str) -> str:
    rendered.encode("utf-8")
    return rendered


def test_json(awkward: str) -> None:
    read = json.loads(_encodes(json_reporter.render(report_of(awkward), RenderOptions())))
    assert faults(read, REPORT) == []
    assert read["rules"][0]["says"] == awkward
    assert read["findings"][1]["message"] == awkward
    assert read["findings"][1]["fix"]["edits"][0]["text"] == awkward


def test_the_sample_is_the_documented_json() -> None:
    assert faults(json.loads(json_reporter.render(sample(), RenderOptions())), REPORT) == []


def test_sarif(awkward: str) -> None:
    (run,) = json.loads(_encodes(sarif.render(report_of(awkward), RenderOptions())))["runs"]
    assert run["results"][1]["message"]["text"].startswith(awkward)
    uri = run["artifacts"][0]["location"]["uri"]
    assert uri.isascii()
    assert uri.isprintable()
    assert not set(uri) & set(' "<>\\^`{|}')


def test_gitlab(awkward: str) -> None:
    entries: Any = json.loads(_encodes(gitlab.render(report_of(awkward), RenderOptions())))
    assert [entry["description"] for entry in entries] == [awkward, awkward]
    assert len({entry["fingerprint"] for entry in entries}) == 2


def test_junit(awkward: str) -> None:
    rendered = _encodes(junit.render(report_of(awkward), RenderOptions()))
    root = ElementTree.fromstring(rendered.encode())
    assert root.attrib["failures"] == "2"
    told = "".join(node.text or "" for node in root.iter("failure"))
    assert "help:" in told


def test_github_is_one_command_a_finding(awkward: str) -> None:
    rendered = _encodes(github.render(report_of(awkward), RenderOptions()))
    lines = rendered.replace("\r", "\n").split("\n")
    assert lines.pop() == ""
    assert len(lines) == 2
    for line in lines:
        head, _, message = line.removeprefix("::").partition("::")
        assert head.startswith("error title=schemalint ")
        decoded = message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        assert decoded.startswith(awkward)


def test_concise_is_one_line_a_finding(awkward: str) -> None:
    rendered = _encodes(concise.render(report_of(awkward), RenderOptions()))
    assert not set(rendered) & NOT_PRINTED
    assert rendered.count("\n") == 2


@pytest.mark.parametrize("verbose", [False, True])
def test_text_sends_nothing_harmful_to_a_terminal(awkward: str, verbose: bool) -> None:
    options = RenderOptions(verbose=verbose, statistics=verbose)
    rendered = _encodes(text.render(report_of(awkward), options))
    assert not set(rendered) & NOT_PRINTED
    for line in rendered.split("\n"):
        assert width(line) <= 80 or len(awkward) > 80
