"""Columns that are left one value only, so that nothing can change them: by a CHECK, by the parent
that they point at, or by triggers that let no value in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemalint.condition.terms import Column, Is, Not, Term
from schemalint.context import Context
from schemalint.model import Field, Layer, Model
from schemalint.rule import Evidence
from schemalint_rules.judging.conditions.row_conditions import by_key, decide_rows
from schemalint_rules.judging.references.statement_guards import refusing_actions
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers.row_versions import RowVersions, Version
from schemalint_rules.wording.describing import keeps

if TYPE_CHECKING:
    from schemalint.condition.decide import Given

_STORED: tuple[Version, ...] = ("OLD", "NEW")


def unchangeable(
    model: Model,
    fields: Sequence[Field],
    where: Term | None,
    *,
    once: bool,
    context: Context,
    filled: bool = False,
) -> dict[Field, list[Evidence]]:
    """The fields that no UPDATE can change, each with what sees to it.

    Of a row that satisfies `where` before the change; with `once` a change from NULL is none, with
    `filled` none to NULL either, and it is asked what an action of a foreign key could do: of what
    the parents say, nothing is told then, since the action follows them.
    """
    found = {} if filled else _by_actions(model, fields, context)
    rows = Rows(model, context, Layer.DATABASE)
    listed = any(_listed_alone(one, rows) or one.generated is not None for one in fields)
    if not (rows.bound or listed) or any(one is not model for one in holders(model, context)):
        return found
    versions = RowVersions(model, context)
    for field in fields:
        if field in found:
            continue
        by = _saying(field, rows, parents=not filled)
        guarded = bool(model.triggers) and field.nullable and not filled
        if not by and not guarded:
            continue
        change: list[Term | Given] = [versions.differs(field), *versions.same_bytes([field])]
        change += _of_parents(field, rows, versions) if not filled else ()
        if where is not None:
            change.append(versions.of_row(where, "OLD"))
        if once:
            change.append(Not(Is(versions.column(field, "OLD"), None)))
        if filled:
            change.append(Not(Is(versions.column(field, "NEW"), None)))
        if by and versions.possible(change) is False:
            found[field] = by
        elif guarded:
            never = decide_rows(model, Is(Column(field.column), None), context)
            if never.kept and never.layer is Layer.DATABASE:
                found[field] = list(never.evidence)
    return found


def _by_actions(
    model: Model, fields: Sequence[Field], context: Context
) -> dict[Field, list[Evidence]]:
    """The fields whose every change a foreign key follows by a statement that is refused."""
    found: dict[Field, list[Evidence]] = {}
    for field in fields:
        trigger = refusing_actions(model, "update", context, field)
        if trigger is not None:
            said = f"the trigger `{trigger.name}`, which refuses what a foreign key does then,"
            found[field] = [Evidence(said, trigger.span)]
    return found


def _saying(field: Field, rows: Rows, *, parents: bool) -> list[Evidence]:
    """What says something of a field's value, or of what it is computed from."""
    computed = rows.definitions.get(field.column)
    read = (field.column,) if computed is None else (field.column, *computed.term.columns)
    checks = [
        keeps(rows.model, check)
        for check in rows.model.checks
        if check.enforced and any(one.lower() in check.expression.lower() for one in read)
    ]
    told = [one for one in rows.inherited if parents and field.column in one.given.term.columns]
    if field.generated is not None:
        said = f"what `{rows.model.name}.{field.name}` is computed as, which leaves it one value"
        checks.append(Evidence(said, field.generated.span))
    if _listed_alone(field, rows):
        said = f"`{field.enum}` of `{rows.model.name}.{field.name}` has one value"
        checks.append(Evidence(said, field.type_span))
    return [*checks, *dict.fromkeys(each for one in told for each in by_key(rows.model, one))]


def _listed_alone(field: Field, rows: Rows) -> bool:
    """Whether a field is of an enum that has one value only."""
    facts = rows.facts.column(field.column)
    return field.enum is not None and facts is not None and len(facts.values or ()) == 1


def _of_parents(field: Field, rows: Rows, versions: RowVersions) -> list[Given]:
    """What the parents say of a field's value, before and after a change."""
    from schemalint.condition.decide import Given

    return [
        Given(versions.of_row(one.given.term, version), passes_null=one.given.passes_null)
        for one in rows.inherited
        if field.column in one.given.term.columns
        for version in _STORED
    ]
