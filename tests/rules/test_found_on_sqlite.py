"""Verdicts on SQLite's schemas that were wrong until random pairs were carried out there."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql


@pytest.mark.parametrize(
    ("columns", "where", "verdict"),
    [
        ("n INT NOT NULL, made INT AS (abs(n))", "made is null", Verdict.STALE),
        ("n INT, made INT AS (abs(n))", "made is null", Verdict.BROKEN),
        ("n DECIMAL, made DECIMAL(5,2) AS (coalesce(n, 0))", "made is null", Verdict.STALE),
        ("n DECIMAL, made TEXT AS (coalesce(n, 0))", "made is null", Verdict.STALE),
        ("n DECIMAL, made TEXT AS (coalesce(n, n))", "made is null", Verdict.BROKEN),
        ("n REAL NOT NULL, made REAL AS (n + 1), CHECK (made <= 0)", "n = 2", Verdict.STALE),
        ("n REAL NOT NULL, made REAL AS (n + 1), CHECK (made <= 0)", "n = -2", Verdict.BROKEN),
        ("n REAL, made REAL AS (n + 1), CHECK (made <= 0)", "n is null", Verdict.BROKEN),
        ("n INT, made INT AS (abs(n)), CHECK (made is null)", "n <= 2", Verdict.STALE),
        ("n INT, made INT AS (abs(n)), CHECK (made = 3)", "n = 3", Verdict.BROKEN),
        ("n INT, made INT AS (abs(n)), CHECK (made = 3)", "n = 2", Verdict.STALE),
    ],
)
def test_what_is_computed_limits_what_it_is_computed_from(
    columns: str, where: str, verdict: Verdict
) -> None:
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns});", "sqlite")
    rule = f"immutable: {{of: t, where: {where}}}"
    assert judge(schema, rule).verdict is verdict
