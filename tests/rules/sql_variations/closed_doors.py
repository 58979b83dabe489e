"""What triggers keep out together, each at another door, and rows replaced by their like; and what
only looks so."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_NO = "BEGIN SELECT RAISE(ABORT, 'no'); END;"
_SIGNAL = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"
_LITE_ROW = f"CREATE TRIGGER u BEFORE UPDATE ON t {_NO} CREATE TRIGGER d BEFORE DELETE ON t {_NO}"

CLOSED_DOORS = (
    # -- triggers on INSERT and on UPDATE
    kept(
        "a state that one trigger keeps from being stored, and one from being reached",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT);"
        f"CREATE TRIGGER u BEFORE UPDATE OF b ON t {_NO}"
        f"CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.b IS NOT NULL {_NO}",
        "at_most_one: {of: t, fields: [id, b]}",
        "INSERT INTO t VALUES (1, 1, 1)",
        "INSERT INTO t VALUES (1, 1, NULL) ;; UPDATE t SET b = 1",
        "INSERT INTO t VALUES (1, 1, NULL) ;; INSERT INTO t VALUES (1, 1, NULL) "
        "ON CONFLICT (id) DO UPDATE SET b = 1",
    ),
    broken(
        "a state that one trigger keeps from being stored, and none from being reached",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT);"
        f"CREATE TRIGGER u BEFORE UPDATE OF a ON t {_NO}"
        f"CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.b IS NOT NULL {_NO}",
        "at_most_one: {of: t, fields: [id, b]}",
        "INSERT INTO t VALUES (1, 1, NULL)",
        "UPDATE t SET b = 1",
        shows="SELECT 1 FROM t WHERE b = 1",
    ),
    kept(
        "rows without a value, which triggers keep from being stored and from being made",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE, b INT);"
        f"CREATE TRIGGER u BEFORE UPDATE ON t WHEN NEW.a IS NULL {_NO}"
        f"CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.a IS NULL {_NO}",
        "unique: {of: t, by: [a], nulls: equal}",
        "INSERT INTO t VALUES (1, NULL, 1)",
        "INSERT INTO t VALUES (1, 1, 1) ;; INSERT INTO t VALUES (2, 1, 1)",
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET a = NULL",
    ),
    broken(
        "rows without a value, which triggers keep from being stored only",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE, b INT);"
        f"CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.a IS NULL {_NO}",
        "unique: {of: t, by: [a], nulls: equal}",
        "INSERT INTO t VALUES (1, 1, 1), (2, 2, 1)",
        "UPDATE t SET a = NULL",
        shows="SELECT 1 FROM t WHERE a IS NULL",
    ),
    kept(
        "a column that triggers on INSERT and UPDATE leave without a value",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);"
        f"CREATE TRIGGER u BEFORE UPDATE OF a ON t WHEN NEW.a IS NOT NULL {_NO}"
        f"CREATE TRIGGER i BEFORE INSERT ON t WHEN NEW.a IS NOT NULL {_NO}",
        "immutable: {of: t, fields: [a]}",
        "INSERT INTO t VALUES (1, NULL) ;; UPDATE t SET a = 1",
        "INSERT INTO t VALUES (1, 1)",
    ),
    broken(
        "a column that a trigger on UPDATE lets lose its value",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT);"
        f"CREATE TRIGGER u BEFORE UPDATE OF a ON t WHEN NEW.a IS NOT NULL {_NO}",
        "immutable: {of: t, fields: [a]}",
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET a = NULL",
        shows="SELECT 1 FROM t WHERE a IS NULL",
    ),
    # -- actions that fire no triggers
    kept(
        "SET NULL without triggers, of rows that never lose what they point at",
        "M",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES t (id) ON DELETE SET NULL);"
        f"CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL};"
        f"CREATE TRIGGER d BEFORE DELETE ON t FOR EACH ROW {_SIGNAL};",
        "immutable: {of: t, deletable: true}",
        "INSERT INTO t VALUES (1, NULL) ;; INSERT INTO t VALUES (2, 1) ;; DELETE FROM t",
        "INSERT INTO t VALUES (1, NULL) ;; INSERT INTO t VALUES (2, 1) ;; "
        "REPLACE INTO t VALUES (1, NULL)",
    ),
    broken(
        "SET NULL without triggers, of rows whose parent goes without triggers",
        "M",
        "CREATE TABLE g (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, g INT, "
        "FOREIGN KEY (g) REFERENCES g (id) ON DELETE CASCADE);"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL);"
        f"CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL};"
        f"CREATE TRIGGER d BEFORE DELETE ON p FOR EACH ROW {_SIGNAL};",
        "immutable: {of: t, deletable: true}",
        "INSERT INTO g VALUES (1)",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 1)",
        "DELETE FROM g",
        shows="SELECT 1 FROM t WHERE p IS NULL",
    ),
    broken(
        "CASCADE of rows whose parent goes without triggers",
        "M",
        "CREATE TABLE g (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, g INT, "
        "FOREIGN KEY (g) REFERENCES g (id) ON DELETE CASCADE);"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);"
        f"CREATE TRIGGER d BEFORE DELETE ON p FOR EACH ROW {_SIGNAL};",
        "reference: {from: t.p, to: p, required: false, on_delete: restrict}",
        "INSERT INTO g VALUES (1)",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 1)",
        "DELETE FROM g",
        shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM t)",
    ),
    # -- REPLACE
    kept(
        "a row that can be replaced by its like only",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL CHECK (a = 'x'));" + _LITE_ROW,
        "immutable: {of: t}",
        "INSERT INTO t VALUES (1, 'x') ;; REPLACE INTO t VALUES (1, 'y')",
        "INSERT INTO t VALUES (1, 'x') ;; DELETE FROM t",
    ),
    broken(
        "a row that can be replaced by one without a value",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a = 'x'));" + _LITE_ROW,
        "immutable: {of: t}",
        "INSERT INTO t VALUES (1, 'x')",
        "REPLACE INTO t VALUES (1, NULL)",
        shows="SELECT 1 FROM t WHERE a IS NULL",
    ),
    broken(
        "a row that can be replaced by one with another key",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE CHECK (a = 'x'));"
        + _LITE_ROW,
        "immutable: {of: t}",
        "INSERT INTO t VALUES (1, 'x')",
        "REPLACE INTO t VALUES (2, 'x')",
        shows="SELECT 1 FROM t WHERE id = 2",
    ),
    broken(
        "a row that can be replaced by one that is equal, and not the same",
        "S",
        "CREATE TABLE t (id TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, "
        "a TEXT NOT NULL CHECK (a = 'x')) WITHOUT ROWID;" + _LITE_ROW,
        "immutable: {of: t}",
        "INSERT INTO t VALUES ('k', 'x')",
        "REPLACE INTO t VALUES ('K', 'x')",
        shows="SELECT 1 FROM t WHERE id = 'K' COLLATE BINARY",
    ),
)
