"""What rests on what: views on tables and views, expressions and triggers on functions."""

from __future__ import annotations

import pytest

from schemalint.model import Schema
from tests.loaders.sql.building import build, field_of, load, model_of

TABLES = "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE u (id int, t text);"
VIEWS = TABLES + (
    "CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT * FROM v;"
    "CREATE UNIQUE INDEX m_id ON m (id); CREATE VIEW of_m AS WITH x AS (SELECT id FROM m)"
    " SELECT * FROM x; CREATE VIEW of_u AS SELECT t FROM u;"
)


def names(schema: Schema) -> set[str]:
    return {model.table for model in schema.models}


# -- views


@pytest.mark.parametrize(
    ("statements", "gone"),
    [
        ("DROP VIEW v CASCADE", {"v", "m", "of_m"}),
        ("DROP VIEW v CASCADE; CREATE MATERIALIZED VIEW m AS SELECT 1 AS id", {"v", "of_m"}),
        ("DROP MATERIALIZED VIEW m CASCADE; CREATE INDEX m_id ON t (a)", {"m", "of_m"}),
        ("DROP TABLE t CASCADE", {"t", "v", "m", "of_m"}),
        ("ALTER TABLE t RENAME TO z; DROP TABLE z CASCADE", {"t", "v", "m", "of_m"}),
        (
            "CREATE OR REPLACE VIEW v AS SELECT id, a FROM t; DROP VIEW v CASCADE",
            {"v", "m", "of_m"},
        ),
        ("ALTER TABLE t DROP COLUMN id CASCADE", {"v", "m", "of_m"}),
        (
            "ALTER TABLE t RENAME COLUMN id TO k; ALTER TABLE t DROP COLUMN k CASCADE",
            {"v", "m", "of_m"},
        ),
        ("ALTER TABLE t DROP COLUMN a CASCADE", set()),
        ("DROP TABLE u CASCADE", {"u", "of_u"}),
    ],
)
def test_views_go_with_what_they_read(statements: str, gone: set[str]) -> None:
    assert names(build(f"{VIEWS} {statements};")) == names(build(VIEWS)) - gone


def test_mysql_leaves_views_that_read_nothing_any_more() -> None:
    text = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; DROP TABLE t CASCADE;"
    assert names(build(text, "mysql")) == {"v"}


def test_views_that_are_replaced_keep_their_triggers() -> None:
    schema = build(
        f"{TABLES} CREATE VIEW v AS SELECT id FROM t; CREATE FUNCTION f() RETURNS trigger"
        " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER g INSTEAD OF INSERT ON v"
        " FOR EACH ROW EXECUTE FUNCTION f(); CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;"
    )
    view = model_of(schema, "v")
    assert [field.column for field in view.fields] == ["id", "a"]
    assert [trigger.name for trigger in view.triggers] == ["g"]


# -- tables made of queries


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * FROM v", ["id"]),
        ("SELECT v.*, u.t AS other FROM v LEFT JOIN u ON u.id = v.id", ["id", "other"]),
        ("SELECT * FROM t JOIN u USING (id)", ["id", "a", "t"]),
        ("SELECT * FROM (SELECT id, count(*) AS n FROM u GROUP BY id) x (k)", ["k", "n"]),
        ("(SELECT id FROM t) UNION SELECT id FROM u", ["id"]),
        (
            "SELECT a || 'x' y, lower(a), id::text, t.id IS NULL none FROM t",
            ["y", "lower", "id", "none"],
        ),
        ("VALUES (1, 2)", ["column1", "column2"]),
    ],
)
def test_columns_of_queries(query: str, columns: list[str]) -> None:
    schema = build(f"{VIEWS} CREATE TABLE made AS {query};")
    assert [field.column for field in model_of(schema, "made").fields] == columns


def test_columns_that_are_not_all_known_are_not_missed() -> None:
    loaded = load(
        "CREATE TABLE t AS SELECT * FROM somewhere.else; ALTER TABLE t ADD PRIMARY KEY (id);"
        "CREATE INDEX i ON t (rank DESC); ALTER TABLE t ALTER COLUMN rank SET NOT NULL;"
        "ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t DROP COLUMN c;"
    )
    assert loaded.problems == ()
    found = model_of(loaded.schema, "t")
    assert [field.column for field in found.fields] == ["id", "rank", "b"]
    assert not field_of(found, "rank").nullable
    assert [one.tables for one in loaded.schema.opaque] == [("t",)]


def test_copies_of_a_table_whose_columns_are_not_all_known() -> None:
    loaded = load(
        "CREATE TABLE t AS SELECT -1; CREATE TABLE u (LIKE t); CREATE INDEX i ON u (x);"
        "CREATE TABLE v AS SELECT 1 + 1; CREATE TABLE w (k int) INHERITS (v);"
    )
    assert loaded.problems == ()
    assert [one.tables for one in loaded.schema.opaque] == [("t",), ("u",), ("v",), ("w",)]


