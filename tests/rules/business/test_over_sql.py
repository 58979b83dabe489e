"""Verdicts over schemas in SQL; the ids are those of the observed cases."""

from __future__ import annotations

import pytest

from schemalint.model import Layer
from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

KEPT, WEAK, BROKEN, UNKNOWN = Verdict.KEPT, Verdict.WEAK, Verdict.BROKEN, Verdict.UNKNOWN
ANY_CASE = "unique: {of: t, by: [email], ignore_case: true}"
LIVE = "unique: {of: t, by: [email], where: deleted_at is null}"
EMAIL = "CREATE TABLE t (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL"
SOFT = f"{EMAIL}, deleted_at TIMESTAMP NULL"
STATES = "states: {of: t.s, values: [draft, paid]}"
STATE = "CREATE TABLE t (id INTEGER PRIMARY KEY, s VARCHAR(50)"


@pytest.mark.parametrize(
    ("dialect", "ddl", "rule", "verdict"),
    [
        ("postgresql", f"{EMAIL}); CREATE UNIQUE INDEX u ON t (lower(email));", ANY_CASE, KEPT),
        ("sqlite", f"{EMAIL}); CREATE UNIQUE INDEX u ON t (lower(email));", ANY_CASE, BROKEN),
        (
            "postgresql",
            f'{EMAIL}); CREATE UNIQUE INDEX u ON t (lower(email COLLATE "C"));',
            ANY_CASE,
            BROKEN,
        ),
        ("postgresql", f"{EMAIL}); CREATE UNIQUE INDEX u ON t (trim(email));", ANY_CASE, BROKEN),
        (
            "postgresql",
            f"{EMAIL}); CREATE UNIQUE INDEX u ON t (lower(trim(email)));",
            ANY_CASE,
            KEPT,
        ),
        ("postgresql", f"{EMAIL} COLLATE ci UNIQUE);", ANY_CASE, UNKNOWN),
        ("postgresql", f"{EMAIL} UNIQUE CHECK (email = lower(email)));", ANY_CASE, KEPT),
        ("postgresql", f"{EMAIL} UNIQUE CHECK (email = upper(email)));", ANY_CASE, KEPT),
        ("sqlite", f"{EMAIL} UNIQUE CHECK (email IN ('a', 'b')));", ANY_CASE, KEPT),
        (
            "mariadb",
            f"{EMAIL} COLLATE utf8mb4_bin, e VARCHAR(50) COLLATE utf8mb4_bin AS (lower(email)) "
            "STORED UNIQUE);",
            ANY_CASE,
            KEPT,
        ),
        ("mariadb", f"{EMAIL} COLLATE utf8mb4_bin UNIQUE);", ANY_CASE, BROKEN),
    ],
)
def test_letter_case(dialect: str, ddl: str, rule: str, verdict: Verdict) -> None:
    """U08 to U10."""
    judged = judge(sql(ddl, dialect), rule)
    assert judged.verdict is verdict, judged.message


