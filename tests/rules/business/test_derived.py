"""Verdicts of `derived`."""

from __future__ import annotations

import pytest

from schemalint.model import Generated, Schema
from schemalint.rule import Verdict
from schemalint.source import SourceFile, Span
from tests.rules.judging import judge, prisma, with_field

ORDER = """
model Order {
  id         Int     @id
  lineTotal  Decimal @map("line_total")
  itemsTotal Decimal @map("sum")
}
"""


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("lineTotal", Verdict.BROKEN),
        ("line_total", Verdict.BROKEN),
        ("LineTotal", Verdict.BROKEN),
        ("linetotal", Verdict.BROKEN),
        ("itemsTotal", Verdict.BROKEN),
        ("sum", Verdict.BROKEN),
        ("total", Verdict.KEPT),
    ],
)
def test_names(name: str, verdict: Verdict) -> None:
    assert judge(ORDER, f"derived: {{of: Order, fields: [{name}]}}").verdict is verdict


def test_generated_columns_store_no_second_truth() -> None:
    schema: Schema = prisma(ORDER)
    span = Span(SourceFile("migration.sql", "price * quantity"), 0, 16)
    generated = Generated("price * quantity", stored=True, span=span)
    schema = with_field(schema, "lineTotal", generated=generated)
    assert judge(schema, "derived: {of: Order, fields: [lineTotal]}").verdict is Verdict.KEPT


def test_one_of_several_is_enough() -> None:
    judged = judge(ORDER, "derived: {of: Order, fields: [total, lineTotal]}")
    assert judged.verdict is Verdict.BROKEN
    assert "`Order` stores `lineTotal`" in judged.message


def test_it_contradicts_a_rule_that_is_left_to_the_service() -> None:
    judged = judge(
        ORDER,
        """
        derived: {of: Order, fields: [lineTotal]}
        enforced_by: service
        because: computed there
        """,
    )
    assert judged.verdict is Verdict.BROKEN


def test_unknown_model_is_stale() -> None:
    judged = judge(ORDER, "derived: {of: Oder, fields: [total]}")
    assert judged.verdict is Verdict.STALE
