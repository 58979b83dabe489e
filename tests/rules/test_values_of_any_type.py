"""A column of bytes or an array can hold a value: what is asked of it is only whether it does."""

from __future__ import annotations

import pytest

from schemalint.rule import Verdict
from tests.prove.agreement import DIALECTS, WRONG, Pair, compared, opened
from tests.prove.carrying_out import load
from tests.rules.judging import judge, sql


@pytest.mark.parametrize(
    ("dialect", "kind"),
    [
        ("sqlite", "BLOB"),
        ("postgresql", "bytea"),
        ("postgresql", "text[]"),
        ("postgresql", "integer[]"),
        ("postgresql", "interval"),
        ("postgresql", "tsvector"),
        ("postgresql", "tstzrange"),
        ("mysql", "LONGBLOB"),
        ("mysql", "VARBINARY(20)"),
    ],
)
@pytest.mark.parametrize(
    "rule",
    [
        "at_most_one: {of: t, fields: [a, b]}",
        "exactly_one: {of: t, fields: [a, b]}",
        "at_least_one: {of: t, fields: [a, b]}",
        "check: {of: t, that: not (a is not null)}",
        "check: {of: t, that: a is not null or b is not null}",
    ],
)
def test_there_can_be_a_value(dialect: str, kind: str, rule: str) -> None:
    schema = sql(f"CREATE TABLE t (id int PRIMARY KEY, a {kind}, b {kind}, n int);", dialect)
    assert judge(schema, rule).verdict is Verdict.BROKEN


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("postgresql", "bytea"),
        ("postgresql", "integer[]"),
        ("postgresql", "interval"),
        ("postgresql", "tsvector"),
        ("postgresql", "inet"),
        ("postgresql", "tstzrange"),
        ("mysql", "LONGBLOB"),
    ],
)
def test_the_database_takes_it(name: str, kind: str) -> None:
    schema = load(f"CREATE TABLE t (id int PRIMARY KEY, a {kind});", "sql", DIALECTS[name])
    with opened(name) as database:
        (found,) = compared(database, [Pair(kind, schema, "check: {of: t, that: a is null}")])
    assert found.result not in WRONG
    assert found.proof is not None
    assert found.proof.shown is not None
