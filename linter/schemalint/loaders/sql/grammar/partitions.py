"""What PostgreSQL's partitioned tables are parted by, and which rows each part takes."""

from __future__ import annotations

from contextlib import suppress

from schemalint.loaders.sql.clauses import Bound
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.key_parts import read_key_parts
from schemalint.model import KeyPart


def read_partition_key(cursor: Cursor) -> tuple[KeyPart, ...]:
    """What decides to which part a row belongs, where PARTITION BY comes next, and stays next; ()
    where it does not, or where that is of another form."""
    begin = cursor.at_token
    parts: tuple[KeyPart, ...] = ()
    if cursor.accept("PARTITION", "BY") and not cursor.done:
        cursor.next()  # RANGE, LIST, HASH
        with suppress(SyntaxFaultError):
            parts = read_key_parts(cursor)
    cursor.at_token = begin
    return parts


def read_bound(cursor: Cursor) -> Bound:
    """`FOR VALUES ...` or DEFAULT, and what stands behind it up to the next clause."""
    start = cursor.mark()
    bound = Bound(kind="other", span=cursor.since(start))
    if cursor.accept("DEFAULT"):
        bound = Bound(kind="default", span=cursor.since(start))
    elif cursor.accept("FOR", "VALUES"):
        if cursor.accept("IN") and cursor.at("("):
            bound = Bound(kind="in", values=_values(cursor), span=cursor.since(start))
        elif cursor.accept("FROM") and cursor.at("("):
            lower = _values(cursor)
            if cursor.accept("TO") and cursor.at("("):
                upper = _values(cursor)
                span = cursor.since(start)
                bound = Bound(kind="range", values=lower, upper=upper, span=span)
    cursor.until("PARTITION", "USING", "TABLESPACE", ",", ")")
    return bound


def _values(cursor: Cursor) -> tuple[str, ...]:
    """`(value, value, ...)` as it was written."""
    cursor.next()
    found = []
    while not cursor.done and not cursor.at(")"):
        found.append(cursor.until(",", ")").text)
        if not cursor.accept(","):
            break
    cursor.accept(")")
    return tuple(found)
