"""The DDL of the observed cases: what the loader makes of it is what the databases made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.loaders.sql import databases
from tests.shared_material import shared

pytestmark = pytest.mark.corpus

Statements = list[str]


def cases(database: str) -> dict[tuple[str, ...], str]:
    """The DDL of each case, each but once, with the id of a case that has it."""
    found: dict[tuple[str, ...], str] = {}
    with shared("truth", "cases.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if case["database"] == database:
                ddl = [one if isinstance(one, str) else one["sql"] for one in case["ddl"]]
                found.setdefault(tuple(one.lstrip("?") for one in ddl), case["id"])
    return found


# What is not modelled, and told as a problem: case, and words of the message.
NOT_MODELLED = {
    "I14": "a rule rewrites",
    "I14b": "a rule rewrites",
    "I14c": "a rule rewrites",
    "I14d": "a rule rewrites",
    "I27": "TIMESTAMP columns made after it",
    "X05": "periods are not modelled",
    "X05b": "periods are not modelled",
}


def differing(
    open_database: Callable[[], AbstractContextManager[databases.Database]], name: str
) -> list[str]:
    found = []
    for ddl, case in cases(name).items():
        with open_database() as database:
            differences = databases.compared(database, list(ddl))
        expected = NOT_MODELLED.get(case)
        if expected is None or not any(expected in one for one in differences):
            found += [f"{case}: {one}" for one in differences]
    return found


def test_sqlite() -> None:
    assert "\n".join(differing(databases.sqlite, "sqlite")) == ""


def test_strict_tables() -> None:
    assert "\n".join(differing(databases.sqlite, "sqlite-strict")) == ""


@pytest.mark.server
def test_postgresql() -> None:
    assert "\n".join(differing(databases.postgresql, "postgresql")) == ""


@pytest.mark.server
def test_mariadb() -> None:
    assert "\n".join(differing(databases.mariadb, "mariadb")) == ""
