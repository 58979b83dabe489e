"""Judges a schema: business rules to verdicts, design rules to findings. Pure.

A rule's kind says at which layer the forbidden states are impossible; here that is compared
with the layer that the rulebook asks for, over all models and all dialects that the rule
speaks of, and told as findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from schemalint.context import Context
from schemalint.finding import (
    WORST_LAST,
    Counterexample,
    Finding,
    Related,
    Severity,
    Verdict,
)
from schemalint.judgement import Evidence, Judgement, unless_undone, with_spared_rows
from schemalint.model import Dialect, Layer, Model, Schema
from schemalint.own_rules import STALE_ENTITY
from schemalint.reference import Stale
from schemalint.rule import DesignRule, Entry, Rulebook
from schemalint.source import Span

Execution: TypeAlias = Callable[[Entry, Model, Context, Judgement], Judgement]
"""Carries a rule out on a database: the judgement of one model with what was seen there."""


class RuleReport(msgspec.Struct, frozen=True):
    """What became of one business rule over all its models and dialects.

    `layer` is the weakest layer that keeps it anywhere, None unless kept or weak; `span` is the
    rule's entry in the rulebook. `executed` names the database whose answers settled the verdict,
    where reading the schema did not.
    """

    id: str
    kind: str
    says: str
    verdict: Verdict
    layer: Layer | None
    enforced_by: Layer
    subject: str
    span: Span
    kept_by: tuple[Evidence, ...] = ()
    counterexample: Counterexample | None = None
    executed: str | None = None

    @classmethod
    def undecided(cls, entry: Entry) -> RuleReport:
        """The report of a rule of whose schema nothing could be read."""
        left = entry.enforced_by is Layer.SERVICE
        return cls(
            id=entry.id,
            kind=entry.rule.kind,
            says=entry.says,
            verdict=Verdict.SERVICE if left else Verdict.UNKNOWN,
            layer=None,
            enforced_by=entry.enforced_by,
            subject=entry.id,
            span=entry.span,
        )


class Checked(msgspec.Struct, frozen=True):
    """The outcome for one schema: every rule's report in the order of the rulebook, and the
    findings, sorted by file and place."""

    rules: tuple[RuleReport, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Outcome(msgspec.Struct, frozen=True):
    """One model's verdict under one dialect, with what there is to tell about it."""

    verdict: Verdict
    path: str
    layer: Layer | None = None
    kept_by: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    counterexample: Counterexample | None = None
    executed: str | None = None


def check(
    schemas: Mapping[Dialect, Schema],
    schema: Schema,
    rulebook: Rulebook,
    design_rules: Sequence[DesignRule] = (),
    severities: Mapping[str, Severity] | None = None,
    *,
    execution: Execution | None = None,
) -> Checked:
    """Judge every entry of the rulebook and run every design rule.

    Args:
        schemas: the schema as loaded for each dialect that a rule asks for, by dialect; a
            dialect that is missing makes the rule's verdict `unknown`.
        schema: as loaded for its own dialect (or the one asked for on the command line).
        rulebook: may be empty.
        design_rules: instances, options set.
        severities: design-rule id to the severity that the settings give it.
        execution: has the last word on judgements; None where nothing is executed.
    """
    contexts = {dialect: Context(one, dialect) for dialect, one in schemas.items()}
    if schema.dialect is not None:
        contexts[schema.dialect] = Context(schema, schema.dialect)
    look_ups = _look_ups(contexts, schema)
    reports: list[RuleReport] = []
    findings: list[Finding] = []
    for entry in rulebook.entries:
        outcomes = _outcomes(entry, contexts, schema, look_ups, execution)
        reports.append(_report(entry, outcomes))
        for outcome in outcomes:
            findings += outcome.findings
    named, stale = _named(rulebook, contexts, look_ups)
    findings += stale
    if design_rules:
        resolved = msgspec.structs.replace(rulebook, named=named)
        for rule in design_rules:
            severity = (severities or {}).get(rule.id)
            for finding in rule.check(schema, resolved):
                findings.append(
                    finding
                    if severity is None
                    else msgspec.structs.replace(finding, severity=severity)
                )
    return Checked(tuple(reports), tuple(sorted(findings, key=in_source_order)))


