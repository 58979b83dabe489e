"""What is told to the user about one place: findings, how much they weigh, how to mend them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec

from schemalint.source import Span


class Severity(StrEnum):
    """How much a finding weighs; `--fail-on` names the least that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


FailOn = Literal["error", "warning", "info", "never"]
"""The least severity that fails a run."""

_WEIGHT = {Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}


class Verdict(StrEnum):
    """What becomes of a business rule; the order is from best to worst."""

    KEPT = "kept"
    SERVICE = "service"
    WEAK = "weak"
    UNKNOWN = "unknown"
    QUESTION = "question"
    INEXPRESSIBLE = "inexpressible"
    BROKEN = "broken"
    STALE = "stale"

    @property
    def fails(self) -> bool:
        """Whether the verdict by itself fails a run."""
        return self not in (Verdict.KEPT, Verdict.SERVICE)


WORST_LAST = tuple(Verdict)


class Related(msgspec.Struct, frozen=True):
    """Another place that matters to a finding, and why."""

    message: str
    span: Span


class Edit(msgspec.Struct, frozen=True):
    """Replace the characters of `span` by `text` (an empty span inserts)."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Edits that mend a finding. `safe`: they cannot change what an accepted row means."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


class Sent(msgspec.Struct, frozen=True):
    """A statement that was sent to a database, and its answer: None if it was accepted, else what
    the database said."""

    sql: str
    refusal: str | None = None

    @property
    def line(self) -> str:
        """The statement as it can be pasted, with the answer behind it."""
        if self.refusal is None:
            return f"{self.sql};"
        return f"{self.sql}; -- refused: {' '.join(self.refusal.split())}"


class Counterexample(msgspec.Struct, frozen=True):
    """Statements that a database really took, and what the rule forbids about what came of them.

    `database` is what they were executed on, with its version (`sqlite 3.40.1`); `says` completes
    "a writer ..."; `what` tells what was seen afterwards.
    """

    database: str
    says: str
    statements: tuple[Sent, ...]
    what: str

    @property
    def title(self) -> str:
        """Who did what, and where."""
        return f"on {self.database} a writer {self.says}"

    @property
    def text(self) -> str:
        """The whole of it, in lines."""
        lines = [f"{self.title}:", *(f"    {one.line}" for one in self.statements)]
        return "\n".join([*lines, f"then {self.what}"])


class Finding(msgspec.Struct, frozen=True):
    """Something to tell the user about one place.

    Attributes:
        rule: the business rule's id or the design rule's id (`invalid-schema`,
            `invalid-rulebook` ... are the tool's own: `schemalint.own_rules`).
        name: the business rule's kind, or the design rule's id again.
        message: one sentence or two: what is wrong and what it leads to.
        span: where; None only where no text is to blame.
        path: the construct's symbolic name, `User.email`.
        label: a few words under the marked range; None repeats nothing.
        help: what to do about it; may hold several lines (SQL to add).
        says: the sentence of the business rule.
        counterexample: what a database accepted against the rule.
    """

    rule: str
    message: str
    span: Span | None
    severity: Severity = Severity.ERROR
    name: str = ""
    verdict: Verdict | None = None
    path: str | None = None
    label: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    help: str | None = None
    says: str | None = None
    counterexample: Counterexample | None = None


def fails(findings: Iterable[Finding], fail_on: FailOn | None) -> bool:
    """Whether one of the findings weighs as much as `fail_on` (None: as much as an error)."""
    if fail_on == "never":
        return False
    least = _WEIGHT[Severity(fail_on or "error")]
    return any(_WEIGHT[finding.severity] >= least for finding in findings)
