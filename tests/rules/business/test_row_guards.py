"""Triggers as conditions on rows: what they keep, leave open, and let past."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

KEPT, WEAK, BROKEN, UNKNOWN = Verdict.KEPT, Verdict.WEAK, Verdict.BROKEN, Verdict.UNKNOWN
STATES = "states: {of: t.p, values: [a, b], optional: true}"
ALWAYS = "states: {of: t.p, values: [a, b]}"
REQUIRED = "required: {of: t, fields: [p]}"
OPTIONAL = "optional: {of: t, fields: [p]}"
UNIQUE = "unique: {of: t, by: [p], nulls: distinct}"

POSTGRESQL = """
CREATE TABLE t (id INT PRIMARY KEY, p TEXT, changed TIMESTAMP);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
"""
REFUSED = "IF {} THEN RAISE EXCEPTION 'x'; END IF;"
OTHER = "NEW.p NOT IN ('a', 'b')"


@pytest.mark.parametrize(
    ("body", "rule", "verdict"),
    [
        (REFUSED.format(OTHER), STATES, KEPT),
        (REFUSED.format(OTHER), ALWAYS, BROKEN),
        (REFUSED.format(f"NEW.p IS NULL OR {OTHER}"), ALWAYS, KEPT),
        (REFUSED.format(f"NEW.p IS DISTINCT FROM OLD.p AND {OTHER}"), STATES, KEPT),
        (REFUSED.format(f"TG_OP = 'INSERT' AND {OTHER}"), STATES, BROKEN),  # E25
        (REFUSED.format("NEW.p IS NULL"), REQUIRED, KEPT),
        (REFUSED.format("NEW.p IS NULL"), OPTIONAL, BROKEN),
        (REFUSED.format("NEW.p = ''"), OPTIONAL, KEPT),
        ("NEW.p := coalesce(NEW.p, 'x');", REQUIRED, UNKNOWN),
        ("NEW.changed := now();", REQUIRED, BROKEN),
        ("PERFORM mystery(NEW);", REQUIRED, UNKNOWN),
        ("PERFORM mystery(NEW);", OPTIONAL, UNKNOWN),
        ("PERFORM mystery(NEW);", UNIQUE, UNKNOWN),
        ("NEW.p := lower(NEW.p);", UNIQUE, UNKNOWN),
        ("NEW.changed := now();", UNIQUE, BROKEN),
        (REFUSED.format(OTHER), UNIQUE, BROKEN),
    ],
)
def test_postgresql(body: str, rule: str, verdict: Verdict) -> None:
    judged = judge(sql(POSTGRESQL.format(body=body)), rule)
    assert judged.verdict is verdict, judged.message


SQLITE = """
CREATE TABLE t (id INT PRIMARY KEY, p TEXT {null});
CREATE TRIGGER g {timing} INSERT ON t WHEN {when} BEGIN SELECT RAISE({how}, 'x'); END;
CREATE TRIGGER h {timing} UPDATE ON t WHEN {when} BEGIN SELECT RAISE({how}, 'x'); END;
"""


@pytest.mark.parametrize(
    ("null", "timing", "how", "rule", "verdict"),
    [
        ("", "BEFORE", "ABORT", STATES, KEPT),
        ("", "AFTER", "ABORT", STATES, KEPT),
        ("", "AFTER", "FAIL", STATES, BROKEN),  # the row is there by then
        ("NOT NULL", "BEFORE", "ABORT", ALWAYS, KEPT),
        ("NOT NULL DEFAULT 'zz'", "BEFORE", "ABORT", ALWAYS, BROKEN),  # INSERT OR REPLACE with NULL
    ],
)
def test_sqlite(null: str, timing: str, how: str, rule: str, verdict: Verdict) -> None:
    schema = sql(SQLITE.format(null=null, timing=timing, how=how, when=OTHER), "sqlite")
    judged = judge(schema, rule)
    assert judged.verdict is verdict, judged.message


MARIADB = """
CREATE TABLE u (id INT PRIMARY KEY, p VARCHAR(9) COLLATE utf8mb4_nopad_bin UNIQUE);
CREATE TABLE t (id INT PRIMARY KEY, p VARCHAR(9) COLLATE utf8mb4_nopad_bin {more});
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW
  IF NEW.p NOT IN ('a', 'b') THEN SIGNAL SQLSTATE '45000'; END IF;
CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW
  IF NEW.p NOT IN ('a', 'b') THEN SIGNAL SQLSTATE '45000'; END IF;
"""


@pytest.mark.parametrize(
    ("more", "rule", "verdict"),
    [
        ("", STATES, KEPT),
        ("NOT NULL", ALWAYS, BROKEN),  # INSERT IGNORE with NULL
        (", FOREIGN KEY (p) REFERENCES u (p) ON UPDATE CASCADE", STATES, UNKNOWN),
        (", FOREIGN KEY (p) REFERENCES u (p)", STATES, KEPT),
    ],
)
def test_mariadb(more: str, rule: str, verdict: Verdict) -> None:
    """I08: what a foreign key does fires no trigger."""
    judged = judge(sql(MARIADB.format(more=more), "mariadb"), rule)
    assert judged.verdict is verdict, judged.message


def test_rows_of_heirs_fire_no_trigger() -> None:
    """U23."""
    heir = "CREATE TABLE t2 (x INT) INHERITS (t);"
    guard = POSTGRESQL.format(body=REFUSED.format(OTHER))
    assert judge(sql(guard + heir), STATES).verdict is UNKNOWN


def test_uniqueness_by_trigger() -> None:
    """U49: of two transactions neither sees the other's row."""
    body = REFUSED.format("EXISTS (SELECT 1 FROM t WHERE p = NEW.p)")
    insert_only = POSTGRESQL.format(body=body).replace("INSERT OR UPDATE", "INSERT")
    assert judge(sql(insert_only), UNIQUE).verdict is BROKEN


def test_new_rows_without_a_value_are_refused() -> None:
    """That an UPDATE may take the value away is no way to store a row without it."""
    table = "CREATE TABLE t (id INT PRIMARY KEY, p TEXT);"
    trigger = (
        "CREATE TRIGGER g BEFORE {} ON t WHEN NEW.p IS NULL BEGIN SELECT RAISE(ABORT, 'x'); END;"
    )
    inserted = judge(sql(table + trigger.format("INSERT"), "sqlite"), OPTIONAL)
    assert inserted.verdict is BROKEN
    assert "rejects new rows" in inserted.message
    assert judge(sql(table + trigger.format("UPDATE"), "sqlite"), OPTIONAL).verdict is KEPT


@pytest.mark.parametrize("kind", ["INTEGER", "INT", "BIGINT"])
def test_null_for_a_key_of_mysqls_passes_its_triggers(kind: str) -> None:
    """INSERT IGNORE stores 0 for it: an INTEGER PRIMARY KEY is a row id on SQLite only."""
    guards = "".join(
        f"CREATE TRIGGER g{event} BEFORE {event} ON t FOR EACH ROW "
        "IF NEW.id < 3 THEN SIGNAL SQLSTATE '45000'; END IF;"
        for event in ("INSERT", "UPDATE")
    )
    schema = sql(f"CREATE TABLE t (id {kind} NOT NULL, PRIMARY KEY (id));{guards}", "mariadb")
    assert judge(schema, "check: {of: t, that: id > 0}").verdict is BROKEN


@pytest.mark.parametrize(
    ("event", "guard", "verdict"),
    [
        ("UPDATE", "", BROKEN),  # what is stored stays so for as long as nobody updates it
        ("INSERT", "", UNKNOWN),
        (
            "UPDATE",
            "CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW "
            "IF NEW.p IS NULL THEN SIGNAL SQLSTATE '45000'; END IF;",
            UNKNOWN,
        ),
    ],
)
def test_what_an_update_mends(event: str, guard: str, verdict: Verdict) -> None:
    schema = sql(
        "CREATE TABLE t (id INT PRIMARY KEY, p VARCHAR(9));"
        f"CREATE TRIGGER m BEFORE {event} ON t FOR EACH ROW SET NEW.p = 'a';{guard}",
        "mariadb",
    )
    assert judge(schema, "check: {of: t, that: p is not null}").verdict is verdict
