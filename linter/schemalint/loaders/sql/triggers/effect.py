"""The effect of a trigger on the row that it is for."""

from __future__ import annotations

from typing import Literal

import msgspec

Event = Literal["insert", "update", "delete", "truncate"]
Kind = Literal["raises", "raises-if", "skips", "skips-if", "sets", "nothing", "opaque"]


class Columns(msgspec.Struct, frozen=True):
    """The columns of a trigger's table, by their physical names.

    `computed` are generated columns, `numbered` those that count up by themselves (SQLite: the
    row id). Before the row is stored, neither of them need have their values.
    """

    names: frozenset[str]
    computed: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()


class Effect(msgspec.Struct, frozen=True, gc=False):
    """What a trigger does on `events`, in the words of `schemalint.model.Trigger`.

    `reason` says, for people, why an `opaque` one was not understood.
    """

    events: tuple[Event, ...]
    effect: Kind
    condition: str | None = None
    assigns: tuple[tuple[str, str], ...] = ()
    writes: tuple[str, ...] = ()
    reason: str = ""
