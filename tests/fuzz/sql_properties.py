"""What holds for every text that the SQL grammar is given."""

from __future__ import annotations

import time

from schemalint.loaders.sql.parse import read_statements
from schemalint.loaders.sql.statements import CreateTable, Statement
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span
from tests.fuzz.prisma_properties import spans

# Far more than any small text takes, so that only a hang or a quadratic step exceeds it, and no
# busy machine does.
LONGEST = 5.0


def assert_sound(text: str, dialect: Dialect | None) -> list[Statement]:
    """Read `text` and check what must hold whatever it is."""
    file = SourceFile("schema.sql", text)
    started = time.process_time()
    statements = read_statements(file, dialect)
    assert time.process_time() - started < LONGEST
    behind = 0
    for statement in statements:
        assert behind <= statement.span.start < statement.span.end <= len(text)
        behind = statement.span.end
        for span in spans(statement):
            assert_inside(span, statement, file)
    return statements


def assert_inside(span: Span, statement: Statement, file: SourceFile) -> None:
    """A part of a statement stands inside it."""
    assert span.file is file
    assert statement.span.start <= span.start <= span.end <= statement.span.end


def assert_next_table_is_read(text: str, dialect: Dialect | None) -> None:
    """Whatever `text` is, a table that is written behind it is read."""
    if dialect is Dialect.SQLITE and "/*" in text:
        return  # SQLite itself takes a comment that nothing closes for one
    table = "CREATE TABLE behind (id INT)"
    go = "GO\n" if dialect is Dialect.SQLSERVER else ""
    last = assert_sound(f"{text}\n{go}{table};\n", dialect)[-1]
    assert isinstance(last, CreateTable)
    assert last.span.text == table
    assert len(last.elements) == 1
