"""Schemas of the database that a platform fills by itself: what is in them is not missing."""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.loaders.sql.building import model_of

TABLES = "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY);"
FUNCTION = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"


def load(text: str, *provided: str) -> Loaded:
    file = SourceFile("1.sql", text)
    return SqlLoader().load([file], dialect=Dialect.POSTGRESQL, provided=provided)


@pytest.mark.parametrize(
    "statement",
    [
        f"{FUNCTION} CREATE TRIGGER g AFTER INSERT ON auth.users EXECUTE FUNCTION f()",
        "CREATE INDEX i ON auth.users (email)",
        "ALTER TABLE auth.users ADD COLUMN a int",
        "ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY",
        "DROP TRIGGER IF EXISTS g ON auth.users",
        "GRANT SELECT ON auth.users TO somebody",
        "COMMENT ON TABLE auth.users IS 'all'",
        "SELECT auth.make_user('a')",
        "DO $$ BEGIN PERFORM auth.make_user('a'); END $$",
    ],
)
def test_nothing_is_said_of_what_the_platform_has(statement: str) -> None:
    loaded = load(f"{TABLES} {statement};", "auth")
    assert loaded.problems == ()
    assert loaded.schema.opaque == ()
    assert [model.table for model in loaded.schema.models] == ["users", "t"]


@pytest.mark.parametrize("statement", ["CREATE INDEX i ON auth.users (email)", "SELECT auth.f()"])
def test_elsewhere_it_is_missing(statement: str) -> None:
    assert load(f"{TABLES} {statement};", "storage").problems


@pytest.mark.parametrize("columns", ["", "(id)"])
def test_a_reference_to_its_tables(columns: str) -> None:
    sql = f"CREATE TABLE p (u uuid NOT NULL REFERENCES auth.users{columns} ON DELETE CASCADE);"
    loaded = load(sql, "auth")
    (key,) = model_of(loaded.schema, "p").foreign_keys
    assert (key.schema, key.table, key.references) == ("auth", "users", ("id",))
    assert (key.on_delete.value, key.enforced) == ("cascade", True)
    assert loaded.problems == ()


def test_a_table_of_the_same_name_is_another_one() -> None:
    sql = "CREATE TABLE users (id uuid PRIMARY KEY); CREATE TABLE p (u uuid REFERENCES auth.users);"
    (key,) = model_of(load(sql, "auth").schema, "p").foreign_keys
    assert key.model == "auth.users"


def test_what_the_project_makes_there_is_its_own() -> None:
    sql = """CREATE TABLE auth.extra (id int PRIMARY KEY);
        CREATE FUNCTION auth.change() RETURNS void LANGUAGE sql AS 'DROP TABLE auth.extra';
        SELECT auth.change();"""
    loaded = load(sql, "auth")
    assert [model.table for model in loaded.schema.models] == ["extra"]
    assert [one.message for one in loaded.problems] == ["the function change could change tables"]
