"""A rulebook held against itself: which constraints nobody asks for, which rules nothing can break.

Each constraint of a schema is taken away in turn, and the rules are judged anew. Where no rule
notices, a rule is missing or the constraint is not asked for. Where a rule that is kept notices no
loss at all, it says nothing that the schema could fail to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from schemalint.engine import check
from schemalint.finding import Finding, Related, Severity, Verdict
from schemalint.model import Field, Layer, Model, Schema
from schemalint.own_rules import UNNOTICED_CONSTRAINT, VACUOUS_RULE
from schemalint.rule import Entry, Rulebook
from schemalint.source import Span


class Mutation(msgspec.Struct, frozen=True):
    """A schema without one of its constraints, or with a further one (`tighter`).

    `what` names the constraint, `path` its owner. `rule` is what a rulebook would have to say for
    it to be noticed (`required: {of: Order, fields: [number]}`); None where no kind says just that.
    """

    what: str
    path: str
    span: Span
    schema: Schema
    tighter: bool = False
    rule: str | None = None


def mutations(schema: Schema) -> Iterator[Mutation]:
    """The schema without each constraint, index, default of the database and automatic time in
    turn, and with each column that takes NULL refusing it; model by model."""
    for number, model in enumerate(schema.models):
        if model.kind not in ("model", "join"):
            continue
        for changes, tighter in ((_looser(model), False), (_tighter(model), True)):
            for one in changes:
                models = (*schema.models[:number], one.model, *schema.models[number + 1 :])
                mutated = msgspec.structs.replace(schema, models=models)
                yield Mutation(one.what, one.path, one.span, mutated, tighter, one.rule)


class _Change(NamedTuple):
    """A model with one change; see `Mutation`."""

    what: str
    path: str
    span: Span
    model: Model
    rule: str | None = None


def _tighter(model: Model) -> Iterator[_Change]:
    for field in model.fields:
        if field.nullable and field.generated is None:
            path = f"{model.name}.{field.name}"
            strict = msgspec.structs.replace(field, nullable=False, client_nullable=False)
            changed = _with_field(model, field, strict)
            yield _Change(f"NOT NULL of `{path}`", path, field.type_span, changed)


def _looser(model: Model) -> Iterator[_Change]:
    key = model.primary_key.columns if model.primary_key is not None else ()
    for field in model.fields:
        path = f"{model.name}.{field.name}"
        if not field.nullable and field.column not in key and field.generated is None:
            loose = _with_field(model, field, msgspec.structs.replace(field, nullable=True))
            rule = f"required: {{of: {model.name}, fields: [{field.name}]}}"
            span = field.nullable_span or field.type_span
            yield _Change(f"NOT NULL of `{path}`", path, span, loose, rule)
        default = field.default
        if default is not None and default.layer is Layer.DATABASE and default.kind != "sequence":
            loose = _with_field(model, field, msgspec.structs.replace(field, default=None))
            yield _Change(f"the default of `{path}`", path, default.span, loose)
        if field.updated_at is not None:
            loose = _with_field(model, field, msgspec.structs.replace(field, updated_at=None))
            yield _Change(f"the renewal of `{path}` at each change", path, field.span, loose)
    yield from _without_keys(model)
    for number, index in enumerate(model.indexes):
        indexes = (*model.indexes[:number], *model.indexes[number + 1 :])
        members = ", ".join(part.column or part.expression or "" for part in index.parts)
        changed = _with(model, indexes=indexes)
        yield _Change(f"the index on ({members})", model.name, index.span, changed)
    for number, check_ in enumerate(model.checks):
        if check_.enforced and check_.layer is Layer.DATABASE:
            checks = (*model.checks[:number], *model.checks[number + 1 :])
            what = f"CHECK ({check_.expression})"
            yield _Change(what, model.name, check_.span, _with(model, checks=checks))
    for number, exclusion in enumerate(model.exclusions):
        left = (*model.exclusions[:number], *model.exclusions[number + 1 :])
        changed = _with(model, exclusions=left)
        yield _Change("the exclusion constraint", model.name, exclusion.span, changed)
    for number, trigger in enumerate(model.triggers):
        if trigger.enabled:
            triggers = (*model.triggers[:number], *model.triggers[number + 1 :])
            what = f"the trigger `{trigger.name}`"
            yield _Change(what, model.name, trigger.span, _with(model, triggers=triggers))


def _without_keys(model: Model) -> Iterator[_Change]:
    if model.primary_key is not None and model.primary_key.layer is Layer.DATABASE:
        named = _named(model, model.primary_key.columns)
        what = f"the primary key ({named}) of `{model.name}`"
        rule = f"identity: {{of: {model.name}, by: [{named}]}}"
        changed = _with(model, primary_key=None)
        yield _Change(what, model.name, model.primary_key.span, changed, rule)
    for number, unique in enumerate(model.uniques):
        if unique.layer is Layer.DATABASE:
            uniques = (*model.uniques[:number], *model.uniques[number + 1 :])
            members = ", ".join(
                _named(model, [part.column]) if part.column else part.expression or ""
                for part in unique.parts
            )
            what = f"the uniqueness of ({members}) in `{model.name}`"
            plain = unique.where is None and all(part.column for part in unique.parts)
            by = _named(model, unique.columns)
            rule = f"unique: {{of: {model.name}, by: [{by}]}}"
            changed = _with(model, uniques=uniques)
            yield _Change(what, model.name, unique.span, changed, rule if plain else None)
    for number, key in enumerate(model.foreign_keys):
        if key.enforced and key.layer is Layer.DATABASE:
            keys = (*model.foreign_keys[:number], *model.foreign_keys[number + 1 :])
            by, to = _named(model, key.columns), key.model
            what = f"the foreign key ({by}) of `{model.name}` to `{to or key.table}`"
            rule = f"reference: {{from: {model.name}.{by}, to: {to}}}"
            plain = to is not None and len(key.columns) == 1
            changed = _with(model, foreign_keys=keys)
            yield _Change(what, model.name, key.span, changed, rule if plain else None)


def _named(model: Model, columns: Sequence[str]) -> str:
    """The fields of columns, as a rulebook calls them."""
    fields = [model.column(column) for column in columns]
    return ", ".join(
        column if field is None else field.name
        for column, field in zip(columns, fields, strict=True)
    )


def _with(model: Model, **changes: object) -> Model:
    changed: Model = msgspec.structs.replace(model, **changes)
    return changed


def _with_field(model: Model, old: Field, new: Field) -> Model:
    return _with(model, fields=tuple(new if one is old else one for one in model.fields))


# -- what the rules make of it ---------------------------------------------------------------


def self_check(schema: Schema, rulebook: Rulebook) -> list[Finding]:
    """What the rules do not notice, and which of them notice nothing.

    Rules that are not kept as it is, or left to the service, are no measure of anything. Access
    paths, defaults and times need no rule: that none misses them is not told, nor that a column
    could be stricter. A rule that only wants something not to be there (`derived`) is never told.
    """
    judged = _told(schema, rulebook)
    kept = [one for one in rulebook.entries if judged[one.id][0] is Verdict.KEPT]
    watched = msgspec.structs.replace(rulebook, entries=tuple(kept), entities=())
    noticing: set[str] = set()
    findings: list[Finding] = []
    for mutation in mutations(schema):
        told = _told(mutation.schema, watched)
        noticed = {entry.id for entry in kept if told[entry.id] != judged[entry.id]}
        noticing |= noticed
        if not noticed and not mutation.tighter and not mutation.what.startswith(_NEEDS_NO_RULE):
            findings.append(_unnoticed(mutation))
    quiet = [entry for entry in kept if entry.id not in noticing and not entry.rule.of_absence]
    return findings + [_vacuous(entry) for entry in quiet]


_NEEDS_NO_RULE = ("the index ", "the default ", "the renewal ")


def _told(schema: Schema, rulebook: Rulebook) -> dict[str, tuple[Verdict, tuple[str, ...]]]:
    """The verdict of each rule, and what is told of it beside that."""
    checked = check({}, schema, rulebook)
    return {
        report.id: (
            report.verdict,
            tuple(one.message for one in checked.findings if one.rule == report.id),
        )
        for report in checked.rules
    }


def _unnoticed(mutation: Mutation) -> Finding:
    help = "write down the rule that it is there for, or drop it"
    if mutation.rule is not None:
        help = f"if it is meant, write down its rule:\n    {mutation.rule}"
    return Finding(
        rule=UNNOTICED_CONSTRAINT,
        name=UNNOTICED_CONSTRAINT,
        message=f"if {mutation.what} were lost, no rule would notice: a rule is missing, or "
        "nobody asks for it",
        span=mutation.span,
        severity=Severity.WARNING,
        path=mutation.path,
        help=help,
    )


def _vacuous(entry: Entry) -> Finding:
    return Finding(
        rule=VACUOUS_RULE,
        name=entry.rule.kind,
        message=f"no constraint's loss would break `{entry.id}`: either two keep it, or it says "
        "nothing that a schema could fail to do",
        span=entry.kind_span,
        severity=Severity.WARNING,
        path=entry.id,
        related=(Related("the rule", entry.id_span),),
        says=entry.says,
        help="say what must never happen; a rule that nothing can break protects nothing",
    )
