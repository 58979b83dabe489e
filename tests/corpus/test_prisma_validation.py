"""The official validator's verdicts on record: what it accepts, what it rejects and where."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from schemalint.loaders.loaded import Problem
from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.source import SourceFile
from tests.shared_material import shared

pytestmark = pytest.mark.corpus

# Measured; they may only rise. Of the probes, two are of Prisma 8, which gets one message of its
# own, one has a byte-order mark, likewise, and one `url`, which version 7 rejects and 6 demands.
FLOORS = {
    "prisma-validation.jsonl": {"rejected": 320, "at the right line": 320},
    "prisma-probes.jsonl": {"rejected": 82, "at the right line": 78},
}


@cache
def _cases(corpus: str) -> list[tuple[dict[str, Any], list[Problem]]]:
    lines = shared("corpus", corpus).read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [(case, _errors(case["schema"])) for case in cases]


def _errors(text: str) -> list[Problem]:
    loaded = PrismaLoader().load([SourceFile("schema.prisma", text)])
    return [problem for problem in loaded.problems if not problem.warning]


@pytest.mark.parametrize("corpus", FLOORS)
def test_no_accepted_schema_gets_an_error(corpus: str) -> None:
    wrong = {
        case["id"]: [problem.message for problem in problems]
        for case, problems in _cases(corpus)
        if case["accepted"] and problems
    }
    assert wrong == {}


@pytest.mark.parametrize("corpus", FLOORS)
def test_rejected_schemas_are_rejected_at_the_official_lines(
    corpus: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rejected = [(case, problems) for case, problems in _cases(corpus) if not case["accepted"]]
    found = at_line = same_lines = 0
    for case, problems in rejected:
        official = {error["line"] for error in case["errors"]}
        ours = {problem.span.place.line for problem in problems}
        found += bool(problems)
        at_line += bool(problems) and official <= ours
        same_lines += official == ours
    total = len(rejected)
    with capsys.disabled():
        print(
            f"\n{corpus}: rejected: {found} of {total}, at the right line: {at_line} of {total}, "
            f"the same lines and no more: {same_lines} of {total}"
        )
    assert found >= FLOORS[corpus]["rejected"]
    assert at_line >= FLOORS[corpus]["at the right line"]


@pytest.mark.parametrize("corpus", FLOORS)
def test_spans_lie_inside_the_text(corpus: str) -> None:
    for case, problems in _cases(corpus):
        for problem in problems:
            assert 0 <= problem.span.start <= problem.span.end <= len(case["schema"]), case["id"]
