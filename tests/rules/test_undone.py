"""What keeps a rule and could be taken away by a later statement that was not understood."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL CONSTRAINT u UNIQUE CHECK (a > 0));\n"
UNIQUE = "unique: {of: t, by: [a]}"


@pytest.mark.parametrize(
    "rule", [UNIQUE, "required: {of: t, fields: [a]}", "check: {of: t, that: a > 0}"]
)
def test_statement_that_could_remove_it(rule: str) -> None:
    mystery = "DO $$ BEGIN PERFORM cleanse(); END $$;\n"
    assert judge(sql(TABLE), rule).verdict is Verdict.KEPT
    judged = judge(sql(TABLE + mystery), rule)
    assert judged.verdict is Verdict.UNKNOWN
    assert "could take it away" in judged.message
    assert judge(sql(mystery + TABLE), rule).verdict is Verdict.KEPT


def test_statement_on_another_table() -> None:
    other = "CREATE TABLE o (id int PRIMARY KEY);\nALTER TABLE o FROBNICATE id;\n"
    assert judge(sql(TABLE + other), UNIQUE).verdict is Verdict.KEPT
    own = "ALTER TABLE t FROBNICATE id;\n"
    assert judge(sql(TABLE + own), UNIQUE).verdict is Verdict.UNKNOWN


def test_constraint_that_is_made_afterwards() -> None:
    mystery = "ALTER TABLE t FROBNICATE id;\n"
    later = "CREATE UNIQUE INDEX v ON t (a);\n"
    table = "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);\n"
    assert judge(sql(table + mystery + later), UNIQUE).verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        ("CREATE TABLE t AS SELECT * FROM elsewhere.t;", Verdict.UNKNOWN),
        ("CREATE VIEW t AS SELECT * FROM elsewhere.t;", Verdict.UNKNOWN),
        ("CREATE TABLE t (id int, b FROBNICATE (,) int);", Verdict.UNKNOWN),
        ("CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN a @ int;", Verdict.UNKNOWN),
        (
            "CREATE TABLE t (id int); CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING;",
            Verdict.STALE,
        ),
        ("CREATE TABLE t AS SELECT id FROM (VALUES (1)) v (id);", Verdict.STALE),
        (
            "CREATE VIEW t AS SELECT * FROM elsewhere.t;"
            "CREATE OR REPLACE VIEW t AS SELECT 1 AS id;",
            Verdict.STALE,
        ),
    ],
)
def test_columns_that_were_not_read(made: str, verdict: Verdict) -> None:
    judged = judge(sql(made), UNIQUE)
    assert judged.verdict is verdict
    assert judged.message.startswith("`t` has no field or column `a`")
