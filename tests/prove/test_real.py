"""Real schemas with rules near to them: reading and execution agree."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from schemalint.ddl import written
from schemalint.model import Dialect, Schema
from schemalint.prove.outcome import Outcome
from tests.prove.agreement import WRONG, Result
from tests.prove.differential import KINDS, Counts, dialect_of, kind_of, opened
from tests.prove.real import OPEN, differences, pairs

pytestmark = [pytest.mark.oracle, pytest.mark.slow]


def test_pairs_are_the_same_each_time() -> None:
    once, again = ([*pairs("sqlite", only="zenml")] for _ in range(2))
    assert [(one.name, one.rule) for one in once] == [(one.name, one.rule) for one in again]
    assert {kind_of(one) for one in once} == {*KINDS}


@pytest.mark.parametrize(
    ("database", "share", "least"),
    [
        ("sqlite", 0.1, 300),
        pytest.param("postgresql", 0.04, 200, marks=pytest.mark.server),
        pytest.param("mysql", 0.05, 80, marks=pytest.mark.server),
    ],
)
def test_pairs_agree(database: str, share: float, least: int) -> None:
    counts = Counts(Counter())
    known = OPEN[dialect_of(database)]
    with opened(database) as there:
        found = differences(there, pairs(dialect_of(database), share=share), counts)
        compared = [one for one in found if one.result in WRONG and one.pair.name not in known]
    assert not compared, "\n\n".join(map(str, compared))
    assert counts.total() > least
    assert counts.total(Result.AGREES) > counts.total() * 0.95


def test_what_is_shown_can_be_pasted() -> None:
    """On an empty database of the schema every statement is answered as it was."""
    built: Schema | None = None
    empty = sqlite3.connect(":memory:")
    counts = Counts(Counter())
    with opened("sqlite") as there:
        for one in differences(there, pairs("sqlite", share=0.03, seed=2), counts):
            if one.proof is None:
                continue
            schema = one.pair.schema
            if schema is not built:
                empty.close()
                built, empty = schema, _empty(schema)
            for outcome in one.proof.outcomes:
                with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
                    empty.backup(connection)
                    on = "ON" if schema.foreign_keys_enforced else "OFF"
                    connection.execute(f"PRAGMA foreign_keys = {on}")
                    _paste(connection, outcome, one.pair.name)
    assert counts.total() > 80
    empty.close()


def _empty(schema: Schema) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in written(schema, Dialect.SQLITE).statements:
        connection.execute(statement.sql)
    return connection


def _paste(connection: sqlite3.Connection, outcome: Outcome, name: str) -> None:
    for sent in outcome.statements:
        refused = None
        try:
            connection.execute(sent.sql)
        except sqlite3.Error as error:
            refused = str(error)
        same = (refused is None) is (sent.refusal is None)
        assert same, f"{name}: {outcome.attack.says}: {sent.sql}: {refused}"
