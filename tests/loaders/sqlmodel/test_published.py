"""Published packages with SQLModel models: what the loader makes of them is what they are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.loaders.sqlmodel.published import Compared, compare
from tests.oracle.install import PYPI_MODELS

pytestmark = pytest.mark.oracle

# Whose tables' names and schemas hang on settings that are read while it runs (`lndb.settings`).
DEPENDS_ON_SETTINGS = "lnschema-core"

# The least share of right facts, by kind; what is said to be unknown counts as wrong.
LEAST = {
    "table": 0.98,
    "columns": 0.98,
    "nullable": 0.98,
    "default": 0.98,
    "renewed": 0.98,
    "primary key": 0.98,
    "foreign keys": 0.98,
    "type": 0.97,
    "uniques": 0.97,
    "indexes": 0.97,
    "checks": 0.97,
}


@pytest.fixture(scope="module")
def compared() -> Compared:
    total = Compared(Counter(), [])
    for package in PYPI_MODELS:
        one = compare(package)
        total.facts.update(one.facts)
        total.differences += one.differences
    return total


def test_shares(compared: Compared, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for kind, count in compared.facts.items():
            print(f"  {kind}: {compared.share(kind):.2%} of {count}")
        print(*(f"  {one}" for one in compared.differences), sep="\n")
    assert {
        kind: compared.share(kind) for kind, least in LEAST.items() if compared.share(kind) < least
    } == {}


def test_nothing_is_wrong_without_a_word(compared: Compared) -> None:
    """Not one wrong fact where it could have been said that it is not known."""
    wrong = [one for one in compared.differences if one.known]
    assert [str(one) for one in wrong if one.package != DEPENDS_ON_SETTINGS] == []
    assert {one.kind for one in wrong} <= {"table"}  # found under another name, and said so


def test_every_table_is_found(compared: Compared) -> None:
    missing = [one for one in compared.differences if one.kind == "table"]
    assert {one.package for one in missing} <= {DEPENDS_ON_SETTINGS}
