"""CASE and its kin, SQLite's typeof(), and other words that schemas use and rulebooks do not."""

from __future__ import annotations

import pytest

from schemalint.condition.case import Case
from schemalint.condition.decide import Given, satisfiable
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.parse import ConditionError, parse_condition, parse_predicate
from schemalint.condition.terms import Call, Column, In, Literal
from schemalint.model import Dialect, ScalarType
from tests.condition.test_decide import answer

SQLITE, POSTGRESQL, MYSQL = Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL
ONE = "n is null and total is not null or n is not null and total is null"


@pytest.mark.parametrize(
    ("dialect", "given"),
    [
        (POSTGRESQL, "CASE WHEN n IS NULL THEN 1 ELSE 0 END + (total IS NULL)::int = 1"),
        (POSTGRESQL, "(n IS NULL) <> (total IS NULL)"),
        (POSTGRESQL, "num_nonnulls(n, total) = 1"),
        (SQLITE, "iif(n IS NULL, 0, 1) + (total IS NOT NULL) = 1"),
        (MYSQL, "IF(n IS NULL, 0, 1) + (total IS NOT NULL) = 1"),
        (MYSQL, "(n IS NULL) XOR (total IS NULL)"),
    ],
)
def test_ways_to_count(dialect: Dialect, given: str) -> None:
    """O16."""
    assert answer(dialect, given, ONE, nullable=True, check=True) is True
    assert answer(dialect, given, "n is null", nullable=True, check=True) is False


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("CASE WHEN s = 'a' THEN n > 0 ELSE n < 0 END", "n <> 0", True),
        ("CASE WHEN s = 'a' THEN n > 0 ELSE n < 0 END", "s <> 'a' or n > 0", True),
        ("CASE WHEN s = 'a' THEN n > 0 END", "n > 0", True),
        ("CASE s WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END > 0", "s in ('a', 'b')", True),
        ("CASE s WHEN 'a' THEN 1 WHEN 'b' THEN 2 END = 2", "s = 'b'", True),
        ("CASE WHEN active THEN n ELSE total END > 5", "n > 5 or total > 5", True),
        ("NULLIF(s, '') IS NOT NULL", "s <> ''", True),
        ("(n)::numeric > (0)::numeric", "n > 0", True),
        ("s ~ '^(A|B)$'", "s in ('A', 'B')", True),
        ("s = ANY ('{A,B}'::text[])", "s in ('A', 'B')", True),
    ],
)
def test_meaning(given: str, wanted: str, expected: bool) -> None:
    assert answer(POSTGRESQL, given, wanted) is expected


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("typeof(n) = 'integer'", "n is not null", True),
        ("typeof(n) = 'integer' AND n > 0", "n <> 'x'", True),
        ("n > 0", "n <> 'x'", False),  # E19
        ("typeof(n) IN ('integer', 'real') AND n > 0", "n <> 'x'", True),
    ],
)
def test_typeof(given: str, wanted: str, expected: bool) -> None:
    """O05g."""
    assert answer(SQLITE, given, wanted) is expected


def test_a_match_is_null_with_what_it_matches() -> None:
    assert answer(POSTGRESQL, "s ~ '[0-9]'", "s is not null", nullable=True) is True
    assert answer(POSTGRESQL, "s ~ '[0-9]'", "s is not null", nullable=True, check=True) is False
    assert answer(POSTGRESQL, "s ~ '[0-9]'", "s <> 'a'", nullable=False) is None


@pytest.mark.parametrize(
    ("given", "possible"),
    [
        ("s <=> NULLIF(code, '') AND code = 'c' AND s IN ('a', 'b')", False),
        ("s <=> NULLIF(code, '') AND code = 'c' AND s IN ('a', 'C')", True),  # U09
        ("s = COALESCE(code, 'b') AND code = 'c' AND s = 'a'", False),
        ("s = code AND code = 'c' AND s = 'a'", False),
        ("s = lower(code) AND code = 'c' AND s = 'a'", False),
        ("upper(code) = s AND code = 'c' AND s = 'C'", True),
        ("s = code AND code = 'c' AND s <> 'a'", True),
    ],
)
def test_under_a_collation_that_folds(given: str, possible: bool | None) -> None:
    folded = ColumnFacts(ScalarType.STRING, native="VARCHAR(20)", ignore_case=True)
    facts = Facts({"s": folded, "code": folded}, Dialect.MARIADB)
    found = satisfiable([Given(parse_predicate(given, Dialect.MARIADB))], facts)
    assert found.answer is possible


def test_terms() -> None:
    when = Case((parse_predicate("a = 1", SQLITE),), (Column("b"), Literal(None)))
    assert parse_predicate("CASE WHEN a = 1 THEN b END IS NULL", SQLITE).parts == (when,)
    assert when.sql() == "CASE WHEN a = 1 THEN b END"
    assert parse_predicate("a ~ '^(x|y z)$'", POSTGRESQL) == In(
        Column("a"), (Literal("x"), Literal("y z"))
    )
    for pattern in ("^(x|y.)$", "(x|y)", "^x|y$", "^(x|y)"):
        matched = Call("regexp_like", (Column("a"), Literal(pattern)))
        assert parse_predicate(f"a ~ '{pattern}'", POSTGRESQL) == matched
    folded = Call("regexp_i_like", (Column("a"), Literal("^(x|y)$")))
    assert parse_predicate("a ~* '^(x|y)$'", POSTGRESQL) == folded
    by_case = parse_predicate("a REGEXP '^(x|y)$'", MYSQL)  # it ignores letter case (O03j)
    assert by_case == Call("regexp_like", (Column("a"), Literal("^(x|y)$")))
    assert parse_predicate("a = ANY ('{\"x\",NULL}'::text[])", POSTGRESQL).opaque


@pytest.mark.parametrize("text", ["case when a = 1 then b = 2 end", "nullif(a, 1) = 2"])
def test_rulebooks_use_the_common_subset(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(text)
