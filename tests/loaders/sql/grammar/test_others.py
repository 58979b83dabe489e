"""What the grammar makes of statements that are not of tables and indexes.

The golden files hold a dialect and a statement in one line, and below it the struct that is read
(`=>`) or the fault that is found (`!!`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from schemalint.loaders.sql.cursor import SyntaxFaultError
from schemalint.loaders.sql.statements import Block
from schemalint.model import Dialect
from tests.loaders.sql.reading import read, shown

GOLDEN = Path(__file__).parent / "golden"


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
    if expected.startswith("!! "):
        with pytest.raises(SyntaxFaultError) as raised:
            read(sql, Dialect(dialect))
        assert raised.value.message == expected[3:]
        return
    statement = read(sql, Dialect(dialect))
    assert "=> " + ("None" if statement is None else shown(statement)) == expected
    if statement is not None:
        assert statement.span.text == sql


def test_statements_of_a_block_have_their_places_in_the_file() -> None:
    sql = "DO $do$\nBEGIN\n  IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN\n"
    sql += "    CREATE TYPE mood AS ENUM ('a');\n  END IF;\nEND\n$do$"
    block = read(sql, Dialect.POSTGRESQL)
    assert isinstance(block, Block)
    assert block.guarded
    assert block.statements[0].span.text == "CREATE TYPE mood AS ENUM ('a')"
