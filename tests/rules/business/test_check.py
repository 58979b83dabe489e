"""Verdicts of `check`."""

from __future__ import annotations

import pytest

from schemalint.model import Schema
from schemalint.rule import Verdict
from tests.rules.judging import altered, constraint, judge, not_understood, prisma

PRODUCT = """
model Product {
  id       Int      @id
  price    Int
  discount Int?
  listedAt Int      @map("listed_at")
  status   Status   @default(DRAFT)
}
enum Status {
  DRAFT
  LISTED
  GONE
}
"""


def product(*checks: str, provider: str = "postgresql") -> Schema:
    schema = prisma(PRODUCT, provider)
    return altered(schema, checks=tuple(constraint(check) for check in checks))


def rule(that: str) -> str:
    return f'check: {{of: Product, that: "{that}"}}'


@pytest.mark.parametrize(
    ("that", "check", "verdict"),
    [
        ("price >= 0", None, Verdict.INEXPRESSIBLE),
        ("price >= 0", "price >= 0", Verdict.KEPT),
        ("price >= 0", "price > 0", Verdict.KEPT),
        ("price > 0", "price >= 0", Verdict.INEXPRESSIBLE),
        ("price >= 0", "price BETWEEN 0 AND 10", Verdict.KEPT),
        ("discount >= 0", "discount >= 0", Verdict.INEXPRESSIBLE),  # O11: NULL passes
        ("discount >= 0", "discount >= 0 AND discount IS NOT NULL", Verdict.KEPT),
        ("discount is null or discount >= 0", "discount >= 0", Verdict.KEPT),
        ("status in ('DRAFT', 'LISTED', 'GONE')", None, Verdict.KEPT),
        ("status in ('DRAFT', 'LISTED')", None, Verdict.INEXPRESSIBLE),
        ("status <> 'UNKNOWN'", None, Verdict.KEPT),
        ("price is not null", None, Verdict.KEPT),
        ("price >= 0", "mystery(price)", Verdict.UNKNOWN),
        ("price >= 0", "mystery(discount)", Verdict.INEXPRESSIBLE),
        ("status <> 'LISTED' or listedAt is not null", None, Verdict.KEPT),
    ],
)
def test_meaning(that: str, check: str | None, verdict: Verdict) -> None:
    schema = product(check) if check is not None else product()
    judged = judge(schema, rule(that))
    assert judged.verdict is verdict, judged.message


def test_enum_of_sqlite_binds_the_client_only() -> None:
    """E02."""
    judged = judge(product(provider="sqlite"), rule("status in ('DRAFT', 'LISTED', 'GONE')"))
    assert judged.verdict is Verdict.WEAK
    assert "CHECK (status IN ('DRAFT', 'LISTED', 'GONE'))" in judged.message


def test_row_and_sql_are_shown() -> None:
    judged = judge(product(), rule("listedAt > price"))
    assert "this row is accepted: `listedAt` = " in judged.message
    assert "CHECK (listed_at > price);" in judged.message
    assert judged.report.subject == "Product"


def test_nullable_columns_are_named_in_the_sql() -> None:
    judged = judge(product(), rule("discount >= 0"))
    assert "CHECK (discount >= 0 AND discount IS NOT NULL);" in judged.message
    assert judged.report.subject == "Product.discount"


def test_or_keeps_its_parentheses_in_the_sql() -> None:
    judged = judge(product(), rule("discount > 5 or discount < 3"))
    assert "CHECK ((discount > 5 OR discount < 3) AND discount IS NOT NULL);" in judged.message


def test_check_that_does_not_suffice_is_shown() -> None:
    judged = judge(product("price >= -5"), rule("price >= 0"))
    assert "`CHECK (price >= -5)` on `Product` does not suffice" in judged.message


def test_checks_that_matter_are_the_evidence() -> None:
    judged = judge(product("price >= 0", "listed_at > 7"), rule("price >= 0"))
    assert judged.kept_by == ["`CHECK (price >= 0)` on `Product`"]


def test_condition_that_no_row_satisfies_contradicts() -> None:
    text = rule("price is null") + "\nenforced_by: service\nbecause: later"
    judged = judge(product(), text)
    assert judged.verdict is Verdict.BROKEN
    assert "no row of `Product` can satisfy" in judged.message


def test_opaque_statement_on_the_table() -> None:
    schema = altered(product(), opaque=(not_understood("Product"),))
    assert judge(schema, rule("price >= 0")).verdict is Verdict.UNKNOWN
    assert judge(schema, rule("price is not null")).verdict is Verdict.KEPT
