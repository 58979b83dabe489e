"""Verdicts over random schemas and rules, against writers that try to break the rules for real."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.oracle.verdicts.databases import opened
from tests.oracle.verdicts.trial import pairs, tried

PAIRS = {"sqlite": 400, "postgresql": 200}
SEEDS = {"sqlite": range(150), "postgresql": range(1000, 1080)}
"""More than are needed: Migrate refuses some of the schemas."""


@pytest.mark.oracle
@pytest.mark.parametrize(
    "provider", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]
)
def test_verdicts_are_borne_out(provider: str) -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    with opened(provider) as database:
        for pair in islice(pairs(provider, SEEDS[provider]), PAIRS[provider]):
            verdict, disagreement = tried(database, pair)
            if disagreement is not None:  # perhaps the attackers need more attempts
                verdict, disagreement = tried(database, pair, effort=8)
            verdicts[verdict] += 1
            if disagreement is not None:
                wrong.append(str(disagreement))
    assert not wrong, "\n\n".join(wrong)
    assert sum(verdicts.values()) == PAIRS[provider]
    assert min(verdicts[one] for one in ("kept", "broken", "inexpressible")) > 10, verdicts
