"""Random rules that come close to a schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from random import Random

from tests.oracle.verdicts.attacker import tables
from tests.oracle.verdicts.conditions import Condition, random_condition
from tests.oracle.verdicts.forbidden import (
    Audit,
    Check,
    Count,
    Identity,
    Immutable,
    Index,
    Optional,
    Required,
    Rule,
    States,
    Unique,
)
from tests.oracle.verdicts.pointing import ManyToMany, Reference
from tests.oracle.verdicts.schemas import ENUM, Model, Schema

NAME_OF = {stored: name for name, stored in ENUM}


def random_rule(
    random: Random, schema: Schema, weights: Mapping[str, int] | None = None
) -> Rule | None:
    """A rule that is near to what the schema says; None where the schema offers none of the kind
    that chance would have. `weights` tells for each kind how often it is chosen."""
    weights = weights or USUAL
    (kind,) = random.choices(list(weights), weights=list(weights.values()))
    return _KINDS[kind](random, schema)


def _model(random: Random, schema: Schema) -> Model:
    return random.choice(schema.models)


def _called(random: Random, model: Model) -> str:
    return model.table if random.random() < 0.1 else model.name


def _names(random: Random, model: Model, names: tuple[str, ...]) -> list[str]:
    """Fields as a rule names them: by field, column, or the relation that stands for them."""
    for pointer in model.pointers:
        called = pointer.name not in pointer.columns  # SQL has no names for relations
        if called and pointer.columns == names and random.random() < 0.3:
            return [pointer.name]
    physical = random.random() < 0.15
    return [model.column(name).column if physical else name for name in names]


def _some(random: Random, model: Model, most: int = 2) -> tuple[str, ...]:
    names = [column.name for column in model.columns if not column.list]
    return tuple(random.sample(names, min(random.randint(1, most), len(names))))


def _unique(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    partial = [key for key in model.uniques if key.where is not None]
    where: Condition | None = None
    if partial and random.random() < 0.5:
        key = random.choice(partial)
        names, where = key.columns, key.where
        if random.random() < 0.2:
            where = None
        elif where is not None and random.random() < 0.4:
            extra = random_condition(random, model, simple=True)
            where = Condition(random.choice(("and", "or")), parts=(where, extra))
    else:
        keys = model.keys
        names = random.choice(keys) if keys and random.random() < 0.85 else _some(random, model)
        if random.random() < 0.3:
            where = random_condition(random, model)
    columns = [column.name for column in model.columns if not column.list]
    if random.random() < 0.25:
        names = tuple(dict.fromkeys((*names, random.choice(columns))))
    if random.random() < 0.2 and len(names) > 1:
        names = names[1:]
    nulls = random.choice((None, "distinct", "equal"))
    rule = Unique(
        "unique",
        model,
        of=_called(random, model),
        by=_names(random, model, names),
        where=where.rulebook() if where else None,
        nulls=nulls,
        ignore_case=True if random.random() < 0.2 else None,
    )
    rule.names, rule.nulls, rule.where = names, nulls or "", where
    rule.ignore_case = "ignore_case" in rule.parameters
    return rule


def _identity(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    keys = model.keys
    names = random.choice(keys) if keys and random.random() < 0.8 else _some(random, model)
    types = {model.column(name).native or model.column(name).type for name in names}
    type = None
    if random.random() < 0.4 and types <= {"Int", "String", "Uuid", "VarChar(3)"}:
        type = random.choice(("int", "string", "uuid"))
    rule = Identity(
        "identity", model, of=_called(random, model), by=_names(random, model, names), type=type
    )
    rule.names, rule.type = names, type
    return rule


def _required(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    names = tuple(random.sample([column.name for column in model.columns], random.randint(1, 2)))
    not_blank = True if random.random() < 0.2 else None
    rule = Required(
        "required",
        model,
        of=_called(random, model),
        fields=_names(random, model, names),
        not_blank=not_blank,
    )
    rule.names, rule.not_blank = names, bool(not_blank)
    return rule


def _optional(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    names = _some(random, model)
    rule = Optional(
        "optional", model, of=_called(random, model), fields=_names(random, model, names)
    )
    rule.names = names
    return rule


def _count(random: Random, schema: Schema) -> Rule | None:
    model = _model(random, schema)
    columns = [column.name for column in model.columns if not column.list]
    if len(columns) < 2:
        return None
    chosen = random.sample(columns, 2 if len(columns) < 3 else random.choice((2, 2, 3)))
    members: list[tuple[str, ...]] = [(name,) for name in chosen]
    names = list(chosen)
    if model.pointers and random.random() < 0.3:
        pointer = model.pointers[0]
        called = pointer.name not in pointer.columns or len(pointer.columns) == 1
        if called and not set(pointer.columns) & set(chosen):
            members.append(pointer.columns)
            names.append(pointer.name)
    kind, least, most = random.choice(
        (("exactly_one", 1, 1), ("at_least_one", 1, 9), ("at_most_one", 0, 1))
    )
    rule = Count(kind, model, of=_called(random, model), fields=names)
    rule.members, rule.least, rule.most = tuple(members), least, most
    return rule


def _check(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    that = random_condition(random, model)
    if random.random() < 0.3:
        column = random.choice([column for column in model.columns if not column.list])
        if column.type == "Status" and random.random() < 0.7:
            that = Condition("in", column.name, tuple(stored for _, stored in ENUM))
        elif column.type == "Boolean":
            that = Condition("in", column.name, (True, False))
        else:
            that = Condition("not null", column.name)
    rule = Check("check", model, of=_called(random, model), that=that.rulebook())
    rule.where = that
    return rule


def _states(random: Random, schema: Schema) -> Rule | None:
    fields = [(model, column) for model in schema.models for column in model.columns]
    enums = [(model, column) for model, column in fields if column.type == "Status"]
    texts = [(m, c) for m, c in fields if c.type == "String" and c.native is None and not c.list]
    numbers = [(m, c) for m, c in fields if c.type in ("Int", "Boolean") and not c.list]
    chosen = random.choice([enums] * 5 + [texts, numbers])
    if not chosen:
        return None
    model, column = random.choice(chosen)
    if column.list:
        return None
    stored: tuple[object, ...] = tuple(stored for _, stored in ENUM)
    if column.type == "String":
        stored = ("a", "b")
    elif column.type == "Int":
        stored = (0, 1)
    elif column.type == "Boolean":
        stored = (True, False)
    elif random.random() < 0.2:
        stored = stored[:2]
    by_name = random.random() < 0.5

    def named(value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return NAME_OF.get(str(value), str(value)) if by_name else str(value)

    values = list(stored)
    extra = random.random() < 0.08 and column.type == "Status"
    initial = random.choice(values) if random.random() < 0.5 else None
    transitions = None
    if random.random() < 0.15:
        transitions = {one: [other for other in values if other != one] for one in values}
        if random.random() < 0.5:
            transitions[values[0]] = []
    optional = True if random.random() < (0.7 if column.optional else 0.1) else None
    rule = States(
        "states",
        model,
        of=f"{_called(random, model)}.{column.name}",
        values=[named(value) for value in values] + (["GONE"] if extra else []),
        initial=named(initial) if initial is not None else None,
        optional=optional,
        transitions={
            named(one): [named(other) for other in then] for one, then in transitions.items()
        }
        if transitions is not None
        else None,
    )
    rule.name, rule.allowed, rule.initial = (
        column.name,
        (*values, *(["GONE"] if extra else [])),
        initial,
    )
    rule.transitions, rule.optional = transitions, bool(optional)
    return rule


def _immutable(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    names = None if random.random() < 0.3 else _some(random, model)
    where = random_condition(random, model) if random.random() < 0.3 else None
    deletable = True if names is None and random.random() < 0.4 else None
    once = True if random.random() < 0.25 else None
    rule = Immutable(
        "immutable",
        model,
        of=_called(random, model),
        fields=_names(random, model, names) if names else None,
        where=where.rulebook() if where else None,
        once=once,
        deletable=deletable,
    )
    rule.names = names or tuple(column.name for column in model.columns)
    rule.once, rule.where = bool(once), where
    rule.deletable = names is not None or bool(deletable)
    return rule


def _reference(random: Random, schema: Schema) -> Rule | None:
    pointers = [(model, pointer) for model in schema.models for pointer in model.pointers]
    if not pointers:
        return None
    model, pointer = random.choice(pointers)
    shared = sum(pointer.columns[0] in one.columns for one in model.pointers) > 1
    from_ = pointer.name
    if len(pointer.columns) == 1 and not shared and random.random() < 0.3:
        from_ = model.column(pointer.columns[0]).column
    required = random.random() < 0.4
    loose = any(model.column(name).optional for name in pointer.columns)
    if random.random() < 0.7:
        required = not loose
    stated: dict[str, str | None] = {}
    for event, written in (("on_delete", pointer.on_delete), ("on_update", pointer.on_update)):
        stated[event] = None
        if random.random() < 0.5:
            words = ["restrict", "cascade", "no_action"]
            if all(model.column(name).default is not None for name in pointer.columns):
                words += ["set_default"] * 2
            words += [] if required else ["set_null"]
            stated[event] = random.choice(words)
            if random.random() < 0.5 and written:
                word = "".join("_" + c.lower() if c.isupper() else c for c in written)[1:]
                stated[event] = word if word in words else "restrict"
    target = schema.model(pointer.target)
    tied = any(set(one.columns) & set(pointer.references) for one in target.pointers)
    if tied and stated["on_update"] in ("cascade", "set_null", "set_default"):
        # The parent's key is a key to others too: a re-keying is refused for reasons enough.
        stated["on_update"] = None
    rule = Reference(
        "reference",
        model,
        **{"from": f"{_called(random, model)}.{from_}"},
        to=_called(random, target),
        required=None if required else False,
        cardinality=random.choice((None, None, "one-to-one", "many-to-one", "one-or-more")),
        **stated,
    )
    rule.columns, rule.references, rule.target = pointer.columns, pointer.references, target.name
    rule.required, rule.schema = required, schema
    rule.on_delete, rule.on_update = stated["on_delete"], stated["on_update"]
    rule.cardinality = rule.parameters.get("cardinality")
    return rule


def _many_to_many(random: Random, schema: Schema) -> Rule | None:
    found = []
    for model in tables(schema):
        for one, other in combinations(model.pointers, 2):
            found.append((model, one, other))
    if not found:
        return None
    model, one, other = random.choice(found)
    ends = {one.target, other.target}
    if model.name in ends or len(model.pointers) > 2:
        return None
    same = [one for one, *pair in found if {each.target for each in pair} == ends]
    rule = ManyToMany(
        "many_to_many",
        None,
        between=[one.target, other.target],
        through=model.name if len(same) > 1 or random.random() < 0.5 else None,
    )
    rule.pair, rule.link = (one, other), model.name
    return rule


def _audit(random: Random, schema: Schema) -> Rule | None:
    times = [
        (model, column)
        for model in schema.models
        for column in model.columns
        if column.type == "DateTime" and not column.list
    ]
    if not times:
        return None
    model, column = random.choice(times)
    part = "updated" if column.updated_at and random.random() < 0.8 else "created"
    if random.random() < 0.15:
        part = "updated"
    rule = Audit("audit", model, of=_called(random, model), **{part: column.name})
    setattr(rule, part, column.name)
    return rule


def _index(random: Random, schema: Schema) -> Rule:
    model = _model(random, schema)
    stated = model.indexes + [key.columns for key in model.uniques] + model.keys
    names = random.choice(stated) if stated and random.random() < 0.8 else _some(random, model)
    names = names[: random.randint(1, len(names))]
    rule = Index("index", model, of=_called(random, model), by=_names(random, model, names))
    rule.names = names
    return rule


_KINDS: dict[str, Callable[[Random, Schema], Rule | None]] = {
    "unique": _unique,
    "identity": _identity,
    "required": _required,
    "optional": _optional,
    "count": _count,
    "check": _check,
    "states": _states,
    "immutable": _immutable,
    "reference": _reference,
    "many_to_many": _many_to_many,
    "audit": _audit,
    "index": _index,
}

USUAL = {
    "unique": 6,
    "identity": 1,
    "required": 1,
    "optional": 1,
    "count": 1,
    "check": 1,
    "states": 3,
    "immutable": 1,
    "reference": 4,
    "many_to_many": 1,
    "audit": 1,
    "index": 1,
}
"""How often each is chosen for a Prisma schema: more often where there is more to get wrong."""
