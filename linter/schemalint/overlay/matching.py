"""Pairs the keys, indexes and foreign keys of the two sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

import msgspec


class _Named(Protocol):
    @property
    def name(self) -> str | None: ...


_Fact = TypeVar("_Fact", bound=_Named)


class Matched(msgspec.Struct, Generic[_Fact]):
    """What both sides have, in the order of the schema, and what one of them has alone.

    `again` is what the migrations make once more: the same as something that is paired.
    """

    both: list[tuple[_Fact, _Fact]]
    only_declared: list[_Fact]
    only_migrated: list[_Fact]
    again: list[_Fact]


def match(
    declared: Iterable[_Fact], migrated: Iterable[_Fact], same: Callable[[_Fact, _Fact], bool]
) -> Matched[_Fact]:
    """Pair those that are the `same`; of several, first those of one name. What the schema
    declares once more than the migrations make it is left out."""
    every = list(migrated)
    left = list(every)
    both: list[tuple[_Fact, _Fact]] = []
    alone: list[_Fact] = []
    for one in declared:
        fitting = [other for other in left if same(one, other)]
        if fitting:
            chosen = next((other for other in fitting if other.name == one.name), fitting[0])
            left = [other for other in left if other is not chosen]
            both.append((one, chosen))
        elif not any(same(one, other) for other in every):
            alone.append(one)
    again = [other for other in left if any(same(one, other) for one, _ in both)]
    return Matched(both, alone, [other for other in left if other not in again], again)