@pytest.mark.parametrize(
    ("dialect", "ddl", "rule", "verdict"),
    [
        (
            "postgresql",
            f"{SOFT}); CREATE UNIQUE INDEX u ON t (email, coalesce(deleted_at, 'epoch'));",
            LIVE,
            KEPT,
        ),
        (
            "mariadb",
            f"{SOFT}, live INT AS (IF(deleted_at IS NULL, 1, NULL)) VIRTUAL, "
            "UNIQUE (email, live));",
            LIVE,
            KEPT,
        ),
        (
            "mariadb",
            f"{SOFT}, live INT AS (IF(deleted_at IS NULL, NULL, 1)) VIRTUAL, "
            "UNIQUE (email, live));",
            LIVE,
            BROKEN,
        ),
        (
            "sqlite",
            f'{EMAIL}); CREATE UNIQUE INDEX u ON t ("emial");',
            "unique: {of: t, by: [email]}",
            KEPT,
        ),
        (
            "postgresql",
            "CREATE TABLE t (id INT PRIMARY KEY); CREATE TABLE t2 (x INT) INHERITS (t);",
            "unique: {of: t, by: [id]}",
            BROKEN,
        ),
        (
            "postgresql",
            "CREATE TABLE t (id INT, d INT NOT NULL CHECK (d > 0), PRIMARY KEY (id, d)) "
            "PARTITION BY RANGE (d); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9);",
            "unique: {of: t1, by: [id, d]}",
            KEPT,
        ),
        (
            "postgresql",
            "CREATE TABLE t (id INT, d INT NOT NULL CHECK (d > 0), PRIMARY KEY (id, d)) "
            "PARTITION BY RANGE (d); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (9);",
            "check: {of: t1, that: d > 0}",
            KEPT,
        ),
        (
            "postgresql",
            "CREATE TABLE t (id INT PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL CHECK (a = b), "
            "UNIQUE (b));",
            "unique: {of: t, by: [a]}",
            UNKNOWN,
        ),
        (
            "sqlite",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, s TEXT COLLATE NOCASE, "
            "n INT); CREATE UNIQUE INDEX u ON t (a, coalesce(s, ''));",
            "unique: {of: t, by: [a], where: \"s = 'x'\"}",
            BROKEN,
        ),
        (
            "postgresql",
            "CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL, b INT NOT NULL); "
            "CREATE UNIQUE INDEX u ON t ((a + b));",
            "unique: {of: t, by: [a]}",
            BROKEN,
        ),
    ],
)
def test_members_of_keys(dialect: str, ddl: str, rule: str, verdict: Verdict) -> None:
    """U23, U26, U51."""
    judged = judge(sql(ddl, dialect), rule)
    assert judged.verdict is verdict, judged.message


@pytest.mark.parametrize(
    ("dialect", "ddl", "rule", "said"),
    [
        ("mariadb", "url VARCHAR(50) NOT NULL, UNIQUE (url(5))", "[url]", "first 5 characters"),
        ("mariadb", "code VARCHAR(9) NOT NULL UNIQUE", "[code]", "differ in letter case only"),
        (
            "sqlite",
            'a TEXT NOT NULL); CREATE UNIQUE INDEX u ON t ("aa"',
            "[a]",
            "same in every row",
        ),
        ("postgresql", "a INT, b INT, UNIQUE (a) INCLUDE (b)", "[a, b]", "differ in `b`"),
    ],
)
def test_stricter_than_the_rule(dialect: str, ddl: str, rule: str, said: str) -> None:
    """U09c, U17, U39, U51."""
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {ddl});", dialect)
    judged = judge(schema, f"unique: {{of: t, by: {rule}, nulls: distinct}}")
    assert judged.verdict is KEPT, judged.message
    assert [said in finding.message for finding in judged.stricter] == [True]


@pytest.mark.parametrize(
    ("dialect", "ddl", "verdict"),
    [
        ("postgresql", f"{STATE} NOT NULL CHECK (s IN ('draft', 'paid')));", KEPT),
        ("postgresql", f"{STATE} NOT NULL CHECK (s ~ '^(draft|paid)$'));", KEPT),
        ("postgresql", f"{STATE} CHECK (s IN ('draft', 'paid')));", BROKEN),
        ("postgresql", f"{STATE} NOT NULL CHECK (s = 'draft'));", BROKEN),
        ("mariadb", f"{STATE} NOT NULL CHECK (s IN ('draft', 'paid')));", WEAK),
        (
            "mariadb",
            f"{STATE} COLLATE utf8mb4_bin NOT NULL CHECK (s IN ('draft', 'paid')));",
            WEAK,
        ),
        (
            "mariadb",
            f"{STATE} COLLATE utf8mb4_nopad_bin NOT NULL CHECK (s IN ('draft', 'paid')));",
            KEPT,
        ),
        ("sqlite", f"{STATE} COLLATE NOCASE NOT NULL CHECK (s IN ('draft', 'paid')));", WEAK),
        ("sqlite", f'{STATE} NOT NULL CHECK (s IN ("draft", "paid")));', KEPT),
        ("sqlite", f'{STATE} NOT NULL, paid TEXT, CHECK (s IN ("draft", "paid")));', BROKEN),
        ("sqlite", f"{STATE} NOT NULL CHECK (s = 'draft' OR 'paid'));", BROKEN),
        ("mariadb", "CREATE TABLE t (s ENUM('draft', 'paid') NOT NULL);", WEAK),
        ("mariadb", "CREATE TABLE t (s ENUM('draft', 'paid') NOT NULL CHECK (s <> ''));", KEPT),
        (
            "postgresql",
            f"CREATE TABLE st (code TEXT PRIMARY KEY); {STATE} NOT NULL REFERENCES st);",
            BROKEN,
        ),
    ],
)
def test_values_of_states(dialect: str, ddl: str, verdict: Verdict) -> None:
    """E01 to E17."""
    judged = judge(sql(ddl, dialect), STATES)
    assert judged.verdict is verdict, judged.message


