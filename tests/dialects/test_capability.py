"""The capability table as rules read it."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from schemalint.dialects import Construct, capability
from schemalint.dialects.documented_mysql import MYSQL, MYSQL_NOTES
from schemalint.dialects.documented_servers import (
    COCKROACHDB,
    COCKROACHDB_NOTES,
    MONGODB,
    SQLSERVER,
    SQLSERVER_NOTES,
)
from schemalint.model import Dialect


def test_an_answer_says_what_shows_it() -> None:
    seen = capability(Dialect.MARIADB, Construct.CASE_INSENSITIVE_BY_DEFAULT)
    assert seen.holds is True
    assert "U09" in seen.cases
    read = capability(Dialect.MYSQL, Construct.CASE_INSENSITIVE_BY_DEFAULT)
    assert read.holds is True
    assert read.documented


def test_what_nobody_looked_at_is_not_known() -> None:
    assert capability(Dialect.MONGODB, Construct.SET_NULL_OF_SOME_COLUMNS).holds is None


def test_a_strict_table_is_asked_about_as_such() -> None:
    construct = Construct.INTEGER_REFUSES_TEXT
    assert capability(Dialect.SQLITE, construct).holds is False
    assert capability(Dialect.SQLITE, construct, strict_table=True).holds is True
    assert capability(Dialect.MARIADB, construct, strict_table=True).holds is True


def test_a_note_says_from_which_version() -> None:
    answer = capability(Dialect.MYSQL, Construct.INLINE_REFERENCES_CHECKED)
    assert answer.holds is False
    assert "9.0" in answer.note


@pytest.mark.parametrize("construct", Construct)
def test_a_note_goes_with_an_answer(construct: Construct) -> None:
    for dialect in Dialect:
        answer = capability(dialect, construct)
        assert answer.holds is not None or not answer.note


def test_no_note_is_lost() -> None:
    for dialect, notes in (
        (Dialect.MYSQL, MYSQL_NOTES),
        (Dialect.SQLSERVER, SQLSERVER_NOTES),
        (Dialect.COCKROACHDB, COCKROACHDB_NOTES),
    ):
        for construct, note in notes.items():
            assert capability(dialect, construct).note == note


def test_no_page_contradicts_another() -> None:
    for pages in (MYSQL, SQLSERVER, COCKROACHDB, MONGODB):
        every = [construct for answers in pages.values() for construct in answers]
        assert len(every) == len(set(every))


# What is read of SQLite and not seen in a case is asked of the SQLite that runs the tests.
REFUSED_BY_SQLITE = {
    Construct.UNIQUE_PREFIX: "CREATE TABLE a (u TEXT, UNIQUE (u(3)))",
    Construct.EXCLUSION: "CREATE TABLE a (r INT, EXCLUDE USING gist (r WITH =))",
    Construct.COLUMN_ON_UPDATE_NOW: "CREATE TABLE a (u TEXT ON UPDATE CURRENT_TIMESTAMP)",
    Construct.IDENTITY_ALWAYS_REFUSES_VALUE: "CREATE TABLE a (i INT GENERATED ALWAYS AS IDENTITY)",
    Construct.INCLUDED_COLUMNS_DO_NOT_COUNT: "CREATE TABLE a (b INT, UNIQUE (b) INCLUDE (b))",
    Construct.SET_TYPE_STORES_SEVERAL: "CREATE TABLE a (s SET('x', 'y'))",
    Construct.COLUMN_GRANTS: "GRANT UPDATE (a) ON t TO x",
    Construct.NOT_VALID_SPARES_STORED_ROWS: "ALTER TABLE t ADD CHECK (a > 0) NOT VALID",
    Construct.TRUNCATE_TRIGGERS: "CREATE TRIGGER g BEFORE TRUNCATE ON t BEGIN SELECT 1; END",
    Construct.DEFERRED_TRIGGERS: "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE",
}


@pytest.mark.parametrize(("construct", "statement"), REFUSED_BY_SQLITE.items())
def test_sqlite_refuses_what_it_is_said_not_to_have(construct: Construct, statement: str) -> None:
    assert capability(Dialect.SQLITE, construct).holds is False
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a INT)")
        with pytest.raises(sqlite3.OperationalError):
            connection.execute(statement)


def test_sqlite_checks_a_key_that_counts_up_and_ignores_without_substitutes() -> None:
    assert capability(Dialect.SQLITE, Construct.CHECK_TAKES_AUTO_INCREMENT).holds is True
    assert capability(Dialect.SQLITE, Construct.IGNORE_STORES_SUBSTITUTES).holds is False
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, p INT NOT NULL CHECK (p <> id))"
        )
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO t (p) VALUES (1)")
        connection.execute("INSERT OR IGNORE INTO t (p) VALUES (NULL)")
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_constructs_are_listed_as_an_enum_lists_its_members() -> None:
    assert Construct("match-full") is Construct.MATCH_FULL
    assert f"{Construct.MATCH_FULL}" == "match-full"
    assert Construct.MATCH_FULL in list(Construct)
    assert len(Construct) == len(set(Construct))
    assert isinstance(Construct.MATCH_FULL, Construct)
    with pytest.raises(ValueError, match="'nonsense' is not a valid Construct"):
        Construct("nonsense")


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("construct", Construct)
def test_every_known_answer_has_a_source(dialect: Dialect, construct: Construct) -> None:
    answer = capability(dialect, construct)
    assert answer.holds is None or isinstance(answer.holds, bool)
    assert (answer.holds is not None) == bool(answer.cases or answer.documented)


def test_every_construct_is_explained() -> None:
    import ast
    import inspect

    from schemalint.dialects import construct as module

    tree = ast.parse(inspect.getsource(module))
    enum = next(node for node in tree.body if getattr(node, "name", "") == "Construct")
    assert isinstance(enum, ast.ClassDef)
    body = enum.body[1:]
    for member, doc in zip(body[::2], body[1::2], strict=True):
        assert isinstance(member, ast.Assign)
        assert isinstance(doc, ast.Expr)
