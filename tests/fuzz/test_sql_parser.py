"""100,000 files of DDL, sound, damaged and arbitrary, through the SQL grammar."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemalint.model import Dialect
from tests.fuzz.sql_properties import assert_next_table_is_read, assert_sound
from tests.fuzz.sql_texts import ANY_DIALECT, DIALECTS, SEEDS, TEXTS, DdlWriter, damaged
from tests.loaders.sql.grammar.reading_tables import not_read

pytestmark = pytest.mark.fuzz

many = settings(
    deadline=None,  # `assert_sound` has one that counts this process's time only
    database=None,
    suppress_health_check=list(HealthCheck),
)


@settings(many, max_examples=20_000)
@given(SEEDS, st.sampled_from(DIALECTS))
def test_sound_statements_are_read_whole(seed: int, dialect: Dialect) -> None:
    written = DdlWriter(seed, dialect).file()
    statements = assert_sound(";\n".join(written), dialect)
    assert not_read(statements) == []
    assert [statement.span.text for statement in statements] == written


@settings(many, max_examples=45_000)
@given(SEEDS, st.sampled_from(DIALECTS))
def test_damaged_statements(seed: int, dialect: Dialect) -> None:
    assert_sound(damaged(seed, dialect), dialect)


@settings(many, max_examples=15_000)
@given(SEEDS, st.sampled_from(DIALECTS))
def test_a_table_behind_damage_is_still_read(seed: int, dialect: Dialect) -> None:
    assert_next_table_is_read(damaged(seed, dialect), dialect)


@settings(many, max_examples=20_000)
@given(TEXTS, ANY_DIALECT)
def test_arbitrary_text(text: str, dialect: Dialect | None) -> None:
    assert_sound(text, dialect)
