"""Columns of views with queries at random, as we read them and as databases have them."""

from __future__ import annotations

import pytest

from schemalint.model import Dialect
from tests.loaders.sql import databases
from tests.loaders.sql.random_queries import TABLES, Queries


def compare(database: databases.Database, queries: Queries, count: int) -> tuple[int, int]:
    """How many of the views have columns that are read, and how many have some that are not. Those
    that are read are the database's, or some of them."""
    read = open_ = 0
    for statement in TABLES:
        assert database.run(statement) is None
    tables = ";".join(TABLES)
    for _ in range(count):
        made = f"CREATE VIEW v AS {queries.query()}"
        if database.run(made) is not None:
            continue
        sqlite = database.dialect is Dialect.SQLITE  # which looks at a view when it is read
        if sqlite and database.run("SELECT * FROM v") is not None:
            assert database.run("DROP VIEW v") is None
            continue
        real = database.facts()["view v"]
        assert database.run("DROP VIEW v") is None
        schema, problems = databases.load(database.dialect, f"{tables};{made};")
        assert problems == []
        (view,) = [model for model in schema.models if model.kind == "view"]
        ours = [field.column for field in view.fields]
        if schema.opaque:
            open_ += 1
            assert set(ours) <= set(real), made
        else:
            read += 1
            assert ours == real, made
    return read, open_


def test_sqlite() -> None:
    with databases.sqlite() as database:
        read, open_ = compare(database, Queries(1, postgresql=False), 300)
    assert read > 60
    assert open_ > 30


@pytest.mark.server
def test_postgresql() -> None:
    with databases.postgresql() as database:
        read, open_ = compare(database, Queries(2, postgresql=True), 700)
    assert read > 60
    assert open_ > 30
