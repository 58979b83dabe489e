"""Guards that a trigger, a role or a routine switches off for a while.

What each schema lets through was settled on PostgreSQL 15 by hand.
"""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

GUARDED = """
    CREATE TABLE l (id int);
    CREATE TABLE t (id int PRIMARY KEY, a text);
    CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.a IS DISTINCT FROM OLD.a THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION no();
"""
FIXED = "immutable: {of: t, fields: [a]}"


def routine(body: str, settings: str = "", name: str = "f", returns: str = "trigger") -> str:
    return (
        f"CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE plpgsql {settings} AS "
        f"$$ BEGIN {body} RETURN NEW; END $$;\n"
    )


WRITES = "UPDATE t SET a = 'b';"
RUN = "CREATE TRIGGER w BEFORE INSERT ON l FOR EACH ROW EXECUTE FUNCTION f();\n"
OFF = "SET LOCAL session_replication_role = 'replica';"


@pytest.mark.parametrize(
    ("schema", "verdict"),
    [
        (GUARDED + routine(WRITES) + RUN, Verdict.KEPT),
        (GUARDED + routine(OFF + WRITES) + RUN, Verdict.UNKNOWN),
        (GUARDED + routine(OFF + WRITES), Verdict.KEPT),  # no trigger runs it
        (GUARDED + routine(OFF.replace("replica", "origin") + WRITES) + RUN, Verdict.KEPT),
        (
            GUARDED + routine(WRITES, "SET session_replication_role = replica") + RUN,
            Verdict.UNKNOWN,
        ),
        (
            GUARDED
            + routine(WRITES)
            + "ALTER FUNCTION f() SET session_replication_role = replica;"
            + RUN,
            Verdict.UNKNOWN,
        ),
        (
            GUARDED
            + routine("PERFORM set_config('session_replication_role', 'replica', true);" + WRITES)
            + RUN,
            Verdict.UNKNOWN,
        ),
        (
            GUARDED
            + routine(
                "IF current_setting('session_replication_role') = 'replica' THEN RETURN NEW;"
                " END IF;" + WRITES
            )
            + RUN,
            Verdict.KEPT,
        ),
        (
            GUARDED
            + routine("EXECUTE '" + OFF.replace("'", "''") + "';", name="off", returns="void")
            + routine("PERFORM off();" + WRITES)
            + RUN,
            Verdict.UNKNOWN,
        ),
        (
            GUARDED
            + routine(
                "ALTER TABLE t DISABLE TRIGGER g;" + WRITES + "ALTER TABLE t ENABLE TRIGGER g;"
            )
            + RUN,
            Verdict.UNKNOWN,
        ),
        (
            GUARDED
            + "CREATE TABLE o (id int);"
            + routine("ALTER TABLE o DISABLE TRIGGER ALL;" + WRITES)
            + RUN,
            Verdict.KEPT,
        ),
        (
            GUARDED + "ALTER ROLE app SET session_replication_role = replica;",
            Verdict.UNKNOWN,
        ),
        # what a trigger runs comes later than any statement, wherever its function stands
        (
            "CREATE TABLE l (id int);\n"
            + routine(OFF + WRITES)
            + RUN
            + GUARDED.replace("CREATE TABLE l (id int);", ""),
            Verdict.UNKNOWN,
        ),
    ],
)
def test_a_guard_that_is_switched_off_keeps_nothing(schema: str, verdict: Verdict) -> None:
    assert judge(sql(schema), FIXED).verdict is verdict
