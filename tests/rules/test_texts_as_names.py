"""A text in a rule's condition that has the quotes of a name, or none."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.rules.judging import judge, sql

TABLE = "CREATE TYPE st AS ENUM ('DRAFT'); CREATE TABLE t (id int PRIMARY KEY, a text, s st);\n"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("""'a = "x"'""", "no field or column `x`; a text stands in single quotes: `'x'`"),
        ('"s = DRAFT"', "no field or column `DRAFT`; a text stands in single quotes: `'DRAFT'`"),
    ],
)
def test_the_right_quotes_are_named(condition: str, said: str) -> None:
    judged = judge(sql(TABLE), f"check: {{of: t, that: {condition}}}")
    assert judged.verdict is Verdict.STALE
    assert said in judged.message


@pytest.mark.parametrize("condition", ['"gone > 3"', """'"idd" > 3'"""])
def test_a_name_that_is_misspelt_is_none(condition: str) -> None:
    judged = judge(sql(TABLE), f"check: {{of: t, that: {condition}}}")
    assert "single quotes" not in judged.message
