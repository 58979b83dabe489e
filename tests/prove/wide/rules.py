"""Rules near to a schema, with every parameter that the kinds have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from random import Random

from schemalint.model import Schema as Loaded
from tests.oracle.verdicts.conditions import random_condition
from tests.oracle.verdicts.forbidden import Audit
from tests.oracle.verdicts.rules import random_rule
from tests.oracle.verdicts.schemas import Schema
from tests.oracle.verdicts.sql_trial import _by_stored_names

_ONE_MODEL = ("states", "reference", "many_to_many")


def wide_rule(
    random: Random, plain: Schema, schema: Loaded, weights: Mapping[str, int]
) -> str | None:
    """A rule over a schema, which is `plain` and as it was loaded; None where it offers none of the
    kind that chance would have."""
    weights = {**weights, "no_overlap": 3, "audit": 3, "count": 4}  # each has many parameters
    kind = random.choices(list(weights), weights=list(weights.values()))[0]
    if kind == "no_overlap":
        text = _no_overlap(random, plain, schema)
    else:
        text = _near(random, plain, schema, kind)
    if text is not None and random.random() < 0.06:
        text += "\nenforced_by: client"
    return text


def _near(random: Random, plain: Schema, schema: Loaded, kind: str) -> str | None:
    rule = random_rule(random, plain, {kind: 1})
    if rule is None:
        return None
    if isinstance(rule, Audit) and _is_renewed(rule):
        return None  # that a client renews the time of creation is no matter of rows
    parameters = rule.parameters
    if rule.kind == "unique" and "nulls" not in parameters:
        loose = any(rule.model.column(name).optional for name in rule.names)  # type: ignore[attr-defined,union-attr]  # a unique rule has both
        if loose or random.random() < 0.5 or set(rule.names) & set(rule.model.id):  # type: ignore[attr-defined,union-attr]  # ditto
            parameters["nulls"] = "distinct"
    if rule.kind == "states" and random.random() < 0.05:
        parameters["values"] = parameters["values"][:1]
        parameters.pop("transitions", None)
        if parameters.get("initial") not in (None, *parameters["values"]):
            parameters.pop("initial")
    if rule.kind not in _ONE_MODEL and random.random() < 0.4:
        _common(random, plain, rule.kind, parameters)
        _across(random, plain, schema, parameters, rule.where.fields if rule.where else set())
    if schema.language != "prisma":
        _by_stored_names(rule)
    return rule.text


def _is_renewed(rule: Audit) -> bool:
    return bool(rule.created and rule.model and rule.model.column(rule.created).updated_at)


def _across(
    random: Random,
    plain: Schema,
    schema: Loaded,
    parameters: dict[str, object],
    asked: set[str],
) -> None:
    """Let the rule speak of all models that have its fields."""
    spoken = asked | {name for key in ("by", "fields") for name in _listed(parameters.get(key))}
    spoken |= {str(parameters[key]) for key in ("created", "updated") if key in parameters}
    if not spoken:
        return
    # That a client renews the time of creation is no matter of rows, as in `_near`.
    created = parameters.get("created")
    fitting = [
        one.name
        for one in plain.models
        if spoken <= {column.name for column in one.columns}
        and not any(column.updated_at and column.name == created for column in one.columns)
    ]
    rest = [one.name for one in schema.models if one.name not in fitting]
    if len(fitting) < 2:
        return
    if random.random() < 0.5:
        parameters["of"] = fitting
        return
    parameters["of"] = "*"
    if not rest and random.random() < 0.4:
        rest = fitting[:1]
    if rest:
        parameters["except"] = rest


def _common(random: Random, plain: Schema, kind: str, parameters: dict[str, object]) -> None:
    """Let a rule that counts values speak of fields that several models have."""
    counts = Counter(
        column.name for model in plain.models for column in model.columns if not column.list
    )
    shared = [name for name, count in counts.items() if count > 1]
    if kind in ("exactly_one", "at_least_one", "at_most_one") and len(shared) > 1:
        parameters["fields"] = random.sample(shared, 2)


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _no_overlap(random: Random, plain: Schema, schema: Loaded) -> str | None:
    model = random.choice(plain.models)
    # Intervals that the database computes are hardly found; it makes no difference to the rule.
    columns = [column for column in model.columns if not column.list and column.name != "made"]
    ranges = [column.name for column in columns if column.type == "Range"]
    ordered = [
        [one.name, other.name]
        for one in columns
        for other in columns
        if one is not other and one.type == other.type and one.type in ("Int", "DateTime")
    ]
    pairs = [pair for pair in ordered if pair == ["starts", "ends"]] or ordered
    if ranges and (not pairs or random.random() < 0.7):
        during = [random.choice(ranges)]
    elif pairs:
        during = random.choice(pairs)
    else:
        return None
    rest = [column.name for column in columns if column.name not in during]
    by = random.sample(rest, min(len(rest), random.choice((0, 1, 1, 1, 2))))
    parameters: dict[str, object] = {"of": model.name, "during": during}
    asked = {*during}
    if by:
        parameters["by"] = by
    if len(during) > 1 and random.random() < 0.3:
        parameters["bounds"] = "[]"
    if any(model.column(name).optional for name in (*by, *during)) or random.random() < 0.2:
        parameters["nulls"] = random.choice(("distinct", "equal"))
    if random.random() < 0.25:
        condition = random_condition(random, model, simple=True)
        parameters["where"] = condition.rulebook()
        asked |= condition.fields
    if random.random() < 0.5:
        _across(random, plain, schema, parameters, asked)
    return f"no_overlap: {json.dumps(parameters)}"
