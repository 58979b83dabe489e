"""Which conditions follow from which, database by database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all

from schemalint.condition.decide import (
    Given,
    follows,
    satisfiable,
)
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.parse import parse_condition, parse_predicate
from schemalint.condition.terms import Column, Compare, Literal, Opaque, Term
from schemalint.model import Dialect, ScalarType

from . import rows

SQLITE, POSTGRESQL, MYSQL = Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL
SIX = ("A", "B", "C", "D", "E", "F")


def facts(dialect: Dialect | None, *, nullable: bool = False) -> Facts:
    """Columns of every sort. A name says its type: `n` and `total` are numbers, `s` is text ..."""
    kinds = {
        "n": (ScalarType.INT, "INTEGER"),
        "total": (ScalarType.INT, "INTEGER"),
        "price": (ScalarType.DECIMAL, "DECIMAL(10,2)"),
        "fine": (ScalarType.DECIMAL, "DECIMAL(65,30)"),
        "ratio": (ScalarType.FLOAT, "DOUBLE PRECISION"),
        "s": (ScalarType.STRING, "TEXT"),
        "code": (ScalarType.STRING, "VARCHAR(5)"),
        "email": (ScalarType.STRING, "TEXT"),
        "active": (ScalarType.BOOLEAN, "BOOLEAN"),
        "deleted": (ScalarType.BOOLEAN, "BOOLEAN"),
        "start_at": (ScalarType.DATETIME, "DATETIME"),
        "end_at": (ScalarType.DATETIME, "DATETIME"),
        "deleted_at": (ScalarType.DATETIME, "DATETIME"),
        "data": (ScalarType.JSON, "JSON"),
    }
    typed = dialect is not SQLITE
    columns = {
        name: ColumnFacts(kind, nullable=nullable, native=native, typed=typed)
        for name, (kind, native) in kinds.items()
    }
    columns["status"] = ColumnFacts(ScalarType.ENUM, nullable=nullable, values=("A", "B", "C"))
    columns["grade"] = ColumnFacts(ScalarType.ENUM, nullable=nullable, values=SIX)
    return Facts(columns, dialect)


def answer(
    dialect: Dialect | None,
    given: str,
    wanted: str,
    *,
    nullable: bool = False,
    check: bool = False,
) -> bool | None:
    """Whether `wanted` follows from `given`; a False is looked at once more by its witness."""
    known = facts(dialect, nullable=nullable)
    decision = follows(
        [Given(parse_predicate(given, dialect), passes_null=check)], parse_condition(wanted), known
    )
    assert (decision.witness is not None) is (decision.answer is False)
    assert (decision.reason is not None) is (decision.answer is None)
    if decision.witness is not None:
        assert set(decision.witness) >= set(parse_condition(wanted).columns)
    return decision.answer


# The answer where no column can be NULL, where each can, and where `given` is a CHECK too.
IMPLICATIONS = [
    ("deleted_at IS NULL", "deleted_at is null", True, True, True),
    ("active = 1 AND active <> 0", "active", True, True, False),
    ("NOT deleted", "deleted is not true", True, True, True),
    ("status IN ('A', 'B')", "status <> 'C'", True, True, False),
    ("status <> 'C'", "status in ('A', 'B')", True, True, False),
    ("status <> 'C'", "status in ('A', 'B') or status is null", True, True, True),
    ("status <> 'C'", "status = 'A'", False, False, False),
    ("s IN ('A', 'B')", "s <> 'C'", True, True, False),
    ("s <> 'C'", "s in ('A', 'B')", False, False, False),
    ("total >= 10", "total > 0", True, True, False),
    ("total > 0", "total >= 0", True, True, False),
    ("total >= 0", "total > 0", False, False, False),
    ("total BETWEEN 1 AND 5", "total > 0 and total < 6", True, True, False),
    ("NOT (total > 5 AND n > 5)", "total <= 5 or n <= 5", True, True, False),
    ("total > 5 OR total < 3", "total <> 4", True, True, False),
    ("n = 1 OR n = 2", "n in (1, 2)", True, True, False),
    ("n < total", "n <> total", True, True, False),
    ("n < total", "total > n", True, True, False),
    ("n <= total", "n < total", False, False, False),
    ("n IS NOT NULL AND total IS NULL", "n is not null", True, True, True),
    ("(n IS NULL) <> (total IS NULL)", "n is not null or total is not null", True, True, True),
    ("price > 1.5", "price > 1.25", True, True, False),
    ("price > 1.25", "price > 1.5", False, False, False),
    ("fine > 0", "fine <= 2", False, False, False),
    ("fine < 3", "fine >= 2", False, False, False),
    ("fine > 1", "fine < 2 or fine > 2", False, False, False),
    ("fine > 0 and fine < 2", "fine = 1", False, False, False),
    ("ratio >= 0.5", "ratio > 0.25", True, True, False),
    ("start_at > '2024-03-01'", "start_at > '2024-01-01'", True, True, False),
    ("start_at < end_at", "start_at <= end_at", True, True, False),
    ("s = 'x' AND n = 1", "n = 1", True, True, False),
    ("n > 0 AND f(s)", "n > 0", True, True, None),
    ("email = lower(email)", "lower(email) = email", True, True, False),
    ("coalesce(n, 0) > 0", "n > 0", True, True, True),
    ("coalesce(n, total) > 0", "n > 0", True, False, False),
    ("CASE WHEN n > 1 THEN total ELSE n END > 1", "total > 1", True, True, False),
    ("ratio < n AND n = 1", "ratio < 2", True, True, False),
    ("n + 1 > 3", "n + 1 > 2", True, True, False),
    ("s LIKE 'a%'", "s like 'a%'", True, True, False),
    ("TRUE", "n is null", False, False, False),
    ("FALSE", "n = 7", True, True, True),
]
# SQL Server has neither of these.
NOT_IN_TRANSACT_SQL = {"NOT deleted", "FALSE"}


@pytest.mark.parametrize(
    ("dialect", "given", "wanted", "not_null", "nullable", "check"),
    [
        *[(SQLITE, *row) for row in IMPLICATIONS],
        *[(POSTGRESQL, *row) for row in IMPLICATIONS],
        *[(MYSQL, *row) for row in IMPLICATIONS],
        *[(Dialect.SQLSERVER, *row) for row in IMPLICATIONS if row[0] not in NOT_IN_TRANSACT_SQL],
        # length() counts bytes in MySQL, and len() ignores trailing blanks in SQL Server
        (SQLITE, "length(s) > 3", "length(s) > 2", True, True, False),
        (POSTGRESQL, "length(s) > 3", "length(s) > 2", True, True, False),
    ],
)
def test_follows(
    dialect: Dialect,
    given: str,
    wanted: str,
    not_null: bool | None,
    nullable: bool | None,
    check: bool | None,
) -> None:
    assert answer(dialect, given, wanted) is not_null
    assert answer(dialect, given, wanted, nullable=True) is nullable
    assert answer(dialect, given, wanted, nullable=True, check=True) is check


@pytest.mark.parametrize(
    ("given", "wanted", "answers"),
    # SQLite, PostgreSQL, MySQL; no column is nullable
    [
        # A boolean column holds 2 on SQLite and MySQL (case E18).
        ("active", "active = true", (False, True, False)),
        ("active = true", "active", (True, True, True)),
        ("active = true or active = false", "active = true or active = false", (True, True, True)),
        ("n = n", "active = true or active = false", (False, True, False)),
        # SQLite stores fractions in INTEGER columns (O05c), text in any (E19).
        ("total > 0", "total >= 1", (False, True, True)),
        ("n = n", "total <= 2 or total >= 3", (False, True, True)),
        ("price > 0", "price >= 0.01", (False, True, True)),
        ("n = n", "n <= 2147483647", (False, True, True)),
        # Text compares by its collation (U09): only equality with itself is certain on MySQL.
        ("s = 'A'", "s <> 'a'", (True, True, None)),
        ("s > 'b'", "s > 'a'", (True, None, None)),
        ("s > 'b'", "s <> 'b'", (True, True, True)),
        # `'   ' = ''` and the like are MySQL's business (O01d).
        ("length(trim(s)) > 0", "trim(s) <> ''", (True, True, None)),
        ("s <> ''", "length(s) > 0", (None, True, None)),
        # LIKE ignores letter case but on PostgreSQL (O03h).
        ("s = 'Ax'", "s like 'a%'", (True, False, None)),
        ("s like 'a%'", "s <> 'b'", (True, True, True)),
        ("s like 'a%'", "s <> 'ax'", (False, False, False)),
        ("s like '%a'", "s <> 'b'", (True, True, None)),
    ],
)
def test_databases_differ(
    given: str, wanted: str, answers: tuple[bool | None, bool | None, bool | None]
) -> None:
    given_mysql = given.replace("length", "char_length") if "length" in given else given
    found = (
        answer(SQLITE, given, wanted),
        answer(POSTGRESQL, given, wanted),
        answer(MYSQL, given_mysql, wanted),
    )
    assert found == answers


def test_texts_that_are_filled_up_with_blanks() -> None:
    """Two that are equal to one literal are equal (PostgreSQL); not so under any collation."""
    columns = {name: ColumnFacts(ScalarType.STRING, native="CHAR(3)") for name in ("a", "b")}
    for dialect, expected in ((POSTGRESQL, True), (MYSQL, None)):
        known = Facts(columns, dialect)
        given = Given(parse_predicate("a IN ('x') AND b = 'x'", dialect))
        assert follows([given], parse_condition("a = b"), known).answer is expected
        length = parse_condition("length(a) = 1") if dialect is POSTGRESQL else None
        assert length is None or follows([given], length, known).answer is not False


SUMS = [
    ("n + 1 = 3", "n = 2", True),
    ("3 = 1 + n", "n = 2", True),
    ("n - 1 = 3", "n = 4", True),
    ("n + 1 > 3", "n >= 3", True),
    ("n + 1 > 3", "n >= 4", False),
    ("total = n + 1 AND total = 3", "n = 2", True),
    ("total = n + 1 AND total IN (3, 4)", "n in (2, 3)", True),
    ("total = n + 1 AND total IN (3, 4)", "n = 2", False),
    ("total = n - 1 AND NOT (n > 2)", "total < 2", True),
    ("total = n + 1 AND n > 2", "total <> 3", True),
    ("total = 3 - n AND total = 3", "n = 0", None),
    ("abs(n) < 1", "n = 0", True),
    ("abs(n) = -1", "n = 7", True),
    ("abs(n) <= 2 AND n <> 1", "n <= 0 or n = 2", True),
    ("abs(n) > 1", "n > 1", False),
    ("total = abs(n) AND total < 1", "n = 0", True),
    ("total = abs(n) AND n < 0", "total > 0", True),
]


@pytest.mark.parametrize(
    ("dialect", "given", "wanted", "expected"),
    [
        (POSTGRESQL, "n % 12 = 0", "n % 12 = 0", True),
        (POSTGRESQL, "n % total = 0", "n % total = 0", True),  # zero is an error
        (MYSQL, "n % 12 = 0", "n % 12 = 0", True),
        (MYSQL, "n % total = 0", "n % total = 0", None),  # zero gives NULL, which passes
        (SQLITE, "n % 12 = 0", "n % 12 = 0", True),
        (SQLITE, "n % price = 0", "n % price = 0", None),
        (POSTGRESQL, "n % 6 = 0", "n % 12 = 0", False),
        (MYSQL, "n % 6 = 0", "n % 12 = 0", False),
        (POSTGRESQL, "n % 12 = 0", "n > 0", False),
        (POSTGRESQL, "n / 100 >= 0", "n >= 0", False),
        (MYSQL, "n / 100 >= 0", "n >= 0", None),  # -0.01
        (POSTGRESQL, "price / 100 >= 0", "price >= 0", None),
    ],
)
def test_divisions(dialect: Dialect, given: str, wanted: str, expected: bool | None) -> None:
    assert answer(dialect, given, wanted, check=True) is expected


@pytest.mark.parametrize(("given", "wanted", "expected"), SUMS)
def test_sums_with_a_constant(given: str, wanted: str, expected: bool | None) -> None:
    for dialect in (POSTGRESQL, MYSQL):
        assert answer(dialect, given, wanted) is expected


def test_witnesses_are_plain_rows() -> None:
    known = facts(POSTGRESQL, nullable=True)
    check = Given(parse_predicate("total > 0", POSTGRESQL), passes_null=True)
    assert follows([check], parse_condition("total > 0"), known).witness == {"total": None}
    where = Given(parse_predicate("status <> 'C'", POSTGRESQL))
    found = follows([where], parse_condition("status = 'A'"), known).witness
    assert found == {"status": "B"}
    code = Given(parse_predicate("length(code) > 2", POSTGRESQL))
    found = follows([code], parse_condition("length(code) > 3"), known).witness
    assert found is not None
    assert len(str(found["code"])) == 3


def test_a_witness_obeys_every_given() -> None:
    known = facts(POSTGRESQL)
    given = [
        Given(parse_predicate("total >= 0 AND total < 10", POSTGRESQL), passes_null=True),
        Given(parse_predicate("n = total", POSTGRESQL)),
    ]
    found = follows(given, parse_condition("n > 0"), known)
    assert found.answer is False
    assert found.witness == {"total": 0, "n": 0}


def test_opaque_parts_prove_only_themselves() -> None:
    known = facts(POSTGRESQL)
    opaque = Opaque("f(s)", ("s",))
    assert follows([Given(opaque)], opaque, known).answer is True
    assert follows([Given(opaque, passes_null=True)], opaque, known).answer is None
    decision = follows([], opaque, known)
    assert decision.answer is None
    assert decision.reason is not None
    assert "f(s)" in decision.reason


def test_unknown_columns_are_never_guessed_at() -> None:
    known = facts(POSTGRESQL)
    assert (
        follows([Given(parse_condition("q = 1"))], parse_condition("q = 1"), known).answer is True
    )
    assert (
        follows([Given(parse_condition("q = 1"))], parse_condition("q > 0"), known).answer is None
    )
    assert follows([], parse_condition("q is not null"), known).answer is None


def test_without_a_dialect_only_what_holds_everywhere() -> None:
    known = facts(None)
    same = parse_condition("status = 'A' and n > 1")
    assert follows([Given(same)], same, known).answer is True
    assert (
        follows([Given(parse_condition("n > 1"))], parse_condition("n > 0"), known).answer is None
    )


def test_satisfiable() -> None:
    known = facts(POSTGRESQL)
    none = satisfiable([Given(parse_condition("n > 1 and n < 2"))], known)
    assert none.answer is False
    some = satisfiable([Given(parse_condition("n > 1 and n < 3"))], known)
    assert (some.answer, some.witness) == (True, {"n": 2})


def test_true_of_the_same_rows() -> None:
    known = facts(POSTGRESQL, nullable=True)

    def same(left: str, right: str) -> bool:
        one, other = parse_condition(left), parse_condition(right)
        there, back = follows([Given(one)], other, known), follows([Given(other)], one, known)
        assert None not in (there.answer, back.answer)
        return bool(there.answer and back.answer)

    assert same("n > 0", "n >= 1") is True
    assert same("n > 0", "n >= 0") is False
    assert same("not (n = 1)", "n <> 1") is True
    assert same("deleted = false", "not deleted") is True
    assert same("deleted is not true", "not deleted") is False


def test_null_beside_a_condition() -> None:
    known = facts(POSTGRESQL, nullable=True)

    def null(column: str, *given: Given, on: Facts = known) -> bool | None:
        return satisfiable([Given(parse_condition(f"{column} is null")), *given], on).answer

    def where(text: str) -> Given:
        return Given(parse_condition(text))

    assert null("email") is True
    assert null("email", where("deleted_at is null")) is True
    assert null("email", where("email is not null")) is False
    assert null("email", where("lower(email) = 'x'")) is False
    assert null("n", where("n > 0 or total > 0")) is True
    assert null("email", on=facts(POSTGRESQL)) is False
    closed = Given(parse_condition("email is not null or deleted_at is not null"), passes_null=True)
    assert null("email", where("deleted_at is null"), closed) is False


def test_trigger_rows_are_told_apart() -> None:
    known = facts(POSTGRESQL, nullable=True)
    changed = parse_predicate("OLD.n IS DISTINCT FROM NEW.n", POSTGRESQL)
    careless = parse_predicate("OLD.n <> NEW.n", POSTGRESQL)
    assert follows([Given(careless)], changed, known).answer is True
    found = follows([Given(changed)], careless, known)
    assert found.answer is False
    assert found.witness is not None
    assert set(found.witness) == {"old.n", "new.n"}


def test_many_values_and_many_columns_end_soon() -> None:
    many = ", ".join(f"'v{number}'" for number in range(200))
    known = facts(POSTGRESQL)
    given = [Given(parse_condition(f"s in ({many})"))]
    assert follows(given, parse_condition(f"s in ({many}, 'w')"), known).answer is True
    wide = Facts({f"c{n}": ColumnFacts(ScalarType.INT) for n in range(30)}, POSTGRESQL)
    text = " and ".join(f"(c{n} > {n} or c{(n * 7) % 30} < {n})" for n in range(30))
    decision = follows([Given(parse_condition(text))], parse_condition("c0 + c1 * c2 > 4"), wide)
    assert decision.answer in (False, None)


def test_names_in_another_letter_case() -> None:
    known = facts(SQLITE, nullable=True)
    assert follows([Given(Column("ACTIVE"))], parse_condition("active"), known).answer is True
    postgres = facts(POSTGRESQL, nullable=True)
    assert follows([Given(Column("ACTIVE"))], parse_condition("active"), postgres).answer is None


CONNECTION = rows.connect()
FACTS = rows.facts()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@for_all(rows.givens, rows.terms)
def test_sqlite_agrees(given: list[Given], wanted: Term) -> None:
    decision = follows(given, wanted, FACTS)
    if decision.answer is True:
        assert rows.counterexample(CONNECTION, given, wanted) is None
    elif decision.answer is False:
        assert decision.witness is not None
        assert rows.confirms(CONNECTION, decision.witness, given, wanted)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
@pytest.mark.parametrize("column", ["n", "price", "ratio"])
def test_what_is_no_number_is_not_decided(value: str, column: str) -> None:
    """PostgreSQL's numbers hold NaN and infinity, which stand nowhere among the others."""
    there = Compare("=", Column(column), Literal(Decimal(value)))
    limited = parse_condition(f"{column} > 1 and {column} < 3")
    assert satisfiable([Given(there), Given(limited)], facts(POSTGRESQL)).answer is not True


