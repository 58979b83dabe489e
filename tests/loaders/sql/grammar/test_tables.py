"""What the grammar makes of tables, their changes and indexes.

The golden files hold a dialect and a statement in one line, and below it the struct that is read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.loaders.sql.statements import NotUnderstood
from schemalint.model import Dialect
from tests.loaders.sql.grammar.reading_tables import nodes, statements
from tests.loaders.sql.reading import shown

GOLDEN = Path(__file__).parent / "golden" / "tables"


def golden_cases() -> list[tuple[str, str, str]]:
    """Dialect, statement and what becomes of it, for each entry of the golden files."""
    found = []
    for path in sorted(GOLDEN.glob("*.txt")):
        for entry in path.read_text(encoding="utf-8").strip().split("\n\n"):
            head, result = entry.split("\n")
            dialect, sql = head.split(": ", 1)
            found.append((dialect, sql, result.strip()))
    return found


@pytest.mark.parametrize(("dialect", "sql", "expected"), golden_cases())
def test_statement_is_read_as_golden_file_says(dialect: str, sql: str, expected: str) -> None:
    (statement,) = statements(sql, Dialect(dialect))
    assert f"=> {shown(statement)}" == expected
    assert statement.span.text == sql
    for node in nodes(statement):
        assert statement.span.start <= node.span.start <= node.span.end <= statement.span.end
        assert node.span.text == node.span.text.strip()


@pytest.mark.parametrize(("dialect", "sql", "expected"), golden_cases())
def test_statement_is_read_alike_in_a_file(dialect: str, sql: str, expected: str) -> None:
    (alone,) = statements(sql, Dialect(dialect))
    if isinstance(alone, NotUnderstood):
        return
    around = f"-- one; 'two\nSELECT 1;\n{sql};\n/* three; */ SELECT 'four';\n"
    first, statement, last = statements(around, Dialect(dialect))
    assert shown(first) == shown(last) == "Ignored(word='SELECT')"
    assert f"=> {shown(statement)}" == expected


@pytest.mark.parametrize(
    "sql",
    [sql for dialect, sql, expected in golden_cases() if "Unknown" not in expected],
)
def test_without_a_dialect_nothing_raises(sql: str) -> None:
    assert statements(sql, None)
