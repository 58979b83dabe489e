"""What became of an attack: the statements that were sent, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from schemalint.attack import Attack, Step, Together
from schemalint.model import Model
from schemalint.prove.database import Refused


class Answered(msgspec.Struct, frozen=True):
    """A statement as it was sent, and the database's answer; None if it was accepted. `model` is
    whose row could not be stored, where rows are made."""

    sql: str
    refusal: Refused | None = None
    model: Model | None = None


Left: TypeAlias = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


class Outcome(msgspec.Struct, frozen=True):
    """What became of an attack.

    `end`: `through`, what the rule forbids was seen, as `what` says; `refused` by the database, at
    the last of the statements; `harmless`, everything was accepted and nothing forbidden seen;
    `not tried`, since what has to be there first could not be had, as `what` says. `stored` is the
    row that was stored last, of what is harmless. `already`, of what was not tried: what a writer
    did, and what was forbidden about that, before the attack began. `left`, where what led to
    something forbidden may well be accepted: a table, columns of it, as SQL, and
    what its rows have there then.
    """

    attack: Attack
    end: Literal["through", "refused", "harmless", "not tried"]
    statements: tuple[Answered, ...] = ()
    what: str = ""
    stored: Mapping[str, Any] = {}
    already: tuple[str, str] | None = None
    left: Left | None = None

    @property
    def refusal(self) -> Refused | None:
        """What the database said to the last statement, if it refused it."""
        return self.statements[-1].refusal if self.statements else None


def steps(attack: Attack) -> Iterator[Step]:
    """The moves of an attack, those of transactions one by one."""
    for move in attack.moves:
        yield from move.moves if isinstance(move, Together) else (move,)
