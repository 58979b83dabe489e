"""Migrations out of order, by their names and by what they need."""

from __future__ import annotations

from textwrap import dedent

import pytest

from schemalint.finding import Finding, Severity
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.rule import Rulebook
from schemalint.source import SourceFile
from schemalint_rules.design.missing_down_order import MissingDownOrder

POSTGRESQL, SQLITE, MYSQL = Dialect.POSTGRESQL, Dialect.SQLITE, Dialect.MYSQL


def found(*texts: str, dialect: Dialect = POSTGRESQL) -> list[Finding]:
    """The findings in migrations called `1_a`, `2_a` and so on."""
    names = [f"migrations/{number}_a/migration.sql" for number in range(1, len(texts) + 1)]
    return named(dict(zip(names, texts, strict=True)), dialect)


def named(files: dict[str, str], dialect: Dialect = POSTGRESQL) -> list[Finding]:
    sources = [SourceFile(path, dedent(text)) for path, text in files.items()]
    schema = SqlLoader().load(sources, dialect=dialect).schema
    return list(MissingDownOrder().check(schema, Rulebook()))


T = "CREATE TABLE t (id INT PRIMARY KEY);"


@pytest.mark.parametrize(
    ("early", "late", "needed"),
    [
        ("ALTER TABLE t ADD COLUMN a INT;", T, "t"),
        ("CREATE INDEX i ON t (id);", T, "t"),
        ("CREATE TABLE u (id INT PRIMARY KEY, t INT REFERENCES t (id));", T, "t"),
        ("CREATE TABLE u (id INT, t INT, FOREIGN KEY (t) REFERENCES public.t (id));", T, "t"),
        ("CREATE TABLE u (LIKE t);", T, "t"),
        ("CREATE TABLE u () INHERITS (t);", T, "t"),
        ("DROP TABLE t;", T, "t"),
        ("GRANT SELECT ON t TO PUBLIC;\nALTER TABLE t ADD COLUMN a INT;", T, "t"),
        ("ALTER TABLE t RENAME TO s;", T, "t"),
        (T + "CREATE INDEX i ON t (a);", "ALTER TABLE t ADD COLUMN a INT;", "a"),
        (T + "ALTER TABLE t ALTER COLUMN a SET NOT NULL;", "ALTER TABLE t ADD a INT;", "a"),
        (T + "ALTER TABLE t DROP COLUMN a;", "ALTER TABLE t ADD a INT;", "a"),
        (T + "ALTER TABLE t ADD COLUMN m mood;", "CREATE TYPE mood AS ENUM ('sad');", "mood"),
        ("CREATE TABLE u (m mood);", "CREATE DOMAIN mood AS TEXT;", "mood"),
        ("ALTER TYPE mood ADD VALUE 'glad';", "CREATE TYPE mood AS ENUM ('sad');", "mood"),
    ],
)
def test_what_only_a_later_migration_makes(early: str, late: str, needed: str) -> None:
    (finding,) = found(early, late)
    assert f"`{needed}`" in finding.message
    assert "which only a later migration makes, `2_a`" in finding.message
    assert finding.span is not None
    assert finding.span.file.path == "migrations/1_a/migration.sql"
    (related,) = finding.related
    assert related.span.file.path == "migrations/2_a/migration.sql"
    assert needed in related.span.text


@pytest.mark.parametrize(
    ("early", "late"),
    [
        (T, "ALTER TABLE t ADD COLUMN a INT;"),
        ("ALTER TABLE IF EXISTS t ADD COLUMN a INT;", T),
        ("DROP TABLE IF EXISTS t;", T),
        ("ALTER TABLE nowhere ADD COLUMN a INT;", T),  # the loader tells that
        (T + "DROP TABLE t;", T),
        ("CREATE TABLE u (t INT);\nALTER TABLE u RENAME TO t;", "ALTER TABLE t ADD a INT;"),
        ("DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 't') THEN "
         "ALTER TABLE t ADD COLUMN a INT; END IF; END $$;", T),
        ("-- REFERENCES t\n" + "CREATE TABLE u (a TEXT DEFAULT 'REFERENCES t');", T),
        ("CREATE TABLE u (t INT REFERENCES u (t));", T),
    ],
)  # fmt: skip
def test_what_is_there_is_not_told(early: str, late: str) -> None:
    assert found(early, late) == []


