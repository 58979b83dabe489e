"""Holds the rulebook against the prose that it renders: every id of one stands in the other.

The prose is any text, Markdown as a rule. An id stands in it as a word of its own. What counts
as an id there is learnt from the rulebook: beside `BR-07`, every `BR-` with digits is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from schemalint.finding import Finding, Related, Severity
from schemalint.own_rules import UNMAPPED_RULE
from schemalint.rule import Entry
from schemalint.source import SourceFile, Span

_NUMBERED = re.compile(r"(.*?[^\W\d_][\W_]*)\d+")


def unmapped(entries: Sequence[Entry], prose: SourceFile, source: Span) -> Iterator[Finding]:
    """The ids that stand on one side only.

    Args:
        entries: the rules that render this prose.
        prose: its text.
        source: where the rulebook names it.
    """
    for entry in entries:
        if not re.search(_word(entry.id), prose.text):
            yield _finding(
                entry.id,
                f"the rule `{entry.id}` renders nothing of `{prose.path}`: its id does not occur "
                "there",
                entry.id_span,
                "not in the prose",
                "put the id where the prose states the rule, or remove the rule",
                says=entry.says,
                related=[Related("the prose", source)],
            )
    known = {entry.id for entry in entries}
    for text, span in _ids(known, prose):
        yield _finding(
            text,
            f"the prose states `{text}`, and no rule renders it",
            span,
            "no rule",
            f"add a rule `{text}`; where the service keeps it, with `enforced_by: service` and "
            "`because:`",
            related=[Related("the rulebook that renders this text", source)],
        )


def _word(text: str) -> str:
    """A regular expression for an id that is no part of a longer word."""
    return rf"(?<![\w-]){re.escape(text)}(?![\w]|-\w)"


def _ids(known: set[str], prose: SourceFile) -> list[tuple[str, Span]]:
    """The first place of each id in the prose that is formed like one of `known` and is not."""
    heads = {match[1] for name in known if (match := _NUMBERED.fullmatch(name))}
    found: dict[str, Span] = {}
    for head in heads:
        for match in re.finditer(rf"(?<![\w-]){re.escape(head)}\d+(?![\w]|-\w)", prose.text):
            if match[0] not in known:
                found.setdefault(match[0], Span(prose, match.start(), match.end()))
    return sorted(found.items(), key=lambda item: item[1].start)


def _finding(
    rule: str,
    message: str,
    span: Span,
    label: str,
    help: str,
    *,
    says: str | None = None,
    related: Iterable[Related] = (),
) -> Finding:
    return Finding(
        rule=UNMAPPED_RULE,
        name=UNMAPPED_RULE,
        message=message,
        span=span,
        severity=Severity.ERROR,
        path=rule,
        label=label,
        help=help,
        says=says,
        related=tuple(related),
    )
