"""What classes claim and no database knows, as findings point at it."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.client_claims import Bound
from schemalint.model import Field, Model
from schemalint.rule import Related


def keeps_nothing(bound: Bound) -> Related:
    """That a bound of the class does not keep other values out of the table."""
    said = (
        f"the validator `{bound.value}`"
        if bound.kind == "validator" and bound.value is not None
        else f"`{' '.join(bound.span.text.split())}`"
    )
    if bound.checked:
        return Related(f"{said} is checked in the code at most, not by the database", bound.span)
    return Related(
        f"{said} is not checked: a class with `table=True` does not validate", bound.span
    )


def frozen_in_vain(model: Model, fields: Sequence[Field]) -> list[Related]:
    """That `frozen` on the class, or on these fields of it, stops no change."""
    claims = [model.claims.frozen, *(field.claims.frozen for field in fields)]
    message = "this stops no change of a stored row: `frozen` is not in the database"
    return [Related(message, claim.span) for claim in claims if claim is not None]
