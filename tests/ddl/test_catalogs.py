"""The comparison of catalogues sees what it is for: each change of a script is a difference."""

from __future__ import annotations

import pytest

from tests.ddl.catalogs import differences, postgresql, sqlite_facts

SCRIPT = """
CREATE TABLE p (a INTEGER NOT NULL PRIMARY KEY, b VARCHAR(5) DEFAULT 'x', c INTEGER UNIQUE);
CREATE TABLE t (
    id INTEGER NOT NULL PRIMARY KEY,
    p INTEGER REFERENCES p (a) ON DELETE CASCADE ON UPDATE SET NULL,
    n INTEGER NOT NULL DEFAULT 5,
    s INTEGER GENERATED ALWAYS AS (n + 1) STORED
);
CREATE INDEX i ON t (p, n DESC) WHERE n > 0;
CREATE UNIQUE INDEX u ON t (p);
"""
CHANGES = (
    ("VARCHAR(5)", "VARCHAR(6)"),
    ("'x'", "'y'"),
    ("INTEGER UNIQUE", "INTEGER"),
    ("ON DELETE CASCADE", "ON DELETE RESTRICT"),
    ("UPDATE SET NULL", "UPDATE CASCADE"),
    ("REFERENCES p (a)", "REFERENCES p (c)"),
    ("NOT NULL DEFAULT 5", "DEFAULT 5"),
    ("DEFAULT 5", "DEFAULT 6"),
    (" GENERATED ALWAYS AS (n + 1) STORED", ""),
    ("n DESC", "n"),
    ("n > 0", "n > 1"),
    (" WHERE n > 0", ""),
    ("UNIQUE INDEX u", "INDEX u"),
    ("INDEX i", "INDEX j"),
    ("id INTEGER NOT NULL PRIMARY KEY", "id INTEGER NOT NULL"),
)
SQLITE = (("t (\n    id INTEGER NOT NULL PRIMARY KEY", "t (\n    id INTEGER PRIMARY KEY "
           "AUTOINCREMENT"),)  # fmt: skip
POSTGRESQL = (
    ("INTEGER UNIQUE", "INTEGER UNIQUE NULLS NOT DISTINCT"),
    ("id INTEGER NOT NULL", "id SERIAL NOT NULL"),
    ("b VARCHAR(5)", 'b VARCHAR(5) COLLATE "C"'),
    (" p INTEGER", " p BIGINT"),
    ("n INTEGER", "n INTEGER CHECK (n > 0)"),
    ("CREATE TABLE p", "CREATE TYPE e AS ENUM ('x'); CREATE TABLE p"),
)


def test_sqlite() -> None:
    assert differences(sqlite_facts([SCRIPT]), sqlite_facts(SCRIPT.split(";\n"))) == []
    for old, new in (*CHANGES, *SQLITE):
        assert old in SCRIPT
        assert differences(sqlite_facts([SCRIPT.replace(old, new)]), sqlite_facts([SCRIPT])), old


@pytest.mark.server
def test_postgresql() -> None:
    with postgresql() as database:
        whole = database.facts([SCRIPT])
        assert differences(database.facts(SCRIPT.split(";\n")), whole) == []
        for old, new in (*CHANGES, *POSTGRESQL):
            assert old in SCRIPT
            script = SCRIPT.replace(old, new)
            assert differences(database.facts([script]), whole), old
