"""Several statements in one transaction: what waits for its end, and how that is shown."""

from __future__ import annotations

import sqlite3

import pytest

from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.prove.database import Accepted, Refused
from schemalint.prove.export import exported
from schemalint.prove.scripts import statements
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.prove.agreement import DIALECTS, opened
from tests.prove.carrying_out import CarriedOut, carried_out, load, through, tried

WAITING = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]
RESTRICT = "reference: {from: c.p_id, to: p, on_delete: restrict, on_update: restrict}"
NO_ACTION = "reference: {from: c.p_id, to: p, on_delete: no_action, on_update: no_action}"


def _schema(action: str) -> str:
    return f"""
        CREATE TABLE p (id INTEGER PRIMARY KEY);
        CREATE TABLE c (
          id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) {action}
        );
    """


def _tried(name: str, ddl: str, rule: str) -> CarriedOut:
    with opened(name) as database:
        return carried_out(database, switched_on(load(ddl, "sql", DIALECTS[name])), rule)


DEFERRED = "DEFERRABLE INITIALLY DEFERRED"


@pytest.mark.parametrize(
    ("name", "deferrable"),
    [
        ("sqlite", DEFERRED),
        pytest.param("postgresql", DEFERRED, marks=pytest.mark.server),
        pytest.param("postgresql", "DEFERRABLE", marks=pytest.mark.server),
    ],
)
def test_a_key_that_is_checked_at_commit_lets_the_parent_go_first(
    name: str, deferrable: str
) -> None:
    done = _tried(name, _schema(deferrable), RESTRICT)
    assert done.read.verdict is done.report.verdict is Verdict.BROKEN
    found = through(done)
    assert set(found) == {
        "deletes the `p` at which a `c` points before that, in one transaction",
        "deletes the `p` at which a `c` points, which then points at another, in one transaction",
        "deletes the `p` at which a `c` points, and stores another with its key, in one "
        "transaction",
        "changes the key of the `p` at which a `c` points before that, in one transaction",
        "changes the key of the `p` at which a `c` points, and stores another with it, in one "
        "transaction",
    }
    sent = found["deletes the `p` at which a `c` points before that, in one transaction"]
    sent = [one for one in sent if not one.startswith(("SET", "PRAGMA"))]
    assert sent[-4:] == [
        "BEGIN",
        "DELETE FROM p WHERE id = 1",
        "DELETE FROM c WHERE id = 1",
        "COMMIT",
    ]


@pytest.mark.parametrize("name", WAITING)
@pytest.mark.parametrize("action", ["", "ON DELETE RESTRICT ON UPDATE RESTRICT"])
def test_what_does_not_wait_lets_nothing_go(name: str, action: str) -> None:
    done = _tried(name, _schema(action), RESTRICT)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}


@pytest.mark.parametrize(
    "action", ["DEFERRABLE", "ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE"]
)
def test_no_statement_of_sqlites_defers_what_is_not_deferred(action: str) -> None:
    """PRAGMA defer_foreign_keys is a setting of the connection, as PRAGMA foreign_keys is."""
    done = _tried("sqlite", _schema(action), RESTRICT)
    assert done.report.verdict is Verdict.KEPT
    assert not any("PRAGMA" in one for one in done.ends)
    assert through(done) == {}


@pytest.mark.parametrize("name", WAITING)
def test_restrict_refuses_at_once_though_it_is_deferrable(name: str) -> None:
    action = "ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED"
    done = _tried(name, _schema(action), RESTRICT)
    assert done.report.verdict is Verdict.KEPT
    within = {says: end for says, end in done.ends.items() if says.endswith("in one transaction")}
    assert len(within) == 5
    assert set(within.values()) == {"refused"}


@pytest.mark.parametrize("name", WAITING)
def test_no_action_allows_what_is_right_at_commit(name: str) -> None:
    done = _tried(name, _schema("DEFERRABLE INITIALLY DEFERRED"), NO_ACTION)
    assert done.report.verdict is Verdict.KEPT
    assert through(done) == {}
    within = {says: end for says, end in done.ends.items() if says.endswith("in one transaction")}
    assert len(within) == 2
    assert set(within.values()) == {"harmless"}


@pytest.mark.parametrize("name", WAITING)
def test_a_row_and_the_only_one_at_which_it_can_point(name: str) -> None:
    """Neither can change alone: there is one row in `p`, and a row of `c` points at it."""
    ddl = f"""
        CREATE TABLE p (f INTEGER PRIMARY KEY, one INTEGER NOT NULL UNIQUE CHECK (one = 1));
        CREATE TABLE c (id INTEGER PRIMARY KEY, f INTEGER NOT NULL REFERENCES p (f) {DEFERRED});
    """
    done = _tried(name, ddl, "immutable: {of: c, fields: [f]}")
    assert done.read.verdict is done.report.verdict is Verdict.BROKEN
    says = "changes `f` of a row of `c` with the `p` at which it points, in one transaction"
    sent = [one for one in through(done)[says] if not one.startswith("SET")]
    assert sent[-4:] == [
        "BEGIN",
        "UPDATE p SET f = 2 WHERE f = 1",
        "UPDATE c SET f = 2 WHERE id = 1",
        "COMMIT",
    ]


