"""Random conditions, and real rows of a real SQLite to hold every answer against."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from hypothesis import strategies as st

from schemalint.condition.case import Case
from schemalint.condition.decide import Given
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.terms import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    In,
    Is,
    Like,
    Literal,
    Not,
    Or,
    Scalar,
    Term,
)
from schemalint.model import Dialect, ScalarType

COLUMNS = {
    "n": ("INTEGER", ScalarType.INT, False),
    "m": ("INTEGER", ScalarType.INT, True),
    "s": ("TEXT", ScalarType.STRING, False),
    "t": ("TEXT", ScalarType.STRING, True),
    "b": ("BOOLEAN", ScalarType.BOOLEAN, False),
    "c": ("BOOLEAN", ScalarType.BOOLEAN, True),
}
"""Name to native type, the AST's type, and whether NULL fits."""

VALUES: dict[str, tuple[object, ...]] = {
    "INTEGER": (0, 1, 2, 3, 4, -1, 0.5, 2.5, "x"),
    "TEXT": ("", "a", "b", "A", "aa", "ab", "c", " ", "1"),
    "BOOLEAN": (0, 1, 2, "y"),
}


def facts() -> Facts:
    """SQLite's own columns, which take nearly anything."""
    return Facts(
        {
            name: ColumnFacts(kind, nullable=nullable, native=native, typed=False)
            for name, (native, kind, nullable) in COLUMNS.items()
        },
        Dialect.SQLITE,
    )


# -- random terms ----------------------------------------------------------------------------

