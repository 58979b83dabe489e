"""Regular expressions that only list values; what they match was compared with PostgreSQL 15."""

from __future__ import annotations

import pytest

from schemalint.condition.listed import listed_values
from schemalint.condition.parse import parse_predicate
from schemalint.condition.terms import Column, In, Literal
from schemalint.model import Dialect


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("^(A|B)$", ("A", "B")),
        ("^(?:A|B C)$", ("A", "B C")),
        ("^A$", ("A",)),
        ("^[ABC]$", ("A", "B", "C")),
        ("^[A-C]$", ("A", "B", "C")),
        ("^[A-C9_]$", ("A", "B", "C", "9", "_")),
        ("^(draft|paid)s?$", ("draft", "drafts", "paid", "paids")),
        ("^X[12]-(a|b)$", ("X1-a", "X1-b", "X2-a", "X2-b")),
        ("^[01]{2}$", ("00", "01", "10", "11")),
        (r"^a\.b$", ("a.b",)),
        ("^((A|B)C)?$", ("", "AC", "BC")),
        ("^A|B$", None),
        ("(A|B)", None),
        ("^(A|B)", None),
        ("^(A|B.)$", None),
        ("^[^A]$", None),
        ("^[A-z]$", None),
        ("^[[:alpha:]]$", None),
        (r"^\d$", None),
        ("^A+$", None),
        ("^A*$", None),
        ("^(?i)A$", None),
        ("^(A|B$", None),
        ("^[a-z]{4}$", None),
        ("^A??$", None),
        ("^$", None),
        ("^", None),
    ],
)
def test_listed_values(pattern: str, values: tuple[str, ...] | None) -> None:
    assert listed_values(pattern) == values


def test_similar_to() -> None:
    listed = In(Column("s"), (Literal("A"), Literal("B")))
    assert parse_predicate("s SIMILAR TO '(A|B)'", Dialect.POSTGRESQL) == listed
    assert parse_predicate("s SIMILAR TO 'A|B'", Dialect.POSTGRESQL) == listed
    for pattern in ("A%", "A_", "A.B", "A$"):
        assert parse_predicate(f"s SIMILAR TO '{pattern}'", Dialect.POSTGRESQL).opaque
