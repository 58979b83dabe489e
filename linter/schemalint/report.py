"""What a run has to tell: the value that every reporter renders.

Reporters are functions `render(report, options) -> str`; none of them decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from schemalint.engine import RuleReport, in_source_order
from schemalint.finding import WORST_LAST, Finding, Sent, Severity
from schemalint.model import Schema
from schemalint.own_rules import INCOMPLETE, OWN_RULES
from schemalint.source import SourceFile, Span


class SchemaSummary(msgspec.Struct, frozen=True):
    """One schema that was read; `files` as shown, `models` without views, types and join tables."""

    files: tuple[str, ...]
    language: str
    dialect: str | None
    models: int
    enums: int

    @classmethod
    def of(cls, schema: Schema) -> SchemaSummary:
        """Count what `schema` holds."""
        return cls(
            files=tuple(file.path for file in schema.files),
            language=schema.language,
            dialect=None if schema.dialect is None else str(schema.dialect),
            models=sum(model.kind == "model" for model in schema.models),
            enums=len(schema.enums),
        )


class Summary(msgspec.Struct, frozen=True):
    """How many: findings by severity, findings that were suppressed, rules by verdict."""

    error: int = 0
    warning: int = 0
    info: int = 0
    suppressed: int = 0
    baseline: int = 0
    rules: dict[str, int] = {}


class Tried(msgspec.Struct, frozen=True):
    """One thing that a writer tried on a database: what (`says` completes "a writer ..."), what it
    aimed at (`forbidden`, `allowed`, `demanded`), how it ended (`through`, `refused`, `harmless`,
    `not tried`), what was seen, and the statements with their answers."""

    says: str
    aim: str
    end: str
    what: str
    statements: tuple[Sent, ...]


class Carried(msgspec.Struct, frozen=True):
    """A rule carried out over one model on `database`: what was tried, or why nothing was.

    `shown` tells that it was seen to be broken.
    """

    rule: str
    model: str
    database: str
    tried: tuple[Tried, ...] = ()
    why_not: str = ""
    shown: bool = False


class Report(msgspec.Struct, frozen=True):
    """Everything about one run.

    Attributes:
        rules: one report for each rule of the rulebooks, in their order.
        findings: sorted by file, line, column and rule.
        descriptions: a sentence for each design rule that ran, and each rule of the tool's own.
        elapsed: seconds.
        complete: whether everything was read; otherwise the exit code is 2.
        failed: whether a finding weighs as much as `--fail-on`.
        carried: what became of the rules that were carried out on a database.
    """

    schemas: tuple[SchemaSummary, ...] = ()
    rules: tuple[RuleReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    summary: Summary = Summary()
    descriptions: Mapping[str, str] = {}
    elapsed: float = 0.0
    complete: bool = True
    failed: bool = False
    carried: tuple[Carried, ...] = ()


class RuleIndex:
    """Which rule of the report a finding is about; two rulebooks may use one id."""

    def __init__(self, report: Report) -> None:
        self._by_id: dict[str, list[RuleReport]] = {}
        for rule in report.rules:
            self._by_id.setdefault(rule.id, []).append(rule)

    def rule(self, finding: Finding) -> RuleReport | None:
        """The rule, or None for a finding of a design rule or of the tool itself."""
        candidates = self._by_id.get(finding.rule)
        if candidates is None:
            return None
        spans = [finding.span, *(related.span for related in finding.related)]
        for candidate in candidates if len(candidates) > 1 else ():
            if any(span is not None and within(span, candidate.span) for span in spans):
                return candidate
        return candidates[0]


def within(span: Span, whole: Span) -> bool:
    """Whether `span` begins inside `whole`."""
    return span.file is whole.file and whole.start <= span.start < max(whole.end, whole.start + 1)


class RenderOptions(msgspec.Struct, frozen=True):
    """How to render; a machine format heeds none of it.

    `width` is in terminal cells. `quiet`: the findings and nothing else. `verbose`: every rule
    with its verdict, too. `statistics`: how often each rule was found wanting.
    """

    color: bool = False
    width: int = 80
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False


def assemble(
    schemas: Iterable[SchemaSummary],
    rules: Iterable[RuleReport],
    findings: Iterable[Finding],
    *,
    suppressed: int = 0,
    descriptions: Mapping[str, str] | None = None,
    failed: bool = False,
    elapsed: float = 0.0,
    carried: Iterable[Carried] = (),
) -> Report:
    """The report of a run over any number of schemas.

    A rule that was judged for several schemas is told once, with its worst verdict.
    """
    merged = _merged(rules)
    ordered = tuple(sorted(findings, key=in_source_order))
    by_severity = dict.fromkeys(Severity, 0)
    for finding in ordered:
        by_severity[finding.severity] += 1
    verdicts: dict[str, int] = {}
    for verdict in WORST_LAST:
        number = sum(rule.verdict is verdict for rule in merged)
        if number:
            verdicts[str(verdict)] = number
    return Report(
        schemas=tuple(schemas),
        rules=merged,
        findings=ordered,
        summary=Summary(
            error=by_severity[Severity.ERROR],
            warning=by_severity[Severity.WARNING],
            info=by_severity[Severity.INFO],
            suppressed=suppressed,
            rules=verdicts,
        ),
        descriptions={**OWN_RULES, **(descriptions or {})},
        elapsed=elapsed,
        complete=not any(finding.rule in INCOMPLETE for finding in ordered),
        failed=failed,
        carried=tuple(carried),
    )


def _merged(rules: Iterable[RuleReport]) -> tuple[RuleReport, ...]:
    """One report a rule: those of several schemas become one, with the worst verdict."""
    found: dict[tuple[SourceFile, int], RuleReport] = {}
    for rule in rules:
        key = (rule.span.file, rule.span.start)
        other = found.get(key)
        found[key] = rule if other is None else _worse(other, rule)
    return tuple(found.values())


def _worse(one: RuleReport, other: RuleReport) -> RuleReport:
    worst = max(one, other, key=lambda rule: WORST_LAST.index(rule.verdict))
    layers = [rule.layer for rule in (one, other) if rule.layer is not None]
    subjects = dict.fromkeys([*one.subject.split(", "), *other.subject.split(", ")])
    return msgspec.structs.replace(
        worst,
        subject=", ".join(subjects),
        layer=min(layers, key=lambda layer: layer.strength) if worst.layer else None,
        kept_by=tuple(dict.fromkeys((*one.kept_by, *other.kept_by))),
    )
