"""Foreign keys beside triggers, and parents that need a child."""

from __future__ import annotations

from tests.rules.sql_variations.variation import Variation, broken, kept

_PARENT = "CREATE TABLE p (id INTEGER PRIMARY KEY);"
_CASCADES = (
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL, "
    "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE);"
)
_NO = "SIGNAL SQLSTATE '45000'"
_RAISE = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'no'; END $$;"
)
_KEPT = "reference: {from: c.p_id, to: p, on_delete: restrict}"
_SOME = "reference: {from: c.p_id, to: p, cardinality: one-or-more}"
_ONE = "unique: {of: c, by: [n], nulls: distinct}"


def _coded(parent: str, check: str, child: str) -> str:
    """A parent that is pointed at by a text of one type, of which a CHECK says something, and the
    table that points by one of another."""
    return (
        f"CREATE TABLE p (code {parent} NOT NULL PRIMARY KEY, n INT, CHECK ({check})); "
        f"CREATE TABLE c (id INTEGER PRIMARY KEY, p_code {child} NOT NULL UNIQUE, n INT, "
        "FOREIGN KEY (p_code) REFERENCES p (code));"
    )


POINTING: tuple[Variation, ...] = (
    kept(
        "a trigger on the child refuses what the key would delete",
        "P",
        f"{_PARENT} {_CASCADES} {_RAISE} CREATE TRIGGER g BEFORE DELETE ON c FOR EACH ROW "
        "EXECUTE FUNCTION refuse();",
        _KEPT,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
    ),
    kept(
        "the same on SQLite",
        "S",
        f"{_PARENT} {_CASCADES} CREATE TRIGGER g BEFORE DELETE ON c "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _KEPT,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; REPLACE INTO p VALUES (1)",
    ),
    broken(
        "MariaDB's keys fire no triggers",
        "M",
        f"{_PARENT} {_CASCADES} CREATE TRIGGER g BEFORE DELETE ON c FOR EACH ROW {_NO};",
        _KEPT,
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "DELETE FROM p",
        shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    broken(
        "a trigger puts back what ON UPDATE CASCADE has written",
        "P",
        f"{_PARENT} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL "
        "REFERENCES p (id) ON UPDATE CASCADE);"
        "CREATE FUNCTION back() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.p_id := OLD.p_id; RETURN NEW; END $$;"
        "CREATE TRIGGER g BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION back();",
        "reference: {from: c.p_id, to: p}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "UPDATE p SET id = 2",
        shows="SELECT 1 FROM c WHERE NOT EXISTS (SELECT 1 FROM p WHERE p.id = c.p_id)",
    ),
    kept(
        "a trigger that sets another column of the child",
        "P",
        f"{_PARENT} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL "
        "REFERENCES p (id) ON UPDATE CASCADE, at TIMESTAMP);"
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.at := now(); RETURN NEW; END $$;"
        "CREATE TRIGGER g BEFORE UPDATE ON c FOR EACH ROW EXECUTE FUNCTION touch();",
        "reference: {from: c.p_id, to: p}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; UPDATE p SET id = 2",
        stays="SELECT 1 FROM c JOIN p ON p.id = c.p_id",
    ),
    kept(
        "each shares the other's key",
        "P",
        "CREATE TABLE p (id INTEGER PRIMARY KEY);"
        "CREATE TABLE c (p_id INTEGER PRIMARY KEY REFERENCES p (id));"
        "ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES c (p_id) DEFERRABLE INITIALLY DEFERRED;",
        _SOME,
        "INSERT INTO p VALUES (1)",
        "BEGIN ;; INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1) ;; COMMIT ;; DELETE FROM c",
    ),
    broken(
        "the child that the parent names may be another's",
        "SP",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER);"
        "CREATE TABLE p (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, "
        "FOREIGN KEY (first) REFERENCES c (id) DEFERRABLE INITIALLY DEFERRED);"
        "CREATE TABLE d (p_id INTEGER NOT NULL REFERENCES p (id));",
        "reference: {from: d.p_id, to: p, cardinality: one-or-more}",
        "INSERT INTO c VALUES (1, NULL)",
        "INSERT INTO p VALUES (1, 1)",
        shows="SELECT 1 FROM p WHERE NOT EXISTS (SELECT 1 FROM d)",
    ),
    broken(
        "a parent whose own key may be NULL",
        "P",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, first INTEGER);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id), "
        "UNIQUE (p_id, id));"
        "ALTER TABLE p ADD FOREIGN KEY (id, first) REFERENCES c (p_id, id);",
        _SOME,
        "INSERT INTO p VALUES (1, NULL)",
        shows="SELECT 1 FROM p WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    broken(
        "MariaDB: one of two rows with the key is deleted, and takes the child with it",
        "M",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, k INTEGER, KEY (k));"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, k INTEGER NOT NULL, "
        "FOREIGN KEY (k) REFERENCES p (k) ON DELETE CASCADE);",
        "reference: {from: c.k, to: p, on_delete: cascade}",
        "INSERT INTO p VALUES (1, 5), (2, 5)",
        "INSERT INTO c VALUES (1, 5)",
        shows="SELECT 1 FROM c JOIN p ON p.k = c.k HAVING count(*) = 2",
    ),
    broken(
        "an exclusion constraint does not count heirs",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;"
        "CREATE TABLE t (room INTEGER NOT NULL, s INTEGER NOT NULL, e INTEGER NOT NULL, "
        "EXCLUDE USING gist (room WITH =, int4range(s, e) WITH &&));"
        "CREATE TABLE t2 () INHERITS (t);",
        "no_overlap: {of: t, by: [room], during: [s, e]}",
        "INSERT INTO t VALUES (1, 0, 10)",
        "INSERT INTO t2 VALUES (1, 5, 15)",
        shows="SELECT 1 FROM t HAVING count(*) = 2",
    ),
    broken(
        "an end that the rule counts and the constraint does not",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;"
        "CREATE TABLE t (room INTEGER NOT NULL, s INTEGER NOT NULL, e INTEGER NOT NULL, "
        "EXCLUDE USING gist (room WITH =, int4range(s, e) WITH &&));",
        'no_overlap: {of: t, by: [room], during: [s, e], bounds: "[]"}',
        "INSERT INTO t VALUES (1, 0, 5)",
        "INSERT INTO t VALUES (1, 5, 9)",
        shows="SELECT 1 FROM t HAVING count(*) = 2",
    ),
    kept(
        "an open end overlaps all that follows",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;"
        "CREATE TABLE t (room INTEGER NOT NULL, s TIMESTAMP NOT NULL, e TIMESTAMP, "
        "cancelled BOOLEAN NOT NULL DEFAULT false, EXCLUDE USING gist "
        "(room WITH =, tsrange(s, coalesce(e, 'infinity'), '[)') WITH &&) WHERE (NOT cancelled));",
        "no_overlap: {of: t, by: [room], during: [s, e], where: cancelled = false}",
        "INSERT INTO t VALUES (1, '2024-01-01', NULL) ;; "
        "INSERT INTO t VALUES (1, '2025-01-01', '2025-01-02')",
        "INSERT INTO t VALUES (1, '2024-01-01', '2024-01-03') ;; "
        "INSERT INTO t VALUES (1, '2024-01-02', NULL)",
    ),
    broken(
        "a constraint that also compares what may differ",
        "P",
        "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;"
        "CREATE TABLE t (room INTEGER NOT NULL, d daterange NOT NULL, guest INTEGER NOT NULL, "
        "EXCLUDE USING gist (room WITH =, guest WITH =, d WITH &&));",
        "no_overlap: {of: t, by: [room], during: [d]}",
        "INSERT INTO t VALUES (1, '[2024-01-01,2024-01-10)', 1)",
        "INSERT INTO t VALUES (1, '[2024-01-05,2024-01-15)', 2)",
        shows="SELECT 1 FROM t HAVING count(*) = 2",
    ),
    kept(
        "what a CHECK of the parent says of a text that MySQL's collation folds",
        "M",
        _coded("VARCHAR(9)", "code = 'c'", "VARCHAR(9)"),
        _ONE,
        "INSERT INTO p VALUES ('b', 1)",
        "INSERT INTO p VALUES ('C', 1) ;; INSERT INTO c VALUES (1, 'b', 1)",
        "INSERT INTO p VALUES ('C', 1) ;; INSERT INTO c VALUES (1, 'c', 1) ;; "
        "INSERT INTO c VALUES (2, 'C', 1)",
    ),
    kept(
        "what a CHECK of the parent says of a text that NOCASE folds in both tables",
        "S",
        _coded("TEXT COLLATE NOCASE", "code = 'c'", "TEXT COLLATE NOCASE"),
        _ONE,
        "INSERT INTO p VALUES ('C', 1) ;; INSERT INTO c VALUES (1, 'c', 1) ;; "
        "INSERT INTO c VALUES (2, 'b', 1)",
    ),
    broken(
        "what a CHECK of the parent says of a text that NOCASE folds there alone",
        "S",
        _coded("TEXT COLLATE NOCASE", "code = 'c'", "TEXT"),
        _ONE,
        "INSERT INTO p VALUES ('c', 1)",
        "INSERT INTO c VALUES (1, 'c', 1)",
        "INSERT INTO c VALUES (2, 'C', 1)",
        shows="SELECT n FROM c GROUP BY n HAVING count(*) = 2",
    ),
    broken(
        "what LIKE says of the parent's text, blanks at the end aside",
        "M",
        _coded("VARCHAR(9)", "code LIKE 'c'", "VARCHAR(9)"),
        "check: {of: c, that: \"p_code like 'c'\"}",
        "INSERT INTO p VALUES ('c', 1)",
        "INSERT INTO c VALUES (1, 'c ', 1)",
        shows="SELECT 1 FROM c WHERE p_code NOT LIKE 'c'",
    ),
    kept(
        "a CHECK of the parent that says two things as neither of two",
        "SPM",
        _coded("VARCHAR(9)", "NOT (code <> 'c' OR n IS NULL)", "VARCHAR(9)"),
        _ONE,
        "INSERT INTO p VALUES ('b', 1)",
        "INSERT INTO p VALUES ('c', 1) ;; INSERT INTO c VALUES (1, 'c', 1) ;; "
        "INSERT INTO c VALUES (2, 'c', 1)",
    ),
    kept(
        "rows of which the rule speaks take no time",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, d daterange);",
        "no_overlap: {of: t, during: [d], where: d is null}",
        "INSERT INTO t VALUES (1, NULL) ;; INSERT INTO t VALUES (2, NULL)",
        stays="SELECT 1 FROM t HAVING count(d) = 0",
    ),
)
