"""Rows that a table has through others, on PostgreSQL: its heirs', and its parts'.

Each verdict was settled on PostgreSQL 15 by hand.
"""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

HEIR = "CREATE TABLE k () INHERITS (t);\n"
REQUIRED = "required: {of: t, fields: [a]}"
CHECK = "check: {of: t, that: a > 0}"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [("", Verdict.KEPT), ("ALTER TABLE k ALTER a DROP NOT NULL;", Verdict.BROKEN)],
)
def test_what_an_heir_lacks_its_parent_lacks(more: str, verdict: Verdict) -> None:
    table = "CREATE TABLE t (id int, a int NOT NULL CHECK (a > 0));\n"
    assert judge(sql(table + HEIR + more), REQUIRED).verdict is verdict


@pytest.mark.parametrize(("heir", "verdict"), [("", Verdict.KEPT), (HEIR, Verdict.BROKEN)])
def test_a_check_with_no_inherit_says_nothing_of_heirs(heir: str, verdict: Verdict) -> None:
    table = "CREATE TABLE t (id int, a int NOT NULL, CHECK (a > 0) NO INHERIT);\n"
    assert judge(sql(table + heir), CHECK).verdict is verdict


PARTS = """
    CREATE TABLE t (id int, a int NOT NULL) PARTITION BY LIST (a);
    CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
    CREATE TABLE t2 PARTITION OF t DEFAULT;
"""
UNIQUE = "unique: {of: t, by: [a]}"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("CREATE UNIQUE INDEX u ON t (a);", Verdict.KEPT),
        ("CREATE UNIQUE INDEX u ON ONLY t (a);", Verdict.BROKEN),
        ("CREATE UNIQUE INDEX u ON ONLY t (a); CREATE UNIQUE INDEX u1 ON t1 (a);", Verdict.BROKEN),
        (
            "CREATE UNIQUE INDEX u ON ONLY t (a); CREATE UNIQUE INDEX u1 ON t1 (a);"
            "CREATE UNIQUE INDEX u2 ON t2 (a); ALTER INDEX u ATTACH PARTITION u1;"
            "ALTER INDEX u ATTACH PARTITION u2;",
            Verdict.KEPT,
        ),
        # as pg_dump writes it
        (
            "ALTER TABLE ONLY t ADD CONSTRAINT p PRIMARY KEY (a);"
            "ALTER TABLE ONLY t1 ADD CONSTRAINT p1 PRIMARY KEY (a);"
            "ALTER TABLE ONLY t2 ADD CONSTRAINT p2 PRIMARY KEY (a);"
            "ALTER INDEX p ATTACH PARTITION p1; ALTER INDEX p ATTACH PARTITION p2;",
            Verdict.KEPT,
        ),
    ],
)
def test_an_index_of_only_the_whole_is_not_valid_before_each_part_has_it(
    more: str, verdict: Verdict
) -> None:
    assert judge(sql(PARTS + more), UNIQUE).verdict is verdict


def test_an_index_of_only_the_whole_finds_no_rows() -> None:
    rule = "index: {of: t, by: [a]}"
    assert judge(sql(PARTS + "CREATE INDEX i ON ONLY t (a);"), rule).verdict is Verdict.BROKEN
    assert judge(sql(PARTS + "CREATE INDEX i ON t (a);"), rule).verdict is Verdict.KEPT


GUARD = """
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'no'; END $$;
    CREATE TRIGGER g BEFORE UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();
"""


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("", Verdict.KEPT),
        ("ALTER TABLE t1 DISABLE TRIGGER g;", Verdict.BROKEN),
        ("ALTER TABLE t1 DISABLE TRIGGER USER;", Verdict.BROKEN),
        ("ALTER TABLE t1 DISABLE TRIGGER g; ALTER TABLE t1 ENABLE TRIGGER g;", Verdict.KEPT),
        ("ALTER TABLE t1 DISABLE TRIGGER g; ALTER TABLE t ENABLE TRIGGER g;", Verdict.KEPT),
        ("ALTER TABLE t DISABLE TRIGGER g;", Verdict.BROKEN),
    ],
)
def test_the_clone_of_a_trigger_is_switched_off_in_a_part(more: str, verdict: Verdict) -> None:
    judged = judge(sql(PARTS + GUARD + more), "immutable: {of: t}")
    assert judged.verdict is verdict


STARTS = "states: {of: t.s, values: [new, old], initial: new}"
STATED = "CREATE TABLE t (k int, s text NOT NULL DEFAULT 'new' CHECK (s IN ('new', 'old')))"


@pytest.mark.parametrize(
    "tables",
    [
        " PARTITION BY RANGE (k); CREATE TABLE t1 PARTITION OF t (s DEFAULT 'old') DEFAULT;",
        "; CREATE TABLE t1 (s text DEFAULT 'old') INHERITS (t);",
    ],
)
def test_a_row_may_be_put_straight_into_a_table_with_a_default_of_its_own(tables: str) -> None:
    assert judge(sql(STATED + tables), STARTS).verdict is Verdict.BROKEN
    assert judge(sql(STATED + tables.replace("old", "new")), STARTS).verdict is Verdict.KEPT


