"""Values and states, as no observed case has them."""

from __future__ import annotations

from tests.rules.sql_variations.variation import broken, kept

_STATES = "states: {of: t.s, values: [draft, paid]}"
_BOGUS = "INSERT INTO t (id, s) VALUES (1, 'bogus')"
_NONE = "INSERT INTO t (id, s) VALUES (1, NULL)"
_STORED = "SELECT 1 FROM t"
_ONE_OF = "exactly_one: {of: t, fields: [a, b]}"
_AB = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER"
_NEITHER = "INSERT INTO t VALUES (1, NULL, NULL)"
_TWO = "INSERT INTO t VALUES (1, 1, 1)"
_S = "CREATE TABLE t (id INTEGER PRIMARY KEY, s {text} NOT NULL"
_PRICE = "CREATE TABLE t (id INTEGER PRIMARY KEY, price INTEGER"

_PACKS = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n % 6 = 0));"

VALUES = (
    kept(
        "whole packs",
        "SPM",
        _PACKS,
        "check: {of: t, that: n % 6 = 0}",
        "INSERT INTO t VALUES (1, 7)",
    ),
    broken(
        "packs of another size",
        "SPM",
        _PACKS,
        "check: {of: t, that: n % 12 = 0}",
        "INSERT INTO t VALUES (1, 6)",
        shows=_STORED,
    ),
    broken(
        "a division that leaves out what remains",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n / 100 >= 0));",
        "check: {of: t, that: n >= 0}",
        "INSERT INTO t VALUES (1, -99)",
        shows=_STORED,
    ),
    kept(
        "states by ANY of an array",
        "P",
        f"{_S}, CHECK (s = ANY (ARRAY['draft', 'paid'])));",
        _STATES,
        _BOGUS,
        _NONE,
    ),
    kept(
        "states as pg_dump writes them",
        "P",
        "CREATE TABLE t (id integer NOT NULL, s character varying(20) NOT NULL, CONSTRAINT c "
        "CHECK (((s)::text = ANY ((ARRAY['draft'::character varying, "
        "'paid'::character varying])::text[]))));",
        _STATES,
        _BOGUS,
        _NONE,
    ),
    kept(
        "states by OR",
        "SP",
        f"{_S}, CHECK (s = 'draft' OR s = 'paid'));",
        _STATES,
        _BOGUS,
    ),
    kept(
        "states by a domain",
        "P",
        "CREATE DOMAIN state AS text CHECK (VALUE IN ('draft', 'paid')); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state NOT NULL);",
        _STATES,
        _BOGUS,
        _NONE,
    ),
    broken(
        "a domain whose check is false for NULL, which it does not name",
        "P",
        "CREATE DOMAIN amount AS integer CHECK (coalesce(VALUE, 0) > 0); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n amount);",
        "required: {of: t, fields: [n]}",
        "INSERT INTO t VALUES (1, (SELECT n FROM t))",
        shows="SELECT 1 FROM t WHERE n IS NULL",
    ),
    broken(
        "a domain that was widened",
        "P",
        "CREATE DOMAIN state AS text CONSTRAINT c CHECK (VALUE IN ('draft', 'paid')); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state NOT NULL); "
        "ALTER DOMAIN state DROP CONSTRAINT c;",
        _STATES,
        _BOGUS,
        shows=_STORED,
    ),
    broken(
        "an enum that got a further value",
        "P",
        "CREATE TYPE state AS ENUM ('draft', 'paid'); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state NOT NULL); "
        "ALTER TYPE state ADD VALUE IF NOT EXISTS 'bogus' AFTER 'draft';",
        _STATES,
        _BOGUS,
        shows=_STORED,
    ),
    kept(
        "an enum whose value was renamed",
        "P",
        "CREATE TYPE state AS ENUM ('draft', 'payed'); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state NOT NULL); "
        "ALTER TYPE state RENAME VALUE 'payed' TO 'paid';",
        _STATES,
        _BOGUS,
        "INSERT INTO t VALUES (1, 'payed')",
    ),
    broken(
        "an enum that became text",
        "P",
        "CREATE TYPE state AS ENUM ('draft', 'paid'); "
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s state NOT NULL); "
        "ALTER TABLE t ALTER COLUMN s TYPE text USING s::text;",
        _STATES,
        _BOGUS,
        shows=_STORED,
    ),
    kept(
        "text that became an enum, as Prisma migrates it",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s text NOT NULL DEFAULT 'draft'); "
        "CREATE TYPE state AS ENUM ('draft', 'paid'); ALTER TABLE t ALTER COLUMN s DROP DEFAULT; "
        "ALTER TABLE t ALTER COLUMN s TYPE state USING (s::text::state); "
        "ALTER TABLE t ALTER COLUMN s SET DEFAULT 'draft';",
        "states: {of: t.s, values: [draft, paid], initial: draft}",
        _BOGUS,
    ),
    broken(
        "a default that is no first state",
        "SP",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s {text} NOT NULL DEFAULT 'paid' "
        "CHECK (s IN ('draft', 'paid')));",
        "states: {of: t.s, values: [draft, paid], initial: draft}",
        "INSERT INTO t (id) VALUES (1)",
        shows="SELECT 1 FROM t WHERE s = 'paid'",
    ),
    kept(
        "states that are numbers",
        "PM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s INTEGER NOT NULL CHECK (s IN (1, 2)));",
        'states: {of: t.s, values: ["1", "2"]}',
        "INSERT INTO t VALUES (1, 3)",
    ),
    kept(
        "states as bytes, without padding",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(50) COLLATE utf8mb4_nopad_bin "
        "NOT NULL CHECK (s IN ('draft', 'paid')));",
        _STATES,
        "INSERT INTO t VALUES (1, 'DRAFT')",
        "INSERT INTO t VALUES (1, 'draft ')",
    ),
    broken(
        "a CHECK that was dropped",
        "PM",
        f"{_S}); ALTER TABLE t ADD CONSTRAINT c CHECK (s IN ('draft', 'paid')); "
        "ALTER TABLE t DROP CONSTRAINT c;",
        _STATES,
        _BOGUS,
        shows=_STORED,
    ),
    kept(
        "an enum and a CHECK",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s ENUM ('draft', 'paid') NOT NULL, "
        "CHECK (s <> ''));",
        _STATES,
        "INSERT IGNORE INTO t VALUES (1, 'bogus')",
        _BOGUS,
    ),
    kept(
        "exactly one of two, by counting",
        "P",
        f"{_AB}, CHECK (num_nonnulls(a, b) = 1));",
        _ONE_OF,
        _NEITHER,
        _TWO,
    ),
    kept(
        "exactly one of two, by adding truth",
        "SM",
        f"{_AB}, CHECK ((a IS NULL) + (b IS NULL) = 1));",
        _ONE_OF,
        _NEITHER,
        _TWO,
    ),
    kept(
        "exactly one of two, by casting truth",
        "P",
        f"{_AB}, CHECK ((a IS NOT NULL)::int + (b IS NOT NULL)::int = 1));",
        _ONE_OF,
        _NEITHER,
        _TWO,
    ),
    kept(
        "exactly one of two, by cases",
        "SPM",
        f"{_AB}, CHECK ((CASE WHEN a IS NULL THEN 0 ELSE 1 END) + "
        "(CASE WHEN b IS NULL THEN 0 ELSE 1 END) = 1));",
        _ONE_OF,
        _NEITHER,
        _TWO,
    ),
    broken(
        "at most one of two, where one is wanted",
        "SPM",
        f"{_AB}, CHECK (a IS NULL OR b IS NULL));",
        _ONE_OF,
        _NEITHER,
        shows=_STORED,
    ),
    broken(
        "a condition with NOT that NULL passes",
        "SPM",
        f"{_PRICE}, CHECK (NOT (price < 0)));",
        "check: {of: t, that: price >= 0}",
        "INSERT INTO t VALUES (1, NULL)",
        shows=_STORED,
    ),
    kept(
        "a condition with its own NOT NULL",
        "PM",
        f"{_PRICE}, CHECK (price >= 0 AND price IS NOT NULL));",
        "check: {of: t, that: price >= 0}",
        "INSERT INTO t VALUES (1, NULL)",
        "INSERT INTO t VALUES (1, -1)",
    ),
    kept(
        "a stronger condition than the rule's",
        "SPM",
        f"{_PRICE} NOT NULL CHECK (price BETWEEN 1 AND 10));",
        "check: {of: t, that: price > 0 and price < 100}",
        "INSERT INTO t VALUES (1, 0)",
        "INSERT INTO t VALUES (1, 100)",
    ),
    kept(
        "two conditions that are the rule's together",
        "PM",
        f"{_PRICE} NOT NULL CHECK (price > 0)); "
        "ALTER TABLE t ADD CONSTRAINT c CHECK (price < 100);",
        "check: {of: t, that: price between 1 and 99}",
        "INSERT INTO t VALUES (1, 0)",
        "INSERT INTO t VALUES (1, 100)",
    ),
    kept(
        "not blank, by a regular expression",
        "P",
        f"{_S} CHECK (s ~ '\\S'));",
        "required: {of: t, fields: [s], not_blank: true}",
        "INSERT INTO t VALUES (1, ' \t')",
        "INSERT INTO t VALUES (1, '')",
    ),
    broken(
        "not empty, where blanks are none either",
        "SP",
        f"{_S} CHECK (length(s) > 0));",
        "required: {of: t, fields: [s], not_blank: true}",
        "INSERT INTO t VALUES (1, ' ')",
        shows=_STORED,
    ),
    kept(
        "a length by the type",
        "PM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s CHARACTER VARYING(3) NOT NULL);",
        "check: {of: t, that: length(s) <= 3}",
        "INSERT INTO t VALUES (1, 'abcd')",
    ),
    broken(
        "a length by the type, in SQLite",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s CHARACTER VARYING(3) NOT NULL);",
        "check: {of: t, that: length(s) <= 3}",
        "INSERT INTO t VALUES (1, 'abcd')",
        shows=_STORED,
    ),
    broken(
        "a length that was widened",
        "PM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(3) NOT NULL); ALTER TABLE t "
        "ADD COLUMN n INTEGER, DROP COLUMN s; ALTER TABLE t ADD COLUMN s VARCHAR(9) NOT NULL;",
        "check: {of: t, that: length(s) <= 3}",
        "INSERT INTO t (id, s) VALUES (1, 'abcd')",
        shows=_STORED,
    ),
    broken(
        "a column that MODIFY made nullable",
        "M",
        f"{_S}); ALTER TABLE t MODIFY s VARCHAR(50);",
        "required: {of: t, fields: [s]}",
        _NONE,
        shows=_STORED,
    ),
    kept(
        "a column that MODIFY made required",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(50)); "
        "ALTER TABLE t MODIFY COLUMN s VARCHAR(50) NOT NULL DEFAULT 'x';",
        "required: {of: t, fields: [s]}",
        _NONE,
    ),
    kept(
        "a serial key",
        "P",
        "CREATE TABLE t (id BIGSERIAL, s TEXT, CONSTRAINT t_pk PRIMARY KEY (id));",
        "identity: {of: t, by: [id], type: bigint}",
        "INSERT INTO t VALUES (NULL, '')",
        "INSERT INTO t VALUES (1, '') ;; INSERT INTO t VALUES (1, '')",
    ),
    kept(
        "a condition over a generated column",
        "SPM",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, "
        "b INTEGER GENERATED ALWAYS AS (a + 1) STORED, CHECK (b > 10));",
        "check: {of: t, that: b > 10}",
        "INSERT INTO t (id, a) VALUES (1, 9)",
    ),
    kept(
        "an implication by cases",
        "P",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL, at DATE, "
        "CHECK (CASE WHEN s = 'paid' THEN at IS NOT NULL ELSE true END));",
        "check: {of: t, that: \"s <> 'paid' or at is not null\"}",
        "INSERT INTO t VALUES (1, 'paid', NULL)",
    ),
    kept(
        "an equivalence",
        "SP",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s {text} NOT NULL, at DATE, "
        "CHECK ((s = 'paid') = (at IS NOT NULL)));",
        "check: {of: t, that: \"(s = 'paid' and at is not null) or (s <> 'paid' and at is null)\"}",
        "INSERT INTO t VALUES (1, 'paid', NULL)",
        "INSERT INTO t VALUES (1, 'draft', '2024-01-01')",
    ),
    broken(
        "text where SQLite was to hold a number",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n > 0));",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (1, 'abc')",
        shows="SELECT 1 FROM t WHERE typeof(n) = 'text'",
    ),
    kept(
        "a number that SQLite holds to be one",
        "S",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL "
        "CHECK (n > 0 AND typeof(n) = 'integer'));",
        "check: {of: t, that: n > 0}",
        "INSERT INTO t VALUES (1, 'abc')",
        "INSERT INTO t VALUES (1, -1)",
    ),
    broken(
        "blanks at the end, which MariaDB passes over",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(9) COLLATE utf8mb4_bin NOT NULL, "
        "CHECK (s IN ('draft', 'paid')));",
        "check: {of: t, that: \"s in ('draft', 'paid')\"}",
        "INSERT INTO t VALUES (1, 'draft ')",
        shows="SELECT 1 FROM t WHERE length(s) = 6",
    ),
    kept(
        "blanks at the end, which MariaDB is to heed",
        "M",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(9) COLLATE utf8mb4_nopad_bin NOT NULL, "
        "CHECK (s IN ('draft', 'paid')));",
        "check: {of: t, that: \"s in ('draft', 'paid')\"}",
        "INSERT INTO t VALUES (1, 'draft ')",
        "INSERT INTO t VALUES (1, 'DRAFT')",
    ),
    broken(
        "capitals where MariaDB takes small letters for the same",
        "M",
        f"{_S}, CHECK (s = upper(s)));",
        "check: {of: t, that: s = upper(s)}",
        "INSERT INTO t VALUES (1, 'abc')",
        shows="SELECT 1 FROM t WHERE BINARY s = 'abc'",
    ),
)
