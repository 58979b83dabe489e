"""Rows that may have been stored before a constraint came, and whether it was held against them.

Observed on PostgreSQL 15: NOT VALID means nothing in CREATE TABLE. A table that is made of another
(INHERITS, PARTITION OF, LIKE) is empty, and has constraints that are valid. VALIDATE CONSTRAINT
reaches those that inherit; where they were valid before, they stay so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

import msgspec

from schemalint.loaders.sql.clauses import CheckClause, Constraint, ForeignKeyClause
from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.statements import Ignored
from schemalint.model import Check, ForeignKey
from schemalint.source import SourceFile, Span

_OnRows = TypeVar("_OnRows", Check, ForeignKey)
# Of pg_dump, with and without its comments, and of SQL Server's "Generate Scripts".
_DUMPED = ("ALTER TABLE ONLY ", "-- PostgreSQL database dump", "/****** Object:  Table ")


def may_have_rows(replay: Replay, table: Table, span: Span) -> bool:
    """Whether rows of `table` may be stored when what stands at `span` is run.

    They cannot where the same file has made the table and put nothing into it. A dump tells of a
    database that has rows: what is NOT VALID in it was NOT VALID there.
    """
    path = span.file.path
    whole = table.partition_of
    above = []
    while whole is not None and whole not in above:
        above.append(whole)
        whole = whole.partition_of
    below = (table, *replay.catalog.descendants(table))
    return (
        any(one.filled for one in above)
        or any(one.filled or one.span.file.path != path for one in below)
        or _is_dump(span.file)
    )


@lru_cache(maxsize=1)
def _is_dump(file: SourceFile) -> bool:
    return any(mark in file.text for mark in _DUMPED)


def fill(replay: Replay, statement: Ignored) -> None:
    """INSERT, COPY and the like: the table is not empty any more."""
    if statement.into is None or replay.is_temporary(statement.into):
        return
    table = replay.catalog.table(statement.into)
    if table is not None:
        table.filled = True


def of_new_table(clause: Constraint) -> Constraint:
    """A constraint as CREATE TABLE takes it, where there is no row that NOT VALID could spare."""
    if isinstance(clause, CheckClause | ForeignKeyClause) and not clause.validated:
        return msgspec.structs.replace(clause, validated=True)
    return clause


def as_validated(constraint: _OnRows) -> _OnRows:
    """The constraint as one that every stored row keeps."""
    if constraint.validated:
        return constraint
    return msgspec.structs.replace(constraint, validated=True)
