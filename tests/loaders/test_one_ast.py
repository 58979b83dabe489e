"""The same schema in two languages is one and the same common AST: for each pair of languages and
each database, files that use everything the two can both say.

That the two files of a pair really are one schema to the database is not believed but tested:
`tests/oracle/test_one_ast.py`.

Aside are places and texts, and what one language of the pair has no words for:

- SQL has no logical names, no navigation fields, and knows nothing of what the client does
  (its defaults, its renewals, its own idea of what may be None, enums that are texts in the
  database);
- attributes as they are written are a language's own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemalint.model import Dialect, Enum, Field, Layer, Model, ScalarType, Schema
from schemalint.registry import Registry
from schemalint.source import SourceFile, Span

FOLDER = Path(__file__).parent / "one_ast"
PAIRS = {
    "prisma_sqlmodel": ("prisma", "py"),
    "prisma_sql": ("prisma", "sql"),
    "sqlmodel_sql": ("py", "sql"),
}
DIALECTS = (Dialect.SQLITE, Dialect.POSTGRESQL)
_ASIDE = frozenset(("attributes", "opaque"))
_NOT_IN_SQL = frozenset(("relations", "client_nullable"))
_REGISTRY = Registry.discover()


def load(path: Path, dialect: Dialect) -> Schema:
    """The schema of one of the files, which holds nothing that its loader complains about."""
    loader = _REGISTRY.loader(path.suffix.removeprefix("."))
    assert loader is not None
    loaded = loader.load([SourceFile(path.name, path.read_text("utf-8"))], dialect=dialect)
    assert [f"{one.span.place.line}: {one.message}" for one in loaded.problems] == []
    assert [f"{one.span.place.line}: {one.reason}" for one in loaded.schema.opaque] == []
    return loaded.schema


def facts(schema: Schema, *, physical: bool) -> dict[str, Any]:
    """What the schema says, and with `physical` of that only what the database has."""
    refused = {enum.name: enum for enum in schema.enums if enum.layer is Layer.DATABASE}
    return {
        "models": {
            (model.schema or "", model.table): _model(model, refused, schema, physical)
            for model in schema.models
        },
        "enums": {
            (enum.schema or "", enum.type): [value.stored for value in enum.values]
            if physical
            else _plain(enum, _ASIDE)
            for enum in schema.enums
            if enum.name in refused or not physical
        },
        "order": [(model.schema or "", model.table) for model in schema.models],
        "dialect": schema.dialect,
    }


def _model(model: Model, enums: dict[str, Enum], schema: Schema, physical: bool) -> dict[str, Any]:
    found: dict[str, Any] = _plain(model, _ASIDE | _NOT_IN_SQL if physical else _ASIDE)
    # A join table is a table; that nobody declared it is known to Prisma alone.
    found["kind"] = "model" if model.kind == "join" else model.kind
    if physical:
        found["name"] = model.table
        found["fields"] = [_field(field, enums) for field in model.fields]
    for key in found["foreign_keys"]:
        if physical:
            key["model"] = key["table"]
    for name in ("uniques", "indexes", "foreign_keys", "checks"):
        found[name].sort(key=lambda one: str(one["name"]))
    return found


def _field(field: Field, enums: dict[str, Enum]) -> dict[str, Any]:
    """A column: its enum by the database's own name, if the database has it at all."""
    found: dict[str, Any] = _plain(field, _ASIDE | _NOT_IN_SQL)
    found["name"] = field.column
    default = field.default
    if default is not None and default.layer is not Layer.DATABASE:
        found["default"] = default = None
    if field.updated_at is not Layer.DATABASE:
        found["updated_at"] = None
    if field.enum in enums:
        enum = enums[field.enum]
        found["enum"] = enum.type
        if default is not None and default.kind == "literal":
            stored = {value.name: value.stored for value in enum.values}
            found["default"]["value"] = stored[default.value or ""]
    elif field.enum is not None:
        found["enum"], found["type"] = None, ScalarType.STRING
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
    return [] if ours == theirs else [f"{path}: {ours!r} / {theirs!r}"]


def _label(one: Any, at: int) -> str:
    return str(one.get("column") or one.get("name") or at) if isinstance(one, dict) else str(at)


def paths(pair: str, dialect: Dialect) -> tuple[Path, Path]:
    """The two files of a pair."""
    first, second = PAIRS[pair]
    return FOLDER / pair / f"{dialect}.{first}", FOLDER / pair / f"{dialect}.{second}"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("pair", PAIRS)
def test_one_ast(pair: str, dialect: Dialect) -> None:
    physical = "sql" in PAIRS[pair]
    first, second = (facts(load(path, dialect), physical=physical) for path in paths(pair, dialect))
    assert "\n".join(differences(first, second)) == ""
