"""100,000 schemas, sound, damaged and arbitrary, through the Prisma parser."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.prisma_properties import (
    assert_next_block_is_understood,
    assert_sound,
    parse_generally,
    shape,
)
from tests.fuzz.prisma_schemas import DAMAGED, SCHEMAS, TEXTS

pytestmark = pytest.mark.fuzz

many = settings(
    deadline=None,  # `assert_sound` has one that counts this process's time only
    database=None,
    suppress_health_check=list(HealthCheck),
)


@settings(many, max_examples=45_000)
@given(DAMAGED)
def test_damaged_schemas(text: str) -> None:
    document = assert_sound(text)
    assert shape(document) == shape(parse_generally(text))


@settings(many, max_examples=15_000)
@given(TEXTS)
def test_arbitrary_text(text: str) -> None:
    assert_sound(text)


@settings(many, max_examples=20_000)
@given(SCHEMAS)
def test_sound_schemas_have_no_problem(text: str) -> None:
    document = assert_sound(text)
    assert document.problems == ()
    assert shape(document) == shape(parse_generally(text))


@settings(many, max_examples=20_000)
@given(DAMAGED)
def test_a_block_behind_damage_is_still_understood(text: str) -> None:
    assert_next_block_is_understood(text)
