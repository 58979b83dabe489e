"""Names of the rulebook that the schema has not: all of them are told, with what was meant."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge

MODELS = """
    model Customer {
      id     Int     @id
      email  String
      orders Order[]
    }

    model Order {
      id         Int      @id
      customerId Int
      customer   Customer @relation(fields: [customerId], references: [id])
      status     String
    }
"""


@pytest.mark.parametrize(
    ("rule", "messages"),
    [
        (
            "unique: {of: Order, by: [statsu, nope]}",
            ["`Order` has no field or column `statsu`", "`Order` has no field or column `nope`"],
        ),
        (
            "index: {of: [Ordr, Custmer], by: [id]}",
            ["there is no model or table `Ordr`", "there is no model or table `Custmer`"],
        ),
        (
            "index: {of: [Order, Ordr], by: [id], except: [Nope]}",
            ["there is no model or table `Nope`", "there is no model or table `Ordr`"],
        ),
        (
            "check: {of: Order, that: statsu is not null or nope > 3}",
            ["`Order` has no field or column `statsu`", "`Order` has no field or column `nope`"],
        ),
    ],
)
def test_every_name_is_told_in_one_run(rule: str, messages: list[str]) -> None:
    judged = judge(MODELS, rule)
    assert judged.verdict is Verdict.STALE
    assert sorted(one.message for one in judged.findings) == sorted(messages)
    assert len({one.span for one in judged.findings}) == (1 if "check" in rule else 2)


@pytest.mark.parametrize(
    ("rule", "message", "help_"),
    [
        (
            "unique: {of: Customer, by: [Customer.email]}",
            "the rule is over `Customer`: a field of it is named without the model",
            "did you mean `email`?",
        ),
        (
            "states: {of: status, values: [a]}",
            "`status` is not of the form Model.field",
            "did you mean `Order.status`?",
        ),
        ("states: {of: id, values: [a]}", "`id` is not of the form Model.field", None),
    ],
)
def test_a_name_with_a_model_too_many_or_too_few(
    rule: str, message: str, help_: str | None
) -> None:
    (finding,) = judge(MODELS, rule).findings
    assert (finding.message, finding.help) == (message, help_)
