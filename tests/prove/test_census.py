"""What the differential test draws has every construct of the common AST, but those listed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from schemalint.model import Schema
from tests.prove.carrying_out import REGISTRY, rulebook
from tests.prove.census import of_entry, of_schema, possible_in_rules, possible_in_schemas
from tests.prove.census_left_out import left_out
from tests.prove.differential import KINDS, WIDE, drawn

_SEEDS = 300
_DATABASES = ("sqlite", "postgresql", "mysql")
_SOURCES = {
    "sql": ("sql", "tables", f"{WIDE}sql"),
    "prisma": ("prisma", f"{WIDE}prisma"),
    "sqlmodel": ("sqlmodel", f"{WIDE}sqlmodel"),
}
_PLACES = [(language, database) for database in _DATABASES for language in _SOURCES]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "database"), _PLACES)
def test_every_construct_of_schemas_is_drawn(language: str, database: str) -> None:
    found, _ = _drawn(language, database)
    _complete(f"{language} {database}", possible_in_schemas(database), found)


@pytest.mark.slow
@pytest.mark.parametrize("database", _DATABASES)
def test_every_parameter_of_rules_is_drawn(database: str) -> None:
    kinds = [kind for kind in map(REGISTRY.kind, KINDS) if kind is not None]
    found = set[str]().union(*(_drawn(language, database)[1] for language in _SOURCES))
    _complete(f"rules {database}", possible_in_rules(kinds), found)


def _complete(place: str, possible: set[str], found: frozenset[str] | set[str]) -> None:
    known = left_out(place, possible)
    assert not sorted(possible - found - known.keys()), "neither drawn nor left out"
    # That something is not given is matched by patterns over all about it.
    usual = {one for one in known if one.endswith(("=none", "=error"))}
    assert not sorted(found & known.keys() - usual), "drawn, though it is said to be left out"


@cache
def _drawn(language: str, database: str) -> tuple[frozenset[str], frozenset[str]]:
    """The constructs of schemas, and those of rules."""
    of_schemas: set[str] = set()
    of_rules: set[str] = set()
    for schema, rules in _schemas(language, database):
        of_schemas |= of_schema(schema)
        for rule in rules:
            of_rules |= of_entry(rulebook(rule).entries[0])
    return frozenset(of_schemas), frozenset(of_rules)


def _schemas(language: str, database: str) -> Iterator[tuple[Schema, list[str]]]:
    for seed in range(_SEEDS):
        of_seed: dict[int, tuple[Schema, list[str]]] = {}
        for pair in drawn(database, seed, _SOURCES[language]):
            of_seed.setdefault(id(pair.schema), (pair.schema, []))[1].append(pair.rule)
        yield from of_seed.values()
