"""Attempts that share a transaction see what they would see alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from schemalint.prove.database import Accepted, NotProvable, Refused
from schemalint.prove.databases import postgresql_trail
from schemalint.prove.databases.postgresql import Postgresql
from tests.prove.servers import POSTGRESQL, postgresql

pytestmark = pytest.mark.server

SHOP = (
    "CREATE TABLE parent (id serial PRIMARY KEY, name text UNIQUE, at timestamptz DEFAULT"
    " clock_timestamp())",
    "CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY, parent_id int CONSTRAINT later"
    " REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE log (n int)",
    "INSERT INTO parent (name) VALUES ('built')",
    "CREATE SEQUENCE number",
    "SELECT setval('number', 7)",
    "CREATE FUNCTION noted(int) RETURNS boolean LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO log VALUES ($1); RETURN true; END $$",
)
READ = (
    "SELECT id, name FROM parent ORDER BY id",
    "SELECT * FROM child ORDER BY id",
    "SELECT noted(1), (SELECT count(*) FROM log)",
    "SELECT * FROM nowhere",
)
RUN = (
    ("INSERT INTO parent (name) VALUES ('a')",),
    ("INSERT INTO parent (name) VALUES ('b')",),
    ("INSERT INTO parent (name) VALUES ('built')",),  # refused, and its number is gone
    ("INSERT INTO parent (id, name) VALUES (nextval('number'), 'n')",),
    ("INSERT INTO child (parent_id) VALUES (1)",),
    ("INSERT INTO child (parent_id) VALUES (9)", "INSERT INTO parent VALUES (9, 'late')"),
    ("INSERT INTO child (parent_id) VALUES (99)",),  # refused at the end
    ("DELETE FROM child WHERE noted(2)",),
    ("UPDATE parent SET id = id + 10",),
    ("TRUNCATE parent RESTART IDENTITY CASCADE",),
    ("INSERT INTO nowhere VALUES (1)",),
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Postgresql]:
    with postgresql(), closing(Postgresql(POSTGRESQL, seconds=2.0)) as database:
        database.build(SHOP)
        yield database


def _drawn(dice: random.Random) -> list[tuple[str, tuple[str, ...]]]:
    """What an attempt does: often the same as another, to some point."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for _ in range(dice.randint(1, 6)):
        kind = dice.choice(["run", "run", "run", "read", "begin", "written"])
        if kind == "begin":
            inner = [("run", dice.choice(RUN)) for _ in range(dice.randint(0, 2))]
            found += [("begin", ()), *inner, (dice.choice(["commit", "rollback"]), ())]
        elif kind == "written":
            found.append(("run", ("COPY parent FROM STDIN",)))
        else:
            found.append((kind, dice.choice(RUN) if kind == "run" else (dice.choice(READ),)))
    return found


def _done(database: Postgresql, attempt: list[tuple[str, tuple[str, ...]]]) -> list[Any]:
    answers: list[Any] = []
    with database.attempt() as made:
        for kind, given in [*attempt, *[("read", (query,)) for query in READ]]:
            try:
                if kind == "read":
                    answers.append(made.rows(*given))
                else:
                    answers.append(getattr(made, kind)(*given))
            except NotProvable as error:
                answers.append(error.message)
    return answers


@pytest.mark.parametrize(("seed", "deepest"), [*((seed, 100) for seed in range(8)), (8, 2), (9, 1)])
def test_nothing_tells_the_attempts_of_a_trail_from_others(
    shop: Postgresql, monkeypatch: pytest.MonkeyPatch, seed: int, deepest: int
) -> None:
    monkeypatch.setattr(postgresql_trail, "_DEEPEST", deepest)
    dice = random.Random(seed)
    begun = [_drawn(dice) for _ in range(3)]
    attempts = [[*dice.choice(begun)[: dice.randint(0, 5)], *_drawn(dice)] for _ in range(12)]
    # What was cut off within a transaction is left open, as by an attempt that fails.
    alone = []
    for attempt in attempts:
        shop._end_trail()
        alone.append(_done(shop, attempt))
    shop._end_trail()
    for attempt, answers in zip(attempts, alone, strict=True):
        assert _done(shop, attempt) == answers


def test_what_was_run_before_is_not_sent_again(
    shop: Postgresql, monkeypatch: pytest.MonkeyPatch
) -> None:
    def times() -> list[Any]:
        with shop.attempt() as attempt:
            first = attempt.run("INSERT INTO parent (name) VALUES ('a')")
            assert first == Accepted(1)
            assert isinstance(attempt.run("INSERT INTO parent (name) VALUES ('a')"), Refused)
            return attempt.rows("SELECT id, at FROM parent WHERE name = 'a'")

    shop._end_trail()
    assert times() == times()
    monkeypatch.setattr(postgresql_trail, "_LONGEST", -1.0)  # time has to go on
    shop._end_trail()
    ((number, before),), ((same, later),) = times(), times()
    assert number == same
    assert before < later


def test_a_session_that_ended_is_replaced(shop: Postgresql) -> None:
    with shop.attempt() as attempt:
        assert attempt.run(*RUN[0]) == Accepted(1)
    assert shop._session is not None
    with postgresql() as admin:
        admin.execute(
            f"SELECT pg_terminate_backend({shop._session.connection.info.backend_pid}, 5000)"
        )
    with pytest.raises(NotProvable), shop.attempt() as attempt:
        attempt.run(*RUN[1])
    with shop.attempt() as attempt:
        assert attempt.run(*RUN[1]) == Accepted(1)
