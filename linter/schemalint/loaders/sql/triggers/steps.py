"""The steps of a trigger's body, whatever language it is written in."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.loaders.sql.triggers.expression import Expression


class Step(msgspec.Struct, frozen=True, gc=False):
    """Something that a body does."""


class Refuse(Step, frozen=True, gc=False):
    """Ends the statement with an error."""


class Return(Step, frozen=True, gc=False):
    """Ends the body. `what` becomes of the change: `new`, `old` and `null` as PostgreSQL returns
    them; `stop` lets it take place, `skip` drops it (SQLite's RAISE(IGNORE))."""

    what: Literal["new", "old", "null", "either", "stop", "skip"]


class Assign(Step, frozen=True, gc=False):
    """NEW.`column` gets a value."""

    column: str
    value: Expression


class Write(Step, frozen=True, gc=False):
    """INSERT, UPDATE or DELETE of rows of `table`."""

    table: str


class MayFail(Step, frozen=True, gc=False):
    """Could end the statement with an error or write anywhere, and does nothing to NEW."""

    reason: str


class Unclear(Step, frozen=True, gc=False):
    """Could do anything."""

    reason: str


class Choose(Step, frozen=True, gc=False):
    """Takes the steps of the first branch whose condition is true, else `otherwise`."""

    branches: tuple[tuple[Expression, tuple[Step, ...]], ...]
    otherwise: tuple[Step, ...] = ()


class Protected(Step, frozen=True, gc=False):
    """Steps with handlers for their errors."""

    steps: tuple[Step, ...]
    handlers: tuple[tuple[Step, ...], ...]


Steps = tuple[Step, ...]
