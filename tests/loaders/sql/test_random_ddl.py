"""Random ALTERs: after each, the replay has what the database has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.loaders.sql import databases
from tests.loaders.sql.random_ddl import RandomDdl

Open = Callable[[], AbstractContextManager[databases.Database]]


def replayed(open_database: Open, seed: int, length: int) -> list[str]:
    """What differs at the end of a sequence of `length` statements that were accepted."""
    with open_database() as database:
        made = RandomDdl(database.dialect, seed)
        taken: list[str] = []
        for _ in range(length * 4):
            statement = made.statement(database.facts())
            if database.run(statement) is None:
                taken.append(statement)
                if len(taken) == length:
                    break
        found = databases.difference(database, ";\n".join(taken) + ";\n")
        return [*found, *taken] if found else []


@pytest.mark.parametrize("seed", range(40))
def test_sqlite(seed: int) -> None:
    assert "\n".join(replayed(databases.sqlite, seed, 30)) == ""


@pytest.mark.server
@pytest.mark.parametrize("seed", range(20))
def test_postgresql(seed: int) -> None:
    assert "\n".join(replayed(databases.postgresql, seed, 30)) == ""


@pytest.mark.server
@pytest.mark.parametrize("seed", range(20))
def test_mariadb(seed: int) -> None:
    assert "\n".join(replayed(databases.mariadb, seed, 30)) == ""
