"""The JSON Schemas: valid themselves, agreeing with the readers, and shipped as they are made."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from schemalint.json_schema import (
    RULEBOOK_FILE,
    SETTINGS_FILE,
    formatted,
    rulebook_schema,
    settings_schema,
)
from schemalint.registry import Registry
from schemalint.rulebook import read_rulebook
from schemalint.source import SourceFile
from tests.config.test_config import YAML as SETTINGS
from tests.rulebook.test_rulebook import SHOP
from tests.rulebook.toy_kinds import KINDS

REGISTRY = Registry.discover()

LIBRARY = """\
version: 1
source: library_rules.md
closed: true
entities:
  Reader: {says: Somebody who may borrow, fields: [id, address, leftAt]}
rules:
  - id: LIB-1
    says: A reader who has not left is known by their card number, in any spelling.
    unique: {of: Reader, by: [card], ignore_case: true, where: leftAt is null}
  - id: LIB-2
    says: A loan is of one copy, and a copy on loan is not thrown away.
    reference: {from: Loan.copy, to: Copy, required: true, on_delete: restrict}
  - id: LIB-3
    says: A loan is OPEN, LATE or OVER, and begins OPEN.
    states:
      of: Loan.state
      values: [OPEN, LATE, OVER]
      initial: OPEN
      transitions: {OPEN: [LATE, OVER], LATE: [OVER], OVER: []}
    enforced_by: service
    because: a nightly job decides what is late
  - id: LIB-4
    says: Every table tells when a row was made.
    audit: {of: "*", except: [Language], created: madeAt}
    severity: warning
    dialects: [sqlite, postgresql]
"""


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def loaded(text: str) -> Any:
    return yaml.safe_load(text)


def test_shipped_files_are_what_is_made() -> None:
    """If not: `python -m schemalint.json_schema configs/schemalint_configs`."""
    package = files("schemalint_configs")
    own = Registry(
        entry_point for entry_point in _entry_points() if entry_point.distribution == "schemalint"
    )
    made = {RULEBOOK_FILE: rulebook_schema(own), SETTINGS_FILE: settings_schema()}
    for name, schema in made.items():
        assert package.joinpath(name).read_text("utf-8") == formatted(schema), name


def _entry_points() -> list[Any]:
    import sys

    from schemalint.entry_points import installed
    from schemalint.registry import GROUPS

    return list(installed(GROUPS, sys.path))


def test_a_sound_rulebook() -> None:
    assert list(validator(rulebook_schema(REGISTRY)).iter_errors(loaded(LIBRARY))) == []
    _, faults = read_rulebook([SourceFile("library.yaml", LIBRARY)], REGISTRY)
    assert faults == ()


def test_a_rulebook_with_a_third_partys_kinds() -> None:
    text = SHOP.replace(", null,", ",").replace(", null]", "]")  # an editor reads no name there
    assert list(validator(rulebook_schema(KINDS)).iter_errors(loaded(text))) == []


WRONG = [
    ("version: 1\n", "version: 2\n"),
    ("version: 1\n", ""),
    ("version: 1\n", "version: '1'\n"),
    ("closed: true", "closed: maybe"),
    ("closed: true", "close: true"),
    ("{says: Somebody who may borrow, ", "{"),
    ("fields: [id", "columns: [id"),
    ("  - id: LIB-1\n    says", "  - says"),
    ("id: LIB-1", "id: [LIB-1]"),
    ("says: A loan is of one copy, and a copy on loan is not thrown away.", "says: ''"),
    ("unique: {", "uniqe: {"),
    ("unique: {of: Reader, by: [card], ignore_case: true, where: leftAt is null}", "unique: [a]"),
    ("unique: {", "required: {of: Reader, fields: [card]}\n    unique: {"),
    ("by: [card]", "bye: [card]"),
    ("by: [card], ", ""),
    ("by: [card]", "by: []"),
    ("by: [card]", "by: {card: 1}"),
    ("ignore_case: true", "ignore_case: 'true'"),
    ("on_delete: restrict", "on_delete: destroy"),
    ("to: Copy, ", ""),
    ("transitions: {", "transitions: [a]\n    because_not: {"),
    ("    because: a nightly job decides what is late\n", ""),
    ("enforced_by: service", "enforced_by: nobody"),
    ("severity: warning", "severity: loud"),
    ("dialects: [sqlite, postgresql]", "dialects: [oracle]"),
    ("dialects: [sqlite, postgresql]", "dialects: []"),
    ('of: "*"', 'of: ["*", Loan]'),
]


@pytest.mark.parametrize(("right", "wrong"), WRONG, ids=[f"{one} > {two}" for one, two in WRONG])
def test_wrong_rulebooks(right: str, wrong: str) -> None:
    assert right in LIBRARY
    text = LIBRARY.replace(right, wrong, 1)
    assert list(validator(rulebook_schema(REGISTRY)).iter_errors(loaded(text))) != []
    _, faults = read_rulebook([SourceFile("library.yaml", text)], REGISTRY)
    assert faults != ()


def test_the_examples_of_all_kinds() -> None:
    check = validator(rulebook_schema(REGISTRY))
    seen = 0
    for name in REGISTRY.kinds():
        kind = REGISTRY.kind(name)
        assert kind is not None
        for example in kind.examples:
            entry = loaded(example.rule)
            if isinstance(entry, dict) and name in entry:
                entry = {"id": "X", "says": "x", **entry}
                document = {"version": 1, "rules": [entry]}
                assert [error.message for error in check.iter_errors(document)] == [], example.rule
                seen += 1
    assert seen > len(REGISTRY.kinds())


def test_what_editors_show() -> None:
    schema = rulebook_schema(KINDS)
    distinct = schema["$defs"]["kind-distinct"]
    assert distinct["description"] == "Two rows never agree."
    assert distinct["required"] == ["of", "by"]
    assert list(distinct["properties"]) == [
        "of",
        "by",
        "where",
        "ignore_case",
        "nulls",
        "except",
    ]
    assert distinct["properties"]["by"] == {
        "description": "The fields that tell rows apart.",
        "$ref": "#/$defs/names",
    }
    assert distinct["properties"]["ignore_case"] == {"type": "boolean", "default": False}
    assert distinct["properties"]["nulls"] == {"enum": ["differ", "equal"]}
    assert "from" in schema["$defs"]["kind-link"]["properties"]
    assert "except" not in schema["$defs"]["kind-link"]["properties"]


def test_settings() -> None:
    check = validator(settings_schema())
    assert list(check.iter_errors(loaded(SETTINGS))) == []
    assert list(check.iter_errors({})) == []
    for wrong in (
        {"presett": "strict"},
        {"preset": 1},
        {"select": "a", "ignore": {}},
        {"fail_on": "sometimes"},
        {"dialect": "postgres"},
        {"severity": {"a": "fatal"}},
        {"options": {"a": []}},
        {"sqlite_foreign_keys": "yes"},
    ):
        assert list(check.iter_errors(wrong)) != [], wrong


def test_every_setting_is_described() -> None:
    described = settings_schema()["properties"]
    assert all("description" in one for one in described.values())
    assert json.loads(formatted(settings_schema())) == settings_schema()
