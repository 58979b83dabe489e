"""Verdicts of `optional`."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import altered, constraint, judge, prisma

CUSTOMER = """
model Customer {
  id      Int      @id
  name    String
  phone   String?
  vip     Boolean  @default(false)
  tags    String[]
  bossId  Int?
  boss    Customer? @relation("boss", fields: [bossId], references: [id])
  others  Customer[] @relation("boss")
}
"""


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ("[phone]", Verdict.KEPT),
        ("[name]", Verdict.BROKEN),
        ("[phone, name]", Verdict.BROKEN),
        ("[id]", Verdict.BROKEN),
        ("[tags]", Verdict.KEPT),
        ("[boss]", Verdict.KEPT),
    ],
)
def test_not_null(fields: str, verdict: Verdict) -> None:
    assert judge(CUSTOMER, f"optional: {{of: Customer, fields: {fields}}}").verdict is verdict


def test_default_is_no_absence() -> None:
    judged = judge(CUSTOMER, "optional: {of: Customer, fields: [vip]}")
    assert judged.verdict is Verdict.BROKEN
    assert "only fills in a value" in judged.message


def test_fix_adds_the_question_mark() -> None:
    (finding,) = judge(CUSTOMER, "optional: {of: Customer, fields: [name]}").findings
    (edit,) = finding.fix.edits
    assert edit.text == "?"
    assert edit.span.file.text[: edit.span.start].endswith("name    String")


def test_what_rests_on_it_becomes_optional_with_it() -> None:
    """Prisma wants the relation to be optional where a field of it is."""
    orders = """
    model Order {
      id       Int      @id
      buyerId  Int
      buyer    Customer @relation(fields: [buyerId], references: [id])
    }
    """
    schema = prisma(CUSTOMER.replace("others ", "orders Order[]\n  others ") + orders)
    (finding,) = judge(schema, "optional: {of: Order, fields: [buyerId]}").findings
    texts = [edit.span.file.text[: edit.span.start].split("\n")[-1] for edit in finding.fix.edits]
    assert [" ".join(text.split()) for text in texts] == ["buyerId Int", "buyer Customer"]


def test_a_primary_key_cannot_be_made_optional() -> None:
    (finding,) = judge(CUSTOMER, "optional: {of: Customer, fields: [id]}").findings
    assert finding.fix is None
    assert "leave the field out of the rule" in finding.help


def test_it_contradicts_a_rule_that_is_left_to_the_service() -> None:
    judged = judge(
        CUSTOMER,
        "optional: {of: Customer, fields: [name]}\nenforced_by: service\nbecause: forms",
    )
    assert judged.verdict is Verdict.BROKEN


def test_check_that_refuses_null() -> None:
    """E04c."""
    schema = altered(prisma(CUSTOMER), checks=(constraint("phone IS NOT NULL"),))
    judged = judge(schema, "optional: {of: Customer, fields: [phone]}")
    assert judged.verdict is Verdict.BROKEN
    assert "rejects rows without `phone`" in judged.message


def test_check_that_null_passes() -> None:
    """E04."""
    schema = altered(prisma(CUSTOMER), checks=(constraint("phone <> ''"),))
    judged = judge(schema, "optional: {of: Customer, fields: [phone]}")
    assert judged.verdict is Verdict.KEPT


def test_client_library_that_demands_the_value() -> None:
    schema = """
        model Customer {
          id   Int    @id @map("_id")
          name String
        }
    """
    judged = judge(schema, "optional: {of: Customer, fields: [name]}", "mongodb")
    assert judged.verdict is Verdict.BROKEN
