"""Verdicts over random schemas in SQL, against a writer that tries to break the rules for real."""

from __future__ import annotations

from collections import Counter

import pytest

from schemalint.rule import Verdict
from tests.oracle.verdicts.sql_trial import attacked, trials

SEEDS = {"sqlite": range(60), "postgresql": range(25), "mysql": range(25)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "provider",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.server),
        pytest.param("mysql", marks=pytest.mark.server),
    ],
)
def test_what_is_kept_cannot_be_broken(provider: str) -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    with attacked(provider) as database:
        for trial in trials(database, provider, SEEDS[provider]):
            verdicts[trial.verdict] += 1
            if trial.wrongly_kept:
                wrong.append(str(trial))
    assert not wrong, "\n\n".join(wrong)
    assert verdicts[Verdict.KEPT] > 10, verdicts
    assert verdicts[Verdict.UNKNOWN] < 0.1 * sum(verdicts.values()), verdicts
