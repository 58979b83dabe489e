"""What the rulebook says of the schema: names and conditions, as written and with their places.

`Context` resolves them; a name that the schema has not is `Stale`.
"""

from __future__ import annotations

import msgspec

from schemalint.condition.terms import Term
from schemalint.model import Opaque
from schemalint.source import Span


class Ref(msgspec.Struct, frozen=True):
    """A name in the rulebook: a model (`Order`, `orders`), a field (`total`), or `Order.status`."""

    text: str
    span: Span


class Models(msgspec.Struct, frozen=True):
    """The models that a rule speaks of: some names, or every model (`"*"`) save `excluded`."""

    refs: tuple[Ref, ...]
    every: bool
    span: Span
    excluded: tuple[Ref, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """A `where` or `that` of the rulebook; the term's column names are as written, unresolved."""

    text: str
    term: Term
    span: Span


class Stale(Exception):  # noqa: N818 -- a verdict, not a fault of the program
    """A rule names something that the schema has not.

    Raised by `Context` look-ups, caught by the engine, which turns it into a `stale` verdict; into
    `unknown` where something `unread` could bring it. `others` are further names of the same list
    or condition that do not exist either: all are told in one run.
    """

    def __init__(
        self,
        message: str,
        span: Span,
        nearest: str | None = None,
        unread: Opaque | None = None,
    ) -> None:
        super().__init__(message)
        self.unread = unread
        if unread is not None:
            message += f" that was read, but one thing was not understood: {unread.reason}"
        self.message = message
        self.span = span
        self.nearest = nearest
        self.others: tuple[Stale, ...] = ()
