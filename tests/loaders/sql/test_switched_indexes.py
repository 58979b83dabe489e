"""Indexes that a migration switches off in the catalog of PostgreSQL, and what mends it."""

from __future__ import annotations

import pytest

from tests.loaders.sql import databases
from tests.loaders.sql.building import load

TABLE = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE UNIQUE INDEX t_a ON t (a);"
OF_T = "(SELECT oid FROM pg_class WHERE relname = '{}')"
OFF = f"UPDATE pg_index SET indisready = false WHERE indrelid = {OF_T.format('t')};"
ON = f"update pg_catalog.pg_index set indisready = true where indrelid = {OF_T.format('t')};"
WHOLE = (
    "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY LIST (id);"
    "CREATE TABLE p PARTITION OF t FOR VALUES IN (1, 2);"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TABLE + OFF, ["t"]),
        (TABLE + OFF + ON, ["t", "t"]),
        (TABLE + OFF + "REINDEX TABLE t;", []),
        (TABLE + OFF + ON + "REINDEX (VERBOSE) TABLE public.t;", []),
        (TABLE + OFF + "ALTER TABLE t RENAME TO u; REINDEX TABLE u;", []),
        (TABLE + "REINDEX TABLE t;" + OFF, ["t"]),
        (TABLE + OFF + "REINDEX TABLE CONCURRENTLY t;", ["t"]),
        (TABLE + OFF + "CREATE TABLE v (a int); REINDEX TABLE v;", ["t"]),
        (TABLE + OFF.replace("indisready", "indisunique") + "REINDEX TABLE t;", ["t"]),
        (WHOLE + OFF + "REINDEX TABLE t;", ["t"]),
        (
            TABLE + f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = "
            f"{OF_T.format('t_a')};",
            ["t"],
        ),
    ],
)
def test_what_is_left_in_doubt(text: str, told: list[str]) -> None:
    loaded = load(text)
    assert [one.tables for one in loaded.schema.opaque] == [(name,) for name in told]
    assert len(loaded.problems) == len(told)


@pytest.mark.server
def test_reindex_refuses_what_the_key_would_have_refused() -> None:
    with databases.postgresql() as database:
        for statement in TABLE.split(";")[:2]:
            assert database.run(statement) is None
        assert database.run("INSERT INTO t VALUES (1, 1)") is None
        assert database.run(OFF) is None
        assert database.run("INSERT INTO t VALUES (2, 1)") is None
        assert "is duplicated" in (database.run("REINDEX TABLE t") or "")
        assert database.run("DELETE FROM t WHERE id = 2") is None
        assert database.run("REINDEX TABLE t") is None
        assert "duplicate key" in (database.run("INSERT INTO t VALUES (2, 1)") or "")
