"""Verdicts over schemas in SQL, on each database that they are for."""

from __future__ import annotations

import pytest

from tests.rules.databases import Database, database
from tests.rules.sql_variations import VARIATIONS
from tests.rules.sql_variations.variation import SQLITE, Variation

_RUNS = [
    pytest.param(one, place, id=f"{one.name} ({place})")
    for one in VARIATIONS
    for place in one.databases
]


def _shown(variation: Variation, place: str) -> None:
    if variation.breaks:
        with database(place) as opened:
            opened.build(variation.script(place))
            assert opened.refused(*variation.breaks) is None
            assert opened.rows(variation.shows), "the statements did not do what they are here for"
        return
    assert variation.holds
    for attack in variation.holds:
        with database(place) as opened:
            opened.build(variation.script(place))
            _in_vain(opened, variation, attack)


def _in_vain(opened: Database, variation: Variation, attack: tuple[str, ...]) -> None:
    for statement in attack[:-1]:
        assert opened.refused(statement) is None
    refused = opened.refused(attack[-1])
    if variation.stays:
        assert opened.rows(variation.stays), "the attack was not in vain"
    else:
        assert refused is not None, "the attack was not refused"


@pytest.mark.parametrize(("variation", "place"), [run for run in _RUNS if run.values[1] == SQLITE])
def test_sqlite_does_so(variation: Variation, place: str) -> None:
    _shown(variation, place)


@pytest.mark.server
@pytest.mark.parametrize(("variation", "place"), [run for run in _RUNS if run.values[1] != SQLITE])
def test_servers_do_so(variation: Variation, place: str) -> None:
    _shown(variation, place)
