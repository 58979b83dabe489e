"""Places of constructs, as far as messages depend on them."""

from __future__ import annotations

from schemalint.source import Span


def covers(outer: Span, inner: Span) -> bool:
    """Whether `inner` lies within `outer`, so that showing both would show one line twice."""
    same = outer.file is inner.file
    return same and outer.start <= inner.start and inner.end <= outer.end
