"""Long runs: the decision procedure against real databases, and the readers against any text."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from schemalint.condition.case import Case
from schemalint.condition.decide import Given, follows
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.parse import ConditionError, parse_condition, parse_predicate
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    Is,
    Like,
    Literal,
    Not,
    Or,
    Term,
)
from schemalint.model import Dialect
from tests.condition import rows

LONG = settings(max_examples=4_000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.fuzz
def test_sqlite_agrees() -> None:
    connection, facts = rows.connect(), rows.facts()
    answers: Counter[bool | None] = Counter()

    @LONG
    @for_all(rows.givens, rows.terms)
    def agrees(given: list[Given], wanted: Term) -> None:
        decision = follows(given, wanted, facts)
        answers[decision.answer] += 1
        if decision.answer is True:
            assert rows.counterexample(connection, given, wanted) is None
        elif decision.answer is False:
            assert decision.witness is not None
            assert rows.confirms(connection, decision.witness, given, wanted)

    agrees()
    assert answers[None] < sum(answers.values()) / 10, answers


@pytest.mark.fuzz
@LONG
@for_all(rows.terms)
def test_what_is_printed_reads_back(term: Term) -> None:
    once = parse_predicate(
        term.sql(Dialect.SQLITE), Dialect.SQLITE
    )  # joins nested ANDs, as SQL does
    assert parse_predicate(once.sql(Dialect.SQLITE), Dialect.SQLITE) == once
    assert not once.opaque


_WORDS = st.sampled_from(
    [
        *("a", "b", "1", "'x'", "and", "or", "not", "in", "between", "is", "null", "true", "like"),
        *("case", "when", "then", "end", "cast", "as", "select", "lower", "coalesce", "escape"),
        *("distinct", "from", "any", "array", "(", ")", "=", "<", ">", "<>", "+", "-", "*", "/"),
        *("%", ",", ".", ";", "'", "::", "[", "]", "{", "}", "?", ":", "@", "$1", '"'),
    ]
)


@pytest.mark.fuzz
@LONG
@for_all(st.one_of(st.lists(_WORDS, max_size=14).map(" ".join), st.text(max_size=60)))
def test_no_text_is_too_odd(text: str) -> None:
    with contextlib.suppress(ConditionError):
        parse_condition(text)
    for dialect in (None, Dialect.SQLITE, Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.SQLSERVER):
        parse_predicate(text, dialect).sql(dialect)


# -- PostgreSQL, which is typed --------------------------------------------------------------


def _typed(term: Term) -> bool:
    """Whether PostgreSQL, which compares like with like only, takes the term."""
    types = {"INTEGER": "number", "TEXT": "text", "BOOLEAN": "boolean"}

    def kind(one: Term) -> str | None:
        if isinstance(one, Column):
            return types[rows.COLUMNS[one.name][0]]
        if isinstance(one, Literal):
            if isinstance(one.value, bool):
                return "boolean"
            if one.value is None:
                return "number"
            return "text" if isinstance(one.value, str) else "number"
        if isinstance(one, Arithmetic):
            return "number"
        if isinstance(one, Call):
            return "number" if one.function == "length" else kind(one.arguments[0])
        if isinstance(one, Case):
            return kind(one.values[0])
        return "boolean"

    def fine(one: Term) -> bool:
        if isinstance(one, Compare):
            return kind(one.left) == kind(one.right)
        if isinstance(one, Like):
            return kind(one.term) == "text"
        if isinstance(one, (And, Or, Not)) or (isinstance(one, Is) and one.value is not None):
            return all(kind(part) == "boolean" for part in one.parts)
        if isinstance(one, Case):
            values = {kind(value) for value in one.values if value != Literal(None)}
            return len(values) == 1 and all(kind(part) == "boolean" for part in one.conditions)
        return not isinstance(one, Call) or one.function != "typeof"

    return kind(term) == "boolean" and all(fine(one) for one in term.walk())


@pytest.fixture
def postgresql() -> Iterator[object]:
    psycopg = pytest.importorskip("psycopg")
    try:
        connection = psycopg.connect(
            "host=127.0.0.1 port=5432 dbname=postgres user=postgres", connect_timeout=3
        )
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL on 127.0.0.1:5432: {error}")
    columns = ", ".join(
        f"{name} {native}{'' if nullable else ' NOT NULL'}"
        for name, (native, _, nullable) in rows.COLUMNS.items()
    )
    connection.execute(f"CREATE TEMPORARY TABLE r ({columns})")
    yield connection
    connection.close()


@pytest.mark.server
def test_postgresql_agrees(postgresql: object) -> None:
    values = {
        "INTEGER": (0, 1, 2, 3, -1),
        "TEXT": ("", "a", "b", "A", "aa", "ab", " "),
        "BOOLEAN": (True, False),
    }
    facts = Facts(
        {
            name: ColumnFacts(kind, nullable=nullable, native=native)
            for name, (native, kind, nullable) in rows.COLUMNS.items()
        },
        Dialect.POSTGRESQL,
    )
    connection = postgresql
    small = {
        name: (*values[native][:5], *((None,) if nullable else ()))
        for name, (native, _, nullable) in rows.COLUMNS.items()
    }
    table = ", ".join(
        f"(VALUES {', '.join(f'({_sql(value)})' for value in some)}) AS {name}_({name})"
        for name, some in small.items()
    )
    connection.execute(f"INSERT INTO r SELECT * FROM {_cross(table)}")
    answers: Counter[bool | None] = Counter()

    @settings(LONG, max_examples=1_500)
    @for_all(
        st.lists(st.tuples(rows.terms.filter(_typed), st.booleans()), max_size=2),
        rows.terms.filter(_typed),
    )
    def agrees(pairs: list[tuple[Term, bool]], wanted: Term) -> None:
        given = [Given(*pair) for pair in pairs]
        decision = follows(given, wanted, facts)
        answers[decision.answer] += 1
        refuses = rows.refuses(given, wanted, Dialect.POSTGRESQL)
        if decision.answer is True:
            found = connection.execute(f"SELECT * FROM r WHERE {refuses} LIMIT 1").fetchone()
            assert found is None
        elif decision.answer is False:
            assert decision.witness is not None
            row = {name: values[native][0] for name, (native, _, _) in rows.COLUMNS.items()} | dict(
                decision.witness
            )
            source = ", ".join(
                f"CAST({_sql(value)} AS {rows.COLUMNS[name][0]}) AS {name}"
                for name, value in row.items()
            )
            query = f"SELECT 1 FROM (SELECT {source}) AS r WHERE {refuses}"
            assert connection.execute(query).fetchone() is not None
            for name, value in decision.witness.items():
                assert value is not None or rows.COLUMNS[name][2]

    agrees()
    assert answers[True] > 50
    assert answers[False] > 50


def _cross(table: str) -> str:
    return table.replace(", (VALUES", " CROSS JOIN (VALUES")


def _sql(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, Decimal)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
