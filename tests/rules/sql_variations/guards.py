"""Triggers that guard rows and states: what gets past them, and what does not."""

from __future__ import annotations

from tests.rules.sql_variations.variation import Variation, broken, kept

_NO = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"
_RAISE = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'no'; END $$;"
)
_NUMBERS = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL DEFAULT 3, b INTEGER);"
_TEXT_KEY = "CREATE TABLE t (id {text} NOT NULL PRIMARY KEY, a INTEGER);"
_PARTED = "CREATE TABLE t (id INTEGER, a INTEGER) PARTITION BY RANGE (a);"
_PARTS = (
    f"{_PARTED}"
    "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);"
    "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20);"
)
_A = "immutable: {of: t, fields: [a]}"
_WHILE_THERE = "immutable: {of: t, deletable: true}"
_ROW = "immutable: {of: t}"
_STATES = """
    states:
      of: t.s
      values: [draft, paid, done]
      initial: draft
      transitions: {draft: [paid], paid: [done]}
"""
_STATE_TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(9) NOT NULL DEFAULT 'draft' "
    "CHECK (s IN ('draft', 'paid', 'done')));"
)
_STEP = (
    "OLD.s <> NEW.s AND NOT ((OLD.s = 'draft' AND NEW.s = 'paid') "
    "OR (OLD.s = 'paid' AND NEW.s = 'done'))"
)

NULLS = (
    broken(
        "NULL becomes 0 after a BEFORE trigger",
        "M",
        f"{_NUMBERS} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"IF OLD.a <> NEW.a THEN {_NO}; END IF;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1)",
        "UPDATE IGNORE t SET a = NULL",
        shows="SELECT 1 FROM t WHERE a = 0",
    ),
    kept(
        "an AFTER trigger sees what NULL has become",
        "M",
        f"{_NUMBERS} CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW "
        f"IF OLD.a <> NEW.a THEN {_NO}; END IF;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE IGNORE t SET a = NULL",
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET a = 2",
    ),
    kept(
        "a BEFORE trigger that takes NULL for a change",
        "M",
        f"{_NUMBERS} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"IF NOT (OLD.a <=> NEW.a) THEN {_NO}; END IF;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE IGNORE t SET a = NULL",
    ),
    broken(
        "OR REPLACE stores the default in place of NULL",
        "S",
        f"{_NUMBERS} CREATE TRIGGER g BEFORE UPDATE ON t WHEN OLD.a <> NEW.a "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1)",
        "UPDATE OR REPLACE t SET a = NULL",
        shows="SELECT 1 FROM t WHERE a = 3",
    ),
    kept(
        "without a default OR REPLACE has nothing to store",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL); CREATE TRIGGER g BEFORE "
        "UPDATE ON t WHEN OLD.a <> NEW.a BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _A,
        "INSERT INTO t VALUES (1, 1) ;; UPDATE OR REPLACE t SET a = NULL",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET a = 2",
    ),
    kept(
        "PostgreSQL refuses NULL after the BEFORE triggers",
        "P",
        f"{_NUMBERS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET a = NULL",
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET a = DEFAULT",
    ),
    broken(
        "an enum's first value in place of NULL",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s ENUM('draft', 'paid', 'done') NOT NULL);"
        f"CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW IF {_STEP} THEN {_NO}; END IF;"
        "CREATE TRIGGER i AFTER INSERT ON t FOR EACH ROW "
        f"IF NEW.s <> 'draft' THEN {_NO}; END IF;",
        _STATES,
        "INSERT INTO t VALUES (1, 'draft')",
        "UPDATE t SET s = 'paid'",
        "UPDATE t SET s = 'done'",
        "UPDATE IGNORE t SET s = NULL",
        shows="SELECT 1 FROM t WHERE s = 'draft'",
    ),
)

