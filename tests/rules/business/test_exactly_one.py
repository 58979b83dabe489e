"""Verdicts of `exactly_one`."""

from __future__ import annotations

import pytest

from schemalint.model import Schema, Trigger
from schemalint.rule import Verdict
from tests.rules.judging import altered, constraint, judge, prisma

PAYMENT = """
model Payment {
  id         Int  @id
  cardId     Int%s @map("card_id")
  transferId Int%s
  otherId    Int?
}
"""
RULE = "exactly_one: {of: Payment, fields: [cardId, transferId]}"


def payment(*checks: str, marks: str = "??", provider: str = "postgresql") -> Schema:
    first, second = marks.replace("-", " ")
    schema = prisma(PAYMENT % (first.strip(), second.strip()), provider)
    return altered(schema, checks=tuple(constraint(check) for check in checks))


def test_two_optional_fields() -> None:
    judged = judge(payment(), RULE)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert "have exactly one of `cardId` and `transferId`" in judged.message
    assert 'CHECK (num_nonnulls("card_id", "transferId") = 1);' in judged.message


def test_accepted_row_is_shown() -> None:
    judged = judge(payment(), RULE)
    assert "this one is accepted: `cardId` NULL and `transferId` NULL" in judged.message or (
        "this one is accepted: `cardId` = " in judged.message
    )


def test_two_required_fields_contradict() -> None:
    judged = judge(payment(marks="--"), RULE + "\nenforced_by: service\nbecause: later")
    assert judged.verdict is Verdict.BROKEN
    assert "are all NOT NULL" in judged.message


def test_one_required_field_leaves_the_other() -> None:
    assert judge(payment(marks="-?"), RULE).verdict is Verdict.INEXPRESSIBLE


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        ('(card_id IS NULL) <> ("transferId" IS NULL)', Verdict.KEPT),
        (
            '(card_id IS NULL AND "transferId" IS NOT NULL) OR '
            '(card_id IS NOT NULL AND "transferId" IS NULL)',
            Verdict.KEPT,
        ),
        ('card_id IS NULL OR "transferId" IS NULL', Verdict.INEXPRESSIBLE),
        ('mystery(card_id, "transferId")', Verdict.UNKNOWN),
        ('"otherId" > 0', Verdict.INEXPRESSIBLE),
    ],
)
def test_checks(check: str, verdict: Verdict) -> None:
    """O16 and its kin."""
    assert judge(payment(check), RULE).verdict is verdict


def test_two_checks_together() -> None:
    schema = payment(
        'card_id IS NULL OR "transferId" IS NULL', 'card_id IS NOT NULL OR "transferId" IS NOT NULL'
    )
    judged = judge(schema, RULE)
    assert judged.verdict is Verdict.KEPT
    assert len(judged.kept_by) == 2


@pytest.mark.parametrize(
    ("provider", "sql"),
    [
        ("sqlite", '("card_id" IS NOT NULL) + ("transferId" IS NOT NULL) = 1'),
        ("mysql", "(`card_id` IS NOT NULL) + (`transferId` IS NOT NULL) = 1"),
    ],
)
def test_sql_to_add(provider: str, sql: str) -> None:
    assert sql in judge(payment(provider=provider), RULE).message


def test_one_field_is_an_error_of_the_rulebook() -> None:
    with pytest.raises(AssertionError, match="two or more"):
        judge(payment(), "exactly_one: {of: Payment, fields: [cardId]}")


def test_three_fields() -> None:
    rule = "exactly_one: {of: Payment, fields: [cardId, transferId, otherId]}"
    assert judge(payment(), rule).verdict is Verdict.INEXPRESSIBLE
    assert judge(payment(marks="--"), rule).verdict is Verdict.BROKEN


def test_composite_relation_counts_once() -> None:
    """F06: a key of which one column is NULL points nowhere."""
    schema = prisma("""
        model Payment {
          id         Int   @id
          bankCode   Int?
          account    Int?
          cardId     Int?
          bank       Bank? @relation(fields: [bankCode, account], references: [code, account])
          card       Card? @relation(fields: [cardId], references: [id])
        }
        model Bank {
          code     Int
          account  Int
          payments Payment[]
          @@id([code, account])
        }
        model Card {
          id       Int       @id
          payments Payment[]
        }
    """)
    rule = "exactly_one: {of: Payment, fields: [bank, card]}"
    judged = judge(schema, rule)
    assert judged.verdict is Verdict.INEXPRESSIBLE
    assert judged.report.subject == "Payment(bank, cardId)"
    assert '"bankCode" IS NOT NULL AND "account" IS NOT NULL' in judged.message
    check = constraint(
        '("bankCode" IS NULL) = (account IS NULL) AND ("bankCode" IS NULL) <> ("cardId" IS NULL)'
    )
    assert judge(altered(schema, checks=(check,)), rule).verdict is Verdict.KEPT


def test_trigger_that_may_refuse_leaves_it_undecided() -> None:
    span = constraint("true").span
    trigger = Trigger("guard", "before", ("insert",), span)
    schema = altered(payment(), triggers=(trigger,))
    judged = judge(schema, RULE)
    assert judged.verdict is Verdict.UNKNOWN
    assert "the trigger `guard`" in judged.message
