"""Uniqueness, as no observed case has it."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_TWO_A = "SELECT 1 FROM t WHERE email = 'a' GROUP BY email HAVING count(*) = 2"
_TWO = "SELECT 1 FROM (SELECT count(*) AS n FROM t) AS x WHERE n = 2"
_EMAIL = "unique: {of: t, by: [email]}"
_ANY_CASE = "unique: {of: t, by: [email], ignore_case: true}"
_LIVE = "unique: {of: t, by: [email], where: deleted_at is null}"
_T = "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL, status {text} NOT NULL)"
_SOFT = "CREATE TABLE t (id INTEGER PRIMARY KEY, email {text} NOT NULL, deleted_at {text})"
_PAIR = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER)"

_SLUG = "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE CHECK (email {}));"
_CASES = "INSERT INTO t VALUES (1, 'a-b') ;; INSERT INTO t VALUES (2, 'A-b')"

UNIQUENESS = (
    kept(
        "a pattern of small letters",
        "P",
        _SLUG.format("~ '^[a-z0-9]+(-[a-z0-9]+)*$'"),
        _ANY_CASE,
        _CASES,
    ),
    broken(
        "a pattern of small letters with nothing at its end",
        "P",
        _SLUG.format("~ '^[a-z0-9]+'"),
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'ab')",
        "INSERT INTO t VALUES (2, 'aB')",
        shows=_TWO,
    ),
    broken(
        "a pattern that ignores letter case",
        "P",
        _SLUG.format("~* '^[a-z-]+$'"),
        _ANY_CASE,
        *_CASES.split(" ;; "),
        shows=_TWO,
    ),
    kept(
        "an index over more rows than the rule speaks of",
        "SP",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email) WHERE status IN ('ACTIVE', 'PENDING');",
        "unique: {of: t, by: [email], where: status = 'ACTIVE'}",
        "INSERT INTO t VALUES (1, 'a', 'ACTIVE') ;; INSERT INTO t VALUES (2, 'a', 'ACTIVE')",
    ),
    broken(
        "an index over fewer rows than the rule speaks of",
        "SP",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email) WHERE status = 'ACTIVE';",
        "unique: {of: t, by: [email], where: \"status in ('ACTIVE', 'PENDING')\"}",
        "INSERT INTO t VALUES (1, 'a', 'PENDING')",
        "INSERT INTO t VALUES (2, 'a', 'PENDING')",
        shows=_TWO_A,
    ),
    kept(
        "an index whose predicate is the other way round",
        "SP",
        f"{_SOFT}; CREATE UNIQUE INDEX u ON t (email) WHERE NOT (deleted_at IS NOT NULL);",
        _LIVE,
        "INSERT INTO t VALUES (1, 'a', NULL) ;; INSERT INTO t VALUES (2, 'a', NULL)",
    ),
    broken(
        "two indexes that cover all rows, but not pairs across them",
        "SP",
        f"{_SOFT}; CREATE UNIQUE INDEX u ON t (email) WHERE deleted_at IS NULL; "
        "CREATE UNIQUE INDEX v ON t (email) WHERE deleted_at IS NOT NULL;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', NULL)",
        "INSERT INTO t VALUES (2, 'a', 'x')",
        shows=_TWO_A,
    ),
    kept(
        "NULL made a value by a second index",
        "SP",
        f"{_PAIR}; CREATE UNIQUE INDEX u ON t (a, b); "
        "CREATE UNIQUE INDEX v ON t (a) WHERE b IS NULL;",
        "unique: {of: t, by: [a, b], nulls: equal}",
        "INSERT INTO t VALUES (1, 1, 1) ;; INSERT INTO t VALUES (2, 1, 1)",
        "INSERT INTO t VALUES (1, 1, NULL) ;; INSERT INTO t VALUES (2, 1, NULL)",
    ),
    kept(
        "NULL made a value by coalesce",
        "SP",
        f"{_PAIR}; CREATE UNIQUE INDEX u ON t (a, coalesce(b, -1));",
        "unique: {of: t, by: [a, b], nulls: equal}",
        "INSERT INTO t VALUES (1, 1, 1) ;; INSERT INTO t VALUES (2, 1, 1)",
        "INSERT INTO t VALUES (1, 1, NULL) ;; INSERT INTO t VALUES (2, 1, NULL)",
    ),
    kept(
        "a further column with one value only",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL "
        "CHECK (b = 1), UNIQUE (a, b));",
        "unique: {of: t, by: [a]}",
        "INSERT INTO t VALUES (1, 1, 1) ;; INSERT INTO t VALUES (2, 1, 1)",
    ),
    broken(
        "an index that was dropped again",
        "SP",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email); DROP INDEX u;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO_A,
    ),
    broken(
        "an index that was dropped again, by table",
        "M",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email); DROP INDEX u ON t;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO_A,
    ),
    broken(
        "a key that was dropped by ALTER TABLE",
        "M",
        f"{_T}; ALTER TABLE t ADD UNIQUE KEY u (email); ALTER TABLE t DROP KEY u;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO_A,
    ),
    broken(
        "a constraint that was dropped by the name it was given",
        "P",
        f"{_T.replace('NOT NULL, s', 'NOT NULL UNIQUE, s')}; "
        "ALTER TABLE t DROP CONSTRAINT t_email_key;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO_A,
    ),
    broken(
        "a key that went with one of its columns",
        "P",
        f"{_T}; ALTER TABLE t ADD CONSTRAINT u UNIQUE (email, status); "
        "ALTER TABLE t DROP COLUMN status;",
        "unique: {of: t, by: [email]}",
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'a')",
        shows=_TWO_A,
    ),
    kept(
        "a column and a table that were renamed",
        "SPM",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email); ALTER TABLE t RENAME COLUMN email TO mail; "
        "ALTER TABLE t RENAME TO person;",
        "unique: {of: person, by: [mail]}",
        "INSERT INTO person VALUES (1, 'a', '') ;; INSERT INTO person VALUES (2, 'a', '')",
    ),
    kept(
        "a constraint made of an index",
        "P",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email); "
        "ALTER TABLE t ADD CONSTRAINT uu UNIQUE USING INDEX u;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '') ;; INSERT INTO t VALUES (2, 'a', '')",
    ),
    kept(
        "an exclusion by equality",
        "P",
        f"{_T}; ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING btree (email WITH =);",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '') ;; INSERT INTO t VALUES (2, 'a', '')",
    ),
    broken(
        "an exclusion by equality, of some rows",
        "P",
        f"{_T}; ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING btree (email WITH =) "
        "WHERE (status = 'ACTIVE');",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO_A,
    ),
    kept(
        "letter case folded, and blanks cut",
        "P",
        f"{_T}; CREATE UNIQUE INDEX u ON t (lower(btrim(email)));",
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'É', 'x') ;; INSERT INTO t VALUES (2, 'é', 'x')",
    ),
    broken(
        "letter case folded in one of two columns",
        "P",
        f"{_T}; CREATE UNIQUE INDEX u ON t (status, lower(email));",
        "unique: {of: t, by: [status, email], ignore_case: true}",
        "INSERT INTO t VALUES (1, 'a', 'x')",
        "INSERT INTO t VALUES (2, 'a', 'X')",
        shows=_TWO_A,
    ),
    broken(
        "a collation that tells letter case apart, in the column's place",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL UNIQUE) "
        "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;",
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'A')",
        shows=_TWO,
    ),
    broken(
        "a column of bytes",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email VARBINARY(50) NOT NULL UNIQUE);",
        _ANY_CASE,
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'A')",
        shows=_TWO,
    ),
    broken(
        "a text column that was changed to one without a key",
        "M",
        f"{_T}; CREATE UNIQUE INDEX u ON t (email); ALTER TABLE t DROP INDEX u, "
        "CHANGE email mail VARCHAR(80) NOT NULL;",
        "unique: {of: t, by: [mail]}",
        "INSERT INTO t VALUES (1, 'a', '')",
        "INSERT INTO t VALUES (2, 'a', '')",
        shows=_TWO,
    ),
    broken(
        "a table that was made anew without its key",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE); "
        "CREATE TABLE new_t (id INTEGER PRIMARY KEY, email TEXT NOT NULL); "
        "INSERT INTO new_t SELECT id, email FROM t; DROP TABLE t; "
        "ALTER TABLE new_t RENAME TO t;",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO t VALUES (2, 'a')",
        shows=_TWO_A,
    ),
    kept(
        "a table that was made anew with its key",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT NOT NULL); "
        "CREATE TABLE new_t (id INTEGER PRIMARY KEY, email TEXT NOT NULL); "
        "INSERT INTO new_t SELECT id, email FROM t; DROP TABLE t; "
        "ALTER TABLE new_t RENAME TO t; CREATE UNIQUE INDEX u ON t (email);",
        _EMAIL,
        "INSERT INTO t VALUES (1, 'a') ;; INSERT INTO t VALUES (2, 'a')",
    ),
    kept(
        "a key among quoted names with capitals",
        "P",
        'CREATE TABLE "Person" ("Id" INTEGER PRIMARY KEY, "eMail" TEXT NOT NULL); '
        'CREATE UNIQUE INDEX "Person_eMail_key" ON "Person" USING btree ("eMail" ASC NULLS LAST);',
        "unique: {of: Person, by: [eMail]}",
        "INSERT INTO \"Person\" VALUES (1, 'a') ;; INSERT INTO \"Person\" VALUES (2, 'a')",
    ),
    kept(
        "a key that a partition has from its parent",
        "P",
        "CREATE TABLE t (id INTEGER NOT NULL, k INTEGER NOT NULL) PARTITION BY LIST (k); "
        "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); "
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, k);",
        "unique: {of: t1, by: [id, k]}",
        "INSERT INTO t VALUES (1, 1) ;; INSERT INTO t1 VALUES (1, 1)",
    ),
    broken(
        "NULL in a primary key of SQLite, twice",
        "S",
        "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a, b));",
        "identity: {of: t, by: [a, b]}",
        "INSERT INTO t VALUES ('a', NULL)",
        shows="SELECT 1 FROM t WHERE b IS NULL",
    ),
    kept(
        "a primary key of SQLite without rowid",
        "S",
        "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;",
        "identity: {of: t, by: [a, b]}",
        "INSERT INTO t VALUES ('a', NULL)",
        "INSERT INTO t VALUES ('a', 'b') ;; INSERT INTO t VALUES ('a', 'b')",
    ),
    kept(
        "a unique column that is computed of two",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL, "
        "UNIQUE (b, a));",
        "unique: {of: t, by: [a, b]}",
        "INSERT INTO t VALUES (1, 1, 1) ;; INSERT INTO t VALUES (2, 1, 1)",
    ),
)
