"""What was carried out on a database, as lines for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from schemalint.report import Carried, Tried
from schemalint.reporters.terminal import harmless, harmless_name, width, wrap

Paint = Callable[..., str]

_ENDS = {
    "through": "got through",
    "refused": "refused",
    "harmless": "accepted, and nothing wrong came of it",
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
        color = "red" if one.shown else "green" if one.tried else "yellow"
        yield f"{paint(name, fg=color, bold=True)}  {first}"
        yield from (" " * (ids + 2) + line for line in more)
        if verbose:
            for tried in one.tried:
                yield from _attempt(tried, limit)


def _in_short(carried: Carried) -> str:
    if not carried.tried:
        return f"not carried out: {carried.why_not or 'there is nothing to try'}"
    attacks = [one for one in carried.tried if one.aim == "forbidden"]
    counts = {
        end: sum(one.end == end for one in attacks)
        for end in ("through", "refused", "harmless", "not tried")
    }
    told = [f"{count} {_ENDS[end]}" for end, count in counts.items() if count]
    uses = [one for one in carried.tried if one.aim != "forbidden"]
    denied = sum(one.end == "refused" for one in uses)
    if denied:
        told.append(f"{denied} of {len(uses)} allowed uses refused")
    ways = f"{len(attacks)} way{'' if len(attacks) == 1 else 's'} to break it"
    return f"{ways} tried on {carried.database}: {', '.join(told) or 'none'}"


def _attempt(tried: Tried, limit: int) -> Iterator[str]:
    told = f"a writer {tried.says}: {_ENDS[tried.end]}"
    if tried.what:
        told += f" ({tried.what})"
    first, *more = wrap(told, limit - 4)
    yield f"  - {first}"
    yield from (f"    {line}" for line in more)
    yield from (f"        {harmless(sent.line)}" for sent in tried.statements)
