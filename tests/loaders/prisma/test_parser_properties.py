"""The fuzzer's properties on a few hundred schemas; `tests/fuzz` has the long runs."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.fuzz.prisma_properties import (
    assert_next_block_is_understood,
    assert_sound,
    parse_generally,
    shape,
)
from tests.fuzz.prisma_schemas import DAMAGED, SCHEMAS, TEXTS

few = settings(
    max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@few
@given(DAMAGED)
def test_damaged_schemas(text: str) -> None:
    document = assert_sound(text)
    assert shape(document) == shape(parse_generally(text))


@few
@given(TEXTS)
def test_arbitrary_text(text: str) -> None:
    assert_sound(text)


@few
@given(SCHEMAS)
def test_sound_schemas_have_no_problem(text: str) -> None:
    document = assert_sound(text)
    assert document.problems == ()
    assert shape(document) == shape(parse_generally(text))


@few
@given(DAMAGED)
def test_a_block_behind_damage_is_still_understood(text: str) -> None:
    assert_next_block_is_understood(text)