@pytest.mark.parametrize(("dialect", "possible"), [(SQLITE, True), (POSTGRESQL, False)])
def test_what_one_column_is_cut_by_cuts_those_that_it_is_compared_with(
    dialect: Dialect, possible: bool
) -> None:
    """SQLite stores 0.5 in a column of whole numbers (O05c)."""
    terms = ["n < 1", "total > 0", "n = total"]
    found = satisfiable([Given(parse_predicate(term, dialect)) for term in terms], facts(dialect))
    assert found.answer is possible


def test_a_number_comes_before_a_text_of_another_column_of_sqlites() -> None:
    terms = ["n = total", "n < 5", "total > 'a'"]
    found = satisfiable([Given(parse_predicate(term, SQLITE)) for term in terms], facts(SQLITE))
    assert found.answer is False


@pytest.mark.parametrize(("pattern", "possible"), [("a%", False), ("B%", True)])
def test_like_folds_what_nocase_folds(pattern: str, possible: bool) -> None:
    column = ColumnFacts(
        ScalarType.STRING, nullable=False, native="TEXT", typed=False, ignore_case=True
    )
    terms = ["s = 'b'", f"s LIKE '{pattern}'"]
    found = satisfiable(
        [Given(parse_predicate(term, SQLITE)) for term in terms], Facts({"s": column}, SQLITE)
    )
    assert (found.answer is not False) is possible
