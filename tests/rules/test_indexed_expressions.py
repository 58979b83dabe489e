"""`unique` by indexes over expressions of the fields, as seen on PostgreSQL 15 and SQLite 3.40."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a {} NOT NULL, b {} NOT NULL, c text);\n"


@pytest.mark.parametrize(
    ("kind", "expression", "verdict"),
    [
        ("text", "md5(a)", Verdict.KEPT),
        ("text", "left(a, 10)", Verdict.KEPT),
        ("text", "(a::varchar(5))", Verdict.KEPT),
        ("text", "encode(sha256(a::bytea), 'hex')", Verdict.KEPT),
        ("timestamptz", "date_trunc('day', a AT TIME ZONE 'UTC')", Verdict.KEPT),
        ("text", "(a || b)", Verdict.UNKNOWN),
        ("text", "nullif(a, '')", Verdict.UNKNOWN),
        ("text", "mine(a)", Verdict.UNKNOWN),
        ("citext", "md5(a)", Verdict.UNKNOWN),
        # equal values, two texts: 1.0 and 1.00, 0 and -0
        ("int", "(a::text)", Verdict.KEPT),
        ("numeric", "(a::text)", Verdict.UNKNOWN),
        ("float8", "(a::text)", Verdict.UNKNOWN),
        ("numeric", "md5(a::text)", Verdict.UNKNOWN),
        ("jsonb", "(a::text)", Verdict.UNKNOWN),
    ],
)
def test_of_one_field(kind: str, expression: str, verdict: Verdict) -> None:
    schema = sql(TABLE.format(kind, kind) + f"CREATE UNIQUE INDEX u ON t ({expression});")
    assert judge(schema, "unique: {of: t, by: [a]}").verdict is verdict


@pytest.mark.parametrize(
    ("expression", "rule", "verdict"),
    [
        ("(a || ':' || b)", "by: [a, b]", Verdict.KEPT),
        ("(a || c)", "by: [a, c], nulls: equal", Verdict.UNKNOWN),
        ("md5(a)", "by: [a], ignore_case: true", Verdict.UNKNOWN),
    ],
)
def test_of_several_fields(expression: str, rule: str, verdict: Verdict) -> None:
    schema = sql(TABLE.format("text", "text") + f"CREATE UNIQUE INDEX u ON t ({expression});")
    assert judge(schema, f"unique: {{of: t, {rule}}}").verdict is verdict


def test_sqlite_prints_numbers_in_many_ways() -> None:
    table = TABLE.format("INT", "TEXT")
    schema = sql(table + "CREATE UNIQUE INDEX u ON t (a || b);", "sqlite")
    assert judge(schema, "unique: {of: t, by: [a, b]}").verdict is Verdict.UNKNOWN
    schema = sql(table + "CREATE UNIQUE INDEX u ON t (substr(b, 1, 9));", "sqlite")
    assert judge(schema, "unique: {of: t, by: [b]}").verdict is Verdict.KEPT
