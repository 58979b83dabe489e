"""Which bounds of an exclusion constraint keep which intervals apart, as seen on PostgreSQL 15."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql


@pytest.mark.parametrize(
    ("column", "function", "bounds", "half_open", "closed"),
    [
        ("timestamp", "tsrange", "[)", Verdict.KEPT, Verdict.BROKEN),
        ("timestamp", "tsrange", "[]", Verdict.KEPT, Verdict.KEPT),
        ("timestamp", "tsrange", "(]", Verdict.KEPT, Verdict.BROKEN),
        ("timestamp", "tsrange", "()", Verdict.KEPT, Verdict.BROKEN),
        ("numeric", "numrange", "()", Verdict.KEPT, Verdict.BROKEN),
        ("date", "daterange", "(]", Verdict.KEPT, Verdict.BROKEN),
        ("date", "daterange", "()", Verdict.BROKEN, Verdict.BROKEN),
        ("int", "int4range", "()", Verdict.BROKEN, Verdict.BROKEN),
    ],
)
def test_bounds(
    column: str, function: str, bounds: str, half_open: Verdict, closed: Verdict
) -> None:
    schema = sql(
        f"CREATE TABLE t (id int PRIMARY KEY, f {column} NOT NULL, u {column} NOT NULL, "
        f"EXCLUDE USING gist ({function}(f, u, '{bounds}') WITH &&));"
    )
    assert judge(schema, "no_overlap: {of: t, during: [f, u]}").verdict is half_open
    rule = "no_overlap: {of: t, during: [f, u], bounds: '[]'}"
    assert judge(schema, rule).verdict is closed