def test_values_that_only_the_check_lists() -> None:
    """The column is no text of any sort then."""
    ddl = "CREATE TABLE t (s TEXT NOT NULL CHECK (s IN ('draft', 'paid', 'lost', 'gone')))"
    judged = judge(sql(ddl, "sqlite"), STATES)
    assert judged.verdict is Verdict.BROKEN
    assert "`t.s` can be `lost` and `gone`, which the rule does not list" in judged.message
    assert "let the check refuse `lost` and `gone`, or add them to `values`" in judged.message
    (finding,) = judged.findings
    assert finding.span is not None
    assert finding.span.text.startswith("CHECK")
    open_ended = ddl.replace("'gone')", "'gone') OR length(s) > 9")
    assert "takes any text" in judge(sql(open_ended, "sqlite"), STATES).message


@pytest.mark.parametrize(
    ("dialect", "ddl", "that", "verdict"),
    [
        ("sqlite", "n INTEGER NOT NULL CHECK (n >= 18)", "n >= 18", WEAK),
        ("sqlite", "n INTEGER NOT NULL CHECK (n BETWEEN 18 AND 99)", "n >= 18", KEPT),
        (
            "sqlite",
            "n INTEGER NOT NULL CHECK (typeof(n) = 'integer' AND n >= 18)",
            "n >= 18",
            KEPT,
        ),
        ("sqlite", "n INTEGER NOT NULL CHECK (n <> 0)", "n <> 0", KEPT),
        ("mariadb", "c VARCHAR(9) NOT NULL CHECK (c LIKE 'A%')", "c like 'A%'", WEAK),
        ("mariadb", "c VARCHAR(9) NOT NULL CHECK (c LIKE '%@%')", "c like '%@%'", KEPT),
        ("sqlite", "c TEXT NOT NULL CHECK (c LIKE 'A%')", "c like 'A%'", WEAK),
        ("postgresql", "c TEXT NOT NULL CHECK (c LIKE 'A%')", "c like 'A%'", KEPT),
        ("mariadb", "c VARCHAR(9) NOT NULL CHECK (c = upper(c))", "c = upper(c)", WEAK),
        ("mariadb", "c VARCHAR(9) NOT NULL CHECK (c <> 'x')", "c <> 'x'", KEPT),
        ("mariadb", "c VARCHAR(9) NOT NULL", "length(c) <= 9", KEPT),
        ("postgresql", "c VARCHAR(9) NOT NULL", "length(c) <= 8", BROKEN),
        ("mariadb", "p DECIMAL(5, 2) NOT NULL", "p < 1000", KEPT),
        ("postgresql", "a INT NOT NULL, b INT NOT NULL, CHECK (a > 0 AND b > a)", "b > 0", KEPT),
        (
            "postgresql",
            "a INT NOT NULL, b INT GENERATED ALWAYS AS (a * 2) STORED, CHECK (b > 4)",
            "a * 2 > 4",
            KEPT,
        ),
        (
            "postgresql",
            "a NUMERIC NOT NULL, b NUMERIC(5, 2) GENERATED ALWAYS AS (a / 3) STORED",
            "b >= 0",
            UNKNOWN,
        ),
    ],
)
def test_conditions(dialect: str, ddl: str, that: str, verdict: Verdict) -> None:
    """E19, O03h, O03i, O04, O05g, O09b."""
    schema = sql(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {ddl});", dialect)
    judged = judge(schema, f'check: {{of: t, that: "{that}"}}')
    assert judged.verdict is verdict, judged.message


