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
