"""What a rulebook's condition may say, what it may not, and schema SQL read leniently."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest

from schemalint.condition.parse import ConditionError, parse_condition, parse_predicate
from schemalint.condition.terms import Column, Is, Opaque
from schemalint.model import Dialect


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("deletedAt is null", "deletedAt IS NULL"),
        ("DELETEDAT IS NOT NULL", "DELETEDAT IS NOT NULL"),
        ("status In ('A', 'B')", "status IN ('A', 'B')"),
        ("total*2 + tax >= -1.50", "total * 2 + tax >= -1.50"),
        ("not active", "NOT active"),
        ("length(trim(name)) > 0", "length(trim(name)) > 0"),
        ("coalesce(a, b, 0) <> 1", "coalesce(a, b, 0) <> 1"),
        ('"Weird name" = true', '"Weird name" = true'),
        ("end > start", '"end" > "start"'),
        ("due > date '2024-01-01'", "due > '2024-01-01'"),
        ("a is not true", "a IS NOT TRUE"),
        ("name not like 'x%'", "name NOT LIKE 'x%'"),
        ("price::decimal > 0", None),
    ],
)
def test_the_subset(text: str, printed: str | None) -> None:
    if printed is None:
        with pytest.raises(ConditionError):
            parse_condition(text)
    else:
        assert str(parse_condition(text)) == printed


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("total > now()", "now()", "the function `now`"),
        ("a = 1 and b in (select id from c)", "b in (select id from c)", "cannot be used"),
        ("customer.name = 'x'", "customer.name", "through a dot"),
        ("a = 1; drop table b", ";", "one expression"),
        ("a = b c", "c", "not expected"),
        ("a and", "and", "missing"),
        ("a = 'abc", "'abc", "has no end"),
        ("a < b < c", "a < b < c", "chained"),
        ("a = null", "a", "is null"),
        ("a in (1, null)", "a in (1, null)", "leave NULL out"),
        ("", "", "empty"),
        ("   ", "   ", "empty"),
        ("'x'", "'x'", "compare it with a field"),
        ("a ~ 'x'", "~", "not expected"),
        ("a = :parameter", None, "a parameter"),
        ("count(*) > 1", "count(*)", "the function `count`"),
        ("a = 1e999999", None, "cannot be used"),
    ],
)
def test_what_is_refused_and_where(text: str, marked: str | None, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    error = caught.value
    assert message in error.message
    assert 0 <= error.start <= error.end <= len(text)
    if marked is not None:
        assert text[error.start : error.end] == marked


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "a" + ")" * 5000,
        "not " * 3000 + "a",
        "- " * 1500 + "a > 1",
        "a = 1 and " * 900 + "a = 1",
        "a = 1 or " * 90000 + "a = 1",
        "lower(" * 300 + "a" + ")" * 300 + " = 'x'",
        "case when a then " * 200,
        "a" * 100_000,
        "'" * 999,
        "((((",
        "\x00",
        "a = '\ud800'",
    ],
)
def test_nothing_brings_it_down(text: str) -> None:
    with contextlib.suppress(ConditionError):
        parse_condition(text)
    parse_predicate(text, Dialect.POSTGRESQL)


@pytest.mark.parametrize(
    ("sql", "dialect", "printed"),
    [
        ("((status)::text = ANY (ARRAY['A'::text, 'B'::text]))", Dialect.POSTGRESQL, None),
        ("Deleted IS NULL", Dialect.POSTGRESQL, "deleted IS NULL"),
        ('"Deleted" IS NULL', Dialect.POSTGRESQL, '"Deleted" IS NULL'),
        ("[a b] = 1", Dialect.SQLSERVER, "[a b] = 1"),
        ('`a` = "x"', Dialect.MYSQL, "a = 'x'"),
        ("a IS NOT NULL AND b IS NULL", Dialect.POSTGRESQL, "a IS NOT NULL AND b IS NULL"),
        ("status = 'A'::\"Status\"", Dialect.POSTGRESQL, "status = 'A'"),
        ("a in (_utf8mb4'A')", Dialect.MYSQL, "a IN ('A')"),
    ],
)
def test_schema_sql(sql: str, dialect: Dialect, printed: str | None) -> None:
    term = parse_predicate(sql, dialect)
    assert not term.opaque
    if printed is not None:
        assert term.sql(dialect) == printed


@pytest.mark.parametrize("text", ["not from", "from is null", "Create = 1", "regexp"])
def test_a_field_with_the_name_of_a_keyword_is_quoted(text: str) -> None:
    word = next(one for one in text.split() if one.lower() in ("from", "create", "regexp"))
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert f'; a field of that name is written `"{word}"`' in str(caught.value)
    assert parse_condition(text.replace(word, f'"{word}"')).columns == (word,)


def test_the_rest_is_kept_and_small() -> None:
    term = parse_predicate("a IS NULL AND f(b, c) > 1", Dialect.POSTGRESQL)
    assert term.columns == ("a", "b", "c")
    assert [one.reads for one in term.opaque] == [("b", "c")]
    unreadable = parse_predicate("a === $$ ( b", Dialect.POSTGRESQL)
    assert isinstance(unreadable, Opaque)
    assert "a" in unreadable.columns


def test_trigger_conditions_tell_the_rows_apart() -> None:
    term = parse_predicate("OLD.a IS NULL", Dialect.POSTGRESQL)
    assert term == Is(Column("a", "old"), None)
    assert parse_predicate("t.a IS NULL", Dialect.POSTGRESQL) == Is(Column("a"), None)


def test_sqlglot_comes_only_with_a_condition() -> None:
    code = (
        "import sys, schemalint.condition.parse, schemalint.condition.decide, schemalint.context;"
        "sys.exit('sqlglot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_sqlite_asks_for_truth_however_it_is_spelt() -> None:
    asked = parse_predicate("active IS TRUE", Dialect.SQLITE)
    assert parse_predicate("active IS NOT DISTINCT FROM TRUE", Dialect.SQLITE) == asked
    equal = parse_condition("active is not distinct from true")
    assert equal.sql(Dialect.SQLITE) == "active IS 1"


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        ("exists (select 1)", "exists (select 1)"),
        ("a > 1 and foo(b) = 2", "foo(b)"),
        ("b = 1 and cast(a as int) = 1", "cast(a as int)"),
        ("(select 1) = a", "select 1"),
        ("a > 1 and b is is null", "null"),
        ("a >", ">"),
    ],
)
def test_the_place_of_what_is_refused(text: str, blamed: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert text[caught.value.start : caught.value.end] == blamed


@pytest.mark.parametrize(
    ("dialect", "text", "understood"),
    [
        (Dialect.SQLITE, "a = 0 in (0, 1)", False),
        (Dialect.SQLITE, "a = b between 0 and 1", False),
        (Dialect.SQLITE, "a < b not like '1'", False),
        (Dialect.SQLITE, "a = (b in (0, 1))", True),
        (Dialect.POSTGRESQL, "a = (b in (0, 1))", True),
        (Dialect.SQLITE, "a = 0 and b not in (0, 1)", True),
        (Dialect.SQLITE, "a between 0 and b in (0, 1)", True),
        (Dialect.MYSQL, "a = 0 in (0, 1)", True),
        (Dialect.MYSQL, "a between 0 and b in (0, 1)", False),
        (Dialect.MARIADB, "a not between 0 and b like '1'", False),
        (Dialect.MYSQL, "(a between 0 and b) in (0, 1)", True),
        (Dialect.MYSQL, "a between 0 and 1 and b in (0, 1)", True),
    ],
)
def test_operators_that_databases_order_otherwise_than_sqlglot(
    dialect: Dialect, text: str, understood: bool
) -> None:
    """`a = 0 IN (0, 1)` lets each `a` through on SQLite, as `a = 0` is 0 or 1."""
    assert isinstance(parse_predicate(text, dialect), Opaque) is not understood
