"""Verdicts of `identity`."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, prisma, with_field

ORDER = """
model Order {
  id     %s
  tenant Int
  number Int
  code   String?
  %s
}
"""


@pytest.mark.parametrize(
    ("key", "block", "by", "verdict"),
    [
        ("Int @id", "", "[id]", Verdict.KEPT),
        ("Int @unique", "", "[id]", Verdict.KEPT),
        ("Int @id", "", "[number]", Verdict.BROKEN),
        ("Int", "@@id([tenant, number])", "[tenant, number]", Verdict.KEPT),
        ("Int", "@@id([tenant, number])", "[number]", Verdict.BROKEN),  # U14b
        ("Int @id", "@@unique([code])", "[code]", Verdict.BROKEN),
        ("Int @id", "@@unique([tenant, number])", "[number, tenant]", Verdict.KEPT),
    ],
)
def test_distinct_and_present(key: str, block: str, by: str, verdict: Verdict) -> None:
    judged = judge(ORDER % (key, block), f"identity: {{of: Order, by: {by}}}")
    assert judged.verdict is verdict


def test_evidence_is_the_key_and_not_null() -> None:
    judged = judge(ORDER % ("Int @id", ""), "identity: {of: Order, by: [id]}")
    assert judged.kept_by == ["`@id` on `Order.id`", "`Order.id` is NOT NULL"]


def test_primary_key_of_sqlite_that_takes_null() -> None:
    """O06."""
    schema = prisma(ORDER % ("String @id", ""), "sqlite")
    schema = with_field(schema, "id", nullable=True, client_nullable=True)
    assert judge(schema, "identity: {of: Order, by: [id]}").verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("provider", "key", "type_", "verdict"),
    [
        ("postgresql", "String @id @db.Uuid", "uuid", Verdict.KEPT),
        ("postgresql", "String @id @default(uuid())", "uuid", Verdict.BROKEN),
        ("postgresql", "String @id @default(uuid())", "string", Verdict.KEPT),
        ("postgresql", "Int @id", "int", Verdict.KEPT),
        ("postgresql", "Int @id", "bigint", Verdict.BROKEN),
        ("postgresql", "BigInt @id", "bigint", Verdict.KEPT),
        ("postgresql", "Int @id", "uuid", Verdict.BROKEN),
        ("sqlite", "String @id @default(uuid())", "uuid", Verdict.INEXPRESSIBLE),
        ("sqlite", "Int @id", "int", Verdict.KEPT),  # O06d
        ("sqlite", "Int @unique", "int", Verdict.WEAK),  # O05
        ("mysql", "String @id @default(uuid())", "uuid", Verdict.INEXPRESSIBLE),
        ("mysql", "Int @id", "int", Verdict.KEPT),
    ],
)
def test_type(provider: str, key: str, type_: str, verdict: Verdict) -> None:
    rule = f"identity: {{of: Order, by: [id], type: {type_}}}"
    assert judge(ORDER % (key, ""), rule, provider).verdict is verdict


def test_text_with_a_generated_uuid_is_explained() -> None:
    judged = judge(
        ORDER % ("String @id @default(uuid())", ""), "identity: {of: Order, by: [id], type: uuid}"
    )
    assert "`uuid()` only fills in a value" in judged.message
    assert "add `@db.Uuid` to `id`" in judged.message


def test_other_type_contradicts() -> None:
    rule = "identity: {of: Order, by: [id], type: %s}\nenforced_by: service\nbecause: legacy"
    assert judge(ORDER % ("Int @id", ""), rule % "uuid").verdict is Verdict.BROKEN
    assert judge(ORDER % ("String @id", ""), rule % "uuid").verdict is Verdict.SERVICE


def test_unknown_type_is_an_error_of_the_rulebook() -> None:
    with pytest.raises(AssertionError, match="did you mean `uuid`"):
        judge(ORDER % ("Int @id", ""), "identity: {of: Order, by: [id], type: uid}")
