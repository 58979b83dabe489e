"""Attacks on columns by which rows of one table point at each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemalint.attack import Attack, Insert, Update, Value
from schemalint.model import Field, ForeignKey
from schemalint_rules.attacking.surroundings import Quarry, pointing_at


def among_themselves(quarry: Quarry, field: Field) -> Iterator[Attack]:
    """Changes of a column at which rows of the same table point, or by which they do. A row that
    points at itself may be held fast by that, or by there being no other that is free."""
    for key in quarry.model.foreign_keys:
        if key.table != quarry.model.table:
            continue
        if field.column in key.references:
            yield _pointing_away(quarry, field, key, {})
            yield _with_itself(quarry, field, key)
        elif field.column in key.columns:
            yield _pointing_away(quarry, field, key, dict.fromkeys(key.columns))


def _pointing_away(
    quarry: Quarry, field: Field, key: ForeignKey, other: Mapping[str, Value]
) -> Attack:
    return Attack(
        says=f"changes `{field.name}` of a row of `{quarry.model.name}` that points at another",
        moves=(
            Insert(row="other", model=quarry.model, values=other, setup=True),
            quarry.with_values(pointing_at("other", key)),
            Update(row="first", changing=(field.column,)),
        ),
    )


def _with_itself(quarry: Quarry, field: Field, key: ForeignKey) -> Attack:
    """A row that points at itself goes on to do so."""
    both = dict.fromkeys((*key.references, *key.columns))
    return Attack(
        says=f"changes `{field.name}` of a row of `{quarry.model.name}` and what points at it",
        moves=(quarry.stored(), Update(row="first", changing=(*both,))),
    )
