"""What two languages say of one schema, in a form that can be compared.

Aside are places and texts, and what one language of the two has no words for:

- attributes as they are written are a language's own;
- SQL has no logical names and no navigation fields, and knows nothing of what the client does: its
  defaults, its renewals, its own idea of what may be None, what it ignores, what it believes of
  the rows of a view, enums that are texts in the database;
- Prisma's comments are not those of the database;
- relations have names and list their own columns in Prisma alone.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from schemalint.model import Enum, Field, Layer, Model, ScalarType, Schema
from schemalint.source import Span

Facts = dict[str, Any]
_ASIDE = frozenset(("attributes", "claims", "opaque", "sql"))
_NOT_IN_SQL = frozenset(("relations", "client_nullable", "ignored"))
_PRISMA_RELATION = ("relation_name", "fields", "references")
# A name in quotes that needs none: Prisma and SQLAlchemy each have their own habit there.
_QUOTED = re.compile(r'"([a-z_][a-z0-9_]*)"')


def physical_facts(schema: Schema, *, comments: bool) -> Facts:
    """What the schema says of the database, by physical names."""
    enums = {enum.name: enum for enum in schema.enums}
    aside = _ASIDE | _NOT_IN_SQL | (frozenset() if comments else {"doc"})
    return {
        "models": {
            _named(model.schema, model.table): _physical_model(model, enums, aside)
            for model in schema.models
        },
        "enums": {
            _named(enum.schema, enum.type): [value.stored for value in enum.values]
            for enum in schema.enums
            if enum.layer is Layer.DATABASE
        },
        "dialect": schema.dialect,
    }


def logical_facts(schema: Schema) -> Facts:
    """What the schema says of the database and the client, by logical names."""
    models = {}
    for model in schema.models:
        found = _model(model, _ASIDE)
        for field, fact in zip(model.fields, found["fields"], strict=True):
            fact["native"] = field.native.removeprefix("public.")
        models[_named(model.schema, model.name)] = found
    return {
        "models": models,
        "enums": {
            enum.name: {**_plain(enum, _ASIDE), "schema": _namespace(enum.schema)}
            for enum in schema.enums
        },
        "dialect": schema.dialect,
    }


def _named(schema: str | None, name: str) -> str:
    return name if _namespace(schema) is None else f"{schema}.{name}"


def _namespace(schema: str | None) -> str | None:
    """The schema; None for PostgreSQL's own, which need not be named."""
    return None if schema == "public" else schema


def _model(model: Model, aside: frozenset[str]) -> Facts:
    found: Facts = _plain(model, aside)
    # A join table is a table; that nobody declared it is known to Prisma alone.
    found["kind"] = "model" if model.kind == "join" else model.kind
    found["schema"] = _namespace(model.schema)
    for relation in found.get("relations", ()):
        for name in _PRISMA_RELATION:
            del relation[name]
    for key in found["foreign_keys"]:
        key["schema"] = _namespace(key["schema"])
    for key in [*found["uniques"], *found["indexes"]]:
        key["where"] = key["where"] and _QUOTED.sub(r"\1", key["where"])
    for name in ("uniques", "indexes", "foreign_keys", "checks"):
        found[name].sort(key=lambda one: str(one["name"]))
    return found


def _physical_model(model: Model, enums: dict[str, Enum], aside: frozenset[str]) -> Facts:
    kept = [one for one in model.uniques if one.layer is Layer.DATABASE]  # not those of a view
    found = _model(msgspec.structs.replace(model, uniques=tuple(kept)), aside)
    found["name"] = model.table
    found["fields"] = [_physical_field(field, enums, aside) for field in model.fields]
    for field in found["fields"] if model.kind == "view" else ():
        del field["nullable"]
    for key in found["foreign_keys"]:
        key["model"] = key["table"]
    return found


def _physical_field(field: Field, enums: dict[str, Enum], aside: frozenset[str]) -> Facts:
    """A column: its enum by the database's own name, if the database has it at all."""
    found: Facts = _plain(field, aside)
    found["name"] = field.column
    found["native"] = field.native.removeprefix("public.")
    default = field.default
    if default is not None and default.layer is not Layer.DATABASE:
        found["default"] = default = None
    if field.updated_at is not Layer.DATABASE:
        found["updated_at"] = None
    enum = enums.get(field.enum or "")
    if enum is not None:
        known = enum.layer is Layer.DATABASE
        found["enum"] = enum.type if known else None
        found["type"] = ScalarType.ENUM if known else ScalarType.STRING
        if default is not None and default.kind == "literal":
            stored = {value.name: value.stored for value in enum.values}
            found["default"]["value"] = stored.get(default.value or "", default.value)
    return found


def _plain(value: Any, aside: frozenset[str]) -> Any:
    if isinstance(value, tuple):
        return [_plain(one, aside) for one in value]
    if not isinstance(value, msgspec.Struct):
        return value
    return {
        name: _plain(one, aside)
        for name in value.__struct_fields__
        if not isinstance(one := getattr(value, name), Span)
        and name not in aside
        and not name.endswith("span")
    }


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """One line for each leaf that differs."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            line
            for key in {**ours, **theirs}
            for line in differences(ours.get(key), theirs.get(key), f"{path}/{key}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            line
            for at, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for line in differences(one, other, f"{path}/{_label(one, at)}")
        ]
    return [] if ours == theirs else [f"{path}: {ours!r:.200} / {theirs!r:.200}"]


def _label(one: Any, at: int) -> str:
    return str(one.get("column") or one.get("name") or at) if isinstance(one, dict) else str(at)
