"""Writing through views: to the table's constraints and triggers it is writing like any other."""

from __future__ import annotations

import sqlite3

import pytest

from schemalint.engine import check
from schemalint.model import Dialect
from schemalint.rule import Verdict
from tests.prove.agreement import opened
from tests.prove.carrying_out import CarriedOut, carried_out, load, rulebook, through

TABLE = """
    CREATE TABLE t (
      id integer PRIMARY KEY, s text NOT NULL DEFAULT 'DRAFT' CHECK (s IN ('DRAFT', 'PAID'))
    );
"""
INITIAL = "states: {of: t.s, values: [DRAFT, PAID], initial: DRAFT}"


def _tried(ddl: str, rule: str = INITIAL) -> CarriedOut:
    with opened("postgresql") as database:
        return carried_out(database, load(ddl, "sql", Dialect.POSTGRESQL), rule)


@pytest.mark.server
@pytest.mark.parametrize("word", ["VIEW", "TABLE"])
def test_a_view_with_a_default_of_its_own(word: str) -> None:
    view = f"CREATE VIEW v AS SELECT id, s FROM t; ALTER {word} v ALTER s SET DEFAULT 'PAID';"
    done = _tried(TABLE + view)
    assert done.read.verdict is Verdict.UNKNOWN
    assert done.report.verdict is Verdict.BROKEN
    assert through(done) == {
        "stores a row of `t` through `v` without naming a state": ["INSERT INTO v (id) VALUES (1)"]
    }


@pytest.mark.server
@pytest.mark.parametrize(
    "view",
    [
        "CREATE VIEW v AS SELECT id, s FROM t WHERE s = 'PAID' WITH CHECK OPTION;",
        "CREATE VIEW v AS SELECT id, s FROM t; ALTER VIEW v ALTER s SET DEFAULT 'DRAFT';",
        "CREATE VIEW v AS SELECT id, s FROM t; ALTER VIEW v ALTER id SET DEFAULT 7;",
        "CREATE VIEW v AS SELECT id FROM t;",
    ],
)
def test_views_that_change_nothing(view: str) -> None:
    done = _tried(TABLE + view)
    assert done.read.verdict is done.report.verdict is Verdict.KEPT


@pytest.mark.parametrize(
    "view",
    [
        # Of a column with another name, and of a view on that.
        "CREATE VIEW v AS SELECT id, s AS q FROM t; ALTER VIEW v ALTER q SET DEFAULT 'PAID';",
        """
        CREATE VIEW v AS SELECT id, s FROM t; CREATE VIEW w AS SELECT id, s FROM v;
        ALTER VIEW w ALTER s SET DEFAULT 'PAID';
        """,
        "CREATE VIEW v AS SELECT id, s FROM t; ALTER VIEW v ALTER s SET DEFAULT lower('PAID');",
        "CREATE VIEW v AS SELECT upper(s) FROM t; ALTER VIEW v ALTER upper SET DEFAULT 'X';",
    ],
)
def test_views_of_which_it_is_not_known(view: str) -> None:
    schema = load(TABLE + view, "sql", Dialect.POSTGRESQL)
    assert check({}, schema, rulebook(INITIAL)).rules[0].verdict is Verdict.UNKNOWN


# -- what a trigger's own writing leads back to ----------------------------------------------------

GUARD = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL);
    CREATE TABLE log (id INTEGER PRIMARY KEY, x INTEGER);
    CREATE VIEW v AS SELECT id, s FROM t;
    CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TRIGGER g BEFORE UPDATE ON t BEGIN
      SELECT RAISE(ABORT, 'no') WHERE OLD.s = 'PAID' AND NEW.s <> 'PAID';
      INSERT INTO {written} (id) VALUES (99);
    END;
"""
BACK = {
    "log": "CREATE TRIGGER b AFTER INSERT ON log BEGIN UPDATE t SET s = 'DRAFT'; END;",
    "v": "CREATE TRIGGER b INSTEAD OF INSERT ON v BEGIN UPDATE t SET s = 'DRAFT'; END;",
    "p": """
        CREATE TRIGGER a AFTER INSERT ON p BEGIN INSERT INTO v (id) VALUES (1); END;
        CREATE TRIGGER b INSTEAD OF INSERT ON v BEGIN UPDATE t SET s = 'DRAFT'; END;
    """,
}
PAID = "immutable: {of: t, fields: [s], where: s = 'PAID'}"


@pytest.mark.parametrize("written", BACK)
def test_a_guard_does_not_see_what_its_own_writing_leads_to(written: str) -> None:
    ddl = GUARD.format(written=written) + BACK[written]
    connection = sqlite3.connect(":memory:")
    connection.executescript(ddl)
    connection.executescript("INSERT INTO t VALUES (1, 'DRAFT'), (2, 'PAID');")
    connection.execute("UPDATE t SET s = 'OPEN' WHERE id = 1")
    assert ("DRAFT",) in connection.execute("SELECT s FROM t WHERE id = 2").fetchall()
    connection.close()
    with opened("sqlite") as database:
        done = carried_out(database, load(ddl, "sql", Dialect.SQLITE), PAID)
    assert done.read.verdict is Verdict.UNKNOWN
    assert done.report.verdict is not Verdict.KEPT


def test_a_guard_that_writes_elsewhere_is_a_guard() -> None:
    with opened("sqlite") as database:
        schema = load(GUARD.format(written="log"), "sql", Dialect.SQLITE)
        done = carried_out(database, schema, PAID)
    assert done.read.verdict is done.report.verdict is Verdict.KEPT


def test_another_guard_is_not_kept_from_firing() -> None:
    other = """
        CREATE TRIGGER h BEFORE UPDATE ON t WHEN OLD.s = 'PAID' AND NEW.s <> 'PAID'
        BEGIN SELECT RAISE(ABORT, 'no'); END;
    """
    with opened("sqlite") as database:
        ddl = GUARD.format(written="log") + BACK["log"] + other
        done = carried_out(database, load(ddl, "sql", Dialect.SQLITE), PAID)
    assert done.read.verdict is done.report.verdict is Verdict.KEPT
