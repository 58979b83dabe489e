"""SQL of which nothing says for which database it is: names that the database makes up."""

from __future__ import annotations

import pytest

from schemalint.loaders.loaded import Loaded
from tests.loaders.sql.building import load, model_of

TABLES = (
    "CREATE TABLE p (id int PRIMARY KEY);"
    "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int REFERENCES p (id),"
    " c int CHECK (c > 0), UNIQUE (a, b), CHECK (a > b));"
    "CREATE INDEX ON t (b); CREATE INDEX i ON t (c);"
)


def left(loaded: Loaded) -> list[str]:
    """What is left of the table, by its text."""
    found = model_of(loaded.schema, loaded.schema.models[-1].name)
    checks = [check.expression for check in found.checks]
    keys = [",".join(key.columns) for key in (*found.keys, *found.indexes, *found.foreign_keys)]
    return sorted([*keys, *checks])


ALL = sorted(["id", "a", "a,b", "b", "b", "c", "c > 0", "a > b"])


@pytest.mark.parametrize(
    ("statement", "gone"),
    [
        ("ALTER TABLE t DROP CONSTRAINT t_pkey", "id"),
        ("ALTER TABLE t DROP CONSTRAINT t_a_key", "a"),
        ("ALTER TABLE t DROP CONSTRAINT t_a_b_key", "a,b"),
        ("ALTER TABLE t DROP CONSTRAINT t_b_fkey", "b"),
        ("ALTER TABLE t DROP CONSTRAINT t_c_check", "c > 0"),
        ("ALTER TABLE t DROP CONSTRAINT t_check", "a > b"),
        ("DROP INDEX t_b_idx", "b"),
        ("ALTER TABLE t RENAME TO u; ALTER TABLE u DROP CONSTRAINT t_a_key", "a"),
        ("ALTER INDEX t_a_key RENAME TO x; ALTER TABLE t DROP CONSTRAINT x", "a"),
        (
            "ALTER TABLE t RENAME CONSTRAINT t_c_check TO x; ALTER TABLE t DROP CONSTRAINT x",
            "c > 0",
        ),
    ],
)
def test_names_of_postgresql_tell_what_they_are_of(statement: str, gone: str) -> None:
    loaded = load(f"{TABLES} {statement};", None)
    assert loaded.problems == ()
    assert loaded.schema.opaque == ()
    expected = list(ALL)
    expected.remove(gone)
    assert left(loaded) == expected
    assert left(load(f"{TABLES} {statement};")) == expected  # which knows the names


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE t DROP CONSTRAINT t_ibfk_1",
        "ALTER TABLE t DROP CONSTRAINT CONSTRAINT_1",
        "ALTER TABLE t DROP CONSTRAINT UQ__t__3BD0198F",
        "DROP INDEX a_2 ON t",
        "ALTER TABLE t DROP CONSTRAINT old_name_key",
    ],
)
def test_names_of_other_databases_are_left_open(statement: str) -> None:
    loaded = load(f"{TABLES} {statement};", None)
    assert loaded.problems == ()
    assert left(loaded) == ALL
    (opaque,) = loaded.schema.opaque
    assert (opaque.tables, opaque.removes) == (("t",), True)


@pytest.mark.parametrize("name", ["nope", "t", "idx_t_c", "c"])
def test_names_that_no_database_makes_up_are_missed(name: str) -> None:
    for statement in (f"ALTER TABLE t DROP CONSTRAINT {name}", f"DROP INDEX {name}"):
        loaded = load(f"{TABLES} {statement};", None)
        assert len(loaded.problems) == 1


def test_names_longer_than_postgresql_keeps_them() -> None:
    name = "i" * 70
    loaded = load(
        f"CREATE TABLE t (a int); CREATE INDEX {name} ON t (a); DROP INDEX {name[:63]};", None
    )
    assert loaded.problems == ()
    assert model_of(loaded.schema, "t").indexes == ()


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE t DROP CONSTRAINT t_a_key", "DROP INDEX t_a_idx", "ALTER INDEX x RENAME TO y"],
)
def test_nothing_has_a_name_that_a_database_made_up(statement: str) -> None:
    loaded = load(f"CREATE TABLE t (a int, CONSTRAINT u UNIQUE (a)); {statement};", None)
    assert len(loaded.problems) == 1
