"""Constraints that the rows which were there before them were never held against."""

from __future__ import annotations

import pytest

from schemalint.ast_json import document
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.loaders.sql import databases

_P = "CREATE TABLE p (id int PRIMARY KEY);"
_T = f"{_P} CREATE TABLE t (a int, b int);"
_CHECK = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;"
_KEY = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID;"
_VALIDATE = "ALTER TABLE t VALIDATE CONSTRAINT c, VALIDATE CONSTRAINT f;"


def load(*texts: str, dialect: Dialect | None = Dialect.POSTGRESQL) -> Schema:
    """The schema of several files, all of them understood."""
    files = [SourceFile(f"{number}.sql", text) for number, text in enumerate(texts)]
    loaded = SqlLoader().load(files, dialect=dialect)
    assert [problem.message for problem in loaded.problems] == []
    return loaded.schema


def spared(schema: Schema) -> list[str]:
    """The constraints that stored rows may break, as `table.name`."""
    return [
        f"{model.table}.{one.name}"
        for model in schema.models
        for one in (*model.checks, *model.foreign_keys)
        if not one.validated
    ]


@pytest.mark.parametrize("dialect", [Dialect.POSTGRESQL, Dialect.COCKROACHDB, None])
def test_rows_of_an_earlier_file_are_spared(dialect: Dialect | None) -> None:
    assert spared(load(_T, _CHECK + _KEY, dialect=dialect)) == ["t.c", "t.f"]
    assert spared(load(_T, _CHECK + _KEY, _VALIDATE, dialect=dialect)) == []
    assert spared(load(_T, _CHECK + _KEY + _VALIDATE, dialect=dialect)) == []


def test_the_ast_says_so_where_it_is_so() -> None:
    (schema,) = document([load(_T, _CHECK, _KEY)])["schemas"]
    table = schema["models"][1]
    assert table["checks"][0]["validated"] is False
    assert table["foreign_keys"][0]["validated"] is False
    (schema,) = document([load(_T, _CHECK, _KEY, _VALIDATE)])["schemas"]
    assert "validated" not in schema["models"][1]["checks"][0]
    assert "validated" not in schema["models"][1]["foreign_keys"][0]


@pytest.mark.parametrize(
    "before",
    [
        _T,
        f"{_T} INSERT INTO p VALUES (1);",
        f"{_T} DELETE FROM t; UPDATE t SET a = 1;",
        f"{_T} SELECT * FROM t;",
        f"{_T} COMMENT ON TABLE t IS 'INSERT INTO t';",
    ],
)
def test_no_row_is_in_a_table_of_the_same_file(before: str) -> None:
    assert spared(load(before + _CHECK + _KEY)) == []


@pytest.mark.parametrize(
    "before",
    [
        f"{_T} INSERT INTO t VALUES (1, 1);",
        f"{_T} INSERT INTO public.t VALUES (1, 1);",
        f"{_T} WITH x AS (SELECT 1, 2) INSERT INTO t SELECT * FROM x;",
        f"{_T} MERGE INTO t USING p ON p.id = t.b WHEN NOT MATCHED THEN INSERT VALUES (1, 2);",
        f"{_T} DO $$ BEGIN INSERT INTO t VALUES (1, 1); END $$;",
        f"{_T} COPY public.t (a, b) FROM stdin;\n1\t2\n\\.\n",
        f"{_P} CREATE TABLE t AS SELECT 1 AS a, 2 AS b;",
        f"{_P} CREATE TABLE IF NOT EXISTS t (a int, b int);",
        f"-- PostgreSQL database dump\n{_T}",
        f"{_T} ALTER TABLE ONLY t ALTER a SET NOT NULL;",
    ],
)
def test_rows_may_be_in_a_table_of_the_same_file(before: str) -> None:
    assert spared(load(before + _CHECK + _KEY)) == ["t.c", "t.f"]


def test_a_new_table_has_no_rows_to_spare() -> None:
    text = "CREATE TABLE IF NOT EXISTS t (a int, CONSTRAINT c CHECK (a > 0) NOT VALID);"
    assert spared(load(text)) == []
    assert spared(load("", text)) == []


def test_what_is_made_anew_or_changed() -> None:
    again = "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 1);"
    assert spared(load(_T, _CHECK, again)) == []
    assert spared(load(_T, _CHECK, f"DROP TABLE t; {_T.removeprefix(_P)} {_CHECK}")) == []
    renamed = "ALTER TABLE t RENAME CONSTRAINT c TO d; ALTER TABLE t RENAME TO u;"
    assert spared(load(_T, _CHECK, renamed)) == ["u.d"]
    assert spared(load(_T, _CHECK, renamed, "ALTER TABLE u VALIDATE CONSTRAINT d;")) == []
    assert spared(load(_T, _KEY, "ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE;")) == ["t.f"]


def test_in_a_block() -> None:
    adding = f"DO $$ BEGIN {_CHECK} EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
    asked = (
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c' AND NOT "
        "convalidated) THEN ALTER TABLE t VALIDATE CONSTRAINT c; END IF; END $$;"
    )
    assert spared(load(_T, adding)) == ["t.c"]
    assert spared(load(_T, adding, asked)) == []
    assert spared(load(_T + adding)) == []


