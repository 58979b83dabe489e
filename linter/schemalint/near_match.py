"""Which name somebody may have meant who wrote one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name most like `text`, letter case aside, or None."""
    from difflib import get_close_matches  # only needed once something is wrong

    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(text.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None
