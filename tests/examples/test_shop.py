"""The example shop: one schema keeps its rules, the other breaks every one of them."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml

from tests.cli.command import schemalint
from tests.oracle import prisma_oracle
from tests.shared_material import ROOT

SHOP = ROOT / "examples" / "shop"
KINDS = {
    "identity",
    "unique",
    "required",
    "optional",
    "reference",
    "many_to_many",
    "states",
    "immutable",
    "check",
    "exactly_one",
    "at_least_one",
    "at_most_one",
    "index",
    "audit",
    "derived",
}


def checked(schema: str, *options: str) -> tuple[int, dict[str, Any]]:
    done = schemalint(SHOP, "check", schema, "--output-format", "json", *options)
    return done.returncode, json.loads(done.stdout)


def test_the_schema_keeps_every_rule() -> None:
    status, report = checked("schema.prisma")
    assert report["findings"] == []
    assert status == 0
    assert {rule["verdict"] for rule in report["rules"]} == {"kept", "service"}
    assert {rule["kind"] for rule in report["rules"]} == KINDS
    kept = [rule for rule in report["rules"] if rule["verdict"] == "kept"]
    assert len(kept) >= 15


# What each finding about the broken schema marks.
MARKED = {
    "BR-01": ["Int"],
    "BR-02": ["@@unique([email, deletedAt])"],
    "BR-03": ["String?"],
    "BR-04": ["String"],
    "BR-05": ["email"],
    "BR-06": ["sku"],
    "BR-07": ["ProductCategory"],
    "BR-08": ["onDelete: Cascade"],
    "BR-09": ["price >= 0"],  # of the rule: the field is gone
    "BR-10": ["customer   Customer?   @relation(fields: [customerId], references: [id])"],
    "BR-11": ["order     Order    @relation(fields: [orderId], references: [id])"],
    "BR-12": ["order     Order    @relation(fields: [orderId], references: [id])"],
    "BR-13": ["@@unique([orderId, productId, quantity])"],
    "BR-14": ["OrderStatus"],
    "BR-15": ["OrderStatus"],
    "BR-16": ["total"],
    "BR-17": ["customerId"],
    "BR-18": ["orderId"],
    "BR-19": ["currency"],
    "BR-20": ["Float"],
    "BR-21": ["Int"],
    "BR-22": ["onDelete: Cascade"],
    "BR-23": ["@updatedAt"],
    "BR-24": ["createdAt  DateTime", "DateTime?", '@default("2024-01-01T00:00:00Z")'],
    "BR-25": ["updatedAt  DateTime    @default(now())"],
}


def test_the_broken_schema_breaks_every_rule_at_a_telling_place() -> None:
    status, report = checked("broken/schema.prisma", "--preset", "none")
    assert status == 1
    assert {rule["id"]: rule["verdict"] for rule in report["rules"] if _passes(rule)} == {}
    marked: dict[str, list[str]] = {}
    for finding in report["findings"]:
        if finding["rule"].startswith("BR-"):
            marked.setdefault(finding["rule"], []).append(_text(finding["place"]))
    assert {name: sorted(texts) for name, texts in marked.items()} == {
        name: sorted(texts) for name, texts in MARKED.items()
    }


def _passes(rule: dict[str, Any]) -> bool:
    return rule["verdict"] in ("kept", "service")


def _text(place: dict[str, Any]) -> str:
    """The text of a place on one line."""
    line = (SHOP / place["file"]).read_text("utf-8").splitlines()[place["line"] - 1]
    return line[place["column"] - 1 : place["endColumn"] - 1]


def test_the_rulebook_renders_the_prose() -> None:
    prose = re.findall(r"\*\*(BR-\d+)\*\*", (SHOP / "business_rules.md").read_text("utf-8"))
    rules = re.findall(r"- id: (BR-\d+)", (SHOP / "business_rules.yaml").read_text("utf-8"))
    assert rules == prose == sorted(MARKED)


def test_schemalint_schema_describes_the_rulebook() -> None:
    schema = json.loads(schemalint(SHOP, "schema").stdout)
    rulebook = yaml.safe_load((SHOP / "business_rules.yaml").read_text("utf-8"))
    assert [
        one.message for one in jsonschema.Draft202012Validator(schema).iter_errors(rulebook)
    ] == []


@pytest.mark.oracle
def test_both_schemas_are_valid_prisma() -> None:
    schemas = {
        path: (SHOP / path).read_text("utf-8") for path in ("schema.prisma", "broken/schema.prisma")
    }
    assert prisma_oracle.lint(schemas) == {path: [] for path in schemas}
