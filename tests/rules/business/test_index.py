"""Verdicts of `index`."""

from __future__ import annotations

import pytest

from schemalint.model import Index, KeyPart, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile, Span
from tests.rules.judging import altered, judge, not_understood, prisma, unique_index

ORDER = """
model Order {
  id         Int      @id
  status     String
  createdAt  DateTime
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id])
  %s
}
model Customer {
  id     Int     @id
  orders Order[]
}
"""


def order(block: str = "", provider: str = "postgresql") -> Schema:
    return prisma(ORDER % block, provider)


@pytest.mark.parametrize(
    ("block", "by", "verdict"),
    [
        ("@@index([status])", "[status]", Verdict.KEPT),
        ("@@index([status, createdAt])", "[status]", Verdict.KEPT),
        ("@@index([status, createdAt])", "[status, createdAt]", Verdict.KEPT),
        ("@@index([status, createdAt])", "[createdAt]", Verdict.BROKEN),
        ("@@index([status, createdAt])", "[createdAt, status]", Verdict.BROKEN),
        ("@@index([status])", "[status, createdAt]", Verdict.BROKEN),
        ("@@unique([status, createdAt])", "[status]", Verdict.KEPT),
        ("", "[id]", Verdict.KEPT),
        ("@@index([customerId])", "[customer]", Verdict.KEPT),
        ("", "[customer]", Verdict.BROKEN),
        ("@@index([status(sort: Desc)])", "[status]", Verdict.KEPT),
        ("@@index([status], type: Hash)", "[status]", Verdict.KEPT),
        ("@@index([status], type: Brin)", "[status]", Verdict.BROKEN),
    ],
)
def test_leading_columns(block: str, by: str, verdict: Verdict) -> None:
    if "Brin" in block:
        block = "@@index([createdAt], type: Brin)"
        by = "[createdAt]"
    assert judge(order(block), f"index: {{of: Order, by: {by}}}").verdict is verdict


def test_a_hash_index_serves_only_all_its_columns() -> None:
    span = Span(SourceFile("migration.sql", "HASH"), 0, 4)
    parts = (KeyPart(span, column="status"), KeyPart(span, column="createdAt"))
    schema = altered(order(), indexes=(Index("i", parts, span, type="hash"),))
    assert judge(schema, "index: {of: Order, by: [status]}").verdict is Verdict.BROKEN
    assert judge(schema, "index: {of: Order, by: [status, createdAt]}").verdict is Verdict.KEPT


def test_partial_indexes_and_expressions_do_not_count() -> None:
    partial = unique_index("status", where="id > 5")
    expression = unique_index(expressions=("lower(status)",))
    schema = altered(order(), uniques=(partial, expression))
    assert judge(schema, "index: {of: Order, by: [status]}").verdict is Verdict.BROKEN


def test_columns_behind_an_expression_do_not_lead() -> None:
    mixed = unique_index("status", expressions=("lower(status)",))
    mixed = type(mixed)(mixed.name, mixed.parts[::-1], mixed.span)
    schema = altered(order(), uniques=(mixed,))
    assert judge(schema, "index: {of: Order, by: [status]}").verdict is Verdict.BROKEN


def test_mysql_indexes_foreign_keys_by_itself() -> None:
    judged = judge(order(provider="mysql"), "index: {of: Order, by: [customer]}")
    assert judged.verdict is Verdict.KEPT


def test_fix_puts_the_line_before_the_brace() -> None:
    judged = judge(order(), "index: {of: Order, by: [customer, createdAt]}")
    (finding,) = judged.findings
    assert "add `@@index([customerId, createdAt])` to `Order`" in judged.message
    (edit,) = finding.fix.edits
    text = edit.span.file.text
    after = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert "  @@index([customerId, createdAt])\n}\nmodel Customer" in after


def test_index_that_has_the_fields_elsewhere_is_shown() -> None:
    judged = judge(order("@@index([createdAt, status])"), "index: {of: Order, by: [status]}")
    assert "does not start with `status`" in judged.message


def test_opaque_statement_on_the_table() -> None:
    schema = altered(order(), opaque=(not_understood("Order"),))
    assert judge(schema, "index: {of: Order, by: [status]}").verdict is Verdict.UNKNOWN
