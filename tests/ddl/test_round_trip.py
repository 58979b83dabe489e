"""Random DDL, loaded, written and loaded again, is the same AST, and both make one database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from schemalint.ddl import written
from tests.ddl.asts import changed, plain, reloaded
from tests.loaders.sql import databases
from tests.loaders.sql.random_ddl import RandomDdl
from tests.loaders.sql.schema_facts import differences

Open = Callable[[], AbstractContextManager[databases.Database]]


def round_trip(open_database: Open, seed: int, length: int) -> list[str]:
    """What differs, of a sequence of `length` statements that the database takes."""
    with open_database() as database:
        made = RandomDdl(database.dialect, seed)
        taken: list[str] = []
        for _ in range(length * 4):
            statement = made.statement(database.facts())
            if database.run(statement) is None:
                taken.append(statement)
                if len(taken) == length:
                    break
        dialect, expected = database.dialect, database.facts()
    schema, problems = databases.load(dialect, ";\n".join(taken) + ";\n")
    ddl = written(schema)
    statements = [one.sql for one in ddl.statements]
    found = [*problems, *(f"{one.what}: {one.reason}" for one in ddl.omissions)]
    with open_database() as database:
        for statement in statements:
            error = database.run(statement)
            if error is not None:
                found.append(f"{error}: {statement}")
        found += differences(database.facts(), expected)
    if not problems:
        found += changed(plain(schema), plain(reloaded(statements, dialect)))
    return [*found, "", *taken, "", *statements] if found else []


@pytest.mark.parametrize("seed", range(40))
def test_sqlite(seed: int) -> None:
    assert "\n".join(round_trip(databases.sqlite, seed, 30)) == ""


@pytest.mark.server
@pytest.mark.parametrize("seed", range(20))
def test_postgresql(seed: int) -> None:
    assert "\n".join(round_trip(databases.postgresql, seed, 30)) == ""


@pytest.mark.server
@pytest.mark.parametrize("seed", range(20))
def test_mariadb(seed: int) -> None:
    assert "\n".join(round_trip(databases.mariadb, seed, 30)) == ""
