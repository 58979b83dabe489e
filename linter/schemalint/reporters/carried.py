"""What was carried out on a database, as lines for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from schemalint.report import Carried, Tried
from schemalint.reporters.terminal import harmless, harmless_name, width, wrap

Paint = Callable[..., str]

_ENDS = {
    "through": "got through",
    "refused": "refused",
    "harmless": "accepted without harm",
    "not tried": "could not be tried",
}


def carried_lines(
    carried: Sequence[Carried], limit: int, paint: Paint, *, verbose: bool
) -> Iterator[str]:
    """A line or more for each rule over each model; with `verbose` every attempt, and its
    statements. `limit` is the width in terminal cells."""
    ids = max((width(harmless_name(one.rule)) for one in carried), default=0)
    for one in carried:
        name = harmless_name(one.rule)
        name += " " * (ids - width(name))
        first, *more = wrap(f"{one.model}: {_in_short(one)}", limit - ids - 2)
        told = any(tried.end != "not tried" for tried in one.tried)
        color = "red" if one.shown else "green" if told else "yellow"
        yield f"{paint(name, fg=color, bold=True)}  {first}"
        yield from (" " * (ids + 2) + line for line in more)
        if verbose:
            for tried in one.tried:
                yield from _attempt(tried, limit)


def _in_short(carried: Carried) -> str:
    if not carried.tried:
        return f"not carried out: {carried.why_not or 'there is nothing to try'}"
    attacks = [one for one in carried.tried if one.aim == "forbidden" or one.end == "through"]
    demands = [one for one in carried.tried if one.aim == "demanded" and one.end != "through"]
    told: list[str] = []
    if attacks:
        told.append(f"{_number(len(attacks), 'way')} to break it: {_happened(attacks)}")
    if demands and (carried.shown or not attacks):
        fine = all(one.end == "harmless" for one in demands)
        happened = "accepted" if fine else _happened(demands)
        told.append(f"{_number(len(demands), 'use')} that it demands: {happened}")
    return f"on {carried.database}, {'; '.join(told) or 'what it allows is accepted'}"


def _happened(tried: Sequence[Tried]) -> str:
    """How attempts ended, and where none could be made, why."""
    ends = [(_count(tried, end), word) for end, word in _ENDS.items()]
    happened = ", ".join(f"{count} {word}" for count, word in ends if count)
    untried = all(one.end == "not tried" for one in tried)
    return f"{happened} ({tried[0].what})" if untried and tried[0].what else happened


def _count(tried: Sequence[Tried], end: str) -> int:
    return sum(one.end == end for one in tried)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _attempt(tried: Tried, limit: int) -> Iterator[str]:
    told = f"a writer {tried.says}: {_ENDS[tried.end]}"
    if tried.what:
        told += f" ({tried.what})"
    first, *more = wrap(told, limit - 4)
    yield f"  - {first}"
    yield from (f"    {line}" for line in more)
    yield from (f"        {harmless(sent.line)}" for sent in tried.statements)
