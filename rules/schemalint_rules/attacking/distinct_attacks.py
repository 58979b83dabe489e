"""Attacks, each once."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.attack import Attack, Move


def distinct(attacks: Iterable[Attack]) -> list[Attack]:
    """The attacks without those that make the same moves as an earlier one."""
    found: list[Attack] = []
    seen: list[tuple[Move, ...]] = []
    for attack in attacks:
        if attack.moves not in seen:
            seen.append(attack.moves)
            found.append(attack)
    return found