def in_source_order(finding: Finding) -> tuple[str, int, str, str]:
    """The sort key of findings: file, place, rule, message.

    Offsets order as lines and columns do, and cost nothing to compare.
    """
    span = finding.span
    if span is None:
        return ("", 0, finding.rule, finding.message)
    return (span.file.path, span.start, finding.rule, finding.message)


# -- one entry -------------------------------------------------------------------------------


def _look_ups(contexts: Mapping[Dialect, Context], schema: Schema) -> Context:
    """Where names are resolved: the schema's own context. Where no database is named, another
    one's, of which nothing but the look-ups is used."""
    own = contexts.get(schema.dialect) if schema.dialect is not None else None
    return own or Context(schema, Dialect.POSTGRESQL)


def _outcomes(
    entry: Entry,
    contexts: Mapping[Dialect, Context],
    schema: Schema,
    look_ups: Context,
    execution: Execution | None,
) -> list[_Outcome]:
    own = schema.dialect
    dialects: tuple[Dialect | None, ...] = entry.dialects or (own,)
    outcomes: list[_Outcome] = []
    for dialect in dialects:
        context = contexts.get(dialect) if dialect is not None else None
        if context is None:
            outcomes.append(_undecided(entry, dialect, look_ups))
            continue
        prefix = "" if dialect == own else f"on {dialect}: "
        outcomes += _in_dialect(entry, context, prefix, execution)
    return outcomes


def _undecided(entry: Entry, dialect: Dialect | None, look_ups: Context) -> _Outcome:
    """No verdict, for want of a database; but a name that does not exist is told all the same."""
    try:
        for subject in entry.rule.subjects(look_ups):
            entry.rule.judge(subject, look_ups)
    except Stale as stale:
        return _stale(entry, stale)
    if entry.enforced_by is Layer.SERVICE:
        return _Outcome(Verdict.SERVICE, entry.id)
    message = (
        "nothing says for which database this schema is meant, and that decides the verdict"
        if dialect is None
        else f"the schema cannot be read as one for {dialect}"
    )
    # SQL is written for one database, which its author knows: it is for them to say which.
    asked = dialect is None and look_ups.schema.language == "sql"
    verdict = Verdict.QUESTION if asked else Verdict.UNKNOWN
    finding = _finding(
        entry,
        verdict,
        entry.id,
        message,
        entry.kind_span,
        help=_to_name_it(look_ups.schema) if dialect is None else None,
    )
    return _Outcome(verdict, entry.id, findings=(finding,))


def _to_name_it(schema: Schema) -> str:
    if schema.language == "sql":
        comment = (
            "`-- schemalint: dialect postgresql`, or whatever it is, before the first statement"
        )
        return f"name it: a comment {comment}; or `--dialect`"
    return "name it: a datasource with a `provider`, or `--dialect`"


def _in_dialect(
    entry: Entry, context: Context, prefix: str, execution: Execution | None
) -> list[_Outcome]:
    try:
        subjects = tuple(entry.rule.subjects(context))
    except Stale as stale:
        return [_stale(entry, stale)]
    if not subjects:
        return [_stale(entry, Stale("the rule speaks of no model at all", entry.kind_span))]
    return [_of_subject(entry, subject, context, prefix, execution) for subject in subjects]


