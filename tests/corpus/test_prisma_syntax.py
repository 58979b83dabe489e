"""The parser against every schema on record with the official verdict."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from schemalint.loaders.prisma.parser import parse
from schemalint.source import SourceFile
from tests.shared_material import shared

pytestmark = pytest.mark.corpus

# How the official parser words what is wrong with the syntax; all else is the validation's.
SYNTACTIC = re.compile(
    r"This line is not a valid (field|definition)|This line is invalid|This block is invalid|"
    r"not an enum value definition|Invalid type definition|is no longer required|"
    r"To specify a list, please use|Optional lists are not supported|"
    r"declarations don't require|either missing a name or a type|Trailing commas are not valid|"
    r"argument is missing a value|needs to be assigned a value|Unknown escape sequence|"
    r"Invalid unicode escape"
)
# Where the parser is meant to say something else than the official one, and the lines it says.
STRONGER = {
    # The byte-order mark is one error; the block behind it is understood.
    "bom": {1},
    # The model behind the enum that is never closed is understood.
    "enum_one_line": {5},
    # One problem at the first construct that only Prisma 8's language has.
    "prisma8_namespace": {4},
    "prisma8_types": {4},
}


def _schemas(name: str) -> list[dict[str, Any]]:
    lines = shared("corpus", name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", ["prisma-validation.jsonl", "prisma-probes.jsonl"])
def test_problems_stand_on_the_official_lines(name: str) -> None:
    wrong = {}
    for case in _schemas(name):
        official = {
            error["line"]
            for error in case["errors"]
            if SYNTACTIC.search(error["message"]) and not error.get("warning")
        }
        expected = STRONGER.get(case["id"], official)
        document = parse(SourceFile("schema.prisma", case["schema"]))
        found = {problem.span.place.line for problem in document.problems}
        if found != expected:
            wrong[case["id"]] = (sorted(expected), sorted(found))
    assert wrong == {}


@pytest.mark.parametrize("name", ["prisma-validation.jsonl", "prisma-probes.jsonl"])
def test_what_is_accepted_has_no_problem(name: str) -> None:
    accepted = [case for case in _schemas(name) if case["accepted"]]
    assert accepted
    for case in accepted:
        assert parse(SourceFile("schema.prisma", case["schema"])).problems == (), case["id"]
