"""The observed cases' DDL, loaded and written: the same database, triggers and views aside."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from schemalint.ddl import written
from tests.ddl.asts import changed, plain, reloaded
from tests.loaders.sql import databases
from tests.loaders.sql.schema_facts import Facts, differences
from tests.loaders.sql.test_observed_cases import NOT_MODELLED, cases

pytestmark = pytest.mark.corpus

# What is made in another way, and why.
EXPLAINED = {
    "E23": "a domain's check of text is one of the column",
    "E23b": "a domain's check of text is one of the column",
    "O03": "the function that it calls is no part of the schema",
    "O17g": "composite types are not modelled",
    "F04e": "a foreign key that nobody checks is not made",
}
Open = Callable[[], AbstractContextManager[databases.Database]]


def differing(open_database: Open, name: str) -> tuple[list[str], int]:
    """The differences of all cases, and how many cases were compared."""
    found, compared = [], 0
    for ddl, case in cases(name).items():
        if case in NOT_MODELLED or case in EXPLAINED:
            continue
        with open_database() as database:
            taken = [one for one in ddl if database.run(one) is None]
            dialect, expected = database.dialect, written_facts(database.facts())
        schema, _ = databases.load(dialect, ";\n".join(taken) + ";\n")
        made = written(schema)
        told = [
            one for one in made.omissions if not one.what.startswith(("the view", "the trigger"))
        ]
        statements = [one.sql for one in made.statements]
        with open_database() as database:
            for extension in made.extensions:
                database.run(f'CREATE EXTENSION "{extension}"')
            refused = [f"{error}: {one}" for one in statements if (error := database.run(one))]
            differ = differences(written_facts(database.facts()), expected)
        differ += refused
        differ += changed(plain(schema), plain(reloaded(statements, dialect)))
        if told and differ:
            continue
        compared += 1
        found += [f"{case}: {one}" for one in differ]
        if differ:
            found += [str(taken), str(statements)]
    return found, compared


def written_facts(facts: Facts) -> Facts:
    return {
        path: fact
        for path, fact in facts.items()
        if " trigger " not in path and not path.startswith("view ")
    }


def test_sqlite() -> None:
    found, compared = differing(databases.sqlite, "sqlite")
    assert "\n".join(found) == ""
    assert compared >= 250


def test_strict_tables() -> None:
    found, compared = differing(databases.sqlite, "sqlite-strict")
    assert "\n".join(found) == ""
    assert compared >= 230


@pytest.mark.server
def test_postgresql() -> None:
    found, compared = differing(databases.postgresql, "postgresql")
    assert "\n".join(found) == ""
    assert compared >= 280


@pytest.mark.server
def test_mariadb() -> None:
    found, compared = differing(databases.mariadb, "mariadb")
    assert "\n".join(found) == ""
    assert compared >= 250
