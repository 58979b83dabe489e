"""What holds for every schema that rules are given, whatever it was made of."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.model import Model, Schema


def incoherences(schema: Schema) -> list[str]:
    """Names in a schema that lead nowhere, and names that are there twice."""
    return [*_twice(schema), *(one for model in schema.models for one in _of(model, schema))]


def _twice(schema: Schema) -> Iterator[str]:
    names = [model.name for model in schema.models]
    yield from (f"model {name} twice" for name in names if names.count(name) > 1)
    enums = [enum.name for enum in schema.enums]
    yield from (f"enum {name} twice" for name in enums if enums.count(name) > 1)


def _of(model: Model, schema: Schema) -> Iterator[str]:
    columns = {field.column for field in model.fields}
    members = [field.name for field in model.fields] + [one.name for one in model.relations]
    yield from (f"{model.name}.{name} twice" for name in members if members.count(name) > 1)
    for field in model.fields:
        if field.enum is not None and schema.enum(field.enum) is None:
            yield f"{model.name}.{field.name}: no enum {field.enum}"
    for key in (*model.keys, *model.indexes, *model.exclusions):
        for part in key.parts:
            if part.column is not None and part.column not in columns:
                yield f"{model.name}: a key has no column {part.column}"
    for link in model.foreign_keys:
        yield from (f"{model.name}: no {one}" for one in link.columns if one not in columns)
        if not link.references:
            continue  # the parent is unknown, or has no primary key
        target = schema.model(link.model)
        if target is not None:
            theirs = {field.column for field in target.fields}
            yield from (f"{target.name}: no {one}" for one in link.references if one not in theirs)
    for relation in model.relations:
        if schema.model(relation.model) is None:
            yield f"{model.name}.{relation.name}: no model {relation.model}"
        yield from (f"{model.name}: no {one}" for one in relation.columns if one not in columns)
