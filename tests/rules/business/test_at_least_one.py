"""Verdicts of `at_least_one`."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import altered, constraint, judge, prisma

CONTACT = """
model Contact {
  id    Int     @id
  email String%s
  phone String?
}
"""
RULE = "at_least_one: {of: Contact, fields: [email, phone]}"


def test_two_optional_fields() -> None:
    judged = judge(CONTACT % "?", RULE)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "this one is accepted: `email` NULL and `phone` NULL" in judged.message
    assert "num_nonnulls" in judged.message
    assert ">= 1" in judged.message


def test_one_required_field_is_enough() -> None:
    judged = judge(CONTACT % "", RULE)
    assert judged.verdict is Verdict.KEPT
    assert "`Contact.email` is NOT NULL" in judged.kept_by


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ("email IS NOT NULL OR phone IS NOT NULL", Verdict.KEPT),  # O16
        ("coalesce(email, phone) IS NOT NULL", Verdict.KEPT),
        ("coalesce(email, phone) <> ''", Verdict.INEXPRESSIBLE),  # O16b
        ("email IS NOT NULL AND phone IS NOT NULL", Verdict.KEPT),
    ],
)
def test_checks(check: str, verdict: Verdict) -> None:
    schema = altered(prisma(CONTACT % "?"), checks=(constraint(check),))
    assert judge(schema, RULE).verdict is verdict