BY_LIST = """
    CREATE TABLE m (id int, k text, n int) PARTITION BY LIST (k);
    CREATE TABLE m1 PARTITION OF m FOR VALUES IN ('a');
"""
BY_RANGE = """
    CREATE TABLE m (id int, k text, n int) PARTITION BY RANGE (n);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10);
"""
TWO_KEYS = "CREATE TABLE m (k text, y int, q int) PARTITION BY RANGE (y, q);\n"
BELOW = """
    CREATE TABLE m (k text, n int) PARTITION BY LIST (k);
    CREATE TABLE m1 PARTITION OF m FOR VALUES IN ('a') PARTITION BY RANGE (n);
    CREATE TABLE m2 PARTITION OF m FOR VALUES IN ('b');
    CREATE TABLE m3 PARTITION OF m1 FOR VALUES FROM (0) TO (10);
"""
HAS_N = "required: {of: m, fields: [n]}"
IS_A = "states: {of: m.k, values: [a]}"
AT_RUN_TIME = """
    CREATE FUNCTION grow(v text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF m FOR VALUES IN (%L)', 'm' || v, v); END $$;
"""


@pytest.mark.parametrize(
    ("tables", "rule", "verdict"),
    [
        (BY_LIST, IS_A, Verdict.KEPT),
        (BY_LIST, IS_A.replace("m.k", "m1.k"), Verdict.KEPT),
        (BY_LIST, IS_A.replace("[a]", "[b]"), Verdict.BROKEN),
        (BY_LIST.replace("'a'", "'a', NULL"), "required: {of: m, fields: [k]}", Verdict.BROKEN),
        (BY_LIST + "ALTER TABLE m RENAME k TO s;", IS_A.replace("m.k", "m.s"), Verdict.KEPT),
        (BY_LIST + "CREATE TABLE m2 PARTITION OF m DEFAULT;", IS_A, Verdict.BROKEN),
        (
            BY_LIST + "CREATE TABLE m2 PARTITION OF m DEFAULT;",
            "check: {of: m2, that: k is null or k <> 'a'}",
            Verdict.KEPT,
        ),
        (BY_LIST + AT_RUN_TIME, IS_A, Verdict.BROKEN),
        (
            BY_LIST + "CREATE FOREIGN TABLE m2 PARTITION OF m FOR VALUES IN ('b') SERVER s;",
            IS_A,
            Verdict.BROKEN,
        ),
        (BY_LIST + "SELECT partman.create_parent('public.m', 'k');", IS_A, Verdict.BROKEN),
        (BY_LIST + "ALTER TABLE m DETACH PARTITION m1;", IS_A.replace("m.", "m1."), Verdict.BROKEN),
        (BY_LIST, "optional: {of: m, fields: [k]}", Verdict.BROKEN),
        (BY_RANGE, HAS_N, Verdict.KEPT),
        (BY_RANGE + "CREATE TABLE m2 PARTITION OF m DEFAULT;", HAS_N, Verdict.BROKEN),
        (BY_RANGE, "check: {of: m, that: n >= 0 and n < 10}", Verdict.KEPT),
        (BY_RANGE, "check: {of: m, that: n >= 0 and n < 9}", Verdict.BROKEN),
        (BY_RANGE.replace("(10)", "(MAXVALUE)"), "check: {of: m, that: n < 10}", Verdict.BROKEN),
        (
            BY_RANGE.replace(
                "m1 PARTITION OF m FOR", "m1 (LIKE m); ALTER TABLE m ATTACH PARTITION m1 FOR"
            ),
            HAS_N,
            Verdict.KEPT,
        ),
        (
            TWO_KEYS + "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1, MINVALUE) TO (2, 5);",
            "check: {of: m, that: y = 1 or (y = 2 and q < 5)}",
            Verdict.KEPT,
        ),
        (
            TWO_KEYS + "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (1, MINVALUE) TO (2, 5);",
            "check: {of: m, that: y = 1}",
            Verdict.BROKEN,
        ),
        (BELOW, "check: {of: m, that: k = 'b' or n >= 0}", Verdict.KEPT),
        (
            BELOW + "CREATE TABLE m4 PARTITION OF m1 DEFAULT;",
            "check: {of: m, that: k = 'b' or n >= 0}",
            Verdict.BROKEN,
        ),
        (
            "CREATE TABLE m (n int) PARTITION BY HASH (n);"
            "CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 1, REMAINDER 0);",
            HAS_N,
            Verdict.BROKEN,
        ),
    ],
)
def test_a_row_that_no_part_takes_is_refused(tables: str, rule: str, verdict: Verdict) -> None:
    assert judge(sql(tables), rule).verdict is verdict
