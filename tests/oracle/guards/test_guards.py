"""Verdicts over random triggers, against writers that try everything for real."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.guards.trial import tried
from tests.rules.databases import database

SEEDS = {"sqlite": 300, "postgresql": 60, "mysql": 40}


@pytest.mark.oracle
@pytest.mark.parametrize(
    "name",
    [
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.server),
        pytest.param("mysql", marks=pytest.mark.server),
    ],
)
def test_verdicts_are_borne_out(name: str) -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    with database(name) as made:
        for seed in range(SEEDS[name]):
            trial = tried(made, name, seed)
            if trial is not None and trial.wrong:  # perhaps the writers need more attempts
                trial = tried(made, name, seed, effort=20)
            if trial is None:
                continue
            verdicts[trial.verdict.value] += 1
            if trial.wrong:
                wrong.append(str(trial))
    assert not wrong, "\n\n".join(wrong)
    assert min(verdicts["kept"], verdicts["broken"]) > SEEDS[name] / 20, verdicts
    assert verdicts["unknown"] < SEEDS[name] / 10, verdicts
