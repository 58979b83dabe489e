"""Real values to try when a row is wanted that shows what a condition lets through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from schemalint.condition.cell import NULL, SOMETHING, Cell, Something
from schemalint.condition.facts import ColumnFacts, Facts
from schemalint.condition.sqlite_cells import text_truth
from schemalint.condition.storage import fits, is_padded
from schemalint.condition.terms import Column, Compare, Is, Like, Literal, Scalar, Term
from schemalint.condition.values import (
    DATE_TYPES,
    NUMERIC_TYPES,
    affinity,
    is_date,
    moment,
    number,
)
from schemalint.model import Dialect, ScalarType

_MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
_UNKNOWN = (None, ScalarType.BYTES, ScalarType.TIME, ScalarType.UUID)
"""The types of which no value is known here."""

_MOST = 40
"""How many values of one column are tried at most."""

_STEPS = (2, -2, 3, -3, 4, -4)
"""How far from a literal further numbers are tried, where columns are ordered."""

_OF_OTHER_TYPES = {
    "INTERVAL": "1 day",
    "TSVECTOR": "a",
    "INET": "10.0.0.1",
    "CIDR": "10.0.0.0/8",
    "MACADDR": "08:00:2b:01:02:03",
    "XML": "<a/>",
    "LTREE": "a",
    "INT4RANGE": "[1,2)",
    "INT8RANGE": "[1,2)",
    "NUMRANGE": "[1,2)",
    "DATERANGE": "[2024-01-01,2024-01-02)",
    "TSRANGE": "[2024-01-01,2024-01-02)",
    "TSTZRANGE": "[2024-01-01,2024-01-02)",
    "POINT": "(1,2)",
    "LSEG": "(1,2),(3,4)",
    "BOX": "(1,2),(3,4)",
    "PATH": "(1,2),(3,4)",
    "POLYGON": "(1,2),(3,4)",
    "CIRCLE": "(1,2),3",
    "MACADDR8": "08:00:2b:01:02:03:04:05",
    "TSQUERY": "a",
    "BIT VARYING": "1",
    "VARBIT": "1",
    "JSONPATH": "$",
    "MONEY": "1",
    "OID": "1",
    "NAME": "a",
}
"""A value of PostgreSQL's types that the AST has no name for."""


def samples(
    terms: Sequence[Term], domains: Mapping[str, list[Cell] | None], facts: Facts
) -> dict[str, list[Cell | Something]]:
    """For each column, values that it can surely hold: of its cells, and near every literal.

    Every type of MySQL's and MariaDB's has values (they have no domains): of one whose values are
    not known here, SOMETHING can be stored.
    """
    literals = _literals(terms)
    steps = _STEPS if any(map(_orders, terms)) else ()
    found: dict[str, list[Cell | Something]] = {}
    for key, cells in domains.items():
        column = facts.column(key.removeprefix("old.").removeprefix("new."))
        plain = None if column is None else _any(column, facts.dialect)
        if column is not None and plain is not None and _asks_for_null_only(key, terms):
            found[key] = [_cell(_typed(plain)), *([NULL] if column.nullable else [])]
            continue
        if column is None or (column.type is None and facts.dialect not in _MYSQL):
            found[key] = []
            continue
        values: list[Scalar] = [
            cell.value
            for cell in cells or []
            if cell.storable and cell.value is not None and not isinstance(cell.value, bytes)
        ]
        values += [value for value in _more(column, literals, steps) if fits(column, value, facts)]
        tried: list[Cell | Something] = [
            _cell(value) for value in dict.fromkeys(_typed(value) for value in values)
        ]
        if not tried and facts.dialect in _MYSQL and column.type in _UNKNOWN:
            tried.append(SOMETHING)
        if column.nullable:
            tried.insert(min(len(tried), 3), NULL)
        found[key] = tried[:_MOST]
    return found


