"""Verdicts of `at_most_one`."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import altered, constraint, judge, prisma

COMMENT = """
model Comment {
  id        Int @id
  postId    Int%s
  pictureId Int%s
}
"""
RULE = "at_most_one: {of: Comment, fields: [postId, pictureId]}"


def test_two_optional_fields() -> None:
    judged = judge(COMMENT % ("?", "?"), RULE)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "<= 1" in judged.message


def test_two_required_fields_contradict() -> None:
    judged = judge(COMMENT % ("", ""), RULE + "\nenforced_by: service\nbecause: later")
    assert judged.verdict is Verdict.BROKEN
    assert "are all NOT NULL" in judged.message


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ('"postId" IS NULL OR "pictureId" IS NULL', Verdict.KEPT),
        ('NOT ("postId" IS NOT NULL AND "pictureId" IS NOT NULL)', Verdict.KEPT),
        ('"postId" IS NULL', Verdict.KEPT),
        ('"postId" IS NOT NULL OR "pictureId" IS NOT NULL', Verdict.INEXPRESSIBLE),
    ],
)
def test_checks(check: str, verdict: Verdict) -> None:
    schema = altered(prisma(COMMENT % ("?", "?")), checks=(constraint(check),))
    assert judge(schema, RULE).verdict is verdict
