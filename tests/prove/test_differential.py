"""Random pairs of a schema and a rule: reading and execution agree, in every language."""

from __future__ import annotations

import pytest

from tests.prove.agreement import WRONG, Result, compared
from tests.prove.differential import (
    KINDS,
    LANGUAGES,
    Counts,
    dialect_of,
    differences,
    drawn,
    kind_of,
    opened,
    pair_called,
)
from tests.prove.differential_seeds import MENDED, OPEN

SQLITE = "sqlite"


def test_pairs_are_the_same_each_time() -> None:
    once, again = ([*drawn("sqlite", 8)] for _ in range(2))
    assert [(one.name, one.rule) for one in once] == [(one.name, one.rule) for one in again]
    assert [one.schema.files[0].text for one in once] == [one.schema.files[0].text for one in again]
    assert {one.name.partition(" ")[0] for one in once} == {*LANGUAGES}


def test_every_kind_is_drawn() -> None:
    kinds = {kind_of(one) for seed in range(90) for one in drawn("sqlite", seed, ["prisma"])}
    assert kinds == {*KINDS}


def test_a_few_pairs_agree() -> None:
    _agree(SQLITE, 60, first=100)


@pytest.mark.slow
@pytest.mark.parametrize(("database", "pairs"), [(SQLITE, 700), ("embedded", 300)])
def test_pairs_agree(database: str, pairs: int) -> None:
    counts = _agree(database, pairs, first=0)
    undecided = counts.total(Result.UNDECIDED)
    assert undecided < counts.total() / 20
    assert counts.total(Result.AGREES) > counts.total() * 0.9


@pytest.mark.server
@pytest.mark.slow
def test_pairs_agree_on_mariadb() -> None:
    _agree("mysql", 150, first=0)


def _agree(database: str, pairs: int, first: int) -> Counts:
    """Compare pairs, of which none disagrees but those that are known to."""
    counts = Counts()
    known = OPEN[dialect_of(database)]
    with opened(database) as there:
        found = differences(there, dialect_of(database), pairs, counts, first=first)
        wrong = [str(one) for one in found if one.pair.name not in known]
    assert not wrong, "\n\n".join(wrong)
    return counts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database", "called"), [(SQLITE, called) for called in MENDED["sqlite"]], ids=str
)
def test_what_disagreed_once_agrees(database: str, called: str) -> None:
    with opened(database) as there:
        results = {one.result for one in compared(there, [pair_called(database, called)])}
    assert not results & {*WRONG}


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize(
    ("database", "called"),
    [(name, called) for name in ("postgresql", "mysql") for called in MENDED[name]],
    ids=str,
)
def test_what_disagreed_once_on_a_server_agrees(database: str, called: str) -> None:
    with opened(database) as there:
        results = {one.result for one in compared(there, [pair_called(database, called)])}
    assert not results & {*WRONG}


@pytest.mark.slow
def test_what_is_open_still_disagrees() -> None:
    """So that what has been mended does not stay on the list."""
    with opened(SQLITE) as there:
        for called in OPEN["sqlite"]:
            results = {one.result for one in compared(there, [pair_called("sqlite", called)])}
            assert results & {*WRONG}, called
