"""Of the kinds that speak of changes and references: reading and execution agree."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.prove.agreement import (
    WRONG,
    Pair,
    Result,
    compared,
    examples,
    opened,
    random_pairs,
    truth,
    variations,
)

KINDS = ("immutable", "states", "reference", "many_to_many")
SERVERS = [
    pytest.param("postgresql", marks=pytest.mark.server),
    pytest.param("mysql", marks=pytest.mark.server),
]


def _wrong(name: str, pairs: Iterable[Pair], *, of_chance: bool = False) -> tuple[list[str], int]:
    """What disagrees, and how many agree. Tables of chance may hold no row at all."""
    wrong, agreeing = [], 0
    with opened(name) as database:
        for one in compared(database, pairs):
            agreeing += one.result is Result.AGREES
            left_out = of_chance and one.result is Result.NOT_TRIED
            if one.result in WRONG and not left_out:
                wrong.append(str(one))
    return wrong, agreeing


@pytest.mark.parametrize("name", ["sqlite", *SERVERS])
def test_examples(name: str) -> None:
    wrong, _ = _wrong(name, examples(name, KINDS))
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("name", ["sqlite", *SERVERS])
def test_variations(name: str) -> None:
    wrong, agreeing = _wrong(name, variations(name, KINDS))
    assert not wrong, "\n\n".join(wrong)
    assert agreeing > 30


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["sqlite", *SERVERS])
def test_observed_cases(name: str) -> None:
    wrong, agreeing = _wrong(name, truth(name, KINDS))
    assert not wrong, "\n\n".join(wrong)
    assert agreeing > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sqlite", *SERVERS])
def test_random_schemas(name: str) -> None:
    wrong, agreeing = _wrong(name, random_pairs(name, KINDS, range(40)), of_chance=True)
    assert not wrong, "\n\n".join(wrong)
    assert agreeing > 40
