"""The common AST in the form of Prisma's datamodel, so that the two can be compared."""

from __future__ import annotations

import json
from typing import Any

from schemalint.model import (
    Action,
    Default,
    Dialect,
    Enum,
    Field,
    ForeignKey,
    KeyPart,
    Model,
    Relation,
    ScalarType,
    Schema,
)

# What Prisma's own types can have been narrowed to.
PRISMA_TYPES = {
    ScalarType.STRING: {"String"},
    ScalarType.UUID: {"String"},
    ScalarType.INT: {"Int"},
    ScalarType.BIGINT: {"BigInt"},
    ScalarType.FLOAT: {"Float"},
    ScalarType.DECIMAL: {"Decimal", "Float"},
    ScalarType.BOOLEAN: {"Boolean"},
    ScalarType.DATETIME: {"DateTime"},
    ScalarType.DATE: {"DateTime"},
    ScalarType.TIME: {"DateTime"},
    ScalarType.JSON: {"Json"},
    ScalarType.BYTES: {"Bytes"},
}
ACTIONS = {
    Action.CASCADE: "Cascade",
    Action.RESTRICT: "Restrict",
    Action.NO_ACTION: "NoAction",
    Action.SET_NULL: "SetNull",
    Action.SET_DEFAULT: "SetDefault",
}

Facts = dict[str, Any]


def ours(schema: Schema) -> Facts:
    """The facts of a schema that the datamodel states too, by path."""
    facts: Facts = {}
    for enum in schema.enums:
        facts[f"enum {enum.name}"] = _enum(enum)
    ignored = {model.name for model in schema.models if model.ignored}
    for model in schema.models:
        if model.kind == "join" or model.ignored:
            continue
        facts.update(_model(model, ignored, schema.dialect))
    return facts


def _enum(enum: Enum) -> Facts:
    return {
        "db": None if enum.type == enum.name else enum.type,
        "doc": enum.doc,
        "values": [
            (value.name, None if value.stored == value.name else value.stored, value.doc)
            for value in enum.values
        ],
    }


def _model(model: Model, ignored: set[str], dialect: Dialect | None) -> Facts:
    facts: Facts = {}
    path = model.name
    columns = {field.column: field.name for field in model.fields}
    members: list[Field | Relation] = [
        field
        for field in model.fields
        if not field.ignored and field.type is not ScalarType.UNSUPPORTED
    ]
    members += [one for one in model.relations if not one.ignored and one.model not in ignored]
    members.sort(key=lambda member: member.span.start)
    facts[path] = {
        "kind": "type" if model.kind == "type" else "model",
        "db": None if model.table == model.name else model.table,
        "schema": model.schema,
        "doc": model.doc,
        "fields": [member.name for member in members],
    }
    for member in members:
        name = f"{path}.{member.name}"
        if isinstance(member, Relation):
            facts[name] = _relation(model, member)
        else:
            facts[name] = _field(member, dialect)
    if model.kind == "type":
        return facts
    hidden = {
        field.column
        for field in model.fields
        if field.ignored or field.type is ScalarType.UNSUPPORTED
    }
    if model.primary_key is not None and not hidden & set(model.primary_key.columns):
        facts[f"{path} id"] = [_part(part, columns) for part in model.primary_key.parts]
    facts[f"{path} uniques"] = sorted(
        [_part(part, columns) for part in unique.parts] for unique in model.uniques
    )
    facts[f"{path} indexes"] = sorted(
        (
            index.type,
            [
                (*_part(part, columns), (part.operator_class or "").replace("_", ""))
                for part in index.parts
            ],
        )
        for index in model.indexes
    )
    return facts


def _part(part: KeyPart, columns: dict[str, str]) -> tuple[Any, ...]:
    path = part.span.text.partition("(")[0].strip()  # into a composite type, as it is written
    name = path if part.column is None else columns[part.column]
    return name, "desc" if part.descending else "asc", part.length or 0


def _field(field: Field, dialect: Dialect | None) -> Facts:
    return {
        "kind": {ScalarType.ENUM: "enum", ScalarType.COMPOSITE: "object"}.get(field.type, "scalar"),
        "type": {field.enum or field.composite}
        if field.enum or field.composite
        else PRISMA_TYPES[field.type],
        "list": field.list,
        "required": not field.client_nullable,
        "db": None if field.column == field.name else field.column,
        "updated": field.updated_at is not None,
        "default": _default(field),
        "doc": field.doc,
    }


def _default(field: Field) -> Any:
    default: Default | None = field.default
    if default is None or "default" not in default.span.text:  # SQLite's own counting
        return None
    if default.kind == "literal":
        value = default.value or ""
        written = default.span.text.partition("(")[2].rpartition(")")[0].strip()
        if field.list:
            inner = written[1:-1].strip()
            return ("list", 0 if not inner else len(json.loads(_quoted(written))))
        if field.type in (ScalarType.INT, ScalarType.FLOAT, ScalarType.DECIMAL, ScalarType.BIGINT):
            return float(value)
        if field.type in (ScalarType.DATETIME, ScalarType.DATE, ScalarType.TIME):
            return str(json.loads(written)).replace("Z", "+00:00")
        if field.type is ScalarType.BYTES:  # the AST has what the database stores
            return str(json.loads(written))
        return value
    if default.kind == "sequence":
        return ("call", default.span.text.partition("(")[2].partition("(")[0].strip())
    if default.kind == "now":
        return ("call", "now")
    if default.kind == "function":
        return ("call", default.expression.partition("(")[0].strip())
    return ("call", "dbgenerated")


