"""What a call is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemalint.loaders.sqlmodel.values import Unresolved, Value
from schemalint.source import Span

if TYPE_CHECKING:
    from schemalint.loaders.sqlmodel.evaluation.evaluate import Evaluator

Keywords = tuple[tuple[str, Value], ...]


class Given:
    """One call: its arguments, and the span of the whole of it."""

    __slots__ = ("args", "keywords", "run", "span")

    def __init__(
        self, run: Evaluator, args: tuple[Value, ...], keywords: Keywords, span: Span
    ) -> None:
        self.run = run
        self.args = args
        self.keywords = keywords
        self.span = span

    def with_first(self, args: tuple[Value, ...], keywords: Keywords = ()) -> Given:
        """The same call with more arguments before its own; its own keywords win."""
        own = {name for name, _ in self.keywords}
        before = tuple(item for item in keywords if item[0] not in own)
        return Given(self.run, (*args, *self.args), (*before, *self.keywords), self.span)

    @property
    def unresolved(self) -> Unresolved | None:
        """The call as it is if an argument cannot be told; None if all can."""
        for value in (*self.args, *(value for _, value in self.keywords)):
            if isinstance(value, Unresolved):
                return Unresolved(span=self.span, reason=value.reason)
        return None
