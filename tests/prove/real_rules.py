"""Rules near to a model of a real schema: as people write them, and with every parameter.

They are drawn from the common AST alone. `obvious` are those that a reader of the schema would
write down first; `near` draws one of a kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from random import Random
from typing import Any

import msgspec

from schemalint.model import Action, Field, ForeignKey, Model, ScalarType, Schema

_T = ScalarType
_NUMBERS = (_T.INT, _T.BIGINT, _T.DECIMAL, _T.FLOAT)
_TIMES = (_T.DATETIME, _T.DATE)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NEVER = re.compile(r"(^|_)(deleted|archived|disabled|revoked|removed|expire[sd]|cancel+ed)")
_ACTIONS = ("restrict", "cascade", "set_null", "set_default", "no_action")
_TYPES = ("uuid", "int", "bigint", "string", "decimal", "datetime", "date", "boolean", "enum")


class Near(msgspec.Struct):
    """A model of a schema, and what chance does with it."""

    random: Random
    schema: Schema
    model: Model

    @property
    def fields(self) -> list[Field]:
        """What rules can speak of."""
        return [one for one in self.model.fields if one.composite is None]

    @property
    def single(self) -> list[Field]:
        """The fields that are no lists."""
        return [one for one in self.fields if not one.list]

    def some(self, fields: Sequence[Field], most: int = 2) -> list[Field]:
        """A few of them."""
        return self.random.sample(fields, min(self.random.randint(1, most), len(fields)))

    def called(self) -> str:
        """The model, as a rule names it."""
        named = _named(self.schema, self.model)
        return self.model.table if named and self.random.random() < 0.1 else self.model.name

    def names(self, fields: Iterable[Field]) -> list[str]:
        """Fields, as a rule names them."""
        return [one.column if self.random.random() < 0.1 else one.name for one in fields]

    def of_columns(self, columns: Iterable[str]) -> list[Field]:
        """The fields behind columns."""
        return [one for one in map(self.model.column, columns) if one is not None]

    def by(self, columns: Sequence[str]) -> list[str]:
        """Columns as a rule names them: by field, column, or the relation that stands for them."""
        for relation in self.model.relations:
            if relation.columns == tuple(columns) and self.random.random() < 0.3:
                return [relation.name]
        return self.names(self.of_columns(columns))

    # -- conditions

    def condition(self, fields: Sequence[Field] | None = None) -> str:
        """An SQL condition over the fields."""
        fields = fields or self.single
        if self.random.random() < 0.6:
            return self.term(self.random.choice(fields))
        operator = self.random.choice(("and", "and", "or", "not"))
        if operator == "not":
            return f"not ({self.term(self.random.choice(fields))})"
        parts = [self.term(self.random.choice(fields)) for _ in range(2)]
        return f" {operator} ".join(f"({one})" for one in parts)

    def term(self, field: Field) -> str:
        """A condition over one field."""
        random, name = self.random, written(field)
        values = self.values(field)
        if not values or random.random() < (0.4 if field.nullable else 0.1):
            return f"{name} is {random.choice(('null', 'null', 'not null'))}"
        if field.type is _T.BOOLEAN:
            return random.choice((name, f"not {name}", f"{name} = true", f"{name} is not true"))
        if len(values) > 1 and random.random() < 0.3:
            some = random.sample(values, random.randint(1, min(3, len(values))))
            return f"{name} in ({', '.join(some)})"
        if field.type in (*_NUMBERS, *_TIMES) and random.random() < 0.7:
            return f"{name} {random.choice(('<', '<=', '>', '>='))} {random.choice(values)}"
        if field.type is _T.STRING and random.random() < 0.2:
            return random.choice((f"length({name}) > 0", f"trim({name}) <> ''", f"{name} <> ''"))
        return f"{name} {random.choice(('=', '=', '<>'))} {random.choice(values)}"

    def values(self, field: Field) -> list[str]:
        """Values to compare a field with, as SQL."""
        enum = self.schema.enum(field.enum) if field.enum else None
        if field.list:
            return []
        if enum is not None:
            return [quoted(one.name) for one in enum.values]
        if field.type in _NUMBERS:
            return ["0", "1", "2", "100"]
        if field.type is _T.STRING:
            return [*filter(None, [_default(field)]), "'a'", "'b'"]
        if field.type in _TIMES:
            return ["'2024-01-01'", "'2025-01-01'"]
        return []


def written(field: Field) -> str:
    """A field as a condition writes it."""
    return field.name if _PLAIN.fullmatch(field.name) else f'"{field.name}"'


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _default(field: Field) -> str | None:
    value = field.default.value if field.default and field.default.kind == "literal" else None
    return quoted(value) if isinstance(value, str) else None


def _named(schema: Schema, model: Model) -> bool:
    """Whether the table's name is no other model's."""
    return sum(model.table in (one.name, one.table) for one in schema.models) == 1


def entry(kind: str, **parameters: Any) -> str:
    """A rule as a rulebook writes it."""
    given = {name.rstrip("_"): one for name, one in parameters.items() if one is not None}
    return f"{kind}: {json.dumps(given, ensure_ascii=False)}"


# -- what people write first -----------------------------------------------------------------------


def obvious(schema: Schema, model: Model) -> Iterator[str]:
    """The rules that a reader of the schema would write down first."""
    of, fields = model.name, {_plain(one.name): one for one in model.fields if not one.list}
    optional = [one.name for one in fields.values() if one.nullable]
    if model.primary_key is not None and model.primary_key.columns:
        yield entry("identity", of=of, by=_fields(model, model.primary_key.columns))
    for key in model.uniques:
        columns = _fields(model, key.columns)
        if columns and not key.expressions:
            yield entry("unique", of=of, by=columns, nulls="distinct")
    for name in ("email", "slug", "username", "code", "number", "token", "key", "externalid"):
        if name in fields:
            field = fields[name].name
            yield entry("unique", of=of, by=[field], nulls="distinct")
            if fields[name].type is _T.STRING:
                yield entry("unique", of=of, by=[field], nulls="distinct", ignore_case=True)
                yield entry("required", of=of, fields=[field], not_blank=True)
    for name, field in fields.items():
        if name in ("createdat", "created", "createdtime", "insertedat", "datecreated"):
            yield entry("audit", of=of, created=field.name)
            yield entry("immutable", of=of, fields=[field.name])
        if name in ("updatedat", "updated", "updatedtime", "modifiedat", "dateupdated"):
            yield entry("audit", of=of, updated=field.name)
        if field.type in _NUMBERS and re.search(
            r"price|amount|total|cost|quantity|count|balance|spend|budget|limit|size|age", name
        ):
            yield entry("check", of=of, that=f"{written(field)} >= 0")
        if field.type is _T.BOOLEAN and re.search(r"default|primary|current", name):
            for key in model.foreign_keys[:2]:
                owner = _fields(model, key.columns)
                yield entry("unique", of=of, by=owner, where=written(field), nulls="distinct")
        if _NEVER.search(field.name.lower()) and field.nullable and model.uniques:
            columns = _fields(model, model.uniques[0].columns)
            if columns and field.name not in columns:
                condition = f"{written(field)} is null"
                yield entry("unique", of=of, by=columns, where=condition, nulls="distinct")
    yield from _states(schema, model)
    for start, end in spans(model):
        yield entry("check", of=of, that=f"{written(start)} <= {written(end)}")
        if model.foreign_keys:
            by = _fields(model, model.foreign_keys[0].columns)
            during = [start.name, end.name]
            if not {*by} & {*during}:
                yield entry("no_overlap", of=of, by=by, during=during, nulls="distinct")
    for key in model.foreign_keys:
        required = all(not one.nullable for one in _of(model, key.columns))
        from_ = _from(model, key)
        if from_ is not None:
            told = key.on_delete.value.replace(" ", "_")
            stated = None if required and key.on_delete is Action.SET_NULL else told
            to, loose = key.model, None if required else False
            yield entry("reference", from_=from_, to=to, required=loose, on_delete=stated)
    pointers = [_fields(model, one.columns) for one in model.foreign_keys]
    loose_ones = [one[0] for one in pointers if len(one) == 1 and one[0] in optional]
    if len(loose_ones) > 1:
        for kind in ("exactly_one", "at_most_one", "at_least_one"):
            yield entry(kind, of=of, fields=loose_ones)
    yield from linked(model)


def _states(schema: Schema, model: Model) -> Iterator[str]:
    for field in model.fields:
        enum = schema.enum(field.enum) if field.enum else None
        if enum is None or field.list or not enum.values:
            continue
        values = [one.name for one in enum.values]
        optional = field.nullable or None
        of = f"{model.name}.{field.name}"
        yield entry("states", of=of, values=values, optional=optional)
        if re.search(r"status|state", field.name.lower()) and len(values) > 1:
            steps = {one: [other] for one, other in pairwise(values)}
            yield entry(
                "states",
                of=of,
                values=values,
                initial=values[0],
                transitions={**steps, values[-1]: []},
                optional=optional,
            )


def spans(model: Model) -> list[tuple[Field, Field]]:
    """Pairs of fields that begin and end a time, by their names."""
    found = []
    for start in model.fields:
        for end in model.fields:
            if start.type is not end.type or start.type not in (*_TIMES, *_NUMBERS) or start is end:
                continue
            name = start.name.lower()
            for one, other in (
                ("start", "end"),
                ("from", "to"),
                ("starts", "ends"),
                ("min", "max"),
            ):
                if one in name and name.replace(one, other) == end.name.lower():
                    found.append((start, end))
    return [*dict.fromkeys(found)] if found else []


def linked(model: Model) -> Iterator[str]:
    """Links between the models that the rows of this one point at; and implicit join tables."""
    keys = model.foreign_keys
    if model.kind == "join" or len(keys) == 2:
        for one, other in combinations(keys, 2):
            through = model.name if model.kind == "model" else None
            yield entry("many_to_many", between=[one.model, other.model], through=through)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _of(model: Model, columns: Iterable[str]) -> list[Field]:
    return [one for one in map(model.column, columns) if one is not None]


def _fields(model: Model, columns: Iterable[str]) -> list[str]:
    return [one.name for one in _of(model, columns)]


def _from(model: Model, key: ForeignKey) -> str | None:
    for relation in model.relations:
        if relation.columns == key.columns and relation.model == key.model:
            return f"{model.name}.{relation.name}"
    if (
        len(key.columns) != 1
        or sum(key.columns[0] in one.columns for one in model.foreign_keys) > 1
    ):
        return None
    return f"{model.name}.{_fields(model, key.columns)[0]}"


# -- what chance writes ----------------------------------------------------------------------------


def near(kind: str, chance: Random, schema: Schema, model: Model) -> str | None:
    """A rule of a kind over a model; None where it offers none."""
    drawn = Near(chance, schema, model)
    if not drawn.single:
        return None
    if kind in ("exactly_one", "at_least_one", "at_most_one"):
        return _count(drawn, kind)
    return _DRAWN[kind](drawn)


def _unique(one: Near) -> str:
    keys = [key.columns for key in one.model.keys if key.columns]
    chance = one.random
    columns = list(chance.choice(keys)) if keys and chance.random() < 0.8 else []
    columns = columns or [field.column for field in one.some(one.single)]
    rest = [field.column for field in one.single if field.column not in columns]
    if rest and chance.random() < 0.2:
        columns.append(chance.choice(rest))
    if len(columns) > 1 and chance.random() < 0.25:
        columns.pop(0)
    return entry(
        "unique",
        of=one.called(),
        by=one.by(columns),
        where=one.condition() if chance.random() < 0.35 else None,
        nulls=chance.choice(("distinct", "distinct", "equal")),
        ignore_case=True if chance.random() < 0.2 else None,
    )


def _identity(one: Near) -> str:
    keys = [key.columns for key in one.model.keys if key.columns]
    columns = one.random.choice(keys) if keys and one.random.random() < 0.8 else ()
    columns = columns or tuple(field.column for field in one.some(one.single))
    type_ = one.random.choice(_TYPES) if one.random.random() < 0.3 else None
    return entry("identity", of=one.called(), by=one.by(columns), type=type_)


def _required(one: Near) -> str:
    fields = one.some(one.fields)
    texts = [field for field in one.single if field.type is _T.STRING]
    blank = one.random.random() < 0.3 and bool(texts)
    names = one.names(one.some(texts) if blank else fields)
    return entry("required", of=one.called(), fields=names, not_blank=blank or None)


def _optional(one: Near) -> str:
    loose = [field for field in one.single if field.nullable]
    chosen = one.some(loose if loose and one.random.random() < 0.7 else one.fields)
    return entry("optional", of=one.called(), fields=one.names(chosen))


def _check(one: Near) -> str:
    return entry("check", of=one.called(), that=one.condition())


def _count(one: Near, kind: str) -> str | None:
    loose = [field for field in one.single if field.nullable]
    fields = loose if len(loose) > 1 and one.random.random() < 0.8 else one.single
    if len(fields) < 2:
        return None
    chosen = one.random.sample(fields, min(len(fields), one.random.choice((2, 2, 3))))
    return entry(kind, of=one.called(), fields=one.names(chosen))


def _no_overlap(one: Near) -> str | None:
    pairs = spans(one.model)
    kinds = (_TIMES, _NUMBERS)
    for types in kinds:
        fitting = [field for field in one.single if field.type in types]
        pairs += [pair for pair in combinations(fitting, 2) if pair[0].type is pair[1].type]
    if not pairs:
        return None
    during = pairs[0] if spans(one.model) else one.random.choice(pairs)
    columns = {key.columns for key in one.model.foreign_keys}
    rest = [field for field in one.single if field not in during]
    by: Sequence[Field] = one.some(rest) if rest else []
    if columns and one.random.random() < 0.7:
        found = one.of_columns(one.random.choice(sorted(columns)))
        by = [field for field in found if field not in during]
    return entry(
        "no_overlap",
        of=one.called(),
        by=one.names(by) or None,
        during=[field.name for field in during],
        bounds="[]" if one.random.random() < 0.3 else None,
        where=one.condition() if one.random.random() < 0.2 else None,
        nulls=one.random.choice(("distinct", "equal")),
    )


def _audit(one: Near) -> str | None:
    times = [field for field in one.single if field.type is _T.DATETIME]
    if not times:
        return None
    field = one.random.choice(times)
    renewed = field.updated_at is not None
    part = "updated" if renewed or one.random.random() < 0.2 else "created"
    return entry("audit", of=one.called(), **{part: field.name})


def _states_drawn(one: Near) -> str | None:
    chance = one.random
    enums = [field for field in one.single if field.enum and one.schema.enum(field.enum)]
    texts = [
        field
        for field in one.single
        if field.type is _T.STRING and re.search(r"status|state|type|role|kind|mode", field.name)
    ]
    flags = [field for field in one.single if field.type is _T.BOOLEAN]
    chosen = [group for group in (enums, enums, texts, flags) if group]
    if not chosen:
        return None
    field = chance.choice(chance.choice(chosen))
    enum = one.schema.enum(field.enum) if field.enum else None
    default = field.default.value if field.default and field.default.kind == "literal" else None
    values = ["true", "false"] if field.type is _T.BOOLEAN else ["draft", "done"]
    if enum is not None:
        stored = chance.random() < 0.2
        values = [value.stored if stored else value.name for value in enum.values]
    elif field.type is _T.STRING and isinstance(default, str):
        values = [*dict.fromkeys([default, *values])]
    if len(values) > 2 and chance.random() < 0.2:
        values.pop()
    transitions = None
    if chance.random() < 0.4 and len(values) > 1:
        transitions = {
            value: chance.sample(others, min(2, len(others)))
            for value in values
            if (others := [other for other in values if other != value])
        }
    return entry(
        "states",
        of=f"{one.called()}.{field.name}",
        values=values,
        initial=chance.choice(values) if chance.random() < 0.5 else None,
        transitions=transitions,
        optional=True if chance.random() < (0.7 if field.nullable else 0.1) else None,
    )


def _immutable(one: Near) -> str:
    chance = one.random
    fields = None if chance.random() < 0.3 else one.some(one.fields)
    names = one.names(fields) if fields else None
    deletable = True if names is None and chance.random() < 0.4 else None
    return entry(
        "immutable",
        of=one.called(),
        fields=names,
        where=one.condition() if chance.random() < 0.3 else None,
        once=True if names and chance.random() < 0.25 else None,
        deletable=deletable,
    )


def _reference(one: Near) -> str | None:
    chance = one.random
    found = [(key, _from(one.model, key)) for key in one.model.foreign_keys]
    usable = [(key, name) for key, name in found if name is not None]
    if not usable:
        return None
    key, from_ = chance.choice(usable)
    loose = any(field.nullable for field in one.of_columns(key.columns))
    required = chance.random() < 0.4 if chance.random() < 0.3 else not loose
    stated: dict[str, str | None] = {}
    for name, real in (("on_delete", key.on_delete), ("on_update", key.on_update)):
        words = [word for word in _ACTIONS if not required or word != "set_null"]
        action = real.value.replace(" ", "_")
        near_ = action if action in words and chance.random() < 0.6 else chance.choice(words)
        stated[name] = near_ if chance.random() < 0.5 else None
    return entry(
        "reference",
        from_=from_,
        to=key.model,
        required=None if required else False,
        cardinality=chance.choice((None, None, "one-to-one", "many-to-one", "one-or-more")),
        **stated,
    )


def _many_to_many(one: Near) -> str | None:
    found = [*linked(one.model)]
    for relation in one.model.relations:
        if relation.through is not None:
            between = [one.model.name, relation.model]
            found.append(entry("many_to_many", between=between, through=relation.through))
    keys = [key for key in one.model.foreign_keys if key.model != one.model.name]
    if len(keys) > 2:
        pair = one.random.sample(keys, 2)
        between = [key.model for key in pair]
        found.append(entry("many_to_many", between=between, through=one.model.name))
    return one.random.choice(found) if found else None


_DRAWN = {
    "unique": _unique,
    "identity": _identity,
    "required": _required,
    "optional": _optional,
    "check": _check,
    "no_overlap": _no_overlap,
    "audit": _audit,
    "states": _states_drawn,
    "immutable": _immutable,
    "reference": _reference,
    "many_to_many": _many_to_many,
}
