"""What serves a look-up of rows by the values of some columns, beside plain indexes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemalint.model import Exclusion


def holds_all(where: str | None, columns: Iterable[str]) -> bool:
    """Whether an index with such a predicate holds every row that has values in `columns`, so that
    looking for values finds it (PostgreSQL's planner does, seen on 15)."""
    if where is None:
        return True
    words = re.sub(r'[()"`]', " ", where).lower().split()
    return any(words == [column.lower(), "is", "not", "null"] for column in columns)


def leading_equal(exclusion: Exclusion) -> tuple[str, ...]:
    """The first columns of an exclusion constraint that it compares by `=`: its index finds rows by
    them, as foreign keys need it, too (seen on PostgreSQL 15)."""
    found: list[str] = []
    for part, operator in zip(exclusion.parts, exclusion.operators, strict=True):
        if part.column is None or operator != "=":
            break
        found.append(part.column)
    return tuple(found)
