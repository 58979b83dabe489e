"""The loader's properties on a few hundred schemas; `tests/fuzz` has the long runs."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from schemalint.model import Dialect
from tests.fuzz.prisma_loader_properties import DIALECTS, REARRANGED, assert_loads
from tests.fuzz.prisma_schemas import DAMAGED, TEXTS

few = settings(
    max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@few
@given(REARRANGED, DIALECTS)
def test_rearranged_schemas(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)


@few
@given(DAMAGED, DIALECTS)
def test_damaged_schemas(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)


@few
@given(TEXTS, DIALECTS)
def test_arbitrary_text(text: str, dialect: Dialect | None) -> None:
    assert_loads(text, dialect)
