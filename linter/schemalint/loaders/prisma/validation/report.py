"""Where the checks put what they find."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.finding import Related
from schemalint.loaders.loaded import Problem
from schemalint.source import Span

COMPARISONS = 20_000
"""How many names one run compares to propose near matches: comparing is slow, and nobody reads
more of them."""


class Report:
    """Collects problems; `problems` holds errors and warnings in the order of the checks."""

    __slots__ = ("_comparisons_left", "failed", "problems")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.failed = False
        self._comparisons_left = COMPARISONS

    def error(
        self, span: Span, message: str, help: str | None = None, related: Iterable[Related] = ()
    ) -> None:
        """Add an error: Prisma rejects the schema for it."""
        self.failed = True
        self.problems.append(Problem(message, span, help=help, related=tuple(related)))

    def warning(self, span: Span, message: str, help: str | None = None) -> None:
        """Add a warning: Prisma accepts the schema, but says something about this place."""
        self.problems.append(Problem(message, span, warning=True, help=help))

    def nearest(self, name: str, known: Iterable[str]) -> str | None:
        """The known name that looks most like `name`, ignoring letter case; None if none is near,
        or if enough have been looked for."""
        if self._comparisons_left <= 0:
            return None
        from difflib import get_close_matches

        length = len(name)
        by_folded: dict[str, str] = {}
        passed = 0
        for passed, candidate in enumerate(known, 1):  # noqa: B007 -- counted for the budget
            if -4 < len(candidate) - length < 4:
                by_folded.setdefault(candidate.lower(), candidate)
        self._comparisons_left -= len(by_folded) + passed // 20 + 1
        found = get_close_matches(name.lower(), by_folded, n=1, cutoff=0.6)
        return by_folded[found[0]] if found else None

    def did_you_mean(self, name: str, known: Iterable[str]) -> str | None:
        """A help text that proposes the nearest known name, or None."""
        match = self.nearest(name, known)
        return f"Did you mean `{match}`?" if match is not None else None


def quoted(names: Iterable[str]) -> str:
    """The names between backticks, with commas."""
    return ", ".join(f"`{name}`" for name in names)
