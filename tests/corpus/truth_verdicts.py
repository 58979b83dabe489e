"""Verdicts against observed outcomes: what each should be, and what it is.

`python -m tests.corpus.truth_verdicts U08 F06` tells for each case and database the outcome, the
verdict and the message; without ids, it tells all that disagree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.rule import Verdict
from schemalint.source import SourceFile
from tests.corpus.truth_cases import Case, cases
from tests.corpus.truth_rules import RULES
from tests.corpus.truth_rules.mapping import Mapped
from tests.rules.judging import Judged, judge

NOT_KEPT = (Verdict.BROKEN, Verdict.INEXPRESSIBLE, Verdict.WEAK)
REFUSES_VALUES = ("optional", "states", "reference", "audit")
"""Kinds that a schema breaks by refusing what they want to be possible."""


class Expected(StrEnum):
    """What the outcome says about the rule."""

    BROKEN = "broken"
    KEPT = "kept"
    TOO_STRICT = "too strict"
    FITTING = "fitting"


class Result(StrEnum):
    """How a verdict stands to the outcome."""

    AGREES = "agrees"
    UNKNOWN = "unknown"
    WRONG_KEPT = "wrong kept"
    WRONG_BROKEN = "wrong broken"
    STRICTNESS_MISSED = "strictness missed"
    STRICTNESS_IMAGINED = "strictness imagined"
    NOT_JUDGED = "not judged"


class Compared(msgspec.Struct, frozen=True):
    """One case on one database, judged."""

    case: Case
    rule: str
    expected: Expected
    judged: Judged
    result: Result

    @property
    def line(self) -> str:
        """All of it in a few lines."""
        tried = f"{self.case.attempt_is} {self.case.outcome}"
        verdict = self.judged.verdict.value
        head = (
            f"{self.case.id} {self.case.database}: {tried}, so {self.expected}; {verdict}: "
            f"{self.result.upper() if self.result != Result.AGREES else self.result}"
        )
        told = self.judged.message or ", ".join(self.judged.kept_by)
        text = "\n".join(f"      {line}" for line in told.splitlines()[:3])
        return f"{head}\n    {' '.join(self.rule.split())}\n{text}"


def load(case: Case) -> Loaded:
    """The schema of a case, as `schemalint check` reads a file with its DDL."""
    return SqlLoader().load([SourceFile("case.sql", case.script)], dialect=case.dialect)


def expected(case: Case, mapped: Mapped) -> Expected:
    """What follows from the outcome, and from what is known beside it."""
    harmless = case.database in mapped.harmless
    if mapped.witness(case.database) is not None:
        return Expected.BROKEN
    if case.forbidden:
        return Expected.BROKEN if case.accepted and not harmless else Expected.KEPT
    return Expected.FITTING if case.accepted else Expected.TOO_STRICT


def compare(case: Case, mapped: Mapped) -> Compared:
    """Judge the rule of a case and hold the verdict against the outcome."""
    schema = load(case).schema
    if mapped.foreign_keys:
        schema = switched_on(schema)
    rule = mapped.rule_for(case.database)
    judged = judge(schema, rule)
    wanted = expected(case, mapped)
    return Compared(case, rule, wanted, judged, _result(wanted, judged))


def _result(wanted: Expected, judged: Judged) -> Result:
    verdict = judged.verdict
    if verdict == Verdict.UNKNOWN:
        return Result.UNKNOWN
    if verdict not in (*NOT_KEPT, Verdict.KEPT, Verdict.QUESTION):
        return Result.NOT_JUDGED
    if wanted == Expected.BROKEN:
        return Result.WRONG_KEPT if verdict == Verdict.KEPT else Result.AGREES
    if wanted == Expected.TOO_STRICT and verdict in NOT_KEPT:
        refuses = judged.report.kind in REFUSES_VALUES
        return Result.AGREES if refuses else Result.WRONG_BROKEN
    if verdict != Verdict.KEPT:
        return Result.WRONG_BROKEN
    if wanted == Expected.TOO_STRICT and not judged.stricter:
        return Result.STRICTNESS_MISSED
    if wanted == Expected.FITTING and judged.stricter:
        return Result.STRICTNESS_IMAGINED
    return Result.AGREES


def compared(ids: list[str] | None = None) -> Iterator[Compared]:
    """Each case that was built and says something of its rule, in the order of the corpus."""
    for name, databases in cases().items():
        mapped = RULES.get(name)
        if mapped is None or (ids and name not in ids):
            continue
        for case in databases.values():
            if case.built and mapped.reason_out(case.database) is None:
                yield compare(case, mapped)


def main(ids: list[str]) -> None:
    """Tell about `ids`, or about all that disagree."""
    for one in compared(ids):
        if ids or one.result != Result.AGREES:
            print(one.line)


if __name__ == "__main__":
    main(sys.argv[1:])
