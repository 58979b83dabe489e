"""Which row is which after a statement: rows have no name in a database, and keys change, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Values = tuple[Any, ...]


def paired(
    before: Sequence[Values],
    after: Sequence[Values],
    key: Sequence[int],
    *,
    changed: int | None = None,
    gone: int | None = None,
    replaced: bool = False,
) -> list[tuple[int | None, int | None]]:
    """Each row before with what it is after, by position; None where it is gone, or is new.

    Args:
        before: the rows of one table, and what each held.
        after: the same, after one statement.
        key: the positions of the primary key's members, () if there is none.
        changed: the row that the statement changed, if it changes one of this table.
        gone: the row that the statement deleted.
        replaced: whether the statement was a REPLACE, which deletes rows and stores another.
    """
    left = [at for at in range(len(before)) if at != gone]
    free = list(range(len(after)))
    pairs: list[tuple[int | None, int | None]] = [] if gone is None else [(gone, None)]

    def take(one: int, other: int) -> None:
        pairs.append((one, other))
        left.remove(one)
        free.remove(other)

    def same_key(one: int, other: int) -> bool:
        members = tuple(before[one][at] for at in key)
        if not members or None in members:
            return False
        return same(members, tuple(after[other][at] for at in key))

    for one in list(left):
        other = next((at for at in free if same(before[one], after[at])), None)
        if other is not None and not (one == changed and _twice(before, one)):
            take(one, other)
    if not replaced:
        for one in list(left):
            other = next((at for at in free if same_key(one, at)), None)
            if other is not None:
                take(one, other)
        ordered = [changed, *left] if changed in left else list(left)
        for one in dict.fromkeys(ordered):
            close = max(free, key=lambda at: _likeness(before[one], after[at]), default=None)
            if close is not None and (one == changed or _likeness(before[one], after[close]) > 0):
                take(one, close)
    pairs += [(one, None) for one in left]
    pairs += [(None, other) for other in free]
    return pairs


def _twice(rows: Sequence[Values], one: int) -> bool:
    """Whether another row holds just the same."""
    return any(same(row, rows[one]) for at, row in enumerate(rows) if at != one)


def same(one: Values, other: Values) -> bool:
    """Whether two rows hold the same: 1, 1.0 and True are three things, and NaN is itself."""
    return len(one) == len(other) and all(map(alike, one, other))


def alike(one: object, other: object) -> bool:
    """Whether two values of rows are the same to the last bit."""
    if type(one) is not type(other):
        return False
    return one == other or (one != one and other != other)  # noqa: PLR0124 -- NaN


def _likeness(one: Values, other: Values) -> int:
    return sum(map(alike, one, other))
