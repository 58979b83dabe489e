"""Attacks on links of a many-to-many relation."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.attack import Attack, Insert, Plan, Same, Value
from schemalint.context import Context
from schemalint.model import ForeignKey, Model
from schemalint_rules.attacking.forbidden_pointers import Ends, Linked
from schemalint_rules.attacking.references import end_attacks
from schemalint_rules.attacking.surroundings import pointing_at
from schemalint_rules.attacking.uniqueness import plan as of_uniqueness
from schemalint_rules.judging.keys.demand import Demand


def plan(
    demand: Demand,
    keys: tuple[ForeignKey, ForeignKey],
    models: tuple[Model, Model],
    context: Context,
) -> Plan:
    """The plan for the links in `demand.model`, which point by `keys` at the two models."""
    link = demand.model
    one, other = (
        Ends(
            model=link,
            columns=key.columns,
            target=next(model for model in models if model.name == key.model),
            references=key.references,
        )
        for key in keys
    )
    attacks = [
        attack
        for attack in of_uniqueness(demand, "distinct", context).attacks
        if attack.aim == "forbidden"
    ]
    for end, key in zip((one, other), keys, strict=True):
        attacks += end_attacks(end, key, context)
    attacks += _uses(link, keys, (one, other))
    return Plan(Linked(model=link, ends=(one, other)), tuple(attacks))


def _uses(
    link: Model, keys: tuple[ForeignKey, ForeignKey], ends: tuple[Ends, Ends]
) -> Iterator[Attack]:
    """One row with two others: that is what such a relation is for."""
    for key, further, end in zip(keys, reversed(keys), reversed(ends), strict=True):
        if set(key.columns) & set(further.columns):
            continue
        shared: dict[str, Value] = {column: Same("first", column) for column in key.columns}
        yield Attack(
            says=f"links one `{key.model}` with two rows of `{end.target.name}`",
            moves=(
                Insert(row="first", model=link, setup=True),
                Insert(row="further", model=end.target, setup=True),
                Insert(
                    row="second",
                    model=link,
                    values={**shared, **pointing_at("further", further)},
                ),
            ),
            aim="allowed",
        )