def _quoted(array: str) -> str:
    """An array of constants as JSON: names are put in quotes."""
    from re import sub

    return sub(r'("(?:\\.|[^"\\])*")|([A-Za-z_]\w*)', lambda m: m[1] or f'"{m[2]}"', array)


def _relation(model: Model, relation: Relation) -> Facts:
    key: ForeignKey | None = None
    for one in model.foreign_keys:
        if (
            one.columns == relation.columns
            and one.span.start >= relation.span.start
            and (one.span.end <= relation.span.end)
        ):
            key = one
    names = sorted([model.name, relation.model])
    return {
        "kind": "object",
        "type": {relation.model},
        "list": relation.many,
        "required": not relation.nullable,
        "relation": relation.relation_name or "To".join(names),
        "fields": list(relation.fields),
        "references": list(relation.references),
        "on_delete": ACTIONS[key.on_delete] if key and key.on_delete_span else None,
        "on_update": ACTIONS[key.on_update] if key and key.on_update_span else None,
        "doc": relation.doc,
    }


def official(datamodel: dict[str, Any]) -> Facts:
    """The same facts out of Prisma's datamodel."""
    facts: Facts = {}
    for enum in datamodel["enums"]:
        facts[f"enum {enum['name']}"] = {
            "db": _other(enum),
            "doc": enum.get("documentation"),
            "values": [
                (value["name"], _other(value), value.get("documentation"))
                for value in enum["values"]
            ],
        }
    for kind in ("models", "types"):
        for model in datamodel[kind]:
            facts[model["name"]] = {
                "kind": kind[:-1],
                "db": _other(model),
                "schema": model.get("schema"),
                "doc": model.get("documentation"),
                "fields": [field["name"] for field in model["fields"]],
            }
            for field in model["fields"]:
                facts[f"{model['name']}.{field['name']}"] = _official_field(field)
            if kind == "models":
                facts[f"{model['name']} uniques"] = []
                facts[f"{model['name']} indexes"] = []
    for index in datamodel.get("indexes", ()):
        parts = [
            (field["name"], field.get("sortOrder") or "asc", field.get("length") or 0)
            for field in index["fields"]
        ]
        sort = index["type"]
        if sort == "id":
            facts[f"{index['model']} id"] = parts
        elif sort == "unique":
            facts[f"{index['model']} uniques"].append(parts)
        else:
            type_ = "fulltext" if sort == "fulltext" else (index.get("algorithm") or "btree")
            classes = [
                (field.get("operatorClass") or "").replace("_", "").lower()
                for field in index["fields"]
            ]
            facts[f"{index['model']} indexes"].append(
                (
                    type_.lower(),
                    [(*part, name) for part, name in zip(parts, classes, strict=True)],
                )
            )
    for name, value in facts.items():
        if name.endswith((" uniques", " indexes")):
            value.sort()
    return facts


def _other(named: dict[str, Any]) -> str | None:
    """The name in the database where it is another one (the datamodel repeats a written `@map`)."""
    mapped: str | None = named.get("dbName")
    return None if mapped == named["name"] else mapped


def _official_field(field: dict[str, Any]) -> Facts:
    common = {
        "kind": field["kind"],
        "type": {field["type"]},
        "list": field["isList"],
        "required": field["isRequired"] or field["isList"],
        "doc": field.get("documentation"),
    }
    if "relationName" in field:
        return common | {
            "relation": field["relationName"],
            "fields": field["relationFromFields"],
            "references": field["relationToFields"],
            "on_delete": field.get("relationOnDelete"),
            "on_update": field.get("relationOnUpdate"),
        }
    default = field.get("default")
    if isinstance(default, dict):
        default = ("call", default["name"])
    elif isinstance(default, list):
        default = ("list", len(default))
    elif isinstance(default, bool):
        default = str(default).lower()
    elif field["type"] in ("Int", "Float", "BigInt", "Decimal") and default is not None:
        default = float(default)
    return common | {
        "db": _other(field),
        "updated": bool(field.get("isUpdatedAt")),
        "default": default,
    }


def differences(mine: Facts, theirs: Facts) -> list[str]:
    """One line for each fact that differs."""
    found = []
    for path in [*theirs, *(path for path in mine if path not in theirs)]:
        left, right = mine.get(path), theirs.get(path)
        if isinstance(left, dict) and isinstance(right, dict):
            for key in right.keys() | left.keys():
                one, other = left.get(key), right.get(key)
                if one != other and not (key == "type" and one and other and other <= one):
                    found.append(f"{path} {key}: {one!r}, officially {other!r}")
        elif left != right:
            found.append(f"{path}: {left!r}, officially {right!r}")
    return found
