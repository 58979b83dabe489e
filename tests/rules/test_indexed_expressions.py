"""`unique` by indexes over expressions of the fields, as seen on PostgreSQL 15 and SQLite 3.40."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import product
from typing import Any

import pytest

from schemalint.rule import Verdict
from schemalint_rules.judging.values.strict_expressions import STRICT
from tests.loaders.sql import databases
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


@pytest.mark.parametrize("expression", ["date(b)", "floor(b)", "repeat(b, -1)"])
def test_what_is_null_of_some_texts_lets_rows_pass(expression: str) -> None:
    """SQLite: `date('a')` is NULL, and any number of rows with 'a' are stored."""
    index = f"CREATE UNIQUE INDEX u ON t ({expression});"
    schema = sql(TABLE.format("INT", "TEXT") + index, "sqlite")
    assert judge(schema, "unique: {of: t, by: [b]}").verdict is Verdict.UNKNOWN


def _calls() -> Iterator[str]:
    """Every function with arguments that are odd for it."""
    texts, numbers = ("''", "'a'", "'-1'", "'\u00e9'", "'2020-01-01'"), ("-1", "0", "5")
    given = [*product((*texts, *numbers)), *product(texts, (*texts, *numbers))]
    given += product(texts, (*numbers, "'x'"), (*numbers, "'x'", "''"))
    for function in sorted(STRICT):
        for arguments in given:
            yield f"SELECT {function}({', '.join(arguments)})"


@pytest.mark.parametrize(
    "opened",
    [
        databases.sqlite,
        pytest.param(databases.postgresql, marks=pytest.mark.server),
        pytest.param(databases.mariadb, marks=pytest.mark.server),
    ],
)
def test_strict_functions_are_not_null_of_values(opened: Any) -> None:
    database: databases.Database
    made: AbstractContextManager[databases.Database] = opened()
    with made as database:
        taken = [call for call in _calls() if database.run(call) is None]
        assert [call for call in taken if database.rows(call)[0][0] is None] == []
    assert len({call.partition("(")[0] for call in taken}) > 8