def test_each_thing_is_told_once_a_file() -> None:
    early = "ALTER TABLE t ADD a INT;\nALTER TABLE t ADD b INT;\n"
    assert len(found(early, early.replace("a INT", "c INT"), T)) == 2


@pytest.mark.parametrize(
    ("dialect", "before", "number"),
    [
        (SQLITE, "", 0),
        (MYSQL, "", 1),
        (MYSQL, "SET FOREIGN_KEY_CHECKS = 0;\n", 0),
        (POSTGRESQL, "", 1),
    ],
)
def test_whether_a_foreign_key_may_come_before_its_table(
    dialect: Dialect, before: str, number: int
) -> None:
    early = (
        before + "CREATE TABLE u (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES t (id));"
    )
    assert len(found(early, T, dialect=dialect)) == number


def test_names_are_compared_as_the_database_compares_them() -> None:
    early = 'CREATE TABLE "T" (id INT PRIMARY KEY);\nCREATE TABLE u (t INT REFERENCES %s (id));'
    assert len(found(early % "t", T)) == 1
    assert found(early % '"T"', T) == []
    assert found(early.replace('"', "") % "t", T.replace(" t ", " T "), dialect=MYSQL) == []


# -- the names


def order(*names: str) -> list[tuple[str, Severity]]:
    files = {name: f"CREATE TABLE t{number} (id INT);" for number, name in enumerate(names)}
    return [(finding.message, finding.severity) for finding in named(files)]


def folders(*names: str) -> list[tuple[str, Severity]]:
    return order(*(f"migrations/{name}/migration.sql" for name in names))


def test_a_migration_without_a_number_is_applied_last() -> None:
    (told,) = folders("20240101000000_a", "20240201000000_b", "seed")
    assert told == (
        "the migration `seed` has no number among 2 that have one: it is applied behind all of "
        "them, those to come included",
        Severity.WARNING,
    )
    assert folders("init", "more") == []


def test_numbers_that_are_compared_as_texts() -> None:
    (told,) = folders("10_b", "2_a")
    assert told == (
        "the migration `2_a` is applied after `10_b`: these names are compared as texts",
        Severity.WARNING,
    )


def test_one_timestamp_twice() -> None:
    """Told once, where both are about one table."""
    names = [f"20240101000000_{letter}" for letter in "abcd"]
    assert folders(*names) == []
    index = "CREATE INDEX i{} ON t (id);"
    texts = ["CREATE TABLE u (id INT);", T, index.format(1), index.format(2)]
    files = {f"{name}/migration.sql": text for name, text in zip(names, texts, strict=True)}
    (finding,) = named(files)
    assert finding.severity is Severity.INFO
    assert finding.message == (
        "the migrations `20240101000000_b` and `20240101000000_c` share one number and a table: "
        "what comes behind the number decides which is applied first"
    )


@pytest.mark.parametrize(
    "names",
    [
        ("migrations/0_init/migration.sql", "migrations/20240101000000_a/migration.sql"),
        ("migrations/20240101_a/migration.sql", "migrations/20240101_b/migration.sql"),
        ("V1__a.sql", "V1.1__b.sql", "V2__c.sql", "V10__d.sql"),
        ("1_a/up.sql", "2_b/up.sql", "10_c/up.sql"),
        ("2024-01-01-a.sql", "2024-01-02-a.sql"),
        ("001_a.sql", "002_2fa.sql", "003_b.sql"),
        ("0/01_a.up.sql", "0/50_b.up.sql", "1/01_c.up.sql", "10/01_d.up.sql"),
        ("v1.0/schema.sql", "v1.1/1_a.sql"),
        ("tables.sql", "indexes.sql"),
        ("schema.sql",),
    ],
)
def test_names_in_order(names: tuple[str, ...]) -> None:
    assert order(*names) == []
