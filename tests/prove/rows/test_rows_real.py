"""Rows for real schemas on their own databases: two of each table, and the rest by name."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import Accepted, BuildError
from schemalint.prove.rows.row_maker import RowMaker
from schemalint.prove.rows.stored import NoRow, Stored
from tests.prove.real_rows import (
    KINDS,
    Filled,
    Made,
    database_of,
    filled,
    schema_of,
    tables,
)
from tests.rules.drawn_tables import DIALECTS, Table, draw_table, sql_value

pytestmark = [pytest.mark.oracle, pytest.mark.server]

# What the database itself does not build, by schema: in the words of its message.
NOT_BUILT = {
    ("prisma", "postgresql"): {
        "telescope-prisma-client@0.0.263/package/dist/generatedClient/schema.prisma": "DEFAULT",
        "telescope-prisma-client@0.0.263/package/dist/schema.prisma": "DEFAULT",
    },
    ("sqlmodel", "sqlite"): {
        "cape-cod-db": "NULLS",  # written for PostgreSQL
        "koco-product-sqlmodel": "ON",  # written for MySQL: ON UPDATE CURRENT_TIMESTAMP
        "ptbmodels": "to_tsvector",  # written for PostgreSQL
    },
    ("sqlmodel", "postgresql"): {
        "keephq": "no unique constraint",
        "koco-product-sqlmodel": "ON",
        "zenml": "length for type varchar",
    },
}
# Tables without two rows, and why.
SINGLETONS = {
    "langflow-base.ModelProviderPolicy": "singleton",  # a CHECK that leaves room for one row
    "langflow-base.PolicyBundleActive": "singleton",
    "langflow-base.SSOSettings": "singleton",
}
NO_ROWS = {
    ("sqlmodel", "sqlite"): {
        **SINGLETONS,
        "keephq.AlertEnrichment": "foreign key mismatch",  # it points at columns of no key
    },
    ("sqlmodel", "postgresql"): SINGLETONS,
}
# How many schemas, and how many tables in all, have to be there.
AT_LEAST = {
    ("prisma", "postgresql"): (13, 400),
    ("prisma", "sqlite"): (5, 15),
    ("prisma", "mysql"): (4, 15),
    ("sqlmodel", "sqlite"): (29, 220),
    ("sqlmodel", "postgresql"): (28, 170),
    ("migrations", "postgresql"): (4, 265),
}


@pytest.mark.parametrize(("kind", "provider"), AT_LEAST)
def test_two_rows_of_each_table(kind: str, provider: str) -> None:
    dialect = Dialect(provider)
    found = [*filled(KINDS[kind](dialect), dialect)]
    unbuilt = {one.name: one.unbuilt for one in found if one.unbuilt is not None}
    expected = NOT_BUILT.get((kind, provider), {})
    assert set(unbuilt) <= set(expected)
    assert all(expected[name] in (reason or "") for name, reason in unbuilt.items()), unbuilt
    built = [one for one in found if one.unbuilt is None]
    schemas, count = AT_LEAST[kind, provider]
    assert len(built) >= schemas
    assert sum(one.count for one in built) >= count
    _compare(built, NO_ROWS.get((kind, provider), {}))


def _compare(built: list[Filled], expected: dict[str, str]) -> None:
    missing = {
        f"{one.name}.{model}": reason for one in built for model, reason in one.missing.items()
    }
    assert set(missing) == set(expected), missing
    assert all(expected[name] in reason for name, reason in missing.items()), missing
    share = 1 - len(missing) / sum(one.count for one in built)
    assert share >= 0.95


def test_what_was_stored_can_be_pasted() -> None:
    """The statements of all rows, in their order, on an empty database of another kind of run."""
    for name, made in KINDS["sqlmodel"](Dialect.SQLITE):
        if name in NOT_BUILT["sqlmodel", "sqlite"]:
            continue
        (found,) = filled([(name, made)], Dialect.SQLITE)
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in made.statements:
            connection.execute(statement)
        rows = [row for stored in found.stored.values() for row in stored]
        for row in rows:
            _paste(connection, row)
        connection.close()


def _paste(connection: sqlite3.Connection, row: Stored) -> None:
    together = len(row.statements) if row.together is None else row.together
    for number, statement in enumerate(row.statements):
        if number == together:
            connection.execute("BEGIN")
        connection.execute(statement)
    if row.together is not None:
        connection.execute("COMMIT")


@pytest.mark.parametrize("kind", ["sqlite", "strict", "postgresql", "mysql"])
def test_drawn_tables(kind: str) -> None:
    """Where a handful of random rows are stored, the maker has found two as well."""
    database = database_of(DIALECTS[kind])
    tried = 0
    for seed in range(120):
        source = random.Random(seed)
        table = draw_table(source, kind)
        made = Made(schema_of(";".join(table.ddl()), DIALECTS[kind]), [*table.ddl()])
        try:
            database.build(made.statements)
        except BuildError:
            continue  # PostgreSQL wants brackets around some of the drawn expressions
        tried += 1
        with database.attempt() as attempt:
            maker = RowMaker(made.schema, attempt, DIALECTS[kind])
            (model,) = tables(made.schema)
            missing = [
                one for one in (maker.insert(model), maker.insert(model)) if isinstance(one, NoRow)
            ]
        if missing:
            with database.attempt() as attempt:
                answers = [attempt.run(one) for one in _random_rows(source, table)]
            stored = [one for one in answers if isinstance(one, Accepted)]
            assert len(stored) < 2, f"{kind} {seed}: {table.ddl()}: {missing}"
    assert tried > 90
    database.close()


def _random_rows(source: random.Random, table: Table) -> Iterator[str]:
    values = {
        "n": (None, -1, 0, 1, 2, 3, 4),
        "m": (None, -1, 0, 1, 2, 3, 4),
        "s": (None, "", "a", "A", "b", "ab", "abcd", " "),
        "r": (None, "", "a", "A", "b", "ab", "abcd", " "),
        "f": (None, True, False),
        "p": (None, 0, 1, 3, 5),
    }
    for number in range(1500):
        row = [sql_value(source.choice(options), table.kind) for options in values.values()]
        yield f"INSERT INTO t (id, {', '.join(values)}) VALUES ({number}, {', '.join(row)})"
