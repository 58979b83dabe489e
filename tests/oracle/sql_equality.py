"""A Prisma schema and the SQL of its tables have to give the same AST: the comparison.

Left out is what SQL cannot know (logical names, relations, documentation, what only the client
does) and places.
"""

from __future__ import annotations

import re
from typing import Any

from schemalint.model import (
    Default,
    Dialect,
    Field,
    ForeignKey,
    Index,
    KeyPart,
    Layer,
    Model,
    PrimaryKey,
    ScalarType,
    Schema,
    Unique,
)

Facts = dict[str, Any]


def facts(schema: Schema) -> Facts:
    """What both languages say of the tables, by path, in physical names."""
    found: Facts = {}
    stored = {
        enum.name: {value.name: value.stored for value in enum.values} for enum in schema.enums
    }
    types = {enum.name: _qualified(enum.schema, enum.type) for enum in schema.enums}
    if schema.dialect is not Dialect.SQLITE:
        for enum in schema.enums:
            # A value that is added to a type comes last, wherever the schema has it.
            found[f"enum {types[enum.name]}"] = sorted(value.stored for value in enum.values)
    for model in schema.models:
        if model.kind in ("model", "join"):
            _model(model, schema, types, stored, found)
    return found


def _qualified(schema: str | None, name: str) -> str:
    return name if schema in (None, "public") else f"{schema}.{name}"


def _model(
    model: Model,
    schema: Schema,
    types: dict[str, str],
    stored: dict[str, dict[str, str]],
    found: Facts,
) -> None:
    table = _qualified(model.schema, model.table)
    found[table] = {"strict": model.strict, "checks": model.checks, "triggers": model.triggers}
    for field in model.fields:
        found[f"{table}.{field.column}"] = _field(field, schema.dialect, types, stored)
    if model.primary_key is not None:
        found[f"{table} primary key"] = _key(model.primary_key)
    for unique in model.uniques:
        found[f"{table} unique {unique.name}"] = {
            **_key(unique),
            "where": _spaced(unique.where),
            "nulls": unique.nulls,
            "ignore case": unique.ignore_case,
            "index": unique.index,
            "layer": unique.layer.value,
        }
    for index in model.indexes:
        found[f"{table} index {index.name}"] = {
            **_key(index),
            "where": _spaced(index.where),
            "type": index.type,
        }
    for key in model.foreign_keys:
        if key.name is not None:  # relationMode = "prisma": there is none
            found[f"{table} foreign key {key.name}"] = _foreign_key(key)


def _key(key: PrimaryKey | Unique | Index) -> Facts:
    return {"parts": [_part(part) for part in key.parts]}


def _part(part: KeyPart) -> tuple[Any, ...]:
    return (part.column, part.expression, part.descending, part.length, part.operator_class)


def _foreign_key(key: ForeignKey) -> Facts:
    return {
        "columns": key.columns,
        "table": _qualified(key.schema, key.table),
        "references": key.references,
        "on delete": key.on_delete,
        "on update": key.on_update,
        "match": key.match,
        "deferrable": key.deferrable,
        "layer": key.layer,
        "enforced": key.enforced,
    }


def _field(
    field: Field,
    dialect: Dialect | None,
    types: dict[str, str],
    stored: dict[str, dict[str, str]],
) -> Facts:
    scalar = field.type
    enum = field.enum
    if scalar is ScalarType.ENUM and dialect is Dialect.SQLITE:
        scalar, enum = ScalarType.STRING, None  # there it is text, which only the client checks
    return {
        "type": scalar,
        "native": field.native.replace('"', "").removeprefix("public."),
        "enum": None if enum is None else types[enum],
        "nullable": field.nullable,
        "list": field.list,
        "default": _default(field, stored.get(field.enum or "", {})),
        "default written": _written(field.default),
        "generated": field.generated,
        "updated": field.updated_at is Layer.DATABASE,
        "ignore case": field.ignore_case,
        "collation": field.collation,
        "unsupported": field.unsupported,
    }


def _default(field: Field, stored: dict[str, str]) -> Any:
    default: Default | None = field.default
    if default is None or default.layer is not Layer.DATABASE or not default.expression:
        return None
    if field.list:
        return _spaced(default.expression)
    if field.type in (ScalarType.BYTES, ScalarType.DATETIME):
        return (default.kind, default.expression)  # Prisma's value is in its own notation
    if default.kind == "literal":
        return ("literal", default.expression, stored.get(default.value or "", default.value))
    return (default.kind, _spaced(default.expression))


def _written(default: Default | None) -> str | None:
    if default is None:
        return None
    if default.kind == "expression":
        return _spaced(default.expression)
    return _spaced(default.span.text.removeprefix("DEFAULT "))


def _as_written(prisma: Facts, sql: Facts) -> None:
    """`dbgenerated("...")` hides what SQL may well know for a literal or the current time."""
    default = prisma.get("default")
    if default and default[0] == "expression" and sql.get("default") != default:
        prisma["default"] = prisma["default written"]
        sql["default"] = sql["default written"]
    for one in (prisma, sql):
        one.pop("default written", None)


def _spaced(text: str | None) -> str | None:
    """Without blanks, brackets around it and quotes around names."""
    if text is None:
        return None
    text = re.sub(r"\s+|\"", "", text)
    while text.startswith("(") and text.endswith(")") and _encloses(text):
        text = text[1:-1]
    return text


def _encloses(text: str) -> bool:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def differences(prisma: Schema, sql: Schema) -> list[str]:
    """One line for each fact that differs."""
    left, right = facts(prisma), facts(sql)
    for path, one in left.items():
        if isinstance(one, dict) and path in right:
            _as_written(one, right[path])
    found = []
    for path in [*left, *(path for path in right if path not in left)]:
        one, other = left.get(path), right.get(path)
        if isinstance(one, dict) and isinstance(other, dict):
            found += [
                f"{path} {word}: Prisma {one.get(word)!r}, SQL {other.get(word)!r}"
                for word in one
                if one[word] != other.get(word)
            ]
        elif one != other:
            found.append(f"{path}: Prisma {one!r}, SQL {other!r}")
    return found