# -- functions and triggers

FUNCTION = (
    "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '{}'; END $$;"
)
CALLED = (
    TABLES
    + FUNCTION.format("f", "one")
    + "CREATE TRIGGER g BEFORE UPDATE ON t EXECUTE FUNCTION f();"
)


def test_triggers_call_a_function_by_its_new_name() -> None:
    schema = build(
        CALLED
        + "ALTER FUNCTION f() RENAME TO h;"
        + FUNCTION.format("f", "two")
        + FUNCTION.format("h", "three").replace("CREATE", "CREATE OR REPLACE")
        + "ALTER TRIGGER g ON t RENAME TO k;"
    )
    (trigger,) = model_of(schema, "t").triggers
    assert (trigger.name, trigger.effect) == ("k", "raises")
    assert "'three'" in trigger.body


def test_names_that_are_taken_or_missing() -> None:
    loaded = load(f"{CALLED} ALTER TRIGGER nope ON t RENAME TO x;")
    assert [one.message for one in loaded.problems] == ["the table `t` has no trigger `nope`"]
    loaded = load(f"{CALLED} ALTER FUNCTION nope() RENAME TO x; ALTER FUNCTION f(int) RENAME TO y;")
    assert loaded.problems == ()


def test_a_function_of_the_same_name_with_arguments_is_another() -> None:
    other = "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    schema = build(f"{CALLED} {other} DROP FUNCTION f(int);")
    assert [one.effect for one in model_of(schema, "t").triggers] == ["raises"]
    assert model_of(build(f"{CALLED} {other} DROP FUNCTION f() CASCADE;"), "t").triggers == ()


USED = (
    "CREATE FUNCTION norm(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower($1)';"
    "CREATE TABLE t (a text CHECK (norm(a) <> ''), b text DEFAULT norm('B'),"
    " c text CHECK (c <> ''));"
    "CREATE UNIQUE INDEX i ON t (norm(a)); CREATE UNIQUE INDEX j ON t (c) WHERE c <> 'norm';"
    "CREATE VIEW v AS SELECT norm(a) AS a FROM t; CREATE VIEW w AS SELECT a FROM v;"
)


def test_what_calls_a_function_goes_with_it() -> None:
    schema = build(f"{USED} DROP FUNCTION norm(text) CASCADE;")
    found = model_of(schema, "t")
    assert names(schema) == {"t"}
    assert [one.name for one in found.uniques] == ["j"]
    assert [one.expression for one in found.checks] == ["c <> ''"]
    assert field_of(found, "b").default is None


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER FUNCTION norm(text) RENAME TO other",
        "CREATE FUNCTION norm(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "DROP FUNCTION norm(int) CASCADE",
        "CREATE OR REPLACE FUNCTION norm(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "DROP FUNCTION norm CASCADE",
    ],
)
def test_which_function_is_called_may_be_left_open(statement: str) -> None:
    loaded = load(f"{USED} {statement};")
    assert len(loaded.problems) == 1
    (opaque,) = loaded.schema.opaque
    assert opaque.removes
    assert opaque.tables == ("t", "v")


# -- columns of MySQL's keys


def test_mysql_takes_a_dropped_column_out_of_keys_that_mariadb_refuses_to_narrow() -> None:
    """MySQL manual, "ALTER TABLE Statement"; seen on MariaDB 10.11."""
    text = (
        "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, PRIMARY KEY (a, b), UNIQUE (c, b),"
        " UNIQUE (b), KEY (b, a)); ALTER TABLE t DROP COLUMN b;"
    )
    narrowed = load(text, "mysql")
    found = model_of(narrowed.schema, "t")
    assert [key.columns for key in found.keys] == [("a",), ("c",)]
    assert [index.columns for index in found.indexes] == [("a",)]
    assert not narrowed.problems
    refused = load(text, "mariadb")
    assert [key.columns for key in model_of(refused.schema, "t").keys][:1] == [("a", "b")]
    (problem,) = refused.problems
    assert problem.message == "`t.b` cannot be dropped: the primary key needs it"


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_foreign_key_holds_the_column_that_it_points_at(dialect: str) -> None:
    loaded = load(
        "CREATE TABLE p (id int PRIMARY KEY, a int UNIQUE); CREATE TABLE c (id int PRIMARY KEY, a"
        " int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)); ALTER TABLE p DROP COLUMN a;",
        dialect,
    )
    (problem,) = loaded.problems
    assert problem.message == "`p.a` cannot be dropped: the foreign key `f` of `c` needs it"
    assert field_of(model_of(loaded.schema, "p"), "a")
