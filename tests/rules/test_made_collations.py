"""`unique` with `ignore_case` over collations that somebody made, as seen on PostgreSQL 15."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.parse import read_statements
from schemalint.model import Dialect
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.judging import judge, sql

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a text COLLATE ci NOT NULL {});"
RULE = "unique: {of: t, by: [a], ignore_case: true}"


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ("provider = icu, locale = 'und-u-ks-level2', deterministic = false", Verdict.KEPT),
        ("provider = 'icu', locale = 'en-u-ks-level1', deterministic = false", Verdict.KEPT),
        ("provider = icu, locale = 'und-u-ks-level2'", Verdict.BROKEN),
        ("provider = icu, locale = 'und-u-ks-level2', deterministic = true", Verdict.BROKEN),
        ("provider = icu, locale = 'und-u-ks-level1-kc', deterministic = false", Verdict.UNKNOWN),
        ("provider = icu, locale = 'und', deterministic = false", Verdict.UNKNOWN),
        ("locale = 'C'", Verdict.BROKEN),
    ],
)
def test_ignore_case(options: str, verdict: Verdict) -> None:
    schema = sql(f"CREATE COLLATION ci ({options}); {TABLE.format('UNIQUE')}")
    assert judge(schema, RULE).verdict is verdict


def test_the_collation_of_the_index_counts() -> None:
    made = "CREATE COLLATION ci (provider=icu, locale='und-u-ks-level2', deterministic=false);"
    index = "CREATE UNIQUE INDEX u ON t (a COLLATE {});"
    judged = judge(sql(made + TABLE.format("") + index.format('"C"')), RULE)
    assert judged.verdict is Verdict.BROKEN
    plain = TABLE.format("").replace("COLLATE ci", "")
    assert judge(sql(made + plain + index.format("ci")), RULE).verdict is Verdict.KEPT


def test_what_is_ignored_beside_letter_case_is_not_passed_over() -> None:
    made = "CREATE COLLATION ci (provider=icu, locale='und-u-ks-level2', deterministic=false);"
    schema = sql(made + TABLE.format("CHECK (a IN ('A', 'B'))"))
    judged = judge(schema, "states: {of: t.a, values: [A, B]}")
    assert judged.verdict is not Verdict.KEPT


def test_its_place_is_its_own() -> None:
    collation = "CREATE COLLATION ci (locale = 'C')"
    file = SourceFile("a.sql", f"CREATE TABLE t (a int);\n{collation};\n")
    found = read_statements(file, Dialect.POSTGRESQL)
    assert [one.span.text for one in found] == ["CREATE TABLE t (a int)", collation]


def test_one_that_is_there_already_stays() -> None:
    made = (
        "CREATE COLLATION ci (locale = 'C'); CREATE COLLATION IF NOT EXISTS ci (provider = icu, "
        "locale = 'und-u-ks-level2', deterministic = false);"
    )
    assert judge(sql(made + TABLE.format("UNIQUE")), RULE).verdict is Verdict.BROKEN


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ("CREATE DATABASE shop COLLATE utf8mb4_bin; USE shop;", Verdict.BROKEN),
        ("CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;", Verdict.BROKEN),
        ("CREATE DATABASE shop COLLATE utf8mb4_bin; USE other;", Verdict.KEPT),
        ("USE shop; ALTER DATABASE COLLATE utf8mb4_bin;", Verdict.BROKEN),
        ("ALTER DATABASE CHARACTER SET binary;", Verdict.BROKEN),
        (
            "ALTER DATABASE COLLATE utf8mb4_bin; ALTER DATABASE CHARACTER SET utf8mb4;",
            Verdict.KEPT,
        ),
    ],
)
def test_the_collation_of_mysqls_database_counts(
    before: str, verdict: Verdict, dialect: str
) -> None:
    """As seen on MariaDB 10.11: of tables that name none, made after it."""
    made = "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) NOT NULL UNIQUE)"
    assert judge(sql(f"{before} {made};", dialect), RULE).verdict is verdict
    charset = f"{made} DEFAULT CHARSET = utf8mb4;"
    assert judge(sql(f"{before} {charset}", dialect), RULE).verdict is Verdict.KEPT
    earlier = sql(f"CREATE DATABASE shop; USE shop; {made}; {before}", dialect)
    assert judge(earlier, RULE).verdict is Verdict.KEPT
