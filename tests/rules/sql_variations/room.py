"""Rules that are kept because what can be stored leaves no room for what they forbid, and what
only looks so."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_NAME = "unique: {of: t, by: [name]}"
_TWO = "SELECT 1 FROM t GROUP BY name HAVING count(*) > 1"
_RESTRICTED = "reference: {from: t.p, to: p, required: false, on_update: restrict}"
_EMPTIED = "reference: {from: t.pa, to: p, required: false, on_delete: set_null}"
_PAIR = "CREATE TABLE p (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b));"
_SIGNAL = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"

ROOM = (
    # -- one row
    kept(
        "a key that a check leaves one value",
        "SPM",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY CHECK (id = 1), name {text} NOT NULL);",
        _NAME,
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'a')",
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (1, 'a')",
    ),
    broken(
        "a key that a check leaves one value or none",
        "SPM",
        "CREATE TABLE t (id INT UNIQUE CHECK (id = 1), name {text} NOT NULL);",
        _NAME,
        "INSERT INTO t VALUES (NULL, 'a')",
        "INSERT INTO t VALUES (1, 'a')",
        shows=_TWO,
    ),
    kept(
        "a flag that is always on",
        "P",
        "CREATE TABLE t (id BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (id), name TEXT NOT NULL);",
        _NAME,
        "INSERT INTO t (name) VALUES ('a') ;; INSERT INTO t (name) VALUES ('a')",
        "INSERT INTO t VALUES (TRUE, 'a') ;; INSERT INTO t VALUES (FALSE, 'a')",
    ),
    broken(
        "a flag that is always on, to a database for which 2 is on too",
        "SM",
        "CREATE TABLE t (id BOOLEAN NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (id), "
        "name {text} NOT NULL);",
        _NAME,
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'a')",
        shows=_TWO,
    ),
    kept(
        "one row that points at the one row there is",
        "SPM",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, one INT NOT NULL UNIQUE CHECK (one = 1));"
        "CREATE TABLE t (p INT NOT NULL UNIQUE, name {text} NOT NULL, "
        "FOREIGN KEY (p) REFERENCES p (id));",
        _NAME,
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO t VALUES (1, 'a') ;; "
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO t VALUES (1, 'a') ;; "
        "INSERT INTO p VALUES (2, 1)",
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO t VALUES (1, 'a') ;; "
        "INSERT INTO t VALUES (2, 'a')",
    ),
    broken(
        "rows that need not point at the one row there is",
        "SPM",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, one INT NOT NULL UNIQUE CHECK (one = 1));"
        "CREATE TABLE t (p INT UNIQUE, name {text} NOT NULL, FOREIGN KEY (p) REFERENCES p (id));",
        _NAME,
        "INSERT INTO t VALUES (NULL, 'a')",
        "INSERT INTO t VALUES (NULL, 'a')",
        shows=_TWO,
    ),
    broken(
        "rows that a trigger leaves without the one row they pointed at",
        "P",
        "CREATE TABLE p (id INT PRIMARY KEY, one INT NOT NULL UNIQUE CHECK (one = 1));"
        "CREATE TABLE t (p INT NOT NULL UNIQUE REFERENCES p (id) ON DELETE CASCADE, "
        "name TEXT NOT NULL);"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
        "CREATE TRIGGER g BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();",
        _NAME,
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 'a')",
        "DELETE FROM p",
        "INSERT INTO p VALUES (2, 1)",
        "INSERT INTO t VALUES (2, 'a')",
        shows=_TWO,
    ),
    kept(
        "two rows that a parent cannot tell apart",
        "SP",
        "CREATE TABLE p (a INT NOT NULL UNIQUE, b {text} NOT NULL, UNIQUE (a, b));"
        "CREATE TABLE t (a INT NOT NULL, b {text} NOT NULL, UNIQUE (a, b), "
        "FOREIGN KEY (a, b) REFERENCES p (a, b));",
        "unique: {of: t, by: [a, b], ignore_case: true}",
        "INSERT INTO p VALUES (1, 'x') ;; INSERT INTO t VALUES (1, 'x') ;; "
        "INSERT INTO t VALUES (1, 'X')",
        "INSERT INTO p VALUES (1, 'x') ;; INSERT INTO p VALUES (1, 'X')",
    ),
    broken(
        "two rows that a parent can tell apart",
        "SP",
        "CREATE TABLE p (a INT NOT NULL, b {text} NOT NULL, UNIQUE (a, b));"
        "CREATE TABLE t (a INT NOT NULL, b {text} NOT NULL, UNIQUE (a, b), "
        "FOREIGN KEY (a, b) REFERENCES p (a, b));",
        "unique: {of: t, by: [a, b], ignore_case: true}",
        "INSERT INTO p VALUES (1, 'x')",
        "INSERT INTO p VALUES (1, 'X')",
        "INSERT INTO t VALUES (1, 'x')",
        "INSERT INTO t VALUES (1, 'X')",
        shows="SELECT 1 FROM t WHERE b = 'X'",
    ),
    broken(
        "two texts that are one to their column, and two to its key",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE NOT NULL "
        "CHECK (name IN ('a', 'b'))); CREATE UNIQUE INDEX i ON t (name COLLATE BINARY);",
        "unique: {of: t, by: [name], ignore_case: true}",
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'A')",
        shows="SELECT 1 FROM t WHERE id = 2",
    ),
    kept(
        "a member that cannot be spelt in two ways",
        "SP",
        "CREATE TABLE t (id INT PRIMARY KEY, name {text} NOT NULL CHECK (name IN ('a', 'b')));"
        "CREATE UNIQUE INDEX i ON t (coalesce(name, 'c'));",
        "unique: {of: t, by: [name], ignore_case: true}",
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'A')",
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'a')",
    ),
    kept(
        "an index with the collation that the column has",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE NOT NULL, "
        "name TEXT NOT NULL); CREATE UNIQUE INDEX i ON t (s COLLATE NOCASE);",
        "unique: {of: t, by: [name], where: \"s = 'a'\"}",
        "INSERT INTO t VALUES (1, 'a', 'x') ;; INSERT INTO t VALUES (2, 'A', 'x')",
    ),
    broken(
        "an index with another collation than the column has",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE NOT NULL, "
        "name TEXT NOT NULL); CREATE UNIQUE INDEX i ON t (s COLLATE BINARY);",
        "unique: {of: t, by: [name], where: \"s = 'a'\"}",
        "INSERT INTO t VALUES (1, 'a', 'x')",
        "INSERT INTO t VALUES (2, 'A', 'x')",
        shows=_TWO,
    ),
    # -- nothing that could overlap
    kept(
        "intervals that end before they begin",
        "PM",
        "CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL CHECK (a = 2), "
        "b INT NOT NULL CHECK (b < 2));",
        "no_overlap: {of: t, by: [id], during: [a, b]}",
        "INSERT INTO t VALUES (1, 2, 2)",
    ),
    broken(
        "intervals that end when they begin, and so on",
        "P",
        "CREATE TABLE t (id INT PRIMARY KEY, c INT NOT NULL, a INT NOT NULL CHECK (a = 2), "
        "b INT CHECK (b < 2));",
        "no_overlap: {of: t, by: [c], during: [a, b]}",
        "INSERT INTO t VALUES (1, 1, 2, NULL)",
        "INSERT INTO t VALUES (2, 1, 2, NULL)",
        shows="SELECT 1 FROM t WHERE id = 2",
    ),
    kept(
        "one row, at which no other can point",
        "SPM",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY CHECK (id = 1), p INT, "
        "FOREIGN KEY (p) REFERENCES t (id));",
        "reference: {from: t.p, to: t, required: false, on_delete: set_null}",
        "INSERT INTO t VALUES (1, NULL) ;; INSERT INTO t VALUES (2, 1)",
    ),
    kept(
        "one row that can point nowhere, as its parent can be nothing",
        "P",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, CHECK ((id IS NULL) IS TRUE));"
        "CREATE TABLE t (name TEXT NOT NULL, p INT REFERENCES p (id));"
        "CREATE UNIQUE INDEX i ON t (p) NULLS NOT DISTINCT;",
        _NAME,
        "INSERT INTO t VALUES ('a', NULL) ;; INSERT INTO t VALUES ('a', NULL)",
        "INSERT INTO p VALUES (1)",
    ),
    # -- the values of a parent
    kept(
        "a lookup table whose values are fixed",
        "SP",
        "CREATE TABLE p (code {text} NOT NULL PRIMARY KEY CHECK (code IN ('a', 'b')));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, s {text} NOT NULL REFERENCES p (code));",
        "states: {of: t.s, values: [a, b]}",
        "INSERT INTO p VALUES ('c')",
        "INSERT INTO p VALUES ('a') ;; INSERT INTO t VALUES (1, 'c')",
        "INSERT INTO p VALUES ('a') ;; INSERT INTO t VALUES (1, 'A')",
    ),
    broken(
        "a lookup table whose values are fixed, letter case aside",
        "S",
        "CREATE TABLE p (code TEXT COLLATE NOCASE NOT NULL PRIMARY KEY "
        "CHECK (code COLLATE BINARY IN ('a', 'b')));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, s TEXT NOT NULL REFERENCES p (code));",
        "states: {of: t.s, values: [a, b]}",
        "INSERT INTO p VALUES ('a')",
        "INSERT INTO t VALUES (1, 'A')",
        shows="SELECT 1 FROM t WHERE s = 'A'",
    ),
    broken(
        "a lookup table whose values are fixed, in MariaDB's usual collation",
        "M",
        "CREATE TABLE p (code VARCHAR(50) NOT NULL PRIMARY KEY CHECK (code IN ('a', 'b')));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, s VARCHAR(50) NOT NULL, "
        "FOREIGN KEY (s) REFERENCES p (code));",
        "states: {of: t.s, values: [a, b]}",
        "INSERT INTO p VALUES ('a')",
        "INSERT INTO t VALUES (1, 'A')",
        shows="SELECT 1 FROM t WHERE BINARY s = 'A'",
    ),
    kept(
        "numbers of a parent",
        "SPM",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY CHECK (id = 1 OR id = 2));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT NOT NULL, "
        "FOREIGN KEY (p) REFERENCES p (id));",
        'check: {of: t, that: "p in (1, 2)"}',
        "INSERT INTO p VALUES (1) ;; INSERT INTO t VALUES (1, 3)",
        "INSERT INTO p VALUES (3)",
    ),
    broken(
        "the number of a parent, in another form",
        "S",
        "CREATE TABLE p (id INTEGER NOT NULL UNIQUE CHECK (typeof(id) = 'integer'));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p TEXT NOT NULL REFERENCES p (id));",
        "check: {of: t, that: \"p <> '1'\"}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES (1, '1')",
        shows="SELECT 1 FROM t WHERE p = '1'",
    ),
    broken(
        "numbers of a parent, where one NULL frees of it",
        "SPM",
        "CREATE TABLE p (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b), CHECK (a > 0));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, pa INT NOT NULL, pb INT, "
        "FOREIGN KEY (pa, pb) REFERENCES p (a, b));",
        "check: {of: t, that: pa > 0}",
        "INSERT INTO t VALUES (1, 0, NULL)",
        shows="SELECT 1 FROM t WHERE pa = 0",
    ),
    broken(
        "rows of a table that inherits, which point nowhere",
        "P",
        "CREATE TABLE p (id INT PRIMARY KEY CHECK (id = 1));"
        "CREATE TABLE t (id INT PRIMARY KEY, p INT NOT NULL REFERENCES p (id));"
        "CREATE TABLE h () INHERITS (t);",
        "check: {of: t, that: p = 1}",
        "INSERT INTO h VALUES (1, 2)",
        shows="SELECT 1 FROM t WHERE p = 2",
    ),
    kept(
        "a reference to the one value that a parent can have",
        "SPM",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY CHECK (id = 1));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT NOT NULL, "
        "FOREIGN KEY (p) REFERENCES p (id));",
        "immutable: {of: t, fields: [p]}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO t VALUES (1, 1) ;; UPDATE t SET p = 2",
        "INSERT INTO p VALUES (1) ;; INSERT INTO t VALUES (1, 1) ;; UPDATE p SET id = 2",
    ),
    broken(
        "a reference to the one value that a parent can have, or to none",
        "SPM",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY CHECK (id = 1));"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id));",
        "immutable: {of: t, fields: [p]}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE t SET p = NULL",
        shows="SELECT 1 FROM t WHERE p IS NULL",
    ),
    # -- keys to the table itself
    kept(
        "each row points at one of its own table that no other points at",
        "SP",
        "CREATE TABLE t (code INT UNIQUE, next INT NOT NULL UNIQUE, "
        "FOREIGN KEY (next) REFERENCES t (code));",
        "required: {of: t, fields: [code]}",
        "INSERT INTO t VALUES (1, 1) ;; INSERT INTO t VALUES (NULL, 1)",
        "INSERT INTO t VALUES (1, 1) ;; UPDATE t SET code = NULL",
    ),
    broken(
        "each row points at one of its own table",
        "SPM",
        "CREATE TABLE t (code INT UNIQUE, next INT NOT NULL, "
        "FOREIGN KEY (next) REFERENCES t (code));",
        "required: {of: t, fields: [code]}",
        "INSERT INTO t VALUES (1, 1)",
        "INSERT INTO t VALUES (NULL, 1)",
        shows="SELECT 1 FROM t WHERE code IS NULL",
    ),
    broken(
        "some rows point at one of their own table that no other points at",
        "SPM",
        "CREATE TABLE t (code INT UNIQUE, next INT UNIQUE, "
        "FOREIGN KEY (next) REFERENCES t (code));",
        "required: {of: t, fields: [code]}",
        "INSERT INTO t VALUES (NULL, NULL)",
        shows="SELECT 1 FROM t WHERE code IS NULL",
    ),
    broken(
        "rows that have lost what they point at by a trigger",
        "P",
        "CREATE TABLE t (code INT UNIQUE, next INT NOT NULL UNIQUE "
        "REFERENCES t (code) ON DELETE CASCADE ON UPDATE CASCADE);"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
        "CREATE TRIGGER g BEFORE UPDATE OF next ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "required: {of: t, fields: [code]}",
        "INSERT INTO t VALUES (1, 2), (2, 1)",
        "UPDATE t SET code = NULL WHERE code = 2",
        shows="SELECT 1 FROM t WHERE code IS NULL",
    ),
    # -- what an action cannot do
    kept(
        "CASCADE, and a check that leaves one value",
        "SP",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, "
        "p INT CHECK (p = 1) REFERENCES p (id) ON UPDATE CASCADE);",
        _RESTRICTED,
        "INSERT INTO p VALUES (1) ;; INSERT INTO t VALUES (1, 1) ;; UPDATE p SET id = 2",
    ),
    broken(
        "CASCADE, and a check that leaves two values",
        "SP",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY);"
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, "
        "p INT CHECK (p IN (1, 2)) REFERENCES p (id) ON UPDATE CASCADE);",
        _RESTRICTED,
        "INSERT INTO p VALUES (1)",
        "INSERT INTO t VALUES (1, 1)",
        "UPDATE p SET id = 2",
        shows="SELECT 1 FROM t WHERE p = 2",
    ),
    broken(
        "CASCADE, and a check that leaves one value to half of the key",
        "SP",
        f"{_PAIR} CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT CHECK (p = 1), q INT, "
        "FOREIGN KEY (p, q) REFERENCES p (a, b) ON UPDATE CASCADE);",
        "reference: {from: t.p, to: p, required: false, on_update: restrict}",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 1, 1)",
        "UPDATE p SET b = 2",
        shows="SELECT 1 FROM t WHERE q = 2",
    ),
    kept(
        "SET DEFAULT with a default for half of the key",
        "SP",
        f"{_PAIR} CREATE TABLE t (id INT NOT NULL PRIMARY KEY, pa INT, pb INT NOT NULL DEFAULT 1, "
        "FOREIGN KEY (pa, pb) REFERENCES p (a, b) ON DELETE SET DEFAULT);",
        _EMPTIED,
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO t VALUES (1, 1, 1) ;; DELETE FROM p",
        stays="SELECT 1 FROM t WHERE pa IS NULL",
    ),
    kept(
        "SET DEFAULT with a default for half of the key, under MATCH FULL",
        "P",
        f"{_PAIR} CREATE TABLE t (id INT NOT NULL PRIMARY KEY, pa INT, pb INT DEFAULT 1, "
        "FOREIGN KEY (pa, pb) REFERENCES p (a, b) MATCH FULL ON DELETE SET DEFAULT);",
        "reference: {from: t.pa, to: p, required: false, on_delete: restrict}",
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO t VALUES (1, 1, 1) ;; DELETE FROM p",
    ),
    kept(
        "SET NULL without triggers, where no row can point",
        "M",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES t (id) ON DELETE SET NULL);"
        f"CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL};"
        "CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW "
        f"IF NEW.p IS NOT NULL THEN {_SIGNAL}; END IF;",
        "immutable: {of: t, deletable: true}",
        "INSERT INTO t VALUES (1, 1)",
        "INSERT INTO t VALUES (1, NULL) ;; UPDATE t SET p = 1",
    ),
    broken(
        "SET NULL without triggers, where a row can point",
        "M",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, p INT, "
        "FOREIGN KEY (p) REFERENCES t (id) ON DELETE SET NULL);"
        f"CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW {_SIGNAL};"
        "CREATE TRIGGER i BEFORE INSERT ON t FOR EACH ROW "
        f"IF NEW.p > 1 THEN {_SIGNAL}; END IF;",
        "immutable: {of: t, deletable: true}",
        "INSERT INTO t VALUES (1, NULL)",
        "INSERT INTO t VALUES (2, 1)",
        "DELETE FROM t WHERE id = 1",
        shows="SELECT 1 FROM t WHERE id = 2 AND p IS NULL",
    ),
)
