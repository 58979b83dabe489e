"""Valid rows on SQLite under CHECKs, triggers and keys over expressions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schemalint.condition.facts import Facts
from schemalint.condition.parse import parse_predicate
from schemalint.model import Dialect
from schemalint.prove.rows.given import SOME
from schemalint.prove.rows.proposals import scalar_of, witness
from schemalint.prove.rows.row_conditions import row_conditions
from schemalint.prove.rows.stored import NoRow, Stored
from tests.prove.carrying_out import load
from tests.prove.filled_tables import filling


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ("s TEXT NOT NULL CHECK (s IN ('draft', 'live'))", "s = 'draft'"),
        ("n INT NOT NULL CHECK (n > 100)", "n = 101"),
        ("n INT NOT NULL CHECK (n BETWEEN -5 AND -3)", "n = -5"),
        ("n NUMERIC CHECK (n >= 0), m TEXT", "n IS NULL AND m IS NULL"),
        ("s TEXT NOT NULL CHECK (length(s) = 3)", "s = 'xxx'"),
        ("s TEXT NOT NULL CHECK (s LIKE '%@%.%')", "s = 'a@a.a'"),
        ("s TEXT NOT NULL CHECK (s GLOB '[A-Z][A-Z][0-9]')", "s = 'AA0'"),
        (
            "a DATE NOT NULL, b DATE NOT NULL, CHECK (a < b)",
            "a = '2024-01-01' AND b = '2024-01-02'",
        ),
        ("a INT, b INT, CHECK ((a IS NULL) <> (b IS NULL))", "a = 1 AND b IS NULL"),
        ("a TEXT, b TEXT, CHECK (a IS NOT NULL OR b IS NOT NULL)", "a = 'a' AND b IS NULL"),
        ("f BOOLEAN NOT NULL, CHECK (f)", "f = 1"),
        ("s TEXT DEFAULT 'x' CHECK (s <> 'x')", "s IS NULL"),
        ("n INT NOT NULL CHECK (n % 7 = 3 AND n > 0)", "n = 3"),
        ("j TEXT NOT NULL CHECK (json_valid(j) AND json_array_length(j) = 2)", None),
    ],
)
def test_checks(columns: str, named: str | None) -> None:
    with filling(f"CREATE TABLE t ({columns});") as tables:
        found = tables.try_("t")
        if named is None:  # nothing tells what it wants
            assert isinstance(found, NoRow)
            assert found.kind == "check"
            assert found.tries > 1
        else:
            assert not isinstance(found, NoRow), found.reason
            assert found.where == named


def test_a_check_that_no_row_satisfies() -> None:
    with filling("CREATE TABLE t (n INT NOT NULL, CONSTRAINT never CHECK (n > n));") as tables:
        found = tables.try_("t")
        assert isinstance(found, NoRow)
        assert found.reason.endswith("CHECK constraint failed: never")


def test_what_is_given_is_not_varied() -> None:
    sql = "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, CHECK (a > b));"
    with filling(sql) as tables:
        assert tables.insert("t", {"a": 1}).values == {"a": 1, "b": 0}
        assert tables.insert("t", {"b": 9}).values == {"a": 10, "b": 9}
        assert isinstance(tables.try_("t", {"a": 1, "b": 2}), NoRow)


def test_checks_of_parents_columns() -> None:
    sql = """
    CREATE TABLE person (id INTEGER PRIMARY KEY);
    CREATE TABLE team (id INTEGER PRIMARY KEY);
    CREATE TABLE owned (id INTEGER PRIMARY KEY, person INT REFERENCES person, team INT
      REFERENCES team, CHECK ((person IS NULL) + (team IS NULL) = 1));
    CREATE TABLE friends (a INT NOT NULL REFERENCES person, b INT NOT NULL REFERENCES person,
      PRIMARY KEY (a, b), CHECK (a < b));
    """
    with filling(sql) as tables:
        assert tables.statements("owned") == [
            "INSERT INTO person (id) VALUES (1)",
            "INSERT INTO owned (person) VALUES (1)",
        ]
        assert tables.insert("owned", {"team": SOME}).values["person"] is None
        assert tables.statements("friends") == [
            "INSERT INTO person (id) VALUES (2)",
            "INSERT INTO friends (a, b) VALUES (1, 2)",
        ]
        for _ in range(3):
            tables.insert("friends")


def test_a_table_that_has_to_point_at_itself() -> None:
    sql = "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t CHECK (up IS NOT NULL));"
    with filling(sql) as tables:
        assert tables.statements("t") == ["INSERT INTO t (id, up) VALUES (1, 1)"]
        assert tables.statements("t") == ["INSERT INTO t (up) VALUES (1)"]


@pytest.mark.parametrize(
    "room",
    [
        "CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id = 3), up INT REFERENCES t);",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT UNIQUE REFERENCES t); "
        "CREATE TRIGGER g BEFORE INSERT ON t WHEN NEW.id <> 3 "
        "BEGIN SELECT RAISE(ABORT, 'no'); END;",
    ],
)
def test_a_row_that_is_to_point_where_there_is_room_for_one(room: str) -> None:
    with filling(room) as tables:
        model = tables.schema.model("t")
        assert model is not None
        points = parse_predicate("up IS NOT NULL", Dialect.SQLITE)
        stored = tables.maker.insert(model, satisfying=[points])
        assert isinstance(stored, Stored)
        assert stored.statements == ("INSERT INTO t (id, up) VALUES (3, 3)",)


def test_the_one_row_of_a_table_points_at_itself() -> None:
    sql = """CREATE TABLE t (id INTEGER PRIMARY KEY, n INT NOT NULL UNIQUE CHECK (n = 1),
      up INT CHECK (up = 3) REFERENCES t);"""
    with filling(sql) as tables:
        stored = tables.insert("t", {"up": SOME})
        assert stored.statements == ("INSERT INTO t (id, n, up) VALUES (3, 1, 3)",)


def test_null_in_the_place_of_what_the_database_would_work_out() -> None:
    sql = """CREATE TABLE t (n INT NOT NULL UNIQUE, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
      CHECK (at IS NULL AND n < 0));"""
    with filling(sql) as tables:
        assert tables.statements("t") == ["INSERT INTO t (n, at) VALUES (-1, NULL)"]


def test_nobody_looks_where_a_row_points() -> None:
    sql = """
    CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (id = 3));
    CREATE TABLE c (p_id INT NOT NULL REFERENCES p);
    """
    with filling(sql, foreign_keys=False) as tables:
        assert tables.statements("c", {"p_id": 4})[-1] == "INSERT INTO c (p_id) VALUES (4)"


def test_unique_values_that_satisfy_a_check() -> None:
    sql = """CREATE TABLE t (email TEXT NOT NULL UNIQUE CHECK (email LIKE '%@%'),
      n INT NOT NULL UNIQUE CHECK (n > 10));"""
    with filling(sql) as tables:
        rows = [tables.insert("t").values for _ in range(6)]
        assert len({row["email"] for row in rows}) == len({row["n"] for row in rows}) == 6


def test_generated_columns_are_followed() -> None:
    sql = "CREATE TABLE t (n INT NOT NULL, g INT GENERATED ALWAYS AS (n * 2) CHECK (g > 9));"
    with filling(sql) as tables:
        assert tables.insert("t").values["g"] == 10


def test_triggers_that_refuse() -> None:
    sql = """
    CREATE TABLE t (state TEXT NOT NULL DEFAULT 'x', n INT);
    CREATE TRIGGER a BEFORE INSERT ON t WHEN NEW.n IS NULL OR NEW.n < 42
    BEGIN SELECT RAISE(ABORT, 'n is too small'); END;
    CREATE TRIGGER b BEFORE INSERT ON t WHEN NEW.state NOT IN ('DRAFT', 'OPEN')
    BEGIN SELECT RAISE(IGNORE); END;
    CREATE TABLE never (n INT);
    CREATE TRIGGER c BEFORE INSERT ON never BEGIN SELECT RAISE(ABORT, 'closed'); END;
    """
    with filling(sql) as tables:
        assert tables.statements("t") == ["INSERT INTO t (state, n) VALUES ('DRAFT', 42)"]
        refused = tables.try_("never")
        assert isinstance(refused, NoRow)
        assert (refused.kind, refused.message) == ("raised", "closed")


def test_keys_over_expressions_and_over_some_rows() -> None:
    sql = """
    CREATE TABLE t (email TEXT NOT NULL, deleted TEXT, code TEXT, g TEXT
      GENERATED ALWAYS AS (lower(code)));
    CREATE UNIQUE INDEX a ON t (lower(email)) WHERE deleted IS NULL;
    CREATE UNIQUE INDEX b ON t (coalesce(code, ''));
    CREATE UNIQUE INDEX c ON t (g);
    """
    with filling(sql) as tables:
        rows = [tables.insert("t").values for _ in range(4)]
        assert len({row["email"] for row in rows}) == 4
        again = tables.insert("t", {"email": "A"})
        assert again.values["deleted"] is not None


def test_strict_tables_and_types() -> None:
    sql = "CREATE TABLE t (a INTEGER NOT NULL, b REAL NOT NULL, c BLOB NOT NULL, d ANY) STRICT;"
    with filling(sql) as tables:
        assert tables.insert("t").values == {"a": 1, "b": 1.0, "c": b"a", "d": None}


@pytest.mark.parametrize("odd", [Decimal("NaN"), Decimal("-Infinity"), float("nan")])
def test_what_is_no_number_has_no_place_among_numbers(odd: Decimal | float) -> None:
    """Attacks give NaN to rows for whose other columns the decision procedure is asked."""
    ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC, m NUMERIC, CHECK (n > m));"
    schema = load(ddl, dialect=Dialect.POSTGRESQL)
    facts = Facts.of(schema.models[0], schema)
    conditions = row_conditions(schema.models[0], facts, Dialect.POSTGRESQL)
    assert scalar_of(odd) is None
    assert witness(conditions, {"n": odd}, facts) is not None