def _of_subject(
    entry: Entry, subject: Model, context: Context, prefix: str, execution: Execution | None
) -> _Outcome:
    context.remarks.clear()
    try:
        judgement = entry.rule.judge(subject, context)
    except Stale as stale:
        return _stale(entry, stale)
    judgement = unless_undone(judgement, subject, context.schema)
    judgement = with_spared_rows(judgement, context.sparing_rows)
    if subject.kind == "view" and not entry.rule.of_views:
        judgement = _of_view(subject, judgement)
    if execution is not None:
        judgement = execution(entry, subject, context, judgement)
    if context.remarks:
        extra_remarks = (*judgement.extra, *context.remarks)
        judgement = msgspec.structs.replace(judgement, extra=extra_remarks)
        context.remarks.clear()
    if entry.enforced_by is Layer.SERVICE:
        return _left_to_service(entry, judgement, prefix)
    extra = tuple(_extra(entry, finding, judgement) for finding in judgement.extra)
    verdict = _verdict(entry, judgement)
    layer = judgement.layer if verdict in (Verdict.KEPT, Verdict.WEAK) else None
    findings = extra
    if verdict is Verdict.WEAK:
        findings = (_weak(entry, judgement, prefix), *extra)
    elif verdict is not Verdict.KEPT:
        findings = (_failed(entry, verdict, judgement, prefix), *extra)
    return _Outcome(
        verdict,
        judgement.path,
        layer,
        judgement.kept_by,
        findings,
        judgement.counterexample,
        judgement.executed,
    )


def _of_view(view: Model, judgement: Judgement) -> Judgement:
    return Judgement(
        verdict=Verdict.UNKNOWN,
        path=judgement.path,
        message=f"`{view.name}` is a view: its query decides which rows it has, and the schema "
        "does not hold that; what is declared of its fields binds nobody",
        span=view.name_span,
        help="state the rule of the tables that the view reads",
    )


def _verdict(entry: Entry, judgement: Judgement) -> Verdict:
    """What a judgement means for the layer that the rulebook asks for."""
    if judgement.verdict is Verdict.KEPT:
        layer = judgement.layer or Layer.DATABASE
        return Verdict.KEPT if layer.strength >= entry.enforced_by.strength else Verdict.WEAK
    if judgement.verdict is Verdict.BROKEN:
        sayable = judgement.expressible.strength if judgement.expressible else 0
        return Verdict.BROKEN if sayable >= entry.enforced_by.strength else Verdict.INEXPRESSIBLE
    return judgement.verdict


def _left_to_service(entry: Entry, judgement: Judgement, prefix: str) -> _Outcome:
    """The service keeps the rule; only what the schema itself does against it is told."""
    if judgement.verdict is Verdict.BROKEN and judgement.contradicts:
        finding = _failed(entry, Verdict.BROKEN, judgement, prefix)
        return _Outcome(Verdict.BROKEN, judgement.path, None, judgement.kept_by, (finding,))
    extra = tuple(_extra(entry, finding, judgement) for finding in judgement.extra)
    return _Outcome(Verdict.SERVICE, judgement.path, None, judgement.kept_by, extra)


# -- findings --------------------------------------------------------------------------------