SQLITE_WAYS = (
    broken(
        "REPLACE by the row id of a table with a key of text",
        "S",
        f"{_TEXT_KEY} CREATE TRIGGER u BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER d BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER i BEFORE INSERT ON t WHEN EXISTS (SELECT 1 FROM t WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _ROW,
        "INSERT INTO t (rowid, id) VALUES (1, 'a')",
        "INSERT OR REPLACE INTO t (rowid, id) VALUES (1, 'b')",
        shows="SELECT 1 FROM t WHERE id = 'b' AND NOT EXISTS (SELECT 1 FROM t WHERE id = 'a')",
    ),
    kept(
        "a guard that knows the row id",
        "S",
        f"{_TEXT_KEY} CREATE TRIGGER u BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER d BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER i BEFORE INSERT ON t WHEN EXISTS (SELECT 1 FROM t AS x WHERE x.id = NEW.id "
        "OR x.rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _ROW,
        "INSERT INTO t (rowid, id) VALUES (1, 'a') ;; "
        "INSERT OR REPLACE INTO t (rowid, id) VALUES (1, 'b')",
        "INSERT INTO t VALUES ('a', 1) ;; INSERT OR REPLACE INTO t VALUES ('a', 2)",
    ),
    kept(
        "a table WITHOUT ROWID has its key alone",
        "S",
        "CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY, a INTEGER) WITHOUT ROWID;"
        "CREATE TRIGGER u BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER d BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
        "CREATE TRIGGER i BEFORE INSERT ON t WHEN EXISTS (SELECT 1 FROM t WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _ROW,
        "INSERT INTO t VALUES ('a', 1) ;; INSERT OR REPLACE INTO t VALUES ('a', 2)",
    ),
    broken(
        "UPDATE OF a generated column does not see what it is made of",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, g INTEGER GENERATED ALWAYS AS (a * 2));"
        "CREATE TRIGGER g BEFORE UPDATE OF g ON t BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "immutable: {of: t, fields: [g]}",
        "INSERT INTO t (id, a) VALUES (1, 1)",
        "UPDATE t SET a = 2",
        shows="SELECT 1 FROM t WHERE g = 4",
    ),
)

POSTGRESQL_WAYS = (
    broken(
        "a row that moves to another partition passes AFTER UPDATE",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET a = 12",
        shows="SELECT 1 FROM t WHERE a = 12",
    ),
    kept(
        "a row that moves to another partition meets AFTER DELETE",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g AFTER UPDATE OR DELETE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET a = 2",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET a = 12",
    ),
    kept(
        "a row that moves to another partition meets AFTER DELETE, which asks the same",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g AFTER UPDATE OR DELETE ON t FOR EACH ROW "
        "WHEN (OLD.id > 0) EXECUTE FUNCTION refuse();",
        "immutable: {of: t, fields: [a], where: id > 1}",
        "INSERT INTO t VALUES (2, 1) ;; UPDATE t SET a = 2",
        "INSERT INTO t VALUES (2, 1) ;; UPDATE t SET a = 12",
    ),
    broken(
        "a row that moves to another partition passes AFTER DELETE, which asks else",
        "P",
        f"{_PARTS} CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.id > 0 THEN RAISE EXCEPTION 'no'; END IF; RETURN NULL; END $$; "
        "CREATE TRIGGER g AFTER UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET a = 12",
        shows="SELECT 1 FROM t WHERE a = 12",
    ),
    kept(
        "a row that moves to another partition meets BEFORE UPDATE",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET a = 12",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t1 SET a = 2",
    ),
    kept(
        "a part has the row triggers of the whole",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        "immutable: {of: t1, fields: [a]}",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t1 SET a = 2",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET a = 12",
    ),
    broken(
        "a statement trigger misses statements on parts that are made later",
        "P",
        f"{_PARTED} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse();",
        _A,
        "CREATE TABLE t1 PARTITION OF t DEFAULT",
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t1 SET a = 2",
        shows="SELECT 1 FROM t WHERE a = 2",
    ),
    broken(
        "a row that moves to a part that is made later passes AFTER UPDATE",
        "P",
        f"{_PARTED} {_RAISE} CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        _A,
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET a = 12",
        shows="SELECT 1 FROM t WHERE a = 12",
    ),
    broken(
        "a statement trigger of the whole misses statements on a part",
        "P",
        f"{_PARTS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse();",
        _A,
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t1 SET a = 2",
        shows="SELECT 1 FROM t WHERE a = 2",
    ),
    kept(
        "a statement trigger of a table alone",
        "P",
        f"{_NUMBERS} {_RAISE} CREATE VIEW v AS SELECT * FROM t;"
        "CREATE TRIGGER g BEFORE UPDATE ON t "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse();",
        _WHILE_THERE,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE v SET a = 2",
        "INSERT INTO t VALUES (1, 1, 1) ;; "
        "INSERT INTO t VALUES (1, 2, 2) ON CONFLICT (id) DO UPDATE SET a = 2",
        "INSERT INTO t VALUES (1, 1, 1) ;; MERGE INTO t USING (SELECT 1 AS i) AS s ON t.id = s.i "
        "WHEN MATCHED THEN UPDATE SET a = 2",
    ),
    broken(
        "a trigger for replicas fires for nobody else",
        "P",
        f"{_NUMBERS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "EXECUTE FUNCTION refuse(); ALTER TABLE t ENABLE REPLICA TRIGGER g;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1)",
        "UPDATE t SET a = 2",
        shows="SELECT 1 FROM t WHERE a = 2",
    ),
    kept(
        "whole rows compared",
        "P",
        f"{_NUMBERS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION refuse();",
        _WHILE_THERE,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET b = NULL",
        "INSERT INTO t VALUES (1, 1, NULL) ;; UPDATE t SET b = 1",
    ),
    broken(
        "lists of values compared by <>",
        "P",
        f"{_NUMBERS} {_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "WHEN ((OLD.a, OLD.b) <> (NEW.a, NEW.b)) EXECUTE FUNCTION refuse();",
        "immutable: {of: t, fields: [a, b]}",
        "INSERT INTO t VALUES (1, 1, NULL)",
        "UPDATE t SET b = 1",
        shows="SELECT 1 FROM t WHERE b = 1",
    ),
    kept(
        "a trigger that lets every row start in one state",
        "P",
        f"{_STATE_TABLE} {_RAISE} CREATE FUNCTION start() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.s := 'draft'; RETURN NEW; END $$;"
        "CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION start();"
        f"CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW WHEN ({_STEP}) "
        "EXECUTE FUNCTION refuse();",
        _STATES,
        "INSERT INTO t VALUES (1, 'done') ;; UPDATE t SET s = 'done'",
    ),
    kept(
        "steps as pairs",
        "P",
        f"{_STATE_TABLE} {_RAISE} CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW "
        "WHEN (NEW.s <> 'draft') EXECUTE FUNCTION refuse();"
        "CREATE TRIGGER u BEFORE UPDATE OF s ON t FOR EACH ROW WHEN (OLD.s <> NEW.s AND "
        "(OLD.s, NEW.s) NOT IN (('draft', 'paid'), ('paid', 'done'))) EXECUTE FUNCTION refuse();",
        _STATES,
        "INSERT INTO t VALUES (1, 'done')",
        "INSERT INTO t VALUES (1, 'draft') ;; UPDATE t SET s = 'done'",
    ),
)

