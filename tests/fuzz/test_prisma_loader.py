"""Schemas of all sorts through the whole Prisma loader, for every database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from schemalint.model import Dialect
from tests.fuzz.prisma_loader_properties import DIALECTS, REARRANGED, assert_loads
from tests.fuzz.prisma_schemas import DAMAGED, TEXTS

pytestmark = pytest.mark.fuzz

many = settings(
    deadline=None,  # `assert_loads` has one that counts this process's time only
    database=None,
    suppress_health_check=list(HealthCheck),
)


@settings(many, max_examples=10_000)
@given(REARRANGED, DIALECTS)
def test_rearranged_schemas(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)


@settings(many, max_examples=10_000)
@given(DAMAGED, DIALECTS)
def test_damaged_schemas(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)


@settings(many, max_examples=10_000)
@given(TEXTS, DIALECTS)
def test_arbitrary_text(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)