def _finding(
    entry: Entry,
    verdict: Verdict,
    path: str,
    message: str,
    span: Span,
    *,
    help: str | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    as_error = verdict in (Verdict.QUESTION, Verdict.UNKNOWN, Verdict.STALE)
    return Finding(
        rule=entry.id,
        name=entry.rule.kind,
        message=message,
        span=span,
        severity=Severity.ERROR if as_error else entry.severity,
        verdict=verdict,
        path=path,
        related=related,
        help=help,
        says=entry.says,
    )


def _the_rule(entry: Entry) -> Related:
    return Related("the rule", entry.kind_span)


def _stale(entry: Entry, stale: Stale) -> _Outcome:
    every = (stale, *stale.others)
    verdict = max(map(_verdict_of, every), key=WORST_LAST.index)
    findings = tuple(
        _finding(
            entry,
            _verdict_of(one),
            entry.id,
            one.message,
            one.span,
            help=f"did you mean `{one.nearest}`?" if one.nearest else None,
            related=()
            if one.unread is None
            else (Related("what was not understood", one.unread.span),),
        )
        for one in every
    )
    return _Outcome(verdict, entry.id, findings=findings)


def _verdict_of(stale: Stale) -> Verdict:
    return Verdict.STALE if stale.unread is None else Verdict.UNKNOWN


def _weak(entry: Entry, judgement: Judgement, prefix: str) -> Finding:
    whom = "the client library" if judgement.layer is Layer.CLIENT else f"the {judgement.layer}"
    reason = judgement.condition or f"only {whom} keeps this, and not every writer goes through it"
    lines = [judgement.help] if judgement.help else []
    lines.append(
        f"if that is good enough, say so in the rule: `enforced_by: {judgement.layer}` "
        "with a `because:`"
    )
    related = tuple(
        Related(f"kept here: {evidence.message}", evidence.span)
        for evidence in judgement.kept_by
        if evidence.span != judgement.span
    )
    finding = _finding(
        entry,
        Verdict.WEAK,
        judgement.path,
        prefix + reason,
        judgement.span or entry.kind_span,
        help="\n".join(lines),
        related=(*related, _the_rule(entry)),
    )
    return msgspec.structs.replace(finding, counterexample=judgement.counterexample)


def _failed(entry: Entry, verdict: Verdict, judgement: Judgement, prefix: str) -> Finding:
    finding = _finding(
        entry,
        verdict,
        judgement.path,
        prefix + judgement.message,
        judgement.span or entry.kind_span,
        help=judgement.help,
        related=(*judgement.related, _the_rule(entry)),
    )
    return msgspec.structs.replace(
        finding,
        label=judgement.label,
        fix=judgement.fix,
        counterexample=judgement.counterexample,
    )


def _extra(entry: Entry, finding: Finding, judgement: Judgement) -> Finding:
    """A kind's further finding, told under the business rule's id."""
    return msgspec.structs.replace(
        finding,
        rule=entry.id,
        name=finding.name or finding.rule,
        path=finding.path or judgement.path,
        related=(*finding.related, _the_rule(entry)),
        says=entry.says,
    )


# -- the report of one rule ------------------------------------------------------------------


def _report(entry: Entry, outcomes: Sequence[_Outcome]) -> RuleReport:
    worst = max(outcomes, key=lambda outcome: WORST_LAST.index(outcome.verdict))
    layers = [outcome.layer for outcome in outcomes if outcome.layer is not None]
    held = worst.verdict in (Verdict.KEPT, Verdict.WEAK)
    paths = list(dict.fromkeys(outcome.path for outcome in outcomes))
    kept_by = dict.fromkeys(evidence for outcome in outcomes for evidence in outcome.kept_by)
    shown = [worst, *outcomes]
    return RuleReport(
        id=entry.id,
        kind=entry.rule.kind,
        says=entry.says,
        verdict=worst.verdict,
        layer=min(layers, key=lambda layer: layer.strength) if held and layers else None,
        enforced_by=entry.enforced_by,
        subject=", ".join(paths) if len(paths) <= 5 else f"{paths[0]} and {len(paths) - 1} more",
        span=entry.span,
        kept_by=tuple(kept_by),
        counterexample=next(filter(None, (one.counterexample for one in shown)), None),
        executed=worst.executed,
    )


# -- what the rulebook names -----------------------------------------------------------------


def _named(
    rulebook: Rulebook, contexts: Mapping[Dialect, Context], context: Context
) -> tuple[frozenset[tuple[str, str | None]], list[Finding]]:
    """Every model and field that a rule or an entity names, and the entities' names that do
    not exist."""
    findings: list[Finding] = []
    for entity in rulebook.entities:
        try:
            model = context.model(entity.model)
        except Stale as stale:
            findings.append(_stale_entity(entity.model.text, stale))
            continue
        for ref in entity.fields:
            relation = model.relation(ref.text)
            if relation is not None:
                context.named.add((model.name, relation.name))
                continue
            try:
                context.field(model, ref)
            except Stale as stale:
                findings.append(_stale_entity(entity.model.text, stale))
    every = (one.named for one in (*contexts.values(), context))
    return frozenset().union(*every), findings


def _stale_entity(name: str, stale: Stale) -> Finding:
    return Finding(
        rule=STALE_ENTITY,
        name=STALE_ENTITY,
        message=stale.message,
        span=stale.span,
        severity=Severity.ERROR,
        verdict=_verdict_of(stale),
        path=name,
        help=f"did you mean `{stale.nearest}`?" if stale.nearest else None,
    )
