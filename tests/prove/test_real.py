"""Real schemas with rules near to them: reading and execution agree."""

from __future__ import annotations

from collections import Counter

import pytest

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
