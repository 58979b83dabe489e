"""Files of SQL for tests of the splitter and the grammar: the text to its structs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.loaders.sql.clauses import Node, UnknownClause
from schemalint.loaders.sql.parse import read_statements
from schemalint.loaders.sql.splitter import split
from schemalint.loaders.sql.statements import NotUnderstood, Statement
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span


def statements(sql: str, dialect: Dialect | None = Dialect.POSTGRESQL) -> list[Statement]:
    """The statements of a file with this text."""
    return read_statements(SourceFile("test.sql", sql), dialect)


def texts(sql: str, dialect: Dialect | None = Dialect.POSTGRESQL) -> list[str]:
    """The statements' texts, as they were cut."""
    return [sql[piece.tokens[0].start : piece.tokens[-1].end] for piece in split(sql, dialect)]


def nodes(value: object) -> Iterator[Node]:
    """Every node in a statement, itself first."""
    if isinstance(value, Node):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Span):
        for name in value.__struct_fields__:
            yield from nodes(getattr(value, name))


def not_read(found: list[Statement]) -> list[str]:
    """Why something was not read: of texts at fault, and of clauses that are not known."""
    reasons = []
    for statement in found:
        if isinstance(statement, NotUnderstood) and not statement.known:
            reasons.append(statement.reason)
        reasons += [node.reason for node in nodes(statement) if isinstance(node, UnknownClause)]
    return reasons
