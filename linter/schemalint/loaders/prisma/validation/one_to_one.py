"""One-to-one relations: one side holds the key, and its columns are unique."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.relations import Relation, missing_back_relation
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import RelationField


def check_one_to_one(relation: Relation, report: Report) -> None:
    """Check a one-to-one relation."""
    forward, back = relation.forward, relation.back
    if forward is None:
        return
    if back is None:
        missing_back_relation(forward, report)
    else:
        _one_side_has_the_key(forward, back, report)
        _actions(forward, back, report)
    _unique(relation, forward, report)
    if back is None or report.failed:
        return
    if _same_side(forward, back, report):
        return
    if back.line.arity == "required":
        report.error(
            back.line.span,
            f"`{back.path}` is required, but no database can demand that a row of "
            f"`{forward.model.name}` points here.",
            help=f"Write `{back.line.name} {forward.model.name}?`.",
        )
    elif forward.line.arity == "required" and (
        back.fields is not None or back.references is not None
    ):
        report.error(
            back.line.span,
            f"`{back.path}` holds the key, but the required side is `{forward.path}`: only "
            "the side with the key can be required.",
            help=f"Move `fields` and `references` to `{forward.path}`, or make it optional.",
        )


def _one_side_has_the_key(forward: RelationField, back: RelationField, report: Report) -> None:
    for argument, here, there in (
        ("fields", forward.fields, back.fields),
        ("references", forward.references, back.references),
    ):
        if not here and not there:
            for side, other in ((forward, back), (back, forward)):
                report.error(
                    side.line.span,
                    f"Neither `{side.path}` nor `{other.path}` has `{argument}` in its "
                    "`@relation`; the side that holds the key needs it.",
                    help=f"Add `@relation(fields: [...], references: [...])` to `{side.path}` "
                    f"or to `{other.path}`.",
                )
        elif here and there:
            for side, other in ((forward, back), (back, forward)):
                report.error(
                    side.line.span,
                    f"Both `{side.path}` and `{other.path}` have `{argument}` in their "
                    "`@relation`; only the side that holds the key has it.",
                )


def _actions(forward: RelationField, back: RelationField, report: Report) -> None:
    if back.on_delete is None and back.on_update is None:
        return
    if forward.on_delete is not None or forward.on_update is not None:
        for side, other in ((back, forward), (forward, back)):
            report.error(
                side.line.span,
                f"Both `{side.path}` and `{other.path}` have `onDelete` or `onUpdate`; only the "
                "side that holds the key has them.",
            )
    else:
        report.error(
            back.line.span,
            f"`onDelete` and `onUpdate` belong to the side that holds the key, `{forward.path}`, "
            f"not to `{back.path}`.",
        )


def _unique(relation: Relation, forward: RelationField, report: Report) -> None:
    fields = forward.fields
    keys = relation.referencing.unique_keys()
    if fields is None:
        return
    for key in keys:
        if [part.line for part in key.parts] == fields:
            return
    names = [line.name for line in fields]
    better = (
        f"`@unique` to `{names[0]}`" if len(names) == 1 else f"`@@unique([{', '.join(names)}])`"
    )
    report.error(
        forward.line.span,
        f"`{forward.path}` is one-to-one, but several rows could have the same {quoted(names)}.",
        help=f"Add {better}, or make the other side a list.",
    )


def _same_side(forward: RelationField, back: RelationField, report: Report) -> bool:
    """Report `fields` and `references` on different sides; whether they are."""
    if forward.fields and back.references:
        for side in (forward, back):
            report.error(
                side.line.span,
                f"`fields` stands on `{forward.path}` and `references` on `{back.path}`; both "
                "belong to the side that holds the key.",
            )
    if forward.references and back.fields:
        report.error(
            forward.line.span,
            f"`references` stands on `{forward.path}` and `fields` on `{back.path}`; both belong "
            "to the side that holds the key.",
        )
    return bool((forward.fields and back.references) or (forward.references and back.fields))