_NUMBERS = st.sampled_from([0, 1, 2, 3, Decimal("1.5"), -1]).map(Literal)
_TEXTS = st.sampled_from(["a", "b", "A", "", "ab", "1"]).map(Literal)
_NUMBER_COLUMNS = st.sampled_from(["n", "m"]).map(Column)
_TEXT_COLUMNS = st.sampled_from(["s", "t"]).map(Column)
_BOOLEAN_COLUMNS = st.sampled_from(["b", "c"]).map(Column)
_COLUMNS = st.one_of(_NUMBER_COLUMNS, _TEXT_COLUMNS, _BOOLEAN_COLUMNS)
_OPERATORS = st.sampled_from(
    ["=", "<>", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"]
)


def _compared(left: st.SearchStrategy[Term], right: st.SearchStrategy[Term]) -> st.SearchStrategy:
    pairs = st.tuples(_OPERATORS, left, right, st.booleans())
    return pairs.map(lambda one: Compare(one[0], one[2], one[1]) if one[3] else Compare(*one[:3]))


def _calls(name: str, argument: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return argument.map(lambda one: Call(name, (one,)))


_WORKED_OUT = st.one_of(
    _calls("length", _TEXT_COLUMNS),
    st.tuples(st.sampled_from("+-*/%"), _NUMBER_COLUMNS, st.one_of(_NUMBERS, _NUMBER_COLUMNS)).map(
        lambda one: Arithmetic(*one)
    ),
    st.tuples(_NUMBER_COLUMNS, _NUMBERS).map(lambda one: Call("coalesce", one)),
)
_MADE_TEXTS = st.one_of(
    _calls("lower", _TEXT_COLUMNS),
    _calls("upper", _TEXT_COLUMNS),
    _calls("trim", _TEXT_COLUMNS),
    st.tuples(_TEXT_COLUMNS, _TEXTS).map(lambda one: Call("coalesce", one)),
)
_ATOMS = st.one_of(
    _compared(_NUMBER_COLUMNS, _NUMBERS),
    _compared(_NUMBER_COLUMNS, _NUMBER_COLUMNS),
    _compared(_TEXT_COLUMNS, _TEXTS),
    _compared(_TEXT_COLUMNS, _TEXT_COLUMNS),
    _compared(_BOOLEAN_COLUMNS, st.sampled_from([True, False]).map(Literal)),
    _compared(_WORKED_OUT, _NUMBERS),
    _compared(_MADE_TEXTS, _TEXTS),
    _compared(_MADE_TEXTS, _TEXT_COLUMNS),
    _compared(_NUMBER_COLUMNS, _TEXTS),
    _compared(_TEXT_COLUMNS, _NUMBERS.filter(lambda one: isinstance(one.value, int))),
    st.tuples(
        st.sampled_from(["=", "<>"]),
        _calls("typeof", _COLUMNS),
        st.sampled_from(["integer", "real", "text", "blob", "null"]).map(Literal),
    ).map(lambda one: Compare(*one)),
    _BOOLEAN_COLUMNS,
    _NUMBER_COLUMNS,
    st.tuples(_COLUMNS, st.sampled_from([None, True, False])).map(lambda one: Is(*one)),
    st.tuples(_NUMBER_COLUMNS, st.lists(_NUMBERS, min_size=1, max_size=3)).map(
        lambda one: In(one[0], tuple(one[1]))
    ),
    st.tuples(_TEXT_COLUMNS, st.lists(_TEXTS, min_size=1, max_size=3)).map(
        lambda one: In(one[0], tuple(one[1]))
    ),
    st.tuples(_TEXT_COLUMNS, st.sampled_from(["a%", "%b", "_", "%", "A_"])).map(
        lambda one: Like(one[0], Literal(one[1]))
    ),
)


def _more(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    chosen = st.tuples(inner, *[st.one_of(_NUMBERS, _NUMBER_COLUMNS, st.just(Literal(None)))] * 2)
    return st.one_of(
        inner.map(Not),
        some.map(And),
        some.map(Or),
        st.tuples(inner, inner, inner).map(lambda one: Case(one[:1], one[1:])),
        st.tuples(_OPERATORS, chosen, _NUMBERS).map(
            lambda one: Compare(one[0], Case(one[1][:1], one[1][1:]), one[2])
        ),
        st.tuples(inner, st.sampled_from([None, True, False])).map(lambda one: Is(*one)),
    )


terms: st.SearchStrategy[Term] = st.recursive(_ATOMS, _more, max_leaves=5)
givens = st.lists(st.tuples(terms, st.booleans()).map(lambda one: Given(*one)), max_size=2)


# -- real rows -------------------------------------------------------------------------------


def connect() -> sqlite3.Connection:
    """A database with a table of the columns."""
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(
        f"{name} {native}{'' if nullable else ' NOT NULL'}"
        for name, (native, _, nullable) in COLUMNS.items()
    )
    connection.execute(f"CREATE TABLE r ({columns})")
    return connection


def _rows(names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    every = [
        (*VALUES[native], None) if nullable else VALUES[native]
        for native, _, nullable in (COLUMNS[name] for name in names)
    ]
    return itertools.product(*every)


def refuses(given: Sequence[Given], wanted: Term, dialect: Dialect = Dialect.SQLITE) -> str:
    """The SQL condition of a row that satisfies the givens and does not make `wanted` true."""
    parts = [
        f"({one.term.sql(dialect)}) IS NOT FALSE"
        if one.passes_null
        else f"({one.term.sql(dialect)}) IS TRUE"
        for one in given
    ]
    return " AND ".join([*parts, f"({wanted.sql(dialect)}) IS NOT TRUE"])


def counterexample(
    connection: sqlite3.Connection, given: Sequence[Given], wanted: Term
) -> tuple[object, ...] | None:
    """A small row that shows that `wanted` does not follow, found by trying all of them."""
    names = sorted(
        {name for term in (*[one.term for one in given], wanted) for name in term.columns}
    )
    rows = list(itertools.islice(_rows(names), 20_000))
    fixed = {name: VALUES[native][0] for name, (native, _, _) in COLUMNS.items()}
    connection.execute("DELETE FROM r")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(
        f"INSERT INTO r VALUES ({marks})",
        [tuple({**fixed, **dict(zip(names, row, strict=True))}.values()) for row in rows],
    )
    found = connection.execute(f"SELECT * FROM r WHERE {refuses(given, wanted)} LIMIT 1").fetchone()
    return tuple(found) if found else None


def confirms(
    connection: sqlite3.Connection,
    witness: Mapping[str, Scalar],
    given: Sequence[Given],
    wanted: Term,
) -> bool:
    """Whether SQLite stores the witness, and it is a counterexample there."""
    fixed = {name: VALUES[native][0] for name, (native, _, _) in COLUMNS.items()}
    plain = {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in witness.items()
    }
    connection.execute("DELETE FROM r")
    marks = ", ".join("?" * len(COLUMNS))
    connection.execute(f"INSERT INTO r VALUES ({marks})", tuple({**fixed, **plain}.values()))
    return (
        connection.execute(f"SELECT 1 FROM r WHERE {refuses(given, wanted)}").fetchone() is not None
    )
