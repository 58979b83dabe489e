"""What is said to break a rule, beside the attempt on record, is accepted by the database."""

from __future__ import annotations

import pytest

from tests.corpus.truth_cases import cases
from tests.corpus.truth_rules import RULES
from tests.corpus.truth_rules.mapping import SQLITE, Tried
from tests.rules.databases import database

pytestmark = pytest.mark.corpus

_SERVERS = {"postgresql": "postgresql", "mariadb": "mysql"}

_WITNESSES = [
    (name, place, witness)
    for name, mapped in RULES.items()
    for places, witness in mapped.broken.items()
    for place in places
    if isinstance(witness, Tried)
]


def _shown(name: str, place: str, witness: Tried, engine: str) -> None:
    case = cases()[name].get(place)
    if case is None or not case.built:
        pytest.skip("the case was not run there")
    with database(engine) as opened:
        opened.build(case.script)
        assert opened.refused(*witness.statements) is None
        assert opened.rows(witness.shows), "the statements did not do what they are here for"


@pytest.mark.parametrize(
    ("name", "place", "witness"), [one for one in _WITNESSES if one[1] in SQLITE]
)
def test_sqlite_accepts_it(name: str, place: str, witness: Tried) -> None:
    _shown(name, place, witness, "sqlite")


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "place", "witness"), [one for one in _WITNESSES if one[1] in _SERVERS]
)
def test_servers_accept_it(name: str, place: str, witness: Tried) -> None:
    _shown(name, place, witness, _SERVERS[place])
