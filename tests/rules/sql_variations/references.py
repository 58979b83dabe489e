"""References, as no observed case has them."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_P = "CREATE TABLE p (id INTEGER PRIMARY KEY);"
_C = f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL);"
_PARENT = "reference: {from: c.p_id, to: p}"
_PARENT_STAYS = "reference: {from: c.p_id, to: p, on_delete: restrict}"
_SOME = "reference: {from: c.p_id, to: p, cardinality: one-or-more}"
_ONE = "reference: {from: c.p_id, to: p, cardinality: one-to-one}"
_LINKS = "many_to_many: {between: [a, p], through: j}"
_J = f"{_P} CREATE TABLE a (id INTEGER PRIMARY KEY);"
_ENDS = "a_id INTEGER NOT NULL REFERENCES a (id), p_id INTEGER NOT NULL REFERENCES p (id)"
_FULL = (
    "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
    "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, "
    "FOREIGN KEY (a, b) REFERENCES p MATCH FULL);"
)
_ORPHAN = "SELECT 1 FROM c LEFT JOIN p ON p.id = c.p_id WHERE p.id IS NULL"

REFERENCES = (
    kept(
        "a key that was added later",
        "PM",
        f"{_C} ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id);",
        _PARENT,
        "INSERT INTO c VALUES (1, 9)",
    ),
    broken(
        "a key that was dropped",
        "P",
        f"{_C} ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id); "
        "ALTER TABLE c DROP CONSTRAINT f;",
        _PARENT,
        "INSERT INTO c VALUES (1, 9)",
        shows=_ORPHAN,
    ),
    broken(
        "a key that was dropped, in MariaDB's words",
        "M",
        f"{_C} ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id); "
        "ALTER TABLE c DROP FOREIGN KEY f;",
        _PARENT,
        "INSERT INTO c VALUES (1, 9)",
        shows=_ORPHAN,
    ),
    broken(
        "a key that went with the table it pointed at",
        "P",
        f"{_C} ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id); "
        "DROP TABLE p CASCADE; CREATE TABLE p (id INTEGER PRIMARY KEY);",
        _PARENT,
        "INSERT INTO c VALUES (1, 9)",
        shows=_ORPHAN,
    ),
    broken(
        "a column that lost its NOT NULL",
        "P",
        f"{_C} ALTER TABLE c ADD FOREIGN KEY (p_id) REFERENCES p, ALTER COLUMN p_id DROP NOT NULL;",
        _PARENT,
        "INSERT INTO c VALUES (1, NULL)",
        shows="SELECT 1 FROM c WHERE p_id IS NULL",
    ),
    kept(
        "a column that got its NOT NULL later",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p); "
        "ALTER TABLE c ALTER p_id SET NOT NULL;",
        _PARENT,
        "INSERT INTO c VALUES (1, NULL)",
        "INSERT INTO c VALUES (1, 9)",
    ),
    kept(
        "a CHECK in place of NOT NULL",
        "SPM",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER, "
        "FOREIGN KEY (p_id) REFERENCES p (id), CHECK (p_id IS NOT NULL));",
        _PARENT,
        "INSERT INTO c VALUES (1, NULL)",
        "INSERT INTO c VALUES (1, 9)",
    ),
    kept(
        "a key to two columns, none of which can be NULL",
        "SPM",
        "CREATE TABLE p (a INTEGER NOT NULL, b INTEGER NOT NULL, UNIQUE (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL, "
        "FOREIGN KEY (a, b) REFERENCES p (a, b));",
        "reference: {from: c.a, to: p}",
        "INSERT INTO c VALUES (1, 1, 1)",
    ),
    kept(
        "MATCH FULL with one column that cannot be NULL",
        "P",
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, "
        "FOREIGN KEY (a, b) REFERENCES p MATCH FULL);",
        "reference: {from: c.b, to: p}",
        "INSERT INTO c VALUES (1, 1, NULL)",
        "INSERT INTO c VALUES (1, 1, 1)",
    ),
    kept(
        "a value that MATCH FULL asks for, since another column of the key has one",
        "P",
        _FULL,
        "required: {of: c, fields: [b]}",
        "INSERT INTO c VALUES (1, 1, NULL)",
        "INSERT INTO p VALUES (1, 1) ;; INSERT INTO c VALUES (1, 1, 1) ;; UPDATE c SET b = NULL",
    ),
    kept(
        "both values, or none, by MATCH FULL and a CHECK over one of them",
        "P",
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER CHECK (a IS NOT NULL), b INTEGER, "
        "FOREIGN KEY (a, b) REFERENCES p MATCH FULL);",
        "required: {of: c, fields: [b]}",
        "INSERT INTO c VALUES (1, 1, NULL)",
        "INSERT INTO c VALUES (1, NULL, NULL)",
    ),
    broken(
        "no value, where MATCH FULL takes none for another column either",
        "P",
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER DEFAULT 1, "
        "FOREIGN KEY (a, b) REFERENCES p MATCH FULL);",
        "required: {of: c, fields: [a]}",
        "INSERT INTO c VALUES (1, NULL, NULL)",
        shows="SELECT 1 FROM c WHERE a IS NULL",
    ),
    broken(
        "MATCH FULL, which the rows of a table that inherits do not have",
        "P",
        f"{_FULL} CREATE TABLE d () INHERITS (c);",
        "required: {of: c, fields: [b]}",
        "INSERT INTO d VALUES (1, 1, NULL)",
        shows="SELECT 1 FROM c WHERE b IS NULL",
    ),
    broken(
        "MATCH FULL where only PostgreSQL knows it",
        "SM",
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, "
        "FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL);",
        "reference: {from: c.b, to: p}",
        "INSERT INTO c VALUES (1, 1, NULL)",
        shows="SELECT 1 FROM c WHERE b IS NULL",
    ),
    kept(
        "a key to a column that is unique only",
        "SPM",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, code {text} NOT NULL UNIQUE); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, code {text} NOT NULL, "
        "FOREIGN KEY (code) REFERENCES p (code) ON UPDATE CASCADE);",
        "reference: {from: c.code, to: p, on_update: cascade, on_delete: restrict}",
        "INSERT INTO c VALUES (1, 'x')",
        "INSERT INTO p VALUES (1, 'x') ;; INSERT INTO c VALUES (1, 'x') ;; DELETE FROM p",
    ),
    broken(
        "CASCADE where parents are to stay",
        "SPM",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL, "
        "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE);",
        _PARENT_STAYS,
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "DELETE FROM p",
        shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    kept(
        "CASCADE, and a trigger that refuses it",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL, "
        "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE); "
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'no'; END $$; "
        "CREATE TRIGGER g BEFORE DELETE ON c FOR EACH ROW EXECUTE FUNCTION f();",
        _PARENT_STAYS,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
    ),
    kept(
        "SET NULL as the rule has it",
        "SPM",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER, "
        "FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL);",
        "reference: {from: c.p_id, to: p, required: false, on_delete: set_null}",
        "INSERT INTO c VALUES (1, 9)",
    ),
    broken(
        "SET NULL of both columns, one of which cannot be NULL",
        "SP",
        "CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b)); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, "
        "FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL);",
        "reference: {from: c.b, to: p, required: false, on_delete: cascade}",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO c VALUES (1, 1, 1)",
        shows="SELECT 1 FROM c",
    ),
    kept(
        "one child at most, by a partial index",
        "SP",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id)); "
        "CREATE UNIQUE INDEX u ON c (p_id) WHERE p_id IS NOT NULL;",
        _ONE,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; INSERT INTO c VALUES (2, 1)",
    ),
    broken(
        "one child at most of each sort",
        "SPM",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL, "
        "sort INTEGER NOT NULL, UNIQUE (p_id, sort), FOREIGN KEY (p_id) REFERENCES p (id));",
        _ONE,
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1, 1)",
        "INSERT INTO c VALUES (2, 1, 2)",
        shows="SELECT 1 FROM (SELECT count(*) AS n FROM c) AS x WHERE n = 2",
    ),
    kept(
        "at least one child, by a deferred key over both",
        "P",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, main INTEGER NOT NULL); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id)); "
        "CREATE UNIQUE INDEX u ON c (id, p_id); ALTER TABLE p ADD CONSTRAINT has_child "
        "FOREIGN KEY (main, id) REFERENCES c (id, p_id) DEFERRABLE INITIALLY DEFERRED;",
        _SOME,
        "INSERT INTO p VALUES (1, 1)",
        "BEGIN ;; INSERT INTO p VALUES (1, 1) ;; INSERT INTO c VALUES (1, 1) ;; COMMIT ;; "
        "DELETE FROM c",
    ),
    broken(
        "at least one child, which may be another's",
        "P",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, main INTEGER NOT NULL); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id)); "
        "ALTER TABLE p ADD CONSTRAINT has_child FOREIGN KEY (main) REFERENCES c (id) "
        "DEFERRABLE INITIALLY DEFERRED;",
        _SOME,
        "BEGIN",
        "INSERT INTO p VALUES (1, 1)",
        "INSERT INTO p VALUES (2, 1)",
        "INSERT INTO c VALUES (1, 1)",
        "COMMIT",
        shows="SELECT 1 FROM p WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.p_id = p.id)",
    ),
    broken(
        "at least one child, unless the column is NULL",
        "P",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, main INTEGER); "
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id), "
        "UNIQUE (id, p_id)); ALTER TABLE p ADD CONSTRAINT has_child "
        "FOREIGN KEY (main, id) REFERENCES c (id, p_id) DEFERRABLE INITIALLY DEFERRED;",
        _SOME,
        "INSERT INTO p VALUES (1, NULL)",
        shows="SELECT 1 FROM p WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    kept(
        "links whose key names the ends in the other order",
        "SPM",
        f"{_J} CREATE TABLE j ({_ENDS}, note {{text}}, PRIMARY KEY (p_id, a_id));",
        _LINKS,
        "INSERT INTO p VALUES (1) ;; INSERT INTO a VALUES (1) ;; INSERT INTO j VALUES (1, 1, '')"
        " ;; INSERT INTO j VALUES (1, 1, 'x')",
        "INSERT INTO p VALUES (1) ;; INSERT INTO j VALUES (1, 1, '')",
    ),
    broken(
        "links that are told apart by their sort too",
        "SPM",
        f"{_J} CREATE TABLE j ({_ENDS}, sort INTEGER NOT NULL, PRIMARY KEY (a_id, p_id, sort));",
        _LINKS,
        "INSERT INTO p VALUES (1)",
        "INSERT INTO a VALUES (1)",
        "INSERT INTO j VALUES (1, 1, 1)",
        "INSERT INTO j VALUES (1, 1, 2)",
        shows="SELECT 1 FROM (SELECT count(*) AS n FROM j) AS x WHERE n = 2",
    ),
    broken(
        "a link that points at one side only",
        "SPM",
        f"{_J} CREATE TABLE j (a_id INTEGER NOT NULL REFERENCES a (id), p_id INTEGER NOT NULL, "
        "PRIMARY KEY (a_id, p_id));",
        "reference: {from: j.p_id, to: p}",
        "INSERT INTO a VALUES (1)",
        "INSERT INTO j VALUES (1, 9)",
        shows="SELECT 1 FROM j",
    ),
    kept(
        "a key that was checked late",
        "P",
        f"{_C} ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p NOT VALID; "
        "ALTER TABLE c VALIDATE CONSTRAINT f;",
        _PARENT,
        "INSERT INTO c VALUES (1, 9)",
    ),
    broken(
        "a key of a table whose rows are also another's",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER, p_id INTEGER NOT NULL REFERENCES p); "
        "CREATE TABLE more () INHERITS (c);",
        _PARENT,
        "INSERT INTO more VALUES (1, 9)",
        shows=_ORPHAN,
    ),
    kept(
        "a key of a partitioned table",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER, p_id INTEGER NOT NULL REFERENCES p) "
        "PARTITION BY RANGE (id); CREATE TABLE c1 PARTITION OF c FOR VALUES FROM (0) TO (9);",
        _PARENT,
        "INSERT INTO c1 VALUES (1, 9)",
        "INSERT INTO c VALUES (1, 9)",
    ),
    broken(
        "a parent that is re-keyed under its children",
        "SP",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL, "
        "FOREIGN KEY (p_id) REFERENCES p (id) ON UPDATE CASCADE);",
        "reference: {from: c.p_id, to: p, on_update: restrict}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "UPDATE p SET id = 2",
        shows="SELECT 1 FROM c WHERE p_id = 2",
    ),
    kept(
        "a parent that its own trigger never lets go, whatever the key would do",
        "S",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        "ON DELETE CASCADE); CREATE TRIGGER g BEFORE DELETE ON p "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _PARENT_STAYS,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
    ),
    broken(
        "a parent that its own trigger lets go, if its number is 2",
        "S",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        "ON DELETE CASCADE); CREATE TRIGGER g BEFORE DELETE ON p WHEN OLD.id <> 2 "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _PARENT_STAYS,
        "INSERT INTO p VALUES (2)",
        "INSERT INTO c VALUES (1, 2)",
        "DELETE FROM p",
        shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    kept(
        "a parent whose key a trigger puts beyond change",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        "ON UPDATE CASCADE); CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE TRIGGER g BEFORE UPDATE ON p "
        "FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse();",
        "reference: {from: c.p_id, to: p, on_update: restrict}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; UPDATE p SET id = 2",
    ),
    kept(
        "a parent whose key a check leaves one value",
        "SPM",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, CHECK (id = 1)); CREATE TABLE c (id INTEGER "
        "PRIMARY KEY, p_id INTEGER NOT NULL, FOREIGN KEY (p_id) REFERENCES p (id) "
        "ON UPDATE CASCADE);",
        "reference: {from: c.p_id, to: p, on_update: restrict}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; UPDATE p SET id = 2",
    ),
    kept(
        "a SET NULL that a trigger drops",
        "S",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) "
        "ON DELETE SET NULL); CREATE TRIGGER g BEFORE UPDATE ON c "
        "BEGIN SELECT RAISE(IGNORE); END;",
        "reference: {from: c.p_id, to: p, required: false, on_delete: restrict}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
    ),
    kept(
        "a CASCADE that a trigger drops",
        "S",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        "ON DELETE CASCADE); CREATE TRIGGER g BEFORE DELETE ON c "
        "BEGIN SELECT RAISE(IGNORE); END;",
        _PARENT_STAYS,
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
    ),
)
