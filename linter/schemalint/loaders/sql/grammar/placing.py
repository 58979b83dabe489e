"""Statements of a text that stands nowhere in a file, as of the place that runs them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from schemalint.source import Span

_Made = TypeVar("_Made")


def placed(made: _Made, span: Span) -> _Made:
    """A statement, or a part of one, with everything in it at `span`."""
    found: _Made = _placed(made, span)
    return found


def _placed(made: Any, span: Span) -> Any:
    if isinstance(made, Span):
        return span
    if isinstance(made, tuple):
        return tuple([_placed(one, span) for one in made])
    if not isinstance(made, msgspec.Struct):
        return made
    parts = {name: getattr(made, name) for name in made.__struct_fields__}
    moved = {name: _placed(part, span) for name, part in parts.items()}
    changed = {name: part for name, part in moved.items() if part is not parts[name]}
    return msgspec.structs.replace(made, **changed) if changed else made
