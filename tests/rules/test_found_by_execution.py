"""Verdicts that were wrong until attacks were carried out on databases."""

from __future__ import annotations

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql


def test_a_comparison_that_no_row_makes_true_is_not_held_loosely() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, s TEXT COLLATE NOCASE, "
        "r TEXT COLLATE NOCASE, CHECK (NOT (n IS NOT NULL AND s IS NOT NULL)));",
        "sqlite",
    )
    assert judge(schema, "check: {of: t, that: s is null or s = r}").verdict is Verdict.KEPT


def test_a_number_that_is_never_there_is_no_text_either() -> None:
    schema = sql("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n IS NULL));", "sqlite")
    assert judge(schema, "check: {of: t, that: n is null or n > 0}").verdict is Verdict.KEPT


def test_an_index_over_what_the_condition_leaves_one_spelling_may_keep_it() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE NOT NULL, r TEXT) STRICT;"
        "CREATE UNIQUE INDEX u ON t (lower(s)) WHERE s = 'a';",
        "sqlite",
    )
    rule = "unique: {of: t, by: [r], nulls: equal, where: \"s = 'a'\"}"
    assert judge(schema, rule).verdict is Verdict.UNKNOWN


def test_a_column_that_a_foreign_key_ties_to_the_rule_may_be_the_same() -> None:
    schema = sql(
        "CREATE TABLE p (code text NOT NULL UNIQUE, kind text NOT NULL, UNIQUE (code, kind));"
        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, kind text NOT NULL, "
        "UNIQUE (code, kind), FOREIGN KEY (code, kind) REFERENCES p (code, kind));",
    )
    assert judge(schema, "unique: {of: t, by: [code]}").verdict is Verdict.UNKNOWN
