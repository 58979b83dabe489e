"""The observed cases' DDL, loaded and written: the same database, triggers and views aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from schemalint.ddl import written
from schemalint.model import Dialect
from tests.ddl.asts import changed, plain, reloaded
from tests.ddl.catalogs import Facts, differences, postgresql, sqlite_facts
from tests.loaders.sql import databases
from tests.loaders.sql.test_observed_cases import NOT_MODELLED, cases

pytestmark = pytest.mark.corpus

Introspect = Callable[[Sequence[str], Sequence[str], dict[str, str]], Facts]
"""What a database has after statements that need extensions; it notes those that are refused."""

# What is made in another way, and why.
EXPLAINED = {
    "E23": "a domain's check of text is one of the column",
    "E23b": "a domain's check of text is one of the column",
    "O03": "the function that it calls is no part of the schema",
    "O17g": "composite types are not modelled",
    "F04g": "a key that names no columns is written with those that it means",
    "F26b": "NOT VALID is about rows that are there already",
    "U39": "what an index holds besides its members forbids nothing",
    "U10e": "its collation is made under the name of what it compares as",
    "F04e": "a foreign key that nobody checks is not made",
}


def differing(facts: Introspect, dialect: Dialect, name: str) -> tuple[str, int]:
    """The differences of all cases, one a line, and how many cases were compared."""
    found, compared = [], 0
    for ddl, case in cases(name).items():
        if case in NOT_MODELLED or case in EXPLAINED:
            continue
        refused: dict[str, str] = {}
        expected = facts(ddl, (), refused)
        taken = [one for one in ddl if one not in refused]
        schema, _ = databases.load(dialect, ";\n".join(taken) + ";\n")
        made = written(schema)
        statements = [one.sql for one in made.statements]
        refused = {}
        differ = differences(facts(statements, made.extensions, refused), expected)
        differ += [f"{error}: {statement}" for statement, error in refused.items()]
        differ += changed(plain(schema), plain(reloaded(statements, dialect)))
        aside = ("the view", "the trigger")
        if differ and any(not one.what.startswith(aside) for one in made.omissions):
            continue  # something else is told to be left out
        compared += 1
        found += [f"{case}: {one}" for one in differ]
    return "\n".join(found), compared


def on_sqlite(statements: Sequence[str], _: object, refused: dict[str, str]) -> Facts:
    return sqlite_facts(statements, refused)


def on_mariadb(statements: Sequence[str], _: object, refused: dict[str, str]) -> Facts:
    with databases.mariadb() as database:
        for statement in statements:
            error = database.run(statement)
            if error is not None:
                refused[statement] = error
        facts = database.facts().items()
        return {path: fact for path, fact in facts if not (" trigger " in path or "view " in path)}


def test_sqlite() -> None:
    found, compared = differing(on_sqlite, Dialect.SQLITE, "sqlite")
    assert found == ""
    assert compared >= 248


def test_strict_tables() -> None:
    found, compared = differing(on_sqlite, Dialect.SQLITE, "sqlite-strict")
    assert found == ""
    assert compared >= 230


@pytest.mark.server
def test_postgresql() -> None:
    with postgresql() as database:
        found, compared = differing(database.facts, Dialect.POSTGRESQL, "postgresql")
    assert found == ""
    assert compared >= 275


@pytest.mark.server
def test_mariadb() -> None:
    found, compared = differing(on_mariadb, Dialect.MARIADB, "mariadb")
    assert found == ""
    assert compared >= 250
