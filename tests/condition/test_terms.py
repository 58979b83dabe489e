"""Terms: printing for each database, renaming, the columns they name."""

from __future__ import annotations

import pytest

from schemalint.condition.parse import parse_condition, parse_predicate
from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Not, Opaque, Or
from schemalint.model import Dialect


def test_the_columns_in_reading_order_once() -> None:
    assert parse_condition("b > 1 and a = b or lower(c) = 'x'").columns == ("b", "a", "c")


def test_rename_reaches_every_column() -> None:
    term = parse_condition("total >= 0 and (paidAt is null or coalesce(note, '') <> '')")
    renamed = term.rename({"total": "total", "paidAt": "paid_at", "note": "remark"}.__getitem__)
    assert str(renamed) == "total >= 0 AND (paid_at IS NULL OR coalesce(remark, '') <> '')"


def test_rename_of_what_was_not_understood() -> None:
    term = Opaque("""f(a, 'a', "a", ab)""", ("a",))
    assert str(term.rename(lambda name: f"x_{name}")) == "f(x_a, 'a', x_a, ab)"


@pytest.mark.parametrize(
    ("text", "dialect", "sql"),
    [
        ("deletedAt is null", Dialect.POSTGRESQL, '"deletedAt" IS NULL'),
        ("deletedAt is null", Dialect.MYSQL, "deletedAt IS NULL"),
        ('"order" = 1', Dialect.MYSQL, "`order` = 1"),
        ('"order" = 1', Dialect.SQLSERVER, "[order] = 1"),
        ("a is not distinct from b", Dialect.SQLITE, "a IS b"),
        ("a is not distinct from b", Dialect.MARIADB, "a <=> b"),
        ("a is distinct from b", Dialect.MARIADB, "NOT (a <=> b)"),
        ("length(a) > 3", Dialect.MYSQL, "char_length(a) > 3"),
        ("length(a) > 3", Dialect.SQLSERVER, "len(a) > 3"),
        ("a ilike 'x%'", Dialect.SQLITE, "lower(a) LIKE lower('x%')"),
        ("active and not deleted", Dialect.SQLSERVER, "active = 1 AND NOT (deleted = 1)"),
        ("not (a = 1 or b = 2)", None, "NOT (a = 1 OR b = 2)"),
        ("(a or b) and c", None, "(a OR b) AND c"),
        ("a - (b - c) > 0", None, "a - (b - c) > 0"),
        ("a between 1 and 3", None, "a >= 1 AND a <= 3"),
        ("not a in (1, 2)", None, "a NOT IN (1, 2)"),
        ("a like 'x!%%' escape '!'", None, "a LIKE 'x!%%' ESCAPE '!'"),
    ],
)
def test_sql(text: str, dialect: Dialect | None, sql: str) -> None:
    assert parse_condition(text).sql(dialect) == sql


def test_printed_terms_read_back_the_same() -> None:
    text = "not (a > 1 and (b is null or c like 'x%')) or d in ('A', 'B') and lower(e) = e"
    term = parse_condition(text)
    assert parse_condition(str(term)) == term
    for dialect in (Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL):
        assert parse_predicate(term.sql(dialect), dialect) == term


def test_strings_and_names() -> None:
    assert quoted_string("it's", None) == "'it''s'"
    assert quoted_string("a\\'", Dialect.MYSQL) == "'a\\\\'''"
    assert quoted_name('a"b', Dialect.POSTGRESQL) == '"a""b"'
    assert quoted_name("user", Dialect.SQLITE) == '"user"'
    assert quoted_name("created_at", Dialect.POSTGRESQL) == "created_at"


def test_terms_are_values() -> None:
    assert Or((Column("a"), Not(Column("b")))) == Or((Column("a"), Not(Column("b"))))
    assert hash(And((Is(Column("a"), None),))) == hash(And((Is(Column("a"), None),)))
    assert Compare("=", Column("a"), Literal(1)) != Compare("=", Column("a"), Literal(2))