def test_strict_tables_hold_numbers() -> None:
    """E19."""
    schema = sql("CREATE TABLE t (n INTEGER NOT NULL CHECK (n >= 18)) STRICT;", "sqlite")
    assert judge(schema, "check: {of: t, that: n >= 18}").verdict is KEPT
    anything = sql("CREATE TABLE t (n ANY NOT NULL CHECK (n >= 18)) STRICT;", "sqlite")
    assert judge(anything, "check: {of: t, that: n < 'a'}").verdict is not KEPT


def test_null_past_not_null() -> None:
    """E23b, O17g."""
    domain = sql("CREATE DOMAIN st AS TEXT NOT NULL; CREATE TABLE t (s st);")
    judged = judge(domain, "required: {of: t, fields: [s]}")
    assert (judged.verdict, judged.report.layer) == (WEAK, Layer.CLIENT)
    again = sql("CREATE DOMAIN st AS TEXT NOT NULL; CREATE TABLE t (s st NOT NULL);")
    assert judge(again, "required: {of: t, fields: [s]}").verdict is KEPT
    row = sql("CREATE TYPE addr AS (a TEXT); CREATE TABLE t (s addr NOT NULL);")
    assert judge(row, "required: {of: t, fields: [s]}").verdict is BROKEN


def test_a_check_of_what_is_computed_refuses_null() -> None:
    """It speaks of no field that the rule names."""
    made = "made INTEGER GENERATED ALWAYS AS (CASE WHEN n > 1 THEN 1 END) STORED"
    for dialect in ("postgresql", "sqlite", "mysql"):
        ddl = f"CREATE TABLE t (n INTEGER, {made}, CHECK ((made BETWEEN 1 AND 2) IS TRUE));"
        judged = judge(sql(ddl, dialect), "optional: {of: t, fields: [n]}")
        assert judged.verdict is Verdict.BROKEN
        assert "`CHECK ((made BETWEEN 1 AND 2) IS TRUE)` on `t` rejects rows" in judged.message


def test_help_speaks_sql() -> None:
    schema = sql("CREATE TABLE t (id INT PRIMARY KEY, name TEXT);")
    judged = judge(schema, "required: {of: t, fields: [name]}")
    assert 'ALTER TABLE "t" ALTER COLUMN "name" SET NOT NULL;' in judged.message
    judged = judge(schema, "unique: {of: t, by: [name], nulls: distinct}")
    assert 'CREATE UNIQUE INDEX "t_name_key" ON "t" ("name");' in judged.message


@pytest.mark.parametrize(
    ("dialect", "check", "verdict"),
    [
        ("postgresql", r"s ~ '\S'", KEPT),
        ("postgresql", r"s !~ '^\s*$'", KEPT),
        ("postgresql", "s ~ '[^[:space:]]' AND length(s) < 9", KEPT),
        ("postgresql", "s ~ '^[a-z]+(-[a-z]+)*$'", KEPT),
        ("postgresql", "s ~ '^[a-z]*$'", UNKNOWN),
        ("postgresql", "s ~ '^[a-z ]+$'", UNKNOWN),
        ("postgresql", "s ~ 'a| '", UNKNOWN),
        ("postgresql", "s LIKE '%@%'", KEPT),
        ("postgresql", "s LIKE '% %'", BROKEN),
        ("postgresql", "s IN ('a', 'b')", KEPT),
        ("postgresql", "s IN ('a', NULL)", BROKEN),
        ("postgresql", "s LIKE '%@%' OR s = ''", BROKEN),
        ("postgresql", "TRIM(BOTH FROM s) <> ''", BROKEN),
        ("postgresql", "length(s) >= 3", BROKEN),
        ("sqlite", "trim(s, char(9, 10, 11, 12, 13, 32)) <> ''", KEPT),
        ("sqlite", "length(trim(s)) > 0 AND length(s) < 5", BROKEN),
        ("mariadb", "s NOT REGEXP '^[[:space:]]*$'", KEPT),
        ("mariadb", "char_length(trim(s)) > 0", BROKEN),
    ],
)
def test_not_blank(dialect: str, check: str, verdict: Verdict) -> None:
    """O01b, O01c, O01d."""
    schema = sql(f"CREATE TABLE t (id INT PRIMARY KEY, s TEXT NOT NULL CHECK ({check}));", dialect)
    judged = judge(schema, "required: {of: t, fields: [s], not_blank: true}")
    assert judged.verdict is verdict, judged.message