@pytest.mark.parametrize(
    "trying",
    [
        "BEGIN {} EXCEPTION WHEN check_violation THEN RAISE WARNING 'rows break it'; END",
        "BEGIN {} EXCEPTION WHEN OTHERS THEN NULL; END",
        "BEGIN IF NOT EXISTS (SELECT 1 FROM t WHERE a <= 0) THEN {} END IF; END",
        "BEGIN IF (SELECT count(*) FROM t) = 0 THEN {} ELSE RAISE NOTICE 'no'; END IF; END",
    ],
)
def test_rows_may_be_validated_if_they_are_right(trying: str) -> None:
    """Whoever looks at the rows first has thought of them; no rule is left undecided by it."""
    block = trying.format("ALTER TABLE t VALIDATE CONSTRAINT c;")
    schema = load(_T, _CHECK, f"DO $$ {block} $$;")
    assert spared(schema) == []
    assert schema.opaque == ()


def test_what_is_not_there_cannot_be_validated() -> None:
    files = [SourceFile("a.sql", f"{_T} ALTER TABLE t VALIDATE CONSTRAINT cc;")]
    loaded = SqlLoader().load(files, dialect=Dialect.POSTGRESQL)
    assert [one.message for one in loaded.problems] == ["the table `t` has no constraint `cc`"]
    assert loaded.schema.opaque == ()  # it takes nothing away
    assert load("ALTER TABLE elsewhere VALIDATE CONSTRAINT c;").opaque == ()


def test_sql_server() -> None:
    table = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int);"
    adding = (
        "ALTER TABLE t WITH {} ADD CONSTRAINT c CHECK (a > 0), "
        "CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id);"
    )
    dialect = Dialect.SQLSERVER
    assert spared(load(table, adding.format("CHECK"), dialect=dialect)) == []
    unchecked = adding.format("NOCHECK")
    assert spared(load(table, unchecked, dialect=dialect)) == ["t.c", "t.f"]
    assert spared(load(table + unchecked, dialect=dialect)) == []
    # Switched on again, it is not trusted unless it is looked at the rows.
    off, on = "ALTER TABLE t NOCHECK CONSTRAINT c;", "ALTER TABLE t {}CHECK CONSTRAINT c;"
    valid = adding.format("CHECK")
    assert spared(load(table, valid, off, on.format(""), dialect=dialect)) == ["t.c"]
    assert spared(load(table, valid, off, on.format("WITH NOCHECK "), dialect=dialect)) == ["t.c"]
    assert spared(load(table, valid, off, on.format("WITH CHECK "), dialect=dialect)) == []
    assert spared(load(table, valid, on.format(""), dialect=dialect)) == []
    column = "ALTER TABLE t WITH NOCHECK ADD d int CONSTRAINT c CHECK (d > 0);"
    assert spared(load(table, column, dialect=dialect)) == ["t.c"]


_ON_POSTGRESQL = {
    "of a table": [_P, "CREATE TABLE t (a int, b int)", _CHECK, _KEY],
    "with the table": [
        _P,
        "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0) NOT VALID, "
        "CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID)",
    ],
    "copied": ["CREATE TABLE t (a int)", _CHECK, "CREATE TABLE u (LIKE t INCLUDING ALL)"],
    "in one statement": [
        "CREATE TABLE t (a int)",
        "ALTER TABLE t VALIDATE CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
    ],
    "inherited": [
        "CREATE TABLE t (a int)",
        "CREATE TABLE before () INHERITS (t)",
        "CREATE TABLE own (CONSTRAINT c CHECK (a > 0)) INHERITS (t)",
        _CHECK,
        "CREATE TABLE after () INHERITS (t)",
    ],
    "of a child": [
        "CREATE TABLE t (a int)",
        "CREATE TABLE u () INHERITS (t)",
        _CHECK,
        "ALTER TABLE u VALIDATE CONSTRAINT c",
    ],
    "of a parent": [
        "CREATE TABLE t (a int)",
        "CREATE TABLE u () INHERITS (t)",
        _CHECK,
        "ALTER TABLE t VALIDATE CONSTRAINT c",
    ],
    "of parts": [
        "CREATE TABLE t (a int, b int) PARTITION BY RANGE (a)",
        "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
        _CHECK,
        "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE t3 (a int, b int)",
        "ALTER TABLE t3 ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t ATTACH PARTITION t3 FOR VALUES FROM (20) TO (30)",
        "CREATE TABLE t4 (a int, b int, CONSTRAINT c CHECK (a > 0))",
        "ALTER TABLE t ATTACH PARTITION t4 FOR VALUES FROM (30) TO (40)",
    ],
    "of another type": ["CREATE TABLE t (a int)", _CHECK, "ALTER TABLE t ALTER a TYPE bigint"],
}


@pytest.mark.server
@pytest.mark.parametrize("statements", _ON_POSTGRESQL.values(), ids=_ON_POSTGRESQL)
def test_as_the_catalog_has_it(statements: list[str]) -> None:
    """Each statement is a file of its own, so that rows may be there."""
    with databases.postgresql() as database:
        for statement in statements:
            assert database.run(statement) is None, statement
        rows = database.rows(
            "SELECT conrelid::regclass::text || '.' || conname FROM pg_constraint "
            "WHERE contype IN ('c', 'f') AND conrelid <> 0 AND NOT convalidated"
        )
    assert sorted(spared(load(*[f"{one};" for one in statements]))) == sorted(
        one for (one,) in rows
    )
