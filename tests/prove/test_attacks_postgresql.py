"""Reading and execution agree on schemas of PostgreSQL's that the differential test found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import Database
from schemalint.rule import Verdict
from tests.prove.agreement import WRONG, Pair, compared, opened
from tests.prove.carrying_out import load

pytestmark = pytest.mark.server

BROKEN = {
    "a composite value is changed": (
        "CREATE TYPE pair AS (one INTEGER, two TEXT);"
        "CREATE TABLE t (id INT PRIMARY KEY, f pair NOT NULL)",
        "immutable: {of: t, fields: [f]}",
    ),
    "lists of texts in other letters": (
        "CREATE TABLE t (id INT PRIMARY KEY, f TEXT[] NOT NULL UNIQUE)",
        "unique: {of: t, by: [f], ignore_case: true}",
    ),
    "a blank text is computed": (
        "CREATE TABLE t (id INT PRIMARY KEY, f TEXT NOT NULL,"
        " made TEXT GENERATED ALWAYS AS (coalesce(f, 'x')) STORED)",
        "required: {of: t, fields: [made], not_blank: true}",
    ),
    "a great number is computed": (
        "CREATE TABLE t (id INT PRIMARY KEY, f BIGINT NOT NULL,"
        " made BIGINT NOT NULL UNIQUE GENERATED ALWAYS AS (f + 1) STORED)",
        "identity: {of: t, by: [made], type: int}",
    ),
    "two keys over the same columns": (
        "CREATE TABLE p (id INT PRIMARY KEY);"
        "CREATE TABLE c (id INT PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE,"
        " FOREIGN KEY (p) REFERENCES p (id) ON UPDATE NO ACTION ON DELETE CASCADE)",
        "reference: {from: c.p, to: p, required: false, on_update: set_null}",
    ),
    "tables that need each other": (
        "CREATE TABLE b (id INT PRIMARY KEY, a INT UNIQUE DEFAULT 2);"
        "CREATE TABLE a (id INT PRIMARY KEY REFERENCES b (a), n INT NOT NULL);"
        "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a",
        "check: {of: a, that: n > 0}",
    ),
}


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with opened("postgresql") as found:
        yield found


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_shown(database: Database, name: str) -> None:
    ddl, rule = BROKEN[name]
    pair = Pair(name, load(ddl + ";", "sql", Dialect.POSTGRESQL), rule)
    (found,) = compared(database, [pair])
    assert found.result not in WRONG, str(found)
    assert found.proof is not None
    assert found.proof.judged.verdict is Verdict.BROKEN
    assert found.proof.shown is not None
