"""What never changes or changes in steps, in PostgreSQL, as no observed case has it."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_T = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER);"
_STORED = "INSERT INTO t VALUES (1, 1, 1)"
_UPDATE = f"{_STORED} ;; UPDATE t SET a = 2"
_UPDATE_B = f"{_STORED} ;; UPDATE t SET b = 2"
_DELETE = f"{_STORED} ;; DELETE FROM t"
_A = "immutable: {of: t, fields: [a]}"
_B = "immutable: {of: t, fields: [b]}"
_ROW = "immutable: {of: t}"
_ROW_WHILE_THERE = "immutable: {of: t, deletable: true}"
_CHANGED = "SELECT 1 FROM t WHERE a = 2"
_CHANGED_B = "SELECT 1 FROM t WHERE b IS NULL OR b <> 1"


def _function(body: str, *, name: str = "f", head: str = "LANGUAGE plpgsql") -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger {head} AS $$ BEGIN {body} END $$;"


def _on(
    events: str, *, extra: str = "FOR EACH ROW", name: str = "g", timing: str = "BEFORE"
) -> str:
    return f"CREATE TRIGGER {name} {timing} {events} ON t {extra} EXECUTE FUNCTION f();"


def _refusing(condition: str) -> str:
    body = f"IF {condition} THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;"
    return _function(body) + _on("UPDATE")


_RAISE = _function("RAISE EXCEPTION 'no';")
_ON_UPDATE = _on("UPDATE")

_STEPS_TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s IN ('x', 'y', 'z')));"
)
_STEPS = "states: {of: t.s, values: [x, y, z], transitions: {x: [y], y: [z]}}"
_STEPS_FROM_X = "states: {of: t.s, values: [x, y, z], initial: x, transitions: {x: [y], y: [z]}}"

POSTGRESQL_CHANGES = (
    kept(
        "one trigger for both",
        "P",
        f"{_T}{_RAISE}{_on('UPDATE OR DELETE')}",
        _ROW,
        _UPDATE,
        _DELETE,
    ),
    kept(
        "a trigger for each statement",
        "P",
        f"{_T}{_RAISE}{_on('UPDATE OR DELETE', extra='FOR EACH STATEMENT')}",
        _ROW,
        _UPDATE,
        _DELETE,
    ),
    kept(
        "a comparison of whole rows",
        "P",
        _T + _refusing("OLD.* IS DISTINCT FROM NEW.*"),
        _ROW_WHILE_THERE,
        _UPDATE,
        _UPDATE_B,
    ),
    kept(
        "a comparison of rows in WHEN",
        "P",
        f"{_T}{_RAISE}{_on('UPDATE', extra='FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)')}",
        _A,
        _UPDATE,
    ),
    kept(
        "a comparison of one column in the body",
        "P",
        _T + _refusing("NEW.b IS DISTINCT FROM OLD.b"),
        _B,
        _UPDATE_B,
        f"{_STORED} ;; UPDATE t SET b = NULL",
    ),
    broken(
        "a comparison that NULL passes, in the body",
        "P",
        _T + _refusing("NEW.b <> OLD.b"),
        _B,
        _STORED,
        "UPDATE t SET b = NULL",
        shows=_CHANGED_B,
    ),
    broken(
        "a column that is compared, and another that the rule names",
        "P",
        _T + _refusing("NEW.a <> OLD.a"),
        _B,
        _STORED,
        "UPDATE t SET b = 2",
        shows=_CHANGED_B,
    ),
    kept(
        "two conditions in turn",
        "P",
        _T
        + _function(
            "IF NEW.a <> OLD.a THEN RAISE EXCEPTION 'no'; "
            "ELSIF NEW.b IS DISTINCT FROM OLD.b THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;"
        )
        + _ON_UPDATE,
        "immutable: {of: t, fields: [a, b]}",
        _UPDATE,
        _UPDATE_B,
    ),
    broken(
        "a refusal that is caught",
        "P",
        _T
        + _function("BEGIN RAISE EXCEPTION 'no'; EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NEW;")
        + _ON_UPDATE,
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "a notice",
        "P",
        _T + _function("RAISE NOTICE 'no'; RETURN NEW;") + _ON_UPDATE,
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "a function that was replaced by one that lets through",
        "P",
        f"{_T}{_RAISE}{_ON_UPDATE}"
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "a trigger that was dropped",
        "P",
        f"{_T}{_RAISE}{_ON_UPDATE} DROP TRIGGER g ON t;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "a trigger that is off",
        "P",
        f"{_T}{_RAISE}{_ON_UPDATE} ALTER TABLE t DISABLE TRIGGER g;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    kept(
        "a trigger that is on again",
        "P",
        f"{_T}{_RAISE}{_ON_UPDATE} ALTER TABLE t DISABLE TRIGGER ALL; "
        "ALTER TABLE t ENABLE TRIGGER g;",
        _A,
        _UPDATE,
    ),
    kept(
        "old values that are given back",
        "P",
        f"{_T}{_function('RETURN OLD;')}{_ON_UPDATE}",
        _ROW_WHILE_THERE,
        _UPDATE,
        stays="SELECT 1 FROM t WHERE a = 1 AND b = 1",
    ),
    kept(
        "a row that is locked by its state",
        "P",
        f"{_T}{_RAISE}{_on('UPDATE OR DELETE', extra='FOR EACH ROW WHEN (OLD.b = 1)')}",
        "immutable: {of: t, where: b = 1}",
        _UPDATE,
        _UPDATE_B,
        _DELETE,
    ),
    broken(
        "a row that is locked by another state than the rule's",
        "P",
        f"{_T}{_RAISE}{_on('UPDATE OR DELETE', extra='FOR EACH ROW WHEN (OLD.b = 2)')}",
        "immutable: {of: t, where: b = 1}",
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    kept(
        "events told apart in one function",
        "P",
        _T
        + _function(
            "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'no'; END IF; "
            "IF NEW.* IS DISTINCT FROM OLD.* THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;"
        )
        + _on("UPDATE OR DELETE"),
        _ROW,
        _UPDATE,
        _DELETE,
    ),
    broken(
        "one event told apart, and the other let through",
        "P",
        _T
        + _function("IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;")
        + _on("UPDATE OR DELETE"),
        _ROW,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "who may is asked in the body",
        "P",
        _T + _refusing("current_setting('app.admin', true) IS DISTINCT FROM 'yes'"),
        _A,
        _STORED,
        "SET app.admin = 'yes'",
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    kept(
        "one write, and no more",
        "P",
        _T + _refusing("OLD.b IS NOT NULL AND NEW.b IS DISTINCT FROM OLD.b"),
        "immutable: {of: t, fields: [b], once: true}",
        _UPDATE_B,
        f"{_STORED} ;; UPDATE t SET b = NULL",
    ),
    kept(
        "all steps, and the first state",
        "P",
        _STEPS_TABLE
        + _function(
            "IF TG_OP = 'INSERT' THEN "
            "IF NEW.s <> 'x' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END IF; "
            "IF NEW.s <> OLD.s AND NOT ((OLD.s = 'x' AND NEW.s = 'y') "
            "OR (OLD.s = 'y' AND NEW.s = 'z')) THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW;"
        )
        + _on("INSERT OR UPDATE"),
        _STEPS_FROM_X,
        "INSERT INTO t VALUES (1, 'z')",
        "INSERT INTO t VALUES (1, 'x') ;; UPDATE t SET s = 'z'",
        "INSERT INTO t VALUES (1, 'x') ;; UPDATE t SET s = 'y' ;; UPDATE t SET s = 'x'",
    ),
    broken(
        "one step too many",
        "P",
        _STEPS_TABLE + _refusing("OLD.s = 'z' AND NEW.s <> 'z'"),
        _STEPS,
        "INSERT INTO t VALUES (1, 'x')",
        "UPDATE t SET s = 'z'",
        shows="SELECT 1 FROM t WHERE s = 'z'",
    ),
    kept(
        "steps by cases",
        "P",
        _STEPS_TABLE
        + _function(
            "IF NEW.s = OLD.s THEN RETURN NEW; END IF; CASE OLD.s "
            "WHEN 'x' THEN IF NEW.s <> 'y' THEN RAISE EXCEPTION 'no'; END IF; "
            "WHEN 'y' THEN IF NEW.s <> 'z' THEN RAISE EXCEPTION 'no'; END IF; "
            "ELSE RAISE EXCEPTION 'no'; END CASE; RETURN NEW;"
        )
        + _ON_UPDATE,
        _STEPS,
        "INSERT INTO t VALUES (1, 'x') ;; UPDATE t SET s = 'z'",
        "INSERT INTO t VALUES (1, 'z') ;; UPDATE t SET s = 'x'",
    ),
    kept(
        "steps by pairs",
        "P",
        _STEPS_TABLE
        + _refusing(
            "NEW.s IS DISTINCT FROM OLD.s AND (OLD.s, NEW.s) NOT IN (('x', 'y'), ('y', 'z'))"
        ),
        _STEPS,
        "INSERT INTO t VALUES (1, 'x') ;; UPDATE t SET s = 'z'",
        "INSERT INTO t VALUES (1, 'z') ;; UPDATE t SET s = 'x'",
    ),
    kept(
        "bookings by a range",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public; "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, room INTEGER NOT NULL, s TIMESTAMPTZ NOT NULL, "
        "e TIMESTAMPTZ NOT NULL, EXCLUDE USING gist (room WITH =, tstzrange(s, e) WITH &&));",
        "no_overlap: {of: t, by: [room], during: [s, e]}",
        "INSERT INTO t VALUES (1, 1, '2024-01-01', '2024-01-05') ;; "
        "INSERT INTO t VALUES (2, 1, '2024-01-03', '2024-01-09')",
    ),
    broken(
        "bookings by a range, of some rows",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public; "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, room INTEGER NOT NULL, s TIMESTAMPTZ NOT NULL, "
        "e TIMESTAMPTZ NOT NULL, live BOOLEAN NOT NULL, "
        "EXCLUDE USING gist (room WITH =, tstzrange(s, e) WITH &&) WHERE (live));",
        "no_overlap: {of: t, by: [room], during: [s, e]}",
        "INSERT INTO t VALUES (1, 1, '2024-01-01', '2024-01-05', false)",
        "INSERT INTO t VALUES (2, 1, '2024-01-03', '2024-01-09', false)",
        shows="SELECT 1 FROM (SELECT count(*) AS n FROM t) AS x WHERE n = 2",
    ),
)
