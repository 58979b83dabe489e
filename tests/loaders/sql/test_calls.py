"""Functions that migrations call: what they could do is read from their bodies."""

from __future__ import annotations

import pytest

from tests.loaders.sql.building import load

TABLE = "CREATE TABLE t (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);"


def problems(text: str) -> list[str]:
    loaded = load(text)
    assert len(loaded.schema.opaque) == len(loaded.problems)
    return [one.message for one in loaded.problems]


def function(body: str, name: str = "f", language: str = "plpgsql") -> str:
    return f"CREATE FUNCTION {name}() RETURNS int LANGUAGE {language} AS $$ {body} $$;"


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN RETURN 1; END",
        "BEGIN INSERT INTO t VALUES (1, now()); RETURN 1; END",
        "DECLARE n int; BEGIN SELECT count(*) INTO n FROM t; RETURN n; END",
        "DECLARE n text; BEGIN SELECT lower(format('%s_%s', 'T', 1)) INTO n; RETURN 1; END",
        "BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE t_%s PARTITION OF t FOR VALUES FROM"
        " (%L) TO (%L)', i, 1, 2); END LOOP; RETURN 1; END",
        "BEGIN IF to_regclass('t_1') IS NULL THEN EXECUTE format('CREATE TABLE %I (LIKE t INCLUDING"
        " ALL)', 't_1'); EXECUTE format('ALTER TABLE %I SET (fillfactor = 50)', 't_1'); EXECUTE"
        " format('ALTER TABLE t ATTACH PARTITION %I DEFAULT', 't_1'); END IF; RETURN 1; END",
    ],
)
def test_what_changes_no_table_is_passed_over(body: str) -> None:
    assert problems(f"{TABLE} {function(body)} SELECT f();") == []
    assert problems(f"{TABLE} {function(body)} DO $$ BEGIN PERFORM f(); END $$;") == []


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN ALTER TABLE t DROP COLUMN at; RETURN 1; END",
        "BEGIN EXECUTE 'DROP ' || 'TABLE t'; RETURN 1; END",
        "BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN at', 't'); RETURN 1; END",
        "BEGIN EXECUTE format('CREATE TABLE %I (LIKE t); DROP TABLE t', 'x'); RETURN 1; END",
        "BEGIN EXECUTE format('CREATE TABLE %I (LIKE t)', 'x') || '; DROP TABLE t'; RETURN 1; END",
        "BEGIN EXECUTE format('CREATE UNIQUE INDEX ON %I (id)', 't'); RETURN 1; END",
        "BEGIN PERFORM unheard_of(); RETURN 1; END",
        "BEGIN IF true THEN PERFORM unheard_of(); END IF; RETURN 1; END",
    ],
)
def test_what_could_change_one_is_told(body: str) -> None:
    told = ["the function f could change tables"]
    assert problems(f"{TABLE} {function(body)} SELECT f();") == told
    inner = function(body, "inside")
    for outer in (
        "PERFORM inside();",
        "RETURN inside();",
        "IF inside() > 0 THEN RETURN 2; END IF;",
    ):
        calling = function(f"BEGIN {outer} RETURN 1; END")
        assert problems(f"{TABLE} {inner} {calling} SELECT f();") == told


def test_functions_that_call_each_other() -> None:
    one, other = function("BEGIN PERFORM g(); RETURN 1; END"), function("SELECT f()", "g", "sql")
    assert problems(f"{one} {other} SELECT f();") == []


def test_of_one_name_all_count() -> None:
    """Which of them is meant depends on what is given to it."""
    harmless = function("BEGIN RETURN 1; END")
    other = harmless.replace("f()", "f(n int)").replace("RETURN 1", "DROP TABLE t; RETURN 1")
    assert problems(f"{harmless} SELECT f();") == []
    assert problems(f"{harmless} {other} SELECT f();") == ["the function f could change tables"]
    assert problems(f"{harmless} DROP FUNCTION f(); SELECT f();") == [
        "the function f could change tables"
    ]


def test_procedures() -> None:
    procedure = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; END $$;"
    assert problems(f"{TABLE} {procedure} CALL p();") == []
    assert problems("CALL p();") == ["the function p could change tables"]
    harmful = procedure.replace("DELETE FROM t", "DROP TABLE t")
    assert problems(f"{TABLE} {harmful} CALL p();") == ["the function p could change tables"]


def test_a_part_that_a_function_made_is_taken_away() -> None:
    assert problems(f"{TABLE} ALTER TABLE t DETACH PARTITION t_1;") == []
    assert problems(f"{TABLE} ALTER TABLE t ATTACH PARTITION t_1 DEFAULT;") != []