def _any(column: ColumnFacts, dialect: Dialect | None) -> Scalar:
    """A literal that each database takes for a column of bytes or times, PostgreSQL for an array, a
    type of its own or one that is filled up, and SQLite for one that it takes all values in; None
    for other types."""
    if column.type is ScalarType.BYTES:
        return "x"
    if column.type is ScalarType.TIME:
        return "12:00:00"
    if column.native.endswith("[]"):
        return "{}"
    if column.type is ScalarType.STRING and is_padded(column) and column.max_length:
        return "a" * column.max_length
    if column.type is not None:
        return None
    if dialect is Dialect.SQLITE and not column.typed:
        return "a"
    name, _, digits = column.native.partition("(")
    if name.strip() == "BIT":
        return "1" * int(digits.rstrip(") ") or 1)
    return _OF_OTHER_TYPES.get(name.strip())


def _asks_for_null_only(key: str, terms: Sequence[Term]) -> bool:
    """Whether of a column is asked only if it is NULL, so that any value will do."""
    parts = [part for term in terms for part in term.walk()]
    asked = [part for part in parts if isinstance(part, Column) and part.key == key]
    for_null = [part.term for part in parts if isinstance(part, Is) and part.value is None]
    return len(asked) == len([one for one in for_null if one in asked])


def _typed(value: Scalar) -> tuple[type, Scalar]:
    return type(value), value  # True and 1 are two values here


def _cell(pair: tuple[type, Scalar]) -> Cell:
    value = pair[1]
    return Cell(value, truth=text_truth(value) if isinstance(value, str) else None)


def _literals(terms: Sequence[Term]) -> list[Scalar]:
    found: dict[tuple[type, Scalar], None] = {}
    for term in terms:
        for part in term.walk():
            if isinstance(part, Literal) and part.value is not None:
                found[_typed(part.value)] = None
            if isinstance(part, Like) and isinstance(part.pattern, Literal):
                pattern = part.pattern.value
                if isinstance(pattern, str):
                    for many, one in (("", "x"), ("x", "x"), ("a", "a")):
                        found[_typed(pattern.replace("%", many).replace("_", one))] = None
    return [value for _, value in found]


def _orders(term: Term) -> bool:
    """Whether a term orders columns: then there has to be room for one beyond the other."""
    return any(
        isinstance(part, Compare)
        and part.operator in ("<", "<=", ">", ">=")
        and isinstance(part.left, Column)
        and isinstance(part.right, Column)
        for part in term.walk()
    )


def _more(column: ColumnFacts, literals: list[Scalar], steps: Sequence[int]) -> list[Scalar]:
    numbers = [
        value
        for literal in literals
        for value in [number(literal) if isinstance(literal, str) else literal]
        if value is not None
    ]
    if column.type is ScalarType.BOOLEAN:
        return [True, False] if column.typed else [1, 0]
    if column.type in NUMERIC_TYPES:
        near: list[Scalar] = [0, 1, 2, -1, 5]
        for value in numbers:
            whole = int(value)
            near += [whole, whole + 1, whole - 1]
            if isinstance(value, Decimal):
                near.append(value)
        near += [int(value) + step for step in steps for value in numbers]
        if not column.typed and affinity(column) == "numeric":
            near += ["abc", *[one for one in literals if _is_text(one)]]
        return near
    if column.type in DATE_TYPES:
        texts = [text for text in literals if isinstance(text, str) and moment(text)]
        dates: list[Scalar] = ["2024-01-01", "2024-01-02", "2024-01-03", *texts]
        if column.type is ScalarType.DATE:
            dates = [date for date in dates if is_date(str(date))]
        return dates
    if column.type in (ScalarType.STRING, ScalarType.UUID):
        return _texts(column, literals, numbers)
    return ["{}"] if column.type is ScalarType.JSON else []


def _is_text(value: Scalar) -> bool:
    """Whether SQLite leaves it a text in a column of numbers."""
    return isinstance(value, str) and number(value) is None


def _texts(
    column: ColumnFacts, literals: list[Scalar], numbers: Sequence[int | Decimal]
) -> list[Scalar]:
    if column.type is ScalarType.UUID and column.typed:
        return []
    found: list[Scalar] = ["", "a", "b", "A", " ", "ab"]
    for literal in literals:
        if isinstance(literal, str):
            found += [literal, literal.lower(), literal.upper(), f"{literal}x", f" {literal}"]
    for value in numbers:
        length = int(value)
        found += ["x" * size for size in (length, length + 1, length - 1) if 0 < size <= 300]
    return found
