"""Verdicts over schemas in SQL, and that each database does what they say."""

from __future__ import annotations

import pytest

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.rules.databases import Database, database
from tests.rules.judging import Judged, judge
from tests.rules.sql_variations import VARIATIONS
from tests.rules.sql_variations.variation import MARIADB, POSTGRESQL, SQLITE, Variation

MOST_UNKNOWN = 0.05
_DIALECTS = {
    SQLITE: Dialect.SQLITE,
    POSTGRESQL: Dialect.POSTGRESQL,
    MARIADB: Dialect.MARIADB,
}
_NOT_KEPT = (Verdict.BROKEN, Verdict.INEXPRESSIBLE, Verdict.WEAK, Verdict.UNKNOWN)

_RUNS = [
    pytest.param(one, place, id=f"{one.name} ({place})")
    for one in VARIATIONS
    for place in one.databases
]


def _judged(variation: Variation, place: str) -> Judged:
    file = SourceFile("schema.sql", variation.script(place))
    loaded = SqlLoader().load([file], dialect=_DIALECTS[place])
    assert not loaded.problems, [problem.message for problem in loaded.problems]
    return judge(switched_on(loaded.schema), variation.rule)


@pytest.mark.parametrize(("variation", "place"), _RUNS)
def test_the_verdict_is_right(variation: Variation, place: str) -> None:
    judged = _judged(variation, place)
    allowed = _NOT_KEPT if variation.breaks else (Verdict.KEPT, Verdict.UNKNOWN)
    assert judged.verdict in allowed, judged.message


def test_few_verdicts_are_unknown() -> None:
    verdicts = [_judged(one, place).verdict for one in VARIATIONS for place in one.databases]
    assert verdicts.count(Verdict.UNKNOWN) < MOST_UNKNOWN * len(verdicts)


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
