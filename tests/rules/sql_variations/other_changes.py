"""What never changes or changes in steps, in SQLite and MariaDB, as no observed case has it."""

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
_GONE = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t WHERE id = 1)"

_LITE = "CREATE TRIGGER g BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
_LITE_DELETE = "CREATE TRIGGER h BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;"
_SIGNAL = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"

_STEPS_TABLE = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL CHECK (s IN ('x', 'y', 'z')));"
)
_STEPS = "states: {of: t.s, values: [x, y, z], transitions: {x: [y], y: [z]}}"

OTHER_CHANGES = (
    # -- SQLite
    broken(
        "both triggers, and REPLACE",
        "S",
        f"{_T}{_LITE}{_LITE_DELETE}",
        _ROW,
        _STORED,
        "REPLACE INTO t VALUES (1, 2, 2)",
        shows=_CHANGED,
    ),
    kept(
        "both triggers, and one against REPLACE",
        "S",
        f"{_T}{_LITE}{_LITE_DELETE} CREATE TRIGGER i BEFORE INSERT ON t "
        "WHEN EXISTS (SELECT 1 FROM t WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _ROW,
        _UPDATE,
        _DELETE,
        f"{_STORED} ;; REPLACE INTO t VALUES (1, 2, 2)",
    ),
    broken(
        "a trigger against REPLACE that does not know the other key",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL UNIQUE, b INTEGER);"
        f"{_LITE}{_LITE_DELETE} CREATE TRIGGER i BEFORE INSERT ON t "
        "WHEN EXISTS (SELECT 1 FROM t WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _ROW,
        _STORED,
        "REPLACE INTO t VALUES (5, 1, 2)",
        shows=_GONE,
    ),
    kept(
        "RAISE in a CASE",
        "S",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t BEGIN "
        "SELECT CASE WHEN OLD.b IS NOT NEW.b THEN RAISE(ABORT, 'no') END; END;",
        _B,
        _UPDATE_B,
        f"{_STORED} ;; UPDATE t SET b = NULL",
    ),
    kept(
        "RAISE with a WHERE",
        "S",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t BEGIN "
        "SELECT RAISE(ROLLBACK, 'no') WHERE OLD.a <> NEW.a; END;",
        _A,
        _UPDATE,
    ),
    broken(
        "RAISE with a WHERE that NULL passes",
        "S",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t BEGIN "
        "SELECT RAISE(ABORT, 'no') WHERE OLD.b <> NEW.b; END;",
        _B,
        _STORED,
        "UPDATE t SET b = NULL",
        shows=_CHANGED_B,
    ),
    broken(
        "a trigger for another column, in SQLite",
        "S",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE OF a ON t BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _B,
        _STORED,
        "UPDATE t SET b = 2",
        shows=_CHANGED_B,
    ),
    broken(
        "a trigger that was dropped with its table's rebuilding",
        "S",
        f"{_T}{_LITE} CREATE TABLE n (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER); "
        "INSERT INTO n SELECT * FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    kept(
        "steps in SQLite, whatever is stored",
        "S",
        f"{_STEPS_TABLE} CREATE TRIGGER g BEFORE UPDATE OF s ON t WHEN OLD.s <> NEW.s AND NOT "
        "(OLD.s = 'x' AND NEW.s = 'y') AND NOT (OLD.s = 'y' AND NEW.s = 'z') "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _STEPS,
        "INSERT INTO t VALUES (1, 'x') ;; UPDATE t SET s = 'z'",
        "INSERT INTO t VALUES (1, 'z') ;; UPDATE t SET s = 'x'",
    ),
    # -- MariaDB
    kept(
        "both triggers in MariaDB",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL}; "
        f"CREATE TRIGGER h BEFORE DELETE ON t FOR EACH ROW {_SIGNAL};",
        _ROW,
        _UPDATE,
        _DELETE,
        f"{_STORED} ;; REPLACE INTO t VALUES (1, 2, 2)",
    ),
    kept(
        "a block with a condition",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN "
        f"IF NOT (OLD.b <=> NEW.b) THEN {_SIGNAL}; END IF; END;",
        _B,
        _UPDATE_B,
        f"{_STORED} ;; UPDATE t SET b = NULL",
    ),
    broken(
        "a block with a condition that NULL passes",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN "
        f"IF OLD.b != NEW.b THEN {_SIGNAL}; END IF; END;",
        _B,
        _STORED,
        "UPDATE t SET b = NULL",
        shows=_CHANGED_B,
    ),
    kept(
        "a condition that sees NULL in two steps",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "IF OLD.b <> NEW.b OR (OLD.b IS NULL) <> (NEW.b IS NULL) THEN "
        f"{_SIGNAL}; END IF;",
        _B,
        _UPDATE_B,
        f"{_STORED} ;; UPDATE t SET b = NULL",
    ),
    kept(
        "old values that are set again",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = OLD.a, NEW.b = OLD.b;",
        "immutable: {of: t, fields: [a, b]}",
        _UPDATE,
        stays="SELECT 1 FROM t WHERE a = 1 AND b = 1",
    ),
    broken(
        "a refusal that a handler swallows",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW BEGIN "
        f"DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; {_SIGNAL}; END;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "a trigger that was dropped in MariaDB",
        "M",
        f"{_T} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL}; DROP TRIGGER g;",
        _A,
        _STORED,
        "UPDATE t SET a = 2",
        shows=_CHANGED,
    ),
    broken(
        "upper and lower case in MariaDB's steps",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(9) NOT NULL); "
        "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"IF OLD.s <> NEW.s THEN {_SIGNAL}; END IF;",
        "immutable: {of: t, fields: [s]}",
        "INSERT INTO t VALUES (1, 'a')",
        "UPDATE t SET s = 'A'",
        shows="SELECT 1 FROM t WHERE BINARY s = 'A'",
    ),
    broken(
        "bytes that are compared in MariaDB, and NULL that it replaces",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARBINARY(9) NOT NULL); "
        "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"IF OLD.s <> NEW.s THEN {_SIGNAL}; END IF;",
        "immutable: {of: t, fields: [s]}",
        "INSERT INTO t VALUES (1, 'a')",
        "UPDATE IGNORE t SET s = NULL",
        shows="SELECT 1 FROM t WHERE s = ''",
    ),
    kept(
        "bytes that are compared in MariaDB, NULL too",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARBINARY(9) NOT NULL); "
        "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"IF NOT (OLD.s <=> NEW.s) THEN {_SIGNAL}; END IF;",
        "immutable: {of: t, fields: [s]}",
        "INSERT INTO t VALUES (1, 'a') ;; UPDATE t SET s = 'A'",
        "INSERT INTO t VALUES (1, 'a') ;; UPDATE t SET s = 'a '",
        "INSERT INTO t VALUES (1, 'a') ;; UPDATE IGNORE t SET s = NULL",
    ),
    broken(
        "a creation time that MariaDB renews",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, b INTEGER, a TIMESTAMP NOT NULL "
        "DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);",
        "immutable: {of: t, fields: [a]}",
        "INSERT INTO t VALUES (1, 1, '2001-01-01')",
        "UPDATE t SET b = 2",
        shows="SELECT 1 FROM t WHERE a > '2002-01-01'",
    ),
)
