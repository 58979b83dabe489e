"""Which database SQL is meant for, and what it can state there."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, ScalarType
from schemalint.source import SourceFile
from tests.loaders.sql.building import load


def stated(*texts: str) -> tuple[Dialect | None, list[str]]:
    files = [SourceFile(f"{number}.sql", text) for number, text in enumerate(texts)]
    loaded = SqlLoader().load(files)
    return loaded.schema.dialect, [problem.message for problem in loaded.problems]


@pytest.mark.parametrize(
    ("comment", "dialect"),
    [
        ("-- schemalint: dialect postgresql", Dialect.POSTGRESQL),
        ("/* the shop */\n\n-- schemalint:dialect MariaDB\n", Dialect.MARIADB),
        ("-- a file\n-- schemalint: dialect sqlite3", Dialect.SQLITE),
        ("-- schemalint: dialect postgres\n", Dialect.POSTGRESQL),
        ("-- schemalint: dialect sqlserver\n", Dialect.SQLSERVER),
        ("SELECT 1; -- schemalint: dialect postgresql", None),
        ("-- schemalint: allow missing-primary-key\n", None),
        ("", None),
    ],
)
def test_a_comment_names_it(comment: str, dialect: Dialect | None) -> None:
    assert stated(f"{comment}\nCREATE TABLE t (a int PRIMARY KEY);") == (dialect, [])


def test_the_first_file_that_names_one_counts_for_all() -> None:
    assert stated("SELECT 1;", "-- schemalint: dialect mysql\n") == (Dialect.MYSQL, [])


PG_DUMP = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.3\n\n"


def mysql_dump(tool: str, server: str) -> str:
    return f"-- {tool} for Linux (x86_64)\n--\n-- Host: db    Database: a\n-- {'-' * 54}\n{server}"


@pytest.mark.parametrize(
    ("head", "dialect"),
    [
        (PG_DUMP, Dialect.POSTGRESQL),
        ("--\n-- PostgreSQL database cluster dump\n--\n\n", Dialect.POSTGRESQL),
        (
            mysql_dump("MySQL dump 10.13  Distrib 8.0.34,", "-- Server version\t8.0.35"),
            Dialect.MYSQL,
        ),
        (
            mysql_dump("MariaDB dump 10.19-11.2.2-MariaDB,", "-- Server version\t11.2.2-MariaDB"),
            Dialect.MARIADB,
        ),
        (
            "/*M!999999\\- enable the sandbox mode */ \n"
            + mysql_dump("MariaDB dump 10.19  Distrib 10.11.6-MariaDB,", ""),
            Dialect.MARIADB,
        ),
        (  # before its tool was called mariadb-dump
            mysql_dump("MySQL dump 10.16  Distrib 10.2.44-MariaDB,", ""),
            Dialect.MARIADB,
        ),
        (
            mysql_dump(
                "MySQL dump 10.13  Distrib 5.7.12,", "-- Server version\t5.5.5-10.1.16-MariaDB"
            ),
            Dialect.MARIADB,
        ),
        (
            mysql_dump("MariaDB dump 10.19  Distrib 10.5.19-MariaDB,", "-- Server version\t8.0.34"),
            Dialect.MYSQL,
        ),
        ("-- made of a PostgreSQL database dump by hand\n", None),
        ("SELECT 1;\n" + PG_DUMP, None),
    ],
)
def test_dumps_say_what_they_are_of(head: str, dialect: Dialect | None) -> None:
    assert stated(f"{head}\nCREATE TABLE t (a int PRIMARY KEY);") == (dialect, [])


def test_a_comment_of_ones_own_comes_before_the_dump() -> None:
    own = "-- schemalint: dialect cockroachdb\n"
    assert stated(own + PG_DUMP) == (Dialect.COCKROACHDB, [])
    assert stated(PG_DUMP, own) == (Dialect.COCKROACHDB, [])
    assert load(PG_DUMP + "CREATE TABLE t (a int);", "sqlite").schema.dialect is Dialect.SQLITE


def test_dumps_that_disagree() -> None:
    other = mysql_dump("MySQL dump 10.13  Distrib 8.0.34,", "")
    assert stated(PG_DUMP, "SELECT 1;", other) == (
        Dialect.POSTGRESQL,
        ["another file says that the schema is for postgresql, not mysql"],
    )
    maria = mysql_dump("MariaDB dump 10.19  Distrib 10.5.19-MariaDB,", "")
    assert stated(other, maria) == (Dialect.MYSQL, [])


def test_names_that_are_none() -> None:
    assert stated("-- schemalint: dialect postgrsql\n") == (
        None,
        ["there is no dialect `postgrsql`; did you mean `postgresql`?"],
    )
    assert stated("-- schemalint: dialect\n") == (None, ["the dialect's name is missing"])
    assert stated("-- schemalint: dialect mongodb\n")[1] == ["there is no dialect `mongodb`"]


def test_files_that_disagree() -> None:
    found = stated("-- schemalint: dialect mysql\n", "-- schemalint: dialect sqlite\n")
    assert found == (
        Dialect.MYSQL,
        ["another file says that the schema is for mysql, not sqlite"],
    )


def test_what_is_asked_for_comes_before_the_comment() -> None:
    loaded = load("-- schemalint: dialect mysql\nCREATE TABLE t (a int);", "sqlite")
    assert loaded.schema.dialect is Dialect.SQLITE
    assert loaded.problems == ()


def test_without_a_dialect_tables_are_read_all_the_same() -> None:
    loaded = load(
        "CREATE TABLE \"T\" (`a` int NOT NULL, [b c] varchar(9) DEFAULT 'x', UNIQUE (A));"
        "ALTER TABLE t ADD CHECK (a > 0); CREATE INDEX i ON T (a);",
        None,
    )
    assert loaded.problems == ()
    (model,) = loaded.schema.models
    assert [(one.column, one.type) for one in model.fields] == [
        ("a", ScalarType.INT),
        ("b c", ScalarType.STRING),
    ]
    assert loaded.schema.dialect is None
    assert (len(model.uniques), len(model.checks), len(model.indexes)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("dialect", "missing"),
    [
        ("postgresql", set()),
        ("mysql", {"partial-unique", "deferred-foreign-key", "exclusion"}),
        ("sqlite", {"enum", "exclusion"}),
        ("sqlserver", {"enum", "deferred-foreign-key", "exclusion"}),
    ],
)
def test_what_sql_can_say(dialect: str, missing: set[str]) -> None:
    everything = load("", "postgresql").schema.can_say
    assert everything - load("", dialect).schema.can_say == missing


def test_sqlite_checks_no_foreign_key_unless_asked() -> None:
    text = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p);"
    schema = load(text, "sqlite").schema
    assert not schema.foreign_keys_enforced
    assert [key.layer for key in schema.models[1].foreign_keys] == ["client"]
    assert load(text.replace("(p REF", "(p int REF"), "postgresql").schema.foreign_keys_enforced
