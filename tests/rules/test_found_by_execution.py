"""Verdicts that were wrong until attacks were carried out on databases."""

from __future__ import annotations

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
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


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("text NOT NULL", Verdict.KEPT),
        ("varchar(9) NOT NULL", Verdict.KEPT),
        ("text", Verdict.BROKEN),
        ("text COLLATE odd NOT NULL", Verdict.UNKNOWN),
    ],
)
def test_a_column_that_a_foreign_key_ties_to_the_rule_is_the_same(
    kind: str, verdict: Verdict
) -> None:
    """Where every row points, and what is equal to the foreign key is the same."""
    schema = sql(
        "CREATE TABLE p (code text NOT NULL UNIQUE, kind text NOT NULL, UNIQUE (code, kind));"
        f"CREATE TABLE t (id int PRIMARY KEY, ends int, code text NOT NULL, kind {kind}, "
        "UNIQUE (code, kind), FOREIGN KEY (code, kind) REFERENCES p (code, kind));",
    )
    assert judge(schema, "unique: {of: t, by: [code]}").verdict is verdict
    assert judge(schema, "no_overlap: {of: t, by: [code], during: [id, ends]}").verdict is verdict


def test_text_below_a_constant_is_there_whatever_the_letters() -> None:
    """NOCASE has an order, too: rows with `s < 'b'` are not none."""
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT COLLATE NOCASE NOT NULL, "
        "CHECK (s = lower(s)), CHECK (s < 'b')) STRICT; CREATE UNIQUE INDEX u ON t (n, s);",
        "sqlite",
    )
    assert judge(schema, "unique: {of: t, by: [s], nulls: distinct}").verdict is Verdict.BROKEN


def test_upper_of_a_column_in_collation_c_folds_a_to_z_only() -> None:
    schema = sql(
        'CREATE TABLE t (id int PRIMARY KEY, s text COLLATE "C" NOT NULL);'
        "CREATE UNIQUE INDEX u ON t (upper(s));",
    )
    assert judge(schema, "unique: {of: t, by: [s], ignore_case: true}").verdict is Verdict.BROKEN


def test_an_expression_of_one_value_only_has_no_two_spellings() -> None:
    rule = "unique: {of: t, by: [s], ignore_case: true}"
    for index in ("lower(s)", "coalesce(s, '')"):
        schema = sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s = 'a'));"
            f"CREATE UNIQUE INDEX u ON t ({index});",
            "sqlite",
        )
        assert judge(schema, rule).verdict is Verdict.KEPT


def test_a_check_keeps_a_time_of_creation() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, "
        "made TIMESTAMP DEFAULT CURRENT_TIMESTAMP, CHECK ((made IS NOT NULL) IS TRUE));",
        "sqlite",
    )
    assert judge(schema, "audit: {of: t, created: made}").verdict is Verdict.KEPT


def test_what_points_at_a_rowid_holds_numbers() -> None:
    schema = switched_on(
        sql(
            "CREATE TABLE p (id INTEGER PRIMARY KEY);"
            "CREATE TABLE t (id INTEGER PRIMARY KEY, "
            "p_id INTEGER NOT NULL UNIQUE REFERENCES p (id));",
            "sqlite",
        )
    )
    not_blank = "required: {of: t, fields: [p_id], not_blank: true}"
    assert judge(schema, not_blank).verdict is Verdict.KEPT
    assert judge(schema, "identity: {of: t, by: [p_id], type: int}").verdict is Verdict.KEPT


def test_rows_that_never_agree_never_overlap() -> None:
    schema = sql(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, room TEXT CHECK ((room IS NULL) IS TRUE), "
        "a INTEGER NOT NULL, b INTEGER NOT NULL) STRICT;",
        "sqlite",
    )
    rule = "no_overlap: {of: t, by: [room], during: [a, b]}"
    assert judge(schema, rule).verdict is Verdict.KEPT