OTHERS = (
    kept(
        "MariaDB: texts compared by their bytes",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9) NOT NULL);"
        "CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW "
        f"IF BINARY OLD.a <> BINARY NEW.a THEN {_NO}; END IF;",
        _A,
        "INSERT INTO t VALUES (1, 'abc') ;; UPDATE t SET a = 'ABC'",
        "INSERT INTO t VALUES (1, 'abc') ;; UPDATE t SET a = 'abc '",
        "INSERT INTO t VALUES (1, 'abc') ;; UPDATE IGNORE t SET a = NULL",
    ),
    broken(
        "MariaDB: a later trigger changes what a guard has seen",
        "M",
        f"{_NUMBERS} CREATE TRIGGER z BEFORE UPDATE ON t FOR EACH ROW "
        f"IF NOT (OLD.a <=> NEW.a) THEN {_NO}; END IF;"
        "CREATE TRIGGER a BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 7;",
        _A,
        "INSERT INTO t VALUES (1, 1, 1)",
        "UPDATE t SET b = 2",
        shows="SELECT 1 FROM t WHERE a = 7",
    ),
    kept(
        "MariaDB: REPLACE meets an AFTER DELETE trigger",
        "M",
        f"{_NUMBERS} CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW {_NO};"
        f"CREATE TRIGGER d AFTER DELETE ON t FOR EACH ROW {_NO};",
        _ROW,
        "INSERT INTO t VALUES (1, 1, 1) ;; REPLACE INTO t VALUES (1, 2, 2)",
        "INSERT INTO t VALUES (1, 1, 1) ;; DELETE IGNORE FROM t",
        "INSERT INTO t VALUES (1, 1, 1) ;; "
        "INSERT INTO t VALUES (1, 2, 2) ON DUPLICATE KEY UPDATE a = 2",
    ),
)

GUARDS: tuple[Variation, ...] = (*NULLS, *SQLITE_WAYS, *POSTGRESQL_WAYS, *OTHERS)
