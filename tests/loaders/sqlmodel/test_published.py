"""Published packages with SQLModel models: what the loader makes of them is what they are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.loaders.sqlmodel.published import Compared, compare
from tests.oracle.install import PYPI_MODELS

pytestmark = pytest.mark.oracle

# Tables that cannot be named: `lnschema-core` puts a prefix before the names on SQLite, and whether
# it is on SQLite it reads from the settings of an instance, which `lndb` keeps in the user's home
# (`lndb.settings.instance.dialect`, `lnschema_core/dev/sqlmodel.py`). Without an instance it does
# not even import, so there is no default to go by.
DEPENDS_ON_SETTINGS = "lnschema-core"
NOT_NAMED = {"file_features", "folder_file", "project_folder", "run_in"}
SHOWN_AS = {"filefeatures", "folderfile", "projectfolder", "runin"}  # and said to be unknown

# The least share of right facts, by kind; what is said to be unknown counts as wrong.
LEAST = {
    "table": 276 / 280,
    "columns": 0.98,
    "nullable": 0.98,
    "default": 0.98,
    "default kind": 0.98,
    "default value": 0.98,
    "renewed": 0.98,
    "primary key": 0.98,
    "foreign keys": 0.98,
    "type": 0.97,
    "uniques": 0.97,
    "indexes": 0.97,
    "checks": 0.97,
    "enum values": 0.97,
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
    wrong = [one for one in compared.differences if one.known and one.kind != "table"]
    assert [str(one) for one in wrong] == []


def test_every_table_is_found(compared: Compared) -> None:
    """All but four, which are there under another name, and said to be unknown."""
    missing = [one for one in compared.differences if one.kind == "table"]
    shown = [one for one in compared.differences if one.kind == "table too many"]
    assert {(one.package, one.path) for one in missing} == {
        (DEPENDS_ON_SETTINGS, name) for name in NOT_NAMED
    }
    assert {(one.package, one.path, one.known) for one in shown} == {
        (DEPENDS_ON_SETTINGS, name, False) for name in SHOWN_AS
    }


def test_every_kind_of_fact_is_compared(compared: Compared) -> None:
    assert set(LEAST) == {*compared.facts}
    assert compared.facts["enum values"] >= 40
