"""Conditions of the rulebook name enum values as the schema does; the database stores others."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, prisma

MODELS = """
enum Status {
  DRAFT
  OPEN @map("open")
  SHUT @map("closed")
}

model Order {
  id     Int     @id
  number Int
  status Status
  last   Status?

  @@unique([number], where: raw("status = 'open'"))
}
"""


def verdict(rule: str) -> Verdict:
    return judge(prisma(MODELS, preview="partialIndexes"), rule).verdict


@pytest.mark.parametrize(
    "that",
    [
        "status <> 'OPEN'",
        "status <> 'open'",
        "status not in ('SHUT')",
        "not (status = 'SHUT')",
        "'OPEN' <> status",
        "coalesce(last, 'OPEN') <> 'OPEN'",
    ],
)
def test_value_that_can_be_stored(that: str) -> None:
    assert verdict(f'check: {{of: Order, that: "{that}"}}') is Verdict.INEXPRESSIBLE


@pytest.mark.parametrize(
    "that",
    [
        "status in ('DRAFT', 'OPEN', 'SHUT')",
        "status in ('DRAFT', 'open', 'closed')",
        "last is null or last in ('DRAFT', 'OPEN', 'closed')",
        "status in ('DRAFT', 'OPEN', 'SHUT', 'GONE')",
    ],
)
def test_all_values_that_can_be_stored(that: str) -> None:
    assert verdict(f'check: {{of: Order, that: "{that}"}}') is Verdict.KEPT


@pytest.mark.parametrize("value", ["OPEN", "open"])
def test_partial_index(value: str) -> None:
    rule = f"unique: {{of: Order, by: [number], where: \"status = '{value}'\"}}"
    assert verdict(rule) is Verdict.KEPT


def test_value_of_another_name() -> None:
    rule = "unique: {of: Order, by: [number], where: \"status = 'SHUT'\"}"
    assert verdict(rule) is Verdict.BROKEN


def test_help_speaks_of_stored_values() -> None:
    judged = judge(
        prisma(MODELS, preview="partialIndexes"), "check: {of: Order, that: \"status <> 'OPEN'\"}"
    )
    assert "'open'" in judged.message.split("migration", 1)[1]


@pytest.mark.parametrize("that", ["status <> 'SHTU'", "status not in ('OPN', 'SHTU')"])
def test_text_that_is_no_value_of_the_enum_is_remarked(that: str) -> None:
    judged = judge(
        prisma(MODELS, preview="partialIndexes"), f'check: {{of: Order, that: "{that}"}}'
    )
    assert judged.verdict is Verdict.KEPT
    assert [finding.name for finding in judged.findings] == ["unknown-enum-value"]
    assert "SHUT" in (judged.findings[0].help or "") or "OPEN" in (judged.findings[0].help or "")
