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
    becomes: Values | None = None,
    gone: int | None = None,
    stored: int | None = None,
) -> list[tuple[int | None, int | None]]:
    """Each row before with what it is after, by position; None where it is gone, or is new.

    What is as it was is itself; of the rest, the statement's own row is told by what the statement
    gave it, the others by their key. A row whose key changes too (its parent was re-keyed) is known
    by what else it holds, if that is half of all at least.

    Args:
        before: the rows of one table, and what each held.
        after: the same, after one statement.
        key: the positions of the primary key's members, () if there is none.
        changed: the row that the statement changed, if it changes one of this table.
        becomes: what that row holds then, if nothing but the statement changes it.
        gone: the row that the statement was to delete.
        stored: where the row stands, after, that the statement inserted.
    """
    return _Pairing(before, after, key, stored).found(changed, becomes, gone)


class _Pairing:
    def __init__(
        self,
        before: Sequence[Values],
        after: Sequence[Values],
        key: Sequence[int],
        stored: int | None,
    ) -> None:
        self._before = before
        self._after = after
        self._key = key
        self._stored = stored
        self._left = list(range(len(before)))
        self._free = sorted(range(len(after)), key=lambda at: at == stored)
        self._pairs: list[tuple[int | None, int | None]] = []

    def found(
        self, changed: int | None, becomes: Values | None, gone: int | None
    ) -> list[tuple[int | None, int | None]]:
        if changed is not None and becomes is not None:
            self._become(changed, becomes)
        # Of two rows that are the same in all, the statement's own is the one that is not there.
        for one in sorted(self._left, key=lambda at: at in (changed, gone)):
            self._take(one, self._same(one))
        if self._stored in self._free:
            self._pairs.append((None, self._stored))
            self._free.remove(self._stored)
        if changed in self._left:
            wanted = self._before[changed] if becomes is None else becomes
            self._take(changed, self._most_like(wanted))
        others = [one for one in self._left if one != gone]
        for find in (self._same_key, self._half):
            for one in others:
                if one in self._left:
                    self._take(one, find(one))
        if gone in self._left:  # nevertheless: a trigger only marks it, and drops the DELETE
            self._take(gone, self._same_key(gone) if self._key else self._half(gone))
        self._pairs += [(one, None) for one in self._left]
        self._pairs += [(None, other) for other in self._free]
        return self._pairs

    def _become(self, changed: int, becomes: Values) -> None:
        """The statement's row, where it is certain: it may have taken another's place."""
        if self._same(changed) is None:
            self._take(changed, next((at for at in self._free if self._is(at, becomes)), None))

    def _is(self, at: int, row: Values) -> bool:
        return same(self._after[at], row)

    def _take(self, one: int, other: int | None) -> None:
        if other is not None:
            self._pairs.append((one, other))
            self._left.remove(one)
            self._free.remove(other)

    def _same(self, one: int) -> int | None:
        row = self._before[one]
        return next((at for at in self._free if same(row, self._after[at])), None)

    def _same_key(self, one: int) -> int | None:
        members = self._members(self._before[one])
        if not members or None in members:
            return None
        return next((at for at in self._free if self._members(self._after[at]) == members), None)

    def _half(self, one: int) -> int | None:
        row = self._before[one]
        best = max(self._free, key=lambda at: _likeness(row, self._after[at]), default=None)
        if best is None or 2 * _likeness(row, self._after[best]) < len(row):
            return None
        return best

    def _most_like(self, wanted: Values) -> int | None:
        def score(at: int) -> tuple[bool, int]:
            return self._members(self._after[at]) == members, _likeness(wanted, self._after[at])

        members = self._members(wanted)
        return max(self._free, key=score, default=None)

    def _members(self, row: Values) -> Values:
        return tuple(row[at] for at in self._key)


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
