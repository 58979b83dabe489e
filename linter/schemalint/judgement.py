"""What the schema makes of a business rule for one model, and how such answers are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from schemalint.finding import WORST_LAST, Counterexample, Finding, Fix, Related, Verdict
from schemalint.model import Layer, Model, Opaque, Schema
from schemalint.source import Span


class Evidence(msgspec.Struct, frozen=True):
    """A construct that keeps a rule (or a part of it): what it is, and where it stands."""

    message: str
    span: Span


class Judgement(msgspec.Struct, frozen=True):
    """What the schema makes of a rule for one model.

    Make one with `kept`, `broken`, `question` or `unknown`; join the judgements of a rule's
    several obligations with `worst`.

    Attributes:
        verdict: KEPT, BROKEN, QUESTION or UNKNOWN (WEAK, INEXPRESSIBLE, SERVICE and STALE are
            the engine's to give).
        layer: for KEPT, the strongest layer at which no forbidden state can be reached.
        condition: for KEPT below `database`, what it depends on ("each connection runs ...").
        expressible: for BROKEN, the strongest layer at which the source language could have
            said what is missing, None if it has no words for it at all. The engine makes
            INEXPRESSIBLE of it where the rule asks for a stronger layer than that.
        contradicts: for a broken rule, whether the schema itself does or demands what the rule
            forbids, rather than merely not preventing it; such a rule is reported even where
            enforcement was left to the service layer.
        extra: further findings, such as `stricter-than-rule`.
        counterexample: what a real database accepted against the rule.
        executed: on which database the verdict was settled, where reading did not settle it.
    """

    verdict: Verdict
    path: str
    message: str = ""
    span: Span | None = None
    layer: Layer | None = None
    condition: str | None = None
    kept_by: tuple[Evidence, ...] = ()
    related: tuple[Related, ...] = ()
    label: str | None = None
    help: str | None = None
    fix: Fix | None = None
    expressible: Layer | None = Layer.DATABASE
    contradicts: bool = False
    extra: tuple[Finding, ...] = ()
    counterexample: Counterexample | None = None
    executed: str | None = None


def kept(
    path: str,
    by: Iterable[Evidence],
    *,
    layer: Layer = Layer.DATABASE,
    condition: str | None = None,
    span: Span | None = None,
    help: str | None = None,
    extra: Iterable[Finding] = (),
) -> Judgement:
    """The rule cannot be broken at `layer`, thanks to the constructs `by`."""
    evidence = tuple(by)
    return Judgement(
        verdict=Verdict.KEPT,
        path=path,
        layer=layer,
        condition=condition,
        kept_by=evidence,
        span=span or (evidence[0].span if evidence else None),
        help=help,
        extra=tuple(extra),
    )


def broken(
    path: str,
    message: str,
    span: Span,
    *,
    expressible: Layer | None = Layer.DATABASE,
    contradicts: bool = False,
    label: str | None = None,
    related: Iterable[Related] = (),
    help: str | None = None,
    fix: Fix | None = None,
) -> Judgement:
    """A forbidden state can be reached; `message` says how.

    Where the source language has no words for what is missing (`expressible` below
    `Layer.DATABASE`, or None), `help` gives the SQL to add in a migration.
    """
    return Judgement(
        verdict=Verdict.BROKEN,
        path=path,
        message=message,
        span=span,
        label=label,
        related=tuple(related),
        help=help,
        fix=fix,
        expressible=expressible,
        contradicts=contradicts,
    )


def question(path: str, message: str, span: Span, *, help: str | None = None) -> Judgement:
    """The rule leaves open what decides the verdict; `help` names the answers to choose from."""
    return Judgement(verdict=Verdict.QUESTION, path=path, message=message, span=span, help=help)


def unknown(path: str, message: str, span: Span, *, related: Iterable[Related] = ()) -> Judgement:
    """What was read does not decide the rule; `message` says what stands in the way."""
    return Judgement(
        verdict=Verdict.UNKNOWN, path=path, message=message, span=span, related=tuple(related)
    )


def worst(*judgements: Judgement) -> Judgement:
    """One judgement for all the obligations of a rule.

    All kept: kept at the weakest of their layers, by all their constructs. Otherwise the worst
    decides (of several broken ones, the one that the source language can mend best); what the
    others found wrong joins its related places, and every extra finding stays.
    """
    last = max(
        judgements,
        key=lambda one: (
            WORST_LAST.index(one.verdict),
            one.expressible.strength if one.expressible else 0,
        ),
    )
    extra = tuple(finding for one in judgements for finding in one.extra)
    if last.verdict is Verdict.KEPT:
        weakest = min(judgements, key=lambda one: (one.layer or Layer.DATABASE).strength)
        return msgspec.structs.replace(
            weakest,
            kept_by=tuple(evidence for one in judgements for evidence in one.kept_by),
            extra=extra,
        )
    others = tuple(
        Related(one.message, one.span)
        for one in judgements
        if one is not last and one.verdict is not Verdict.KEPT and one.span is not None
    )
    return msgspec.structs.replace(
        last,
        related=last.related + others,
        kept_by=tuple(evidence for one in judgements for evidence in one.kept_by),
        contradicts=any(one.contradicts for one in judgements),
        extra=extra,
    )


def unless_undone(judgement: Judgement, model: Model, schema: Schema) -> Judgement:
    """The judgement, or `unknown` where a statement that was not understood could have taken away
    what keeps the rule: it may remove things, concerns the model's table, and comes after one of
    the constructs; or where one of them rests on an annotation that was not.
    """
    if judgement.verdict is not Verdict.KEPT:
        return judgement
    concerning = (one for one in schema.opaque if not one.tables or model.table in one.tables)
    removing = [one for one in (*model.opaque, *concerning) if one.removes]
    if not removing:
        return judgement
    order = {file.path: number for number, file in enumerate(schema.files)}
    evidence = judgement.kept_by or (Evidence(f"`{model.name}`", model.span),)
    for opaque in removing:
        for one in evidence:
            if opaque.kind == "annotation":
                if _overlap(opaque.span, one.span):
                    said = f"whether {one.message} is not decided: {opaque.reason}"
                    return unknown(judgement.path, said, opaque.span)
            elif _stands_after(opaque, one.span, order):
                return unknown(
                    judgement.path,
                    f"{one.message} keeps this, but a later statement was not understood, and "
                    f"could take it away: {opaque.reason}",
                    opaque.span,
                    related=(Related("what keeps the rule until then", one.span),),
                )
    return judgement


def with_spared_rows(judgement: Judgement, spared: frozenset[Span]) -> Judgement:
    """The judgement, whose evidence says so where it is a constraint that the rows stored before it
    were never held against: one of `spared` (`Context.sparing_rows`). What a writer can still do,
    and so the verdict, is the same.
    """
    if not spared:
        return judgement
    evidence = []
    told: set[Span] = set()
    for one in judgement.kept_by:
        said = one.message
        if one.span in spared and one.span not in told:
            told.add(one.span)
            said += " (of new rows: those stored before it were never checked)"
        evidence.append(Evidence(said, one.span))
    return msgspec.structs.replace(judgement, kept_by=tuple(evidence))


def _overlap(one: Span, other: Span) -> bool:
    return one.file == other.file and one.start < other.end and other.start < one.end


def _stands_after(opaque: Opaque, span: Span, order: Mapping[str, int]) -> bool:
    """Whether a statement is run after what stands at `span`: a later file, or later in the same.
    The lines of a schema in another language than the statement's are run by nobody.
    """
    if opaque.span.file.path == span.file.path:
        return opaque.span.start >= span.end
    suffixes = {one.file.path.rpartition(".")[2] for one in (opaque.span, span)}
    if len(suffixes) > 1:
        return False
    return order.get(opaque.span.file.path, 0) > order.get(span.file.path, 0)
