"""Rows that a rule forbids, told from the rows alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Literal

import msgspec

from schemalint.attack import Change, Forbidden, Row, State, Watch
from schemalint.condition.terms import Term
from schemalint.model import Model
from schemalint_rules.wording.describing import logical


class NothingInChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What forbids states only: no change is wrong as long as no forbidden row comes of it."""

    model: Model

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """None."""
        return None


class NothingForbidden(NothingInChanges, frozen=True, kw_only=True):
    """Whatever is stored is right: the rule only demands that something can be."""

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model),)

    def in_state(self, state: State) -> str | None:
        """None."""
        return None


class Either(msgspec.Struct, frozen=True, kw_only=True):
    """What one of several forbids. At most one of them asks for conditions of the same model."""

    parts: tuple[Forbidden, ...]

    @property
    def watches(self) -> tuple[Watch, ...]:
        """What any of them watches."""
        return tuple([watch for part in self.parts for watch in part.watches])

    def in_state(self, state: State) -> str | None:
        """What the first that finds something finds."""
        return next(filter(None, [part.in_state(state) for part in self.parts]), None)

    def in_change(self, changes: Sequence[Change]) -> str | None:
        """What the first that finds something finds."""
        return next(filter(None, [part.in_change(changes) for part in self.parts]), None)


class Wrong(NothingInChanges, frozen=True, kw_only=True):
    """Rows that `wrong` finds fault with, each by itself. `conditions` are what it asks of them."""

    wrong: Callable[[Row], str | None]
    conditions: tuple[Term, ...] = ()

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model, self.conditions),)

    def in_state(self, state: State) -> str | None:
        """What is wrong with the first row that is."""
        return next(filter(None, map(self.wrong, state[self.model.name])), None)


class Agreeing(NothingInChanges, frozen=True, kw_only=True):
    """Two rows that satisfy `where` and agree on every one of `columns`.

    `nulls`: whether two rows without a value agree. Text agrees if it is the same, or, with
    `ignore_case`, the same in small letters; lists agree if their elements do.
    """

    columns: tuple[str, ...]
    where: Term | None = None
    nulls: Literal["distinct", "equal"] = "distinct"
    ignore_case: bool = False

    @property
    def watches(self) -> tuple[Watch, ...]:
        """The rows of the model."""
        return (Watch(self.model, () if self.where is None else (self.where,)),)

    def in_state(self, state: State) -> str | None:
        """The first two that agree."""
        rows = [row for row in state[self.model.name] if all(row.truths)]
        for one, other in combinations(rows, 2):
            pairs = [(one.values[at], other.values[at]) for at in self.columns]
            if all(agree(*pair, self.nulls, ignore_case=self.ignore_case) for pair in pairs):
                held = told(self.model, one, self.columns)
                others = ", ".join(shown(other.values[at]) for at in self.columns)
                differently = "" if shown_alike(one, other, self.columns) else f" and {others}"
                return f"two rows of `{self.model.name}` agree: {held}{differently}"
        return None


def agree(
    one: object,
    other: object,
    nulls: Literal["distinct", "equal"],
    *,
    ignore_case: bool = False,
) -> bool:
    """Whether two values are the same to a rule."""
    if one is None or other is None:
        return nulls == "equal" and one is other
    if ignore_case and isinstance(one, (str, bytes)) and isinstance(other, (str, bytes)):
        return _text(one).lower() == _text(other).lower()
    if ignore_case and isinstance(one, list) and isinstance(other, list):
        pairs = list(zip(one, other, strict=False))
        alike = (agree(*pair, "equal", ignore_case=True) for pair in pairs)
        return len(one) == len(other) and all(alike)
    return one == other and isinstance(one, str) == isinstance(other, str)


def _text(value: str | bytes) -> str:
    """Text, in a column of bytes too."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def shown(value: object) -> str:
    """A value in a sentence."""
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)


def told(model: Model, row: Row, columns: Sequence[str], *, was: str = "") -> str:
    """What a row holds in columns, by the names of the fields, as the rule has them."""
    names = zip(logical(model, columns), columns, strict=True)
    return ", ".join(f"`{name}` {was}{shown(row.values[column])}" for name, column in names)


def shown_alike(one: Row, other: Row, columns: Sequence[str]) -> bool:
    """Whether two rows read the same there."""
    return all(shown(one.values[at]) == shown(other.values[at]) for at in columns)
