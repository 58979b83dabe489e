"""The effect of a trigger on the row that it is for."""

from __future__ import annotations

from typing import Literal

import msgspec

Event = Literal["insert", "update", "delete", "truncate"]
Kind = Literal["raises", "raises-if", "skips", "skips-if", "sets", "nothing", "opaque"]


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
