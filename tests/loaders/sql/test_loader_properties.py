"""Any text loads, and what rules rely on holds of what comes out."""

from __future__ import annotations

import pytest

from tests.loaders.sql.loader_properties import check, mixed, statements


@pytest.mark.parametrize("seed", range(60))
def test_statements_in_any_order_and_shape(seed: int) -> None:
    pool = statements()
    for number in range(3):
        check(*mixed(pool, seed * 3 + number))


@pytest.mark.fuzz
def test_many_more() -> None:
    pool = statements()
    for seed in range(1_000, 9_000):
        check(*mixed(pool, seed))
