"""Columns that a CHECK leaves only one value, so that nothing can change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemalint.condition.terms import Is, Not, Term
from schemalint.context import Context
from schemalint.model import Check, Field, Model
from schemalint_rules.judging.holders import holders
from schemalint_rules.judging.row_versions import RowVersions

if TYPE_CHECKING:
    from schemalint.condition.decide import Given


def unchangeable(
    model: Model,
    fields: Sequence[Field],
    where: Term | None,
    *,
    once: bool,
    context: Context,
    filled: bool = False,
) -> dict[Field, list[Check]]:
    """The fields that no UPDATE can change, each with the checks that see to it.

    Of a row that satisfies `where` before the change; with `once` a change from NULL is none, with
    `filled` none to NULL either.
    """
    if not model.checks or any(one is not model for one in holders(model, context)):
        return {}
    versions = RowVersions(model, context)
    found: dict[Field, list[Check]] = {}
    for field in fields:
        checks = [
            check
            for check in model.checks
            if check.enforced and field.column.lower() in check.expression.lower()
        ]
        if not checks:
            continue
        change: list[Term | Given] = [versions.differs(field), *versions.same_bytes([field])]
        if where is not None:
            change.append(versions.of_row(where, "OLD"))
        if once:
            change.append(Not(Is(versions.column(field, "OLD"), None)))
        if filled:
            change.append(Not(Is(versions.column(field, "NEW"), None)))
        if versions.possible(change) is False:
            found[field] = checks
    return found
