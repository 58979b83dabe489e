"""What occurs in schemas and rules: which facts of the common AST, which parameters of rules.

A *construct* is one way in which a field of a struct can be filled, by name: `Default.kind=now`,
`Field.generated=given`, `ForeignKey.columns=several`. Which there are is read from the annotations,
so that whatever the AST gains is asked for at once. Some more are made by several facts together
(`a foreign key to its own table`); they stand in `TOGETHER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from schemalint.ddl.types import SERIALS
from schemalint.loaders.sql.native_names import MYSQL, POSTGRESQL, SQLITE
from schemalint.model import (
    Enum as EnumOfSchema,
)
from schemalint.model import ForeignKey, Model, Schema, Trigger
from schemalint.reference import Condition, Models, Ref
from schemalint.rule import BusinessRule, Entry
from schemalint.source import SourceFile, Span

NOT_FACTS = frozenset(
    (
        "Schema.files",
        "Schema.language",
        "Schema.dialect",
        "Schema.blocks",
        "Schema.can_say",
        "Field.attributes",
        "Field.claims",
        "Model.attributes",
        "Model.claims",
        "Relation.attributes",
        "Enum.attributes",
        "EnumValue.attributes",
        "Entry.rule",
    )
)
"""What is no fact about the database: how the source writes it, and what only a client's classes
claim, without which every judgement is made."""


def possible(struct: type[msgspec.Struct], asked: set[type] | None = None) -> Iterator[str]:
    """The constructs of a struct, and of all that it holds."""
    asked = set() if asked is None else asked
    if struct in asked:
        return
    asked.add(struct)
    hints = get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        called = f"{struct.__name__}.{field.name}"
        if called not in NOT_FACTS:
            blank = field.default == ""
            yield from _of_type(called, hints[field.name], field.required, asked, blank)


def _of_type(
    called: str, annotation: Any, required: bool, asked: set[type], blank: bool = False
) -> Iterator[str]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _of_type(called, arguments[0], required, asked, blank)
    elif origin in (Union, UnionType):
        for one in arguments:
            yield from _of_type(called, one, True, asked)
        rest = [one for one in arguments if one is not NoneType]
        if rest != [Span]:
            yield f"{called}=none"
            yield f"{called}=given"
    elif origin is Literal:
        yield from (f"{called}={one}" for one in arguments)
    elif origin is tuple:
        if arguments[-1] is ...:
            yield from (f"{called}={size}" for size in ("one", "several"))
        if not required:
            yield f"{called}=none"
        yield from _of_type(called, arguments[0], True, asked)
    elif annotation is bool:
        yield from (f"{called}={one}" for one in ("false", "true"))
    elif annotation is str and blank:
        yield from (f"{called}={one}" for one in ("none", "given"))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (f"{called}={one.value}" for one in annotation)
    elif annotation is Models:
        yield from (f"{called}={one}" for one in ("one", "several", "every", "except"))
    elif annotation in (Span, Ref, Condition):
        return
    elif isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield from possible(annotation, asked)


def occurring(value: Any) -> Iterator[str]:
    """The constructs that occur in a struct, and in all that it holds."""
    for called, annotation in _fields(type(value)):
        held = getattr(value, called.rpartition(".")[2])
        if isinstance(held, Span | SourceFile):
            continue
        optional = NoneType in get_args(annotation)
        if held is None or optional:
            yield f"{called}={'none' if held is None else 'given'}"
        yield from _of_value(called, held)


@cache
def _fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(struct)
    fields = [(f"{struct.__name__}.{one.name}", hints[one.name]) for one in _all(struct)]
    return tuple([one for one in fields if one[0] not in NOT_FACTS])


def _all(struct: type[msgspec.Struct]) -> Iterable[Any]:
    return msgspec.structs.fields(struct)


def _of_value(called: str, held: Any) -> Iterator[str]:
    if isinstance(held, bool):
        yield f"{called}={str(held).lower()}"
    elif isinstance(held, Enum):
        yield f"{called}={held.value}"
    elif isinstance(held, str):
        yield f"{called}={held}"
        yield f"{called}={'given' if held else 'none'}"
    elif isinstance(held, tuple):
        yield f"{called}={('none', 'one', 'several')[min(len(held), 2)]}"
        for one in held:
            yield from _of_value(called, one)
    elif isinstance(held, Models):
        if held.every:
            yield f"{called}=every"
        else:
            yield f"{called}={'one' if len(held.refs) == 1 else 'several'}"
        if held.excluded:
            yield f"{called}=except"
    elif isinstance(held, msgspec.Struct) and not isinstance(held, Ref | Condition):
        yield from occurring(held)


# -- the whole of a schema, of a rule --------------------------------------------------------------


def of_schema(schema: Schema) -> set[str]:
    """The constructs that occur in a schema."""
    found = set(occurring(schema))
    for model in schema.models:
        for field in model.fields:
            found.add(f"type {_bare(field.native)}")
        for trigger in model.triggers:
            found.update(_trigger(trigger))
        for name, holds in TOGETHER.items():
            if holds(model, schema):
                found.add(name)
    return found


def possible_in_schemas(dialect: str) -> set[str]:
    """The constructs that the AST has, with the types of a database."""
    names = {"sqlite": SQLITE.items(), "mysql": (), "postgresql": ()}[dialect]
    types = {name for name, _ in names}
    if dialect == "postgresql":
        types = {name for name, _ in POSTGRESQL.values()} | {
            "CITEXT",
            '"char"',
            "int4range",
            "tsrange",
        }
        types -= {*SERIALS}
    elif dialect == "mysql":
        types = {name for name, _ in MYSQL.values()} | {"ENUM"}
    triggers = {
        f"trigger {timing} {event} {effect}"
        for timing in ("before", "after")
        for event in ("insert", "update", "delete")
        for effect in _EFFECTS
    }
    return {
        *possible(Schema),
        *(f"Index.type={one}" for one in _INDEXES[dialect]),
        *(f"type {name}" for name in types),
        *triggers,
        *TOGETHER,
    }


def of_entry(entry: Entry) -> set[str]:
    """The constructs that occur in a rule: its parameters, by its kind."""
    kind = entry.rule.kind
    return {*_frame(occurring(entry)), *_parameters(occurring(entry.rule), kind)}


def possible_in_rules(kinds: Iterable[type[BusinessRule]]) -> set[str]:
    """The constructs of the rulebook for these kinds."""
    asked = {*_frame(possible(Entry))}
    for kind in kinds:
        asked.update(_parameters(possible(kind), kind.kind))
    return asked


def _frame(constructs: Iterable[str]) -> Iterator[str]:
    frame = ("Entry.enforced_by", "Entry.dialects", "Entry.severity", "Entry.because")
    return (one for one in constructs if one.partition("=")[0] in frame)


def _parameters(constructs: Iterable[str], kind: str) -> Iterator[str]:
    return (f"{kind}.{one.partition('.')[2]}" for one in constructs)


# -- what several facts make together --------------------------------------------------------------

_INDEXES = {
    "sqlite": ("btree",),
    "postgresql": ("btree", "hash", "gin", "gist", "brin"),
    "mysql": ("btree", "fulltext"),
}
_EFFECTS = ("raises", "raises-if", "skips", "skips-if", "sets", "nothing", "opaque")


def _trigger(trigger: Trigger) -> Iterator[str]:
    for event in trigger.events:
        yield f"trigger {trigger.timing} {event} {trigger.effect}"


def _bare(native: str) -> str:
    """A type without its arguments."""
    return re.sub(r"\([^)]*\)", "", native).strip() or native


def _keys(test: Callable[[ForeignKey, Model], bool]) -> Callable[[Model, Schema], bool]:
    def holds(model: Model, schema: Schema) -> bool:
        return any(test(key, model) for key in model.foreign_keys)

    return holds


def _target(key: ForeignKey, schema: Schema) -> Model | None:
    return next((one for one in schema.models if one.name == key.model), None)


def _to_unique(model: Model, schema: Schema) -> bool:
    for key in model.foreign_keys:
        target = _target(key, schema)
        primary = target.primary_key if target else None
        if target and (primary is None or set(primary.columns) != set(key.references)):
            return True
    return False


def _generated(model: Model) -> set[str]:
    return {field.column for field in model.fields if field.generated is not None}


def _lists(model: Model) -> set[str]:
    return {field.column for field in model.fields if field.list}


def _is_overlap(model: Model, schema: Schema) -> bool:
    used = [column for key in model.foreign_keys for column in key.columns]
    return len(used) != len(set(used))


def _chain(model: Model, schema: Schema) -> bool:
    """A foreign key to columns that are a foreign key themselves."""
    for key in model.foreign_keys:
        target = _target(key, schema)
        if target is not None and target is not model:
            for other in target.foreign_keys:
                if set(other.columns) & set(key.references):
                    return True
    return False


def _cycle(model: Model, schema: Schema) -> bool:
    for key in model.foreign_keys:
        target = _target(key, schema)
        others = () if target is None or target is model else target.foreign_keys
        if any(other.model == model.name for other in others):
            return True
    return False


def _enum(model: Model, schema: Schema) -> list[EnumOfSchema]:
    return [one for one in schema.enums if any(field.enum == one.name for field in model.fields)]


TOGETHER: dict[str, Callable[[Model, Schema], bool]] = {
    "a table without a primary key": lambda model, _: (
        model.kind == "model" and model.primary_key is None
    ),
    "a foreign key to its own table": _keys(lambda key, model: key.model == model.name),
    "a foreign key to a unique that is not the primary key": _to_unique,
    "foreign keys that share a column": _is_overlap,
    "a foreign key to columns that are a foreign key themselves": _chain,
    "foreign keys in a circle": _cycle,
    "a foreign key inside the primary key": lambda model, _: any(
        set(key.columns) & set(model.primary_key.columns if model.primary_key else ())
        for key in model.foreign_keys
    ),
    "a foreign key over a generated column": _keys(
        lambda key, model: bool(_generated(model) & set(key.columns))
    ),
    "a generated column in a unique": lambda model, _: any(
        _generated(model) & set(key.columns) for key in model.uniques
    ),
    "a list in a unique": lambda model, _: any(
        _lists(model) & set(key.columns) for key in model.uniques
    ),
    "a unique over a column and an expression": lambda model, _: any(
        key.columns and key.expressions for key in model.uniques
    ),
    "an enum that is a key": lambda model, _: any(
        field.enum and any(field.column in key.columns for key in model.keys)
        for field in model.fields
    ),
    "a list of an enum": lambda model, _: any(field.enum and field.list for field in model.fields),
    "an enum whose values are stored under other names": lambda model, schema: any(
        value.name != value.stored for one in _enum(model, schema) for value in one.values
    ),
    "several triggers on one event": lambda model, _: any(
        sum(event in one.events for one in model.triggers) > 1
        for event in ("insert", "update", "delete")
    ),
    "a foreign key of the database schema to another": lambda model, schema: any(
        (_target(key, schema) or model).schema != model.schema for key in model.foreign_keys
    ),
    "a default in a key": lambda model, _: any(
        field.default and any(field.column in key.columns for key in model.keys)
        for field in model.fields
    ),
    "a model under another name than its table": lambda model, _: model.name != model.table,
    "a field under another name than its column": lambda model, _: any(
        field.name != field.column for field in model.fields
    ),
}
"""By name; each over one model and its schema."""