@pytest.mark.server
def test_postgresql_changes_both_by_one_statement() -> None:
    ddl = """
        CREATE TABLE p (f INTEGER PRIMARY KEY, one INTEGER NOT NULL UNIQUE CHECK (one = 1));
        CREATE TABLE c (id INTEGER PRIMARY KEY, f INTEGER NOT NULL REFERENCES p ON UPDATE RESTRICT);
    """
    done = _tried("postgresql", ddl, "immutable: {of: c, fields: [f]}")
    assert done.read.verdict is done.report.verdict is Verdict.BROKEN
    (found,) = through(done).values()
    assert found[-1].startswith("WITH row_1 AS (UPDATE p SET f = 2 WHERE f = 1) UPDATE c SET f = 2")


@pytest.mark.parametrize("name", WAITING)
def test_no_action_forbids_another_action(name: str) -> None:
    done = _tried(name, _schema("ON DELETE CASCADE ON UPDATE CASCADE"), NO_ACTION)
    assert set(through(done)) == {
        "deletes the `p` at which a `c` points",
        "changes the key of the `p` at which a `c` points",
    }


@pytest.mark.server
def test_a_parent_that_is_stored_together_with_its_child() -> None:
    ddl = """
        CREATE TABLE p (id integer PRIMARY KEY);
        CREATE TABLE c (id integer PRIMARY KEY, p_id integer NOT NULL REFERENCES p (id));
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM c WHERE p_id = NEW.id) THEN
            RAISE EXCEPTION 'childless';
          END IF;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER g AFTER INSERT ON p DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION f();
    """
    rule = "reference: {from: c.p_id, to: p, cardinality: one-or-more}"
    found = through(_tried("postgresql", ddl, rule))
    assert found["deletes the last `c` of a `p` that was stored with it"] == [
        "BEGIN",
        "INSERT INTO p (id) VALUES (1)",
        "INSERT INTO c (id, p_id) VALUES (1, 1)",
        "COMMIT",
        "DELETE FROM c WHERE id = 1",
    ]
    says = "lets the last `c` of a `p` that was stored with it point at another"
    assert found[says][-1] == "UPDATE c SET p_id = 2 WHERE id = 1"


# -- how it is exported


def test_the_script_that_gets_through_can_be_pasted() -> None:
    script = _script(_schema(DEFERRED))
    assert "\nBEGIN;\n" in script
    assert "\nCOMMIT;\n" in script
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.executescript(script)
    assert not connection.in_transaction
    connection.close()


def test_what_is_refused_leaves_no_transaction_behind() -> None:
    action = "ON DELETE RESTRICT ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED"
    script = _script(_schema(action))
    assert script.count("\nBEGIN;\n") == script.count("\nROLLBACK;\n") > 0


def _script(ddl: str) -> str:
    done = tried(ddl, RESTRICT)
    made = statements([SourceFile("schema.sql", ddl)], Dialect.SQLITE)
    files = exported(done.proofs, made, Dialect.SQLITE, "sqlite 3")
    return next(one.text for one in files if one.name.endswith(".sql"))


# -- attempts

TABLE = [
    "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER)",
    "CREATE TABLE d (id INTEGER PRIMARY KEY, "
    "up INTEGER REFERENCES d (id) DEFERRABLE INITIALLY DEFERRED)",
]


@pytest.mark.parametrize("name", [*WAITING, pytest.param("mysql", marks=pytest.mark.server)])
@pytest.mark.parametrize("clock", [False, True])
def test_a_transaction_of_several_runs(name: str, clock: bool) -> None:
    with opened(name) as database:
        database.build(TABLE[:1] if name == "mysql" else TABLE)
        with database.attempt(clock=clock) as attempt:
            attempt.begin()
            assert isinstance(attempt.run("INSERT INTO t VALUES (1, 1)"), Accepted)
            two = attempt.run("INSERT INTO t VALUES (2, 2)", "INSERT INTO t VALUES (1, 1)")
            assert isinstance(two, Refused)
            assert attempt.rows("SELECT id FROM t") == [(1,)]
            assert attempt.commit() is None
            attempt.begin()
            attempt.run("DELETE FROM t")
            attempt.rollback()
            assert attempt.rows("SELECT id FROM t") == [(1,)]


@pytest.mark.parametrize("name", WAITING)
@pytest.mark.parametrize("clock", [False, True])
def test_what_waits_is_checked_at_the_end(name: str, clock: bool) -> None:
    with opened(name) as database:
        database.build(TABLE)
        with database.attempt(clock=clock) as attempt:
            attempt.begin()
            assert isinstance(attempt.run("INSERT INTO d VALUES (1, 2)"), Accepted)
            assert isinstance(attempt.run("INSERT INTO d VALUES (2, 1)"), Accepted)
            assert attempt.commit() is None
            attempt.begin()
            assert isinstance(attempt.run("INSERT INTO d VALUES (3, 4)"), Accepted)
            refused = attempt.commit()
            assert refused is not None
            assert refused.kind == "foreign key"
            assert len(attempt.rows("SELECT id FROM d")) == 2
            alone = attempt.run("INSERT INTO d VALUES (3, 4)")
            assert isinstance(alone, Refused)


def test_a_transaction_that_a_trigger_ends() -> None:
    guard = "CREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'over'); END"
    with opened("sqlite") as database:
        database.build([TABLE[0], guard])
        with database.attempt() as attempt:
            attempt.begin()
            attempt.run("INSERT INTO t VALUES (1, 1)")
            assert isinstance(attempt.run("DELETE FROM t"), Refused)
            assert isinstance(attempt.run("INSERT INTO t VALUES (2, 2)"), Refused)
            assert attempt.commit() is not None
            assert attempt.rows("SELECT id FROM t") == []
