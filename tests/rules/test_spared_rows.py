"""What keeps a rule for new rows, and was never held against the rows that were there."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.loaders.sql import databases
from tests.rules.judging import judge, sql

# Whoever writes IF NOT EXISTS may have the tables already, and rows in them.
TABLES = """
    CREATE TABLE p (id int PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, p_id int NOT NULL, a int NOT NULL);
    ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0){valid};
    ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE{valid};
"""
SPARED = TABLES.format(valid=" NOT VALID")
NEW_ROWS = " (of new rows: those stored before it were never checked)"


@pytest.mark.parametrize(
    "rule",
    [
        "check: {of: t, that: a > 0}",
        "reference: {from: t.p_id, to: p}",
        "reference: {from: t.p_id, to: p, on_delete: cascade}",
    ],
)
def test_the_verdict_stays_and_says_so(rule: str) -> None:
    judged = judge(sql(SPARED), rule)
    assert judged.verdict is Verdict.KEPT
    assert [NEW_ROWS in message for message in judged.kept_by].count(True) == 1
    validated = "ALTER TABLE t VALIDATE CONSTRAINT c, VALIDATE CONSTRAINT f;"
    for text in (TABLES.format(valid=""), SPARED + validated):
        assert not any(NEW_ROWS in message for message in judge(sql(text), rule).kept_by)


def test_another_constraint_is_not_concerned() -> None:
    judged = judge(sql(SPARED), "identity: {of: t, by: [id]}")
    assert judged.verdict is Verdict.KEPT
    assert not any(NEW_ROWS in message for message in judged.kept_by)


@pytest.mark.server
def test_what_a_foreign_key_does_is_the_same() -> None:
    """NOT VALID spares rows of a look at them, and of nothing else."""
    with databases.postgresql() as database:
        for statement in filter(str.strip, SPARED.split(";")):
            assert database.run(statement) is None
        stored = "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1, 1)"
        assert database.run(stored) is None
        assert "violates foreign key" in str(database.run("INSERT INTO t VALUES (2, 2, 1)"))
        assert "violates foreign key" in str(database.run("UPDATE t SET p_id = 2"))
        assert database.run("DELETE FROM p") is None
        assert database.rows("SELECT * FROM t") == []
