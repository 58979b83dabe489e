"""Modules of all sorts through the whole loader of models, for every database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemalint.model import Dialect
from tests.fuzz.model_properties import assert_loads
from tests.fuzz.model_texts import (
    SOURCES,
    changed_tree,
    changed_words,
    damaged_bytes,
    project,
    traced,
)

pytestmark = pytest.mark.fuzz

DIALECTS = st.sampled_from([None, *Dialect])
SEEDS = st.integers(0, 2**64 - 1)
many = settings(
    deadline=None,  # `assert_loads` has one that counts this process's time only
    database=None,
    suppress_health_check=list(HealthCheck),
    max_examples=1_500,
)


def _check(text: str, dialect: Dialect | None, folder: pytest.TempPathFactory) -> None:
    trace = _trace(folder)
    assert_loads({"models.py": traced(text, trace)}, dialect)
    assert not trace.exists()


def _trace(folder: pytest.TempPathFactory) -> Path:
    return folder.getbasetemp() / "trace"


@settings(many)
@given(SEEDS, DIALECTS)
def test_damaged_bytes(
    tmp_path_factory: pytest.TempPathFactory, seed: int, dialect: Dialect | None
) -> None:
    _check(damaged_bytes(seed), dialect, tmp_path_factory)


@settings(many)
@given(SEEDS, DIALECTS)
def test_changed_words(
    tmp_path_factory: pytest.TempPathFactory, seed: int, dialect: Dialect | None
) -> None:
    _check(changed_words(seed), dialect, tmp_path_factory)


@settings(many)
@given(SEEDS, DIALECTS)
def test_changed_trees(
    tmp_path_factory: pytest.TempPathFactory, seed: int, dialect: Dialect | None
) -> None:
    _check(changed_tree(seed), dialect, tmp_path_factory)


@settings(many)
@given(SEEDS, DIALECTS)
def test_projects(seed: int, dialect: Dialect | None) -> None:
    assert_loads(project(seed), dialect)


@pytest.mark.parametrize("change", [damaged_bytes, changed_words, changed_tree])
def test_what_is_changed_is_mostly_still_a_module(change: Callable[[int], str]) -> None:
    """So that the others look at more than what Python refuses."""
    tables = [len(assert_loads({"models.py": change(seed)}).schema.models) for seed in range(60)]
    assert sum(count > 0 for count in tables) >= 20


@pytest.mark.parametrize("number", range(len(SOURCES)))
@pytest.mark.parametrize("dialect", [None, *Dialect])
def test_sound_modules(number: int, dialect: Dialect | None) -> None:
    assert_loads({"models.py": SOURCES[number]}, dialect)
