"""The statements of SQL files, as they are sent to a database one by one."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.loaders.sql.splitter import Piece, split
from schemalint.model import Dialect
from schemalint.source import SourceFile

# Of a client's own commands, and of what only makes sense around a whole script.
_TRANSACTIONS = frozenset(("BEGIN", "COMMIT", "START", "END"))


def statements(files: Iterable[SourceFile], dialect: Dialect) -> list[str]:
    """The statements of `files` in order, without those that begin and end transactions: each is
    its own when a schema is built, as ALTER TYPE ... ADD VALUE and CREATE INDEX CONCURRENTLY need
    it."""
    return [
        file.text[piece.tokens[0].start : piece.tokens[-1].end]
        for file in files
        for piece in split(file.text, dialect)
        if not _is_transaction(piece)
    ]


def _is_transaction(piece: Piece) -> bool:
    words = [token.text for token in piece.tokens if token.kind == "word"]
    return len(words) == len(piece.tokens) <= 3 and words[0] in _TRANSACTIONS
