"""What `__table_args__` holds: a tuple of constraints, a dict of options, or both."""

from __future__ import annotations

from schemalint.loaders.sqlmodel.arguments import is_none, text_of
from schemalint.loaders.sqlmodel.drafts import Gap
from schemalint.loaders.sqlmodel.values import Mapping, Operation, Sequence, Unresolved, Value


class TableArguments:
    """The arguments of a table.

    Attributes:
        items: constraints and indexes, as values.
        options: what the dict says.
        gaps: what could not be told.
    """

    def __init__(self, value: Value | None) -> None:
        self.items: list[Value] = []
        self.options: dict[str, Value] = {}
        self.gaps: list[Gap] = []
        self._take(value)

    def _take(self, value: Value | None) -> None:
        if value is None or is_none(value):
            return
        if isinstance(value, Mapping):
            self._take_options(value)
        elif isinstance(value, Sequence):
            items = list(value.items)
            if items and isinstance(items[-1], Mapping):
                self._take_options(items.pop())
            self.items += items
        elif isinstance(value, Operation) and value.operator == "+":
            for operand in value.operands:
                self._take(operand)
        else:
            reason = value.reason if isinstance(value, Unresolved) else "it is no tuple or dict"
            gap = Gap(span=value.span, reason=f"`__table_args__` could not be told: {reason}")
            self.gaps.append(gap)

    def _take_options(self, value: Value) -> None:
        if not isinstance(value, Mapping):
            return
        for key, item in value.items:
            name = text_of(key)
            if name is None:
                self.gaps.append(Gap(span=key.span, reason="an option's name could not be told"))
            else:
                self.options[name] = item
