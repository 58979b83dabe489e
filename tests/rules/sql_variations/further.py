"""Further schemas of every sort: how migrations and dumps write them, and what they undo."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_EMAIL = "unique: {of: t, by: [email]}"
_ANY_CASE = "unique: {of: t, by: [email], ignore_case: true}"
_LIVE = "unique: {of: t, by: [email], where: deleted_at is null}"
_T = "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL);"
_SOFT = "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL, deleted_at {text}"
_TWO = "SELECT 1 FROM (SELECT count(*) AS n FROM t) AS x WHERE n = 2"
_TWICE = ("INSERT INTO t VALUES (1, 'a')", "INSERT INTO t VALUES (2, 'a')")
_TWICE_TRIED = " ;; ".join(_TWICE)
_P = "CREATE TABLE p (id INTEGER PRIMARY KEY);"
_NOT_BLANK = "required: {of: t, fields: [s], not_blank: true}"
_S = "CREATE TABLE t (id INTEGER PRIMARY KEY, s {text} NOT NULL"
_STORED = "SELECT 1 FROM t"
_ROW = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER);"
_A = "immutable: {of: t, fields: [a]}"
_CHANGE = ("INSERT INTO t VALUES (1, 1, 1)", "UPDATE t SET a = 2")
_CHANGE_TRIED = " ;; ".join(_CHANGE)
_CHANGED = "SELECT 1 FROM t WHERE a = 2"
_RAISE = (
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
)
_SIGNAL = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"

KEYS = (
    broken(
        "a key that leaves out the empty text",
        "SP",
        f"{_T} CREATE UNIQUE INDEX u ON t (email) WHERE email <> '';",
        _EMAIL,
        "INSERT INTO t VALUES (1, '')",
        "INSERT INTO t VALUES (2, '')",
        shows=_TWO,
    ),
    kept(
        "a flag, and the rule's own words for it",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, "
        "deleted BOOLEAN NOT NULL DEFAULT false); "
        "CREATE UNIQUE INDEX u ON t (email) WHERE NOT deleted;",
        "unique: {of: t, by: [email], where: deleted = false}",
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'a')",
    ),
    broken(
        "a flag that can be NULL, and false only in the index",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, deleted BOOLEAN); "
        "CREATE UNIQUE INDEX u ON t (email) WHERE deleted = false;",
        'unique: {of: t, by: [email], where: "not coalesce(deleted, false)"}',
        "INSERT INTO t VALUES (1, 'a', NULL)",
        "INSERT INTO t VALUES (2, 'a', NULL)",
        shows=_TWO,
    ),
    kept(
        "a flag that can be NULL, and the index knows",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL, deleted BOOLEAN); "
        "CREATE UNIQUE INDEX u ON t (email) WHERE deleted IS NOT TRUE;",
        'unique: {of: t, by: [email], where: "not coalesce(deleted, false)"}',
        "INSERT INTO t VALUES (1, 'a', NULL) ;; INSERT INTO t VALUES (2, 'a', false)",
    ),
    kept(
        "the live rows' value, computed",
        "M",
        f"{_SOFT}, live VARCHAR(50) AS (IF(deleted_at IS NULL, email, NULL)) PERSISTENT, "
        "UNIQUE (live));",
        _LIVE,
        "INSERT INTO t (id, email) VALUES (1, 'a') ;; INSERT INTO t (id, email) VALUES (2, 'a')",
    ),
    kept(
        "the live rows' value, computed by cases",
        "M",
        f"{_SOFT}, live INTEGER AS (CASE WHEN deleted_at IS NULL THEN 1 END) VIRTUAL, "
        "UNIQUE KEY u (email, live));",
        _LIVE,
        "INSERT INTO t (id, email) VALUES (1, 'a') ;; INSERT INTO t (id, email) VALUES (2, 'a')",
    ),
    broken(
        "the deleted rows' value, computed",
        "M",
        f"{_SOFT}, live INTEGER AS (IF(deleted_at IS NULL, NULL, 1)) VIRTUAL, "
        "UNIQUE KEY u (email, live));",
        _LIVE,
        "INSERT INTO t (id, email) VALUES (1, 'a')",
        "INSERT INTO t (id, email) VALUES (2, 'a')",
        shows=_TWO,
    ),
    kept(
        "a copy of a table with its keys",
        "P",
        "CREATE TABLE model (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE); "
        "CREATE TABLE t (LIKE model INCLUDING ALL);",
        _EMAIL,
        _TWICE_TRIED,
    ),
    kept(
        "a copy of a table with its keys, in MariaDB",
        "M",
        "CREATE TABLE model (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL UNIQUE); "
        "CREATE TABLE t LIKE model;",
        _EMAIL,
        _TWICE_TRIED,
    ),
    broken(
        "a copy of a table with its checks only",
        "P",
        "CREATE TABLE model (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE); "
        "CREATE TABLE t (LIKE model INCLUDING CONSTRAINTS INCLUDING DEFAULTS);",
        _EMAIL,
        *_TWICE,
        shows=_TWO,
    ),
    broken(
        "a key that was renamed and dropped",
        "P",
        f"{_T} ALTER TABLE t ADD CONSTRAINT u UNIQUE (email); "
        "ALTER TABLE t RENAME CONSTRAINT u TO v; ALTER TABLE t DROP CONSTRAINT IF EXISTS v;",
        _EMAIL,
        *_TWICE,
        shows=_TWO,
    ),
    kept(
        "a key that was renamed, and another dropped",
        "P",
        f"{_T} CREATE UNIQUE INDEX u ON t (email); ALTER INDEX u RENAME TO v; "
        "DROP INDEX IF EXISTS u;",
        _EMAIL,
        _TWICE_TRIED,
    ),
    kept(
        "a column that became citext",
        "P",
        f"CREATE EXTENSION IF NOT EXISTS citext SCHEMA public; {_T} "
        "CREATE UNIQUE INDEX u ON t (email); "
        "ALTER TABLE t ALTER COLUMN email TYPE public.citext;",
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'A')",
    ),
    broken(
        "a table that was converted to a collation of bytes",
        "M",
        f"{_T} CREATE UNIQUE INDEX u ON t (email); "
        "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'A')",
        shows=_TWO,
    ),
    kept(
        "a key as MySQL's dump writes it",
        "M",
        "CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT, "
        "`email` varchar(50) NOT NULL DEFAULT '', PRIMARY KEY (`id`), "
        "UNIQUE KEY `t_email_key` (`email`) USING BTREE COMMENT 'one each') "
        "ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4;",
        _EMAIL,
        _TWICE_TRIED,
    ),
    kept(
        "a key as pg_dump writes it",
        "P",
        "CREATE TABLE t (id integer NOT NULL, email character varying(50) NOT NULL); "
        "ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id); "
        "ALTER TABLE ONLY t ADD CONSTRAINT t_email_key UNIQUE (email);",
        "identity: {of: t, by: [email]}",
        _TWICE_TRIED,
    ),
    kept(
        "a table that is there already",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL UNIQUE); "
        "CREATE TABLE IF NOT EXISTS t (id INTEGER, email {text});",
        _EMAIL,
        _TWICE_TRIED,
    ),
    broken(
        "a table that was dropped and made anew",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL UNIQUE); "
        f"DROP TABLE IF EXISTS t; {_T}",
        _EMAIL,
        *_TWICE,
        shows=_TWO,
    ),
    broken(
        "NULLS NOT DISTINCT over some rows",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT, live BOOLEAN NOT NULL); "
        "CREATE UNIQUE INDEX u ON t (email) NULLS NOT DISTINCT WHERE live;",
        "unique: {of: t, by: [email], nulls: equal}",
        "INSERT INTO t VALUES (1, NULL, false)",
        "INSERT INTO t VALUES (2, NULL, true)",
        shows=_TWO,
    ),
)

VALUES = (
    broken(
        "not blank but for a tab",
        "P",
        f"{_S} CHECK (char_length(btrim(s)) > 0));",
        _NOT_BLANK,
        "INSERT INTO t VALUES (1, E'\\t')",
        shows=_STORED,
    ),
    kept(
        "not blank, by what must not match",
        "P",
        f"{_S} CHECK (s !~ '^\\s*$'));",
        _NOT_BLANK,
        "INSERT INTO t VALUES (1, E' \\t')",
        "INSERT INTO t VALUES (1, '')",
    ),
    kept(
        "exactly one of two, by inequality of truth",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, "
        "CHECK ((a IS NULL AND b IS NOT NULL) OR (a IS NOT NULL AND b IS NULL)));",
        "exactly_one: {of: t, fields: [a, b]}",
        "INSERT INTO t VALUES (1, NULL, NULL)",
        "INSERT INTO t VALUES (1, 1, 1)",
    ),
    kept(
        "exactly one of two, by XOR",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, "
        "CHECK ((a IS NULL) XOR (b IS NULL)));",
        "exactly_one: {of: t, fields: [a, b]}",
        "INSERT INTO t VALUES (1, NULL, NULL)",
        "INSERT INTO t VALUES (1, 1, 1)",
    ),
    kept(
        "an end after its beginning",
        "PM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, starts TIMESTAMP NOT NULL DEFAULT now(), "
        "ends TIMESTAMP NULL, CONSTRAINT c CHECK (ends IS NULL OR ends > starts));",
        'check: {of: t, that: "ends is null or ends > starts"}',
        "INSERT INTO t VALUES (1, '2024-01-02', '2024-01-01')",
    ),
    broken(
        "an end with its beginning",
        "PM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, starts DATE NOT NULL, ends DATE NOT NULL, "
        "CONSTRAINT c CHECK (ends >= starts));",
        "check: {of: t, that: ends > starts}",
        "INSERT INTO t VALUES (1, '2024-01-01', '2024-01-01')",
        shows=_STORED,
    ),
    kept(
        "a cast in a condition, as pg_dump writes it",
        "P",
        "CREATE TABLE t (id integer NOT NULL, amount numeric(12,2) NOT NULL, "
        "CONSTRAINT c CHECK ((amount > (0)::numeric)));",
        "check: {of: t, that: amount > 0}",
        "INSERT INTO t VALUES (1, 0)",
    ),
    kept(
        "text that pg_dump casts",
        "P",
        "CREATE TABLE t (id integer NOT NULL, s text NOT NULL, n integer, "
        "CONSTRAINT c CHECK (((s <> 'paid'::text) OR (n IS NOT NULL))));",
        "check: {of: t, that: \"s <> 'paid' or n is not null\"}",
        "INSERT INTO t VALUES (1, 'paid', NULL)",
    ),
    broken(
        "a check that is checked in one of two tables",
        "P",
        "CREATE TABLE base (n INTEGER CHECK (n > 0)); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (1, 0)",
        shows=_STORED,
    ),
    kept(
        "a check that comes with inheritance",
        "P",
        "CREATE TABLE base (n INTEGER NOT NULL CHECK (n > 0)); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY) INHERITS (base);",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (0, 1)",
    ),
    broken(
        "a check that does not come with inheritance",
        "P",
        "CREATE TABLE base (n INTEGER NOT NULL CHECK (n > 0) NO INHERIT); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY) INHERITS (base);",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (0, 1)",
        shows=_STORED,
    ),
    kept(
        "an unsigned number",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT(10) UNSIGNED NOT NULL);",
        "check: {of: t, that: n >= 0}",
        "INSERT INTO t VALUES (1, -1)",
    ),
    kept(
        "a domain of numbers",
        "P",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n positive NOT NULL);",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (1, 0)",
    ),
    broken(
        "a domain that refuses NULL, beside a query that finds none",
        "P",
        "CREATE DOMAIN name AS text NOT NULL; CREATE TABLE t (id INTEGER PRIMARY KEY, s name);",
        "required: {of: t, fields: [s]}",
        "INSERT INTO t VALUES (1, (SELECT s FROM t))",
        shows="SELECT 1 FROM t WHERE s IS NULL",
    ),
    broken(
        "states of a domain that refuses NULL, beside a query that finds none",
        "P",
        "CREATE DOMAIN state AS text NOT NULL CHECK (VALUE IN ('draft', 'paid')); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state);",
        "states: {of: t.s, values: [draft, paid]}",
        "INSERT INTO t VALUES (1, (SELECT s FROM t))",
        shows="SELECT 1 FROM t WHERE s IS NULL",
    ),
    broken(
        "a domain whose check refuses NULL, beside a query that finds none",
        "P",
        "CREATE DOMAIN name AS text CHECK (VALUE IS NOT NULL AND VALUE <> ''); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s name);",
        "required: {of: t, fields: [s]}",
        "INSERT INTO t VALUES (1, (SELECT s FROM t))",
        shows="SELECT 1 FROM t WHERE s IS NULL",
    ),
    kept(
        "an optional state",
        "SP",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s {text} CHECK (s IN ('draft', 'paid')));",
        "states: {of: t.s, values: [draft, paid], optional: true}",
        "INSERT INTO t VALUES (1, 'bogus')",
    ),
    broken(
        "a time that nobody sets",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, made DATE NOT NULL);",
        "audit: {of: t, created: made}",
        "INSERT INTO t VALUES (1, '1999-01-01')",
        shows=_STORED,
    ),
)

GUARDS = (
    kept(
        "a trigger in place of another",
        "P",
        f"{_ROW}{_RAISE} CREATE OR REPLACE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        "EXECUTE PROCEDURE f();",
        _A,
        _CHANGE_TRIED,
    ),
    kept(
        "a trigger at the end of the transaction",
        "P",
        f"{_ROW}{_RAISE} CREATE CONSTRAINT TRIGGER g AFTER UPDATE ON t "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f();",
        _A,
        _CHANGE_TRIED,
    ),
    broken(
        "a trigger for what writers do themselves",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER, "
        f"FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE SET NULL); {_RAISE} "
        "CREATE TRIGGER g BEFORE UPDATE ON c FOR EACH ROW WHEN (pg_trigger_depth() = 0) "
        "EXECUTE FUNCTION f();",
        "immutable: {of: c, fields: [p_id]}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "DELETE FROM p",
        shows="SELECT 1 FROM c WHERE p_id IS NULL",
    ),
    kept(
        "a trigger of a partitioned table",
        "P",
        "CREATE TABLE t (id INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER) "
        f"PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9); "
        f"{_RAISE} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();",
        "immutable: {of: t1, deletable: true}",
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t1 SET a = 2",
    ),
    broken(
        "a trigger that comes second by its name",
        "S",
        f"{_ROW} CREATE TRIGGER IF NOT EXISTS g BEFORE UPDATE ON t WHEN NEW.a = 99 "
        "BEGIN SELECT RAISE(ABORT, 'no'); END; "
        "CREATE TRIGGER IF NOT EXISTS g BEFORE UPDATE ON t BEGIN SELECT RAISE(ABORT, 'no'); END;",
        _A,
        *_CHANGE,
        shows=_CHANGED,
    ),
    kept(
        "a trigger for both of the rule's columns",
        "S",
        f"{_ROW} CREATE TRIGGER g BEFORE UPDATE OF a, b ON t BEGIN SELECT RAISE(ABORT, 'no'); END;",
        "immutable: {of: t, fields: [a, b]}",
        _CHANGE_TRIED,
        "INSERT INTO t VALUES (1, 1, 1) ;; UPDATE t SET b = 2",
    ),
    kept(
        "a trigger of a definer, in place of another",
        "M",
        f"{_ROW} CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = 5; "
        "CREATE OR REPLACE DEFINER=CURRENT_USER TRIGGER g BEFORE UPDATE ON t FOR EACH ROW "
        f"BEGIN {_SIGNAL}; END;",
        _A,
        _CHANGE_TRIED,
    ),
    broken(
        "a cascade past MariaDB's trigger",
        "M",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        f"ON DELETE CASCADE); CREATE TRIGGER g BEFORE DELETE ON c FOR EACH ROW {_SIGNAL}; "
        f"CREATE TRIGGER h BEFORE UPDATE ON c FOR EACH ROW {_SIGNAL};",
        "immutable: {of: c}",
        "INSERT INTO p VALUES (1)",
        "INSERT INTO c VALUES (1, 1)",
        "DELETE FROM p",
        shows="SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM c)",
    ),
    kept(
        "no cascade past MariaDB's trigger",
        "M",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        f"ON DELETE RESTRICT); CREATE TRIGGER g BEFORE DELETE ON c FOR EACH ROW {_SIGNAL}; "
        f"CREATE TRIGGER h BEFORE UPDATE ON c FOR EACH ROW {_SIGNAL};",
        "immutable: {of: c}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM c",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; UPDATE c SET id = 2",
    ),
    kept(
        "a cascade that PostgreSQL's trigger sees",
        "P",
        f"{_P} CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p (id) "
        f"ON DELETE CASCADE ON UPDATE CASCADE); {_RAISE} CREATE TRIGGER g "
        "BEFORE UPDATE OR DELETE ON c FOR EACH ROW EXECUTE FUNCTION f();",
        "immutable: {of: c}",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; DELETE FROM p",
        "INSERT INTO p VALUES (1) ;; INSERT INTO c VALUES (1, 1) ;; UPDATE p SET id = 2",
    ),
    kept(
        "a column that a check leaves one value",
        "SP",
        "CREATE TABLE party (id INTEGER, kind {text}, PRIMARY KEY (id, kind)); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, kind {text} NOT NULL CHECK (kind = 'person'), "
        "FOREIGN KEY (id, kind) REFERENCES party (id, kind) ON UPDATE CASCADE);",
        "immutable: {of: t, fields: [kind]}",
        "INSERT INTO party VALUES (1, 'person') ;; INSERT INTO t VALUES (1, 'person') ;; "
        "UPDATE party SET kind = 'firm'",
        "INSERT INTO party VALUES (1, 'person') ;; INSERT INTO t VALUES (1, 'person') ;; "
        "INSERT INTO party VALUES (1, 'firm') ;; UPDATE t SET kind = 'firm'",
    ),
    broken(
        "a column that a check leaves one value, or NULL",
        "SP",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, kind {text} CHECK (kind = 'person'));",
        "immutable: {of: t, fields: [kind]}",
        "INSERT INTO t VALUES (1, 'person')",
        "UPDATE t SET kind = NULL",
        shows="SELECT 1 FROM t WHERE kind IS NULL",
    ),
    broken(
        "a column that a check leaves one value, but for letter case",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, kind VARCHAR(9) NOT NULL, "
        "CHECK (kind = 'person'));",
        "immutable: {of: t, fields: [kind]}",
        "INSERT INTO t VALUES (1, 'person')",
        "UPDATE t SET kind = 'PERSON'",
        shows="SELECT 1 FROM t WHERE BINARY kind = 'PERSON'",
    ),
    kept(
        "a column that is given a new value by a trigger before the guard",
        "P",
        f"{_ROW} CREATE FUNCTION s() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN NEW.b := 7; RETURN NEW; END $$; {_RAISE} "
        "CREATE TRIGGER a BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION s(); "
        "CREATE TRIGGER z BEFORE UPDATE ON t FOR EACH ROW "
        "WHEN (NEW.a IS DISTINCT FROM OLD.a) EXECUTE FUNCTION f();",
        _A,
        _CHANGE_TRIED,
    ),
)

FURTHER = (*KEYS, *VALUES, *GUARDS)
