"""Changes of rows that a rule forbids, told from what a row was and what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from schemalint.attack import Change, Row, State, Watch
from schemalint.condition.terms import Term
from schemalint.model import Model
from schemalint_rules.attacking.forbidden_rows import shown, told
from schemalint_rules.wording.describing import logical


class Altered(msgspec.Struct, frozen=True, kw_only=True):
    """A row, of those that satisfy `where` before, of which one of `columns` is changed: NULL is a
    value, and 1 another than 1.0. With `once` a change from NULL is none. With `staying` it must
    not go either.
    """

    model: Model
    columns: tuple[str, ...]
    where: Term | None = None
    once: bool = False
    staying: bool = False

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model, () if self.where is None else (self.where,)),)

    def in_state(self, state: State) -> str | None:
        """None: no state is forbidden."""
        return None

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """What happened to the first row that had to stay as it was."""
        for change in changes:
            before, after = change.before, change.after
            if change.model != self.model.name or before is None or not all(before.truths):
                continue
            if after is None:
                if self.staying:
                    return f"a row of `{self.model.name}` is gone ({self._told(before)})"
                continue
            for column in self.columns:
                old, new = before.values[column], after.values[column]
                if not _same(old, new) and not (self.once and old is None):
                    (name,) = logical(self.model, [column])
                    return (
                        f"`{self.model.name}.{name}` has become {shown(new)}, and was {shown(old)}"
                    )
        return None

    def _told(self, row: Row) -> str:
        first = self.columns[:3] or tuple(row.values)[:3]
        return told(self.model, row, first, was="was ")


class Stepped(msgspec.Struct, frozen=True, kw_only=True):
    """A row in another state than `allowed`, or in none (unless `optional`), or that came there in
    a way that is forbidden.

    States are what is stored. A new row that names no state has to be in `initial`, if that is
    given. `following`, if given, has for each state those that may follow it: then a new row has to
    be in `initial` too, no row goes back to NULL, and from NULL it starts.
    """

    model: Model
    column: str
    allowed: tuple[Any, ...]
    initial: Any = None
    following: Mapping[Any, tuple[Any, ...]] | None = None
    optional: bool = False

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model),)

    def in_state(self, state: State) -> str | None:
        """The first row that is in none of the states."""
        for row in state[self.model.name]:
            value = row.values[self.column]
            if value is None:
                if not self.optional:
                    return f"a row of `{self.model.name}` is in no state at all"
            elif not any(_equal(value, one) for one in self.allowed):
                return f"a row of `{self.model.name}` is in the state {shown(value)}"
        return None

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """The first forbidden start or step."""
        for change in changes:
            if change.model != self.model.name or change.after is None:
                continue
            new = change.after.values[self.column]
            if change.before is None:
                wrong = self._start(new, named=not change.own or self.column in change.named)
            else:
                wrong = self._step(change.before.values[self.column], new)
            if wrong is not None:
                return wrong
        return None

    def _start(self, new: Any, *, named: bool) -> str | None:
        if self.initial is None or _equal(new, self.initial):
            return None
        if not named:
            return f"a row that names no state starts as {shown(new)}"
        if self.following is not None and new is not None:
            return f"a new row is {shown(new)} at once"
        return None

    def _step(self, old: Any, new: Any) -> str | None:
        if self.following is None or _equal(old, new):
            return None
        if old is None:
            known = self.initial is None or _equal(new, self.initial)
            return None if known else f"a row without a state becomes {shown(new)} at once"
        listed = next((then for one, then in self.following.items() if _equal(one, old)), ())
        if any(_equal(new, one) for one in listed):
            return None
        return f"a row that was {shown(old)} has become {shown(new)}"


def _same(one: Any, other: Any) -> bool:
    """Whether a value is the same: of the same type, and NaN is itself."""
    if type(one) is not type(other):
        return False
    return bool(one == other) or (one != one and other != other)  # noqa: PLR0124 -- NaN


def _equal(one: Any, other: Any) -> bool:
    """Whether two states are the same: 1 is true, and no text is a number."""
    return bool(one == other) and isinstance(one, str) == isinstance(other, str)
