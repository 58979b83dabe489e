"""The same schema in Prisma, SQLModel and SQL is one and the same common AST.

Aside are places and texts, what only one language has (documentation, navigation fields, attributes
as written), what the client alone knows, and logical names: SQL has none but the physical ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemalint.model import Dialect, Schema
from schemalint.registry import Registry
from schemalint.source import SourceFile, Span

FOLDER = Path(__file__).parent / "one_ast"
_ASIDE = frozenset(("doc", "attributes", "relations", "client_nullable", "claims", "opaque", "sql"))
_REGISTRY = Registry.discover()


def load(dialect: Dialect, suffix: str) -> Schema:
    """The schema of one of the files, which holds nothing that its loader complains about."""
    path = FOLDER / f"{dialect}.{suffix}"
    loader = _REGISTRY.loader(suffix)
    assert loader is not None
    loaded = loader.load([SourceFile(path.name, path.read_text("utf-8"))], dialect=dialect)
    assert [problem.message for problem in loaded.problems] == []
    assert loaded.schema.opaque == ()
    return loaded.schema


def facts(schema: Schema) -> dict[str, Any]:
    """What the schema says of the database, by physical names."""
    enums = {enum.name: enum.type for enum in schema.enums}
    tables = {model.name: model.table for model in schema.models}
    found = _plain(schema.models, {**enums, **tables})
    for model in found:
        for field in model["fields"]:
            field["name"] = field["column"]
        for name in ("uniques", "indexes", "foreign_keys"):
            model[name].sort(key=lambda one: str(one["name"]))
    return {
        "models": found,
        "enums": [(enum.type, [value.stored for value in enum.values]) for enum in schema.enums],
        "dialect": schema.dialect,
    }


def _plain(value: Any, physical: dict[str, str]) -> Any:
    if isinstance(value, tuple):
        return [_plain(one, physical) for one in value]
    if not isinstance(value, msgspec.Struct):
        return value
    found = {}
    for name in value.__struct_fields__:
        one = getattr(value, name)
        if name in _ASIDE or name.endswith("span") or isinstance(one, Span):
            continue
        logical = name in ("name", "model", "enum") and isinstance(one, str)
        found[name] = physical.get(one, one) if logical else _plain(one, physical)
    return found


@pytest.mark.parametrize("suffix", ["py", "sql"])
@pytest.mark.parametrize("dialect", [Dialect.SQLITE, Dialect.POSTGRESQL])
def test_one_ast(dialect: Dialect, suffix: str) -> None:
    prisma, other = facts(load(dialect, "prisma")), facts(load(dialect, suffix))
    for ours, theirs in zip(prisma["models"], other["models"], strict=True):
        assert ours == theirs
    assert prisma == other
