"""The common AST as plain values for JSON: what `schemalint ast` prints, versioned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemalint.model import (
    Check,
    Enum,
    Field,
    ForeignKey,
    Index,
    Model,
    Relation,
    Schema,
    Trigger,
    Unique,
)

VERSION = 1


def document(schemas: Iterable[Schema]) -> dict[str, Any]:
    """The whole document; keys and their meaning are stable within one `version`."""
    return {"version": VERSION, "schemas": [_schema(schema) for schema in schemas]}


def _schema(schema: Schema) -> dict[str, Any]:
    opaque = [*schema.opaque, *(one for model in schema.models for one in model.opaque)]
    return {
        "files": [file.path for file in schema.files],
        "language": schema.language,
        "dialect": schema.dialect,
        "foreign_keys_enforced": schema.foreign_keys_enforced,
        "models": [_model(model) for model in schema.models if model.kind != "view"],
        "enums": [_enum(enum) for enum in schema.enums],
        "views": [_model(model) for model in schema.models if model.kind == "view"],
        "opaque": [
            {"kind": one.kind, "reason": one.reason, "place": one.span.place} for one in opaque
        ],
    }


def _model(model: Model) -> dict[str, Any]:
    key = model.primary_key
    return {
        "name": model.name,
        "table": model.table,
        "schema": model.schema,
        "kind": model.kind,
        "doc": model.doc,
        "place": model.span.place,
        "fields": [_field(field) for field in model.fields],
        "primary_key": None if key is None else {"name": key.name, "columns": key.columns},
        "uniques": [_unique(unique) for unique in model.uniques],
        "indexes": [_index(index) for index in model.indexes],
        "foreign_keys": [_foreign_key(key) for key in model.foreign_keys],
        "checks": [_check(check) for check in model.checks],
        "triggers": [_trigger(trigger) for trigger in model.triggers],
        "relations": [_relation(relation) for relation in model.relations],
    }


def _field(field: Field) -> dict[str, Any]:
    default, generated = field.default, field.generated
    return {
        "name": field.name,
        "column": field.column,
        "type": field.type,
        "native": field.native or None,  # composite types have none
        "enum": field.enum,
        "nullable": field.nullable,
        "list": field.list,
        "default": None
        if default is None
        else {"layer": default.layer, "expression": default.expression},
        "generated": None
        if generated is None
        else {"expression": generated.expression, "stored": generated.stored},
        "updated_at": field.updated_at,
        "place": field.span.place,
    }


def _unique(unique: Unique) -> dict[str, Any]:
    return {
        "name": unique.name,
        "columns": unique.columns,
        "expressions": unique.expressions,
        "where": unique.where,
        "nulls": unique.nulls,
        "ignore_case": unique.ignore_case,
        "layer": unique.layer,
        "index": unique.index,
    }


def _index(index: Index) -> dict[str, Any]:
    return {
        "name": index.name,
        "columns": index.columns,
        "expressions": index.expressions,
        "where": index.where,
        "type": index.type,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "expression": check.expression,
        "layer": check.layer,
        **_not_validated(check),
    }


def _not_validated(constraint: Check | ForeignKey) -> dict[str, bool]:
    """What is said of a constraint that stored rows may break; of others, nothing is."""
    return {} if constraint.validated else {"validated": False}


def _foreign_key(key: ForeignKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "columns": key.columns,
        "table": key.table,
        "references": key.references,
        "on_delete": key.on_delete,
        "on_update": key.on_update,
        "match": key.match,
        "deferrable": key.deferrable,
        "layer": key.layer,
        **_not_validated(key),
    }


def _trigger(trigger: Trigger) -> dict[str, Any]:
    return {
        "name": trigger.name,
        "timing": trigger.timing,
        "events": trigger.events,
        "columns": trigger.columns,
        "when": trigger.when,
        "effect": trigger.effect,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "name": relation.name,
        "model": relation.model,
        "many": relation.many,
        "columns": relation.columns,
        "back": relation.back,
        "through": relation.through,
    }


def _enum(enum: Enum) -> dict[str, Any]:
    return {
        "name": enum.name,
        "type": enum.type,
        "values": [{"name": value.name, "stored": value.stored} for value in enum.values],
        "layer": enum.layer,
    }
