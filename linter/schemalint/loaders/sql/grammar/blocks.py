"""PostgreSQL's DO: a block of PL/pgSQL whose statements are DDL."""

from __future__ import annotations

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import not_modelled
from schemalint.loaders.sql.statements import Block, Ignored, NotUnderstood


def read_do(cursor: Cursor) -> Block | Ignored | NotUnderstood:
    """DO with its body."""
    cursor.expect("DO")
    return not_modelled(cursor, "a block of procedural code")
