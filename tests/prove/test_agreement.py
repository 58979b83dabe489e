"""What is decided by reading agrees with what execution shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from schemalint.model import Dialect
from tests.prove.agreement import (
    WRONG,
    Pair,
    Result,
    compared,
    drawn_pairs,
    examples,
    opened,
    random_pairs,
    truth,
    variations,
)
from tests.prove.carrying_out import load
from tests.prove.empty_tables import is_empty

ROWS = (
    "unique",
    "identity",
    "required",
    "optional",
    "check",
    "exactly_one",
    "at_least_one",
    "at_most_one",
    "no_overlap",
    "audit",
)
_SERVERS = ["postgresql", "mysql"]
# What no attack shows yet, by database and pair, and why.
NOT_SHOWN = {
    ("sqlite", "random 9/2"): "a CHECK refuses NULL, and what a CHECK refuses is blamed on no one",
    (
        "postgresql",
        "rows that a trigger leaves without the one row they pointed at",
    ): "the parent has to go, and another one to come",
    (
        "postgresql",
        "rows that have lost what they point at by a trigger",
    ): "two rows have to point at each other",
    (
        "sqlite",
        "what a CHECK of the parent says of a text that NOCASE folds there alone",
    ): "the second row has to point at the same one in another letter case",
    ("sqlite", "random 18/1"): "a trigger refuses each row that is tried before NOT NULL is asked",
}


def _agree(name: str, pairs: Iterable[Pair]) -> Counter[str]:
    """How often each result came, after no disagreement."""
    with opened(name) as database:
        found = list(compared(database, pairs))
    wrong = [
        str(one) for one in found if one.result in WRONG and (name, one.pair.name) not in NOT_SHOWN
    ]
    assert not wrong, "\n\n".join(wrong)
    return Counter(one.result for one in found)


def test_the_examples() -> None:
    quick = [one for one in ROWS if one != "audit"]
    assert _agree("sqlite", examples("sqlite", quick))[Result.AGREES] > 5


@pytest.mark.slow
def test_the_examples_for_which_time_has_to_go_on() -> None:
    assert _agree("sqlite", examples("sqlite", ["audit"]))[Result.AGREES] == 1


def test_a_few_random_tables() -> None:
    assert _agree("sqlite", drawn_pairs("sqlite", ROWS, range(6)))[Result.AGREES] > 20


@pytest.mark.server
@pytest.mark.parametrize("name", _SERVERS)
def test_the_examples_on_servers(name: str) -> None:
    assert _agree(name, examples(name, ROWS))[Result.AGREES] > 0


@pytest.mark.oracle
def test_the_variations() -> None:
    assert _agree("sqlite", variations("sqlite", ROWS))[Result.AGREES] > 20


@pytest.mark.server
@pytest.mark.parametrize("name", _SERVERS)
def test_the_variations_on_servers(name: str) -> None:
    assert _agree(name, variations(name, ROWS))[Result.AGREES] > 30


@pytest.mark.corpus
def test_the_observed_cases() -> None:
    assert _agree("sqlite", truth("sqlite", ROWS))[Result.AGREES] > 200


@pytest.mark.corpus
@pytest.mark.server
@pytest.mark.parametrize("name", _SERVERS)
def test_the_observed_cases_on_servers(name: str) -> None:
    assert _agree(name, truth(name, ROWS))[Result.AGREES] > 90


@pytest.mark.fuzz
def test_random_schemas() -> None:
    found = _agree("sqlite", random_pairs("sqlite", ROWS, range(100)))
    found += _agree("sqlite", drawn_pairs("sqlite", ROWS, range(60)))
    assert found[Result.AGREES] > 400
    assert found[Result.IDLE] <= found[Result.AGREES] // 20


@pytest.mark.server
@pytest.mark.fuzz
@pytest.mark.parametrize("name", _SERVERS)
def test_random_schemas_on_servers(name: str) -> None:
    found = _agree(name, random_pairs(name, ROWS, range(40)))
    found += _agree(name, drawn_pairs(name, ROWS, range(20)))
    assert found[Result.AGREES] > 100
    assert found[Result.IDLE] <= found[Result.AGREES] // 20


@pytest.mark.parametrize(
    ("check", "empty"),
    [("n = 3", True), ("n = 7", False), ("n = 0", False), ("n < 3", False), ("n IN (3, 4)", True)],
)
def test_rows_that_a_trigger_takes_out_of_what_is_allowed(check: str, empty: bool) -> None:
    schema = load(
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK ({check}));"
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW "
        "IF (NEW.n > 2) THEN SET NEW.n = 7; END IF;",
        "sql",
        Dialect.MARIADB,
    )
    assert is_empty(schema.models[0], schema) is empty
