"""What serves look-ups beside plain indexes, as PostgreSQL 15 plans them."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int, b int, d tstzrange NOT NULL);\n"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("CREATE INDEX i ON t (a) WHERE a IS NOT NULL;", Verdict.KEPT),
        ("CREATE INDEX i ON t (a) WHERE b IS NOT NULL;", Verdict.BROKEN),
        ("ALTER TABLE t ADD EXCLUDE USING gist (a WITH =, d WITH &&);", Verdict.KEPT),
        ("ALTER TABLE t ADD EXCLUDE USING gist (d WITH &&, a WITH =);", Verdict.BROKEN),
        ("ALTER TABLE t ADD EXCLUDE USING gist (a WITH <>, d WITH &&);", Verdict.BROKEN),
        ("ALTER TABLE t ADD EXCLUDE USING gist (a WITH =) WHERE (b > 0);", Verdict.BROKEN),
    ],
)
def test_index(more: str, verdict: Verdict) -> None:
    assert judge(sql(TABLE + more), "index: {of: t, by: [a]}").verdict is verdict
