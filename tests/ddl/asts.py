"""The common AST as plain values, to hold a schema against what its DDL is read back as.

Left out are places, documentation, what only a client knows, triggers and grants, which are not
written, and the order of keys, which is no fact.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Default, Dialect, Schema
from schemalint.source import SourceFile, Span

_ASIDE = frozenset(
    ("doc", "attributes", "relations", "client_nullable", "opaque", "triggers", "grants")
)
_UNORDERED = ("uniques", "indexes", "foreign_keys", "checks", "exclusions")


def plain(schema: Schema) -> dict[str, Any]:
    """The tables and enums by name."""
    found = {
        f"table {model.schema}.{model.table}": _plain(model)
        for model in schema.models
        if model.kind != "view"
    }
    for enum in schema.enums:
        found[f"enum {enum.schema}.{enum.type}"] = [value.stored for value in enum.values]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if not isinstance(value, msgspec.Struct):
        return value
    found: dict[str, Any] = {"": type(value).__name__}
    for name in value.__struct_fields__:
        one = getattr(value, name)
        if name not in _ASIDE and not name.endswith("span") and not isinstance(one, Span):
            found[name] = _plain(one)
            if isinstance(value, Default) and isinstance(one, str):
                found[name] = re.sub(r"^\((.*)\)$", r"\1", one)  # brackets are MySQL's wish
            if name in _UNORDERED:
                found[name].sort(key=repr)
    return found


def changed(before: dict[str, Any], after: dict[str, Any], path: str = "") -> list[str]:
    """One line for each value that differs."""
    found = []
    for name in [*before, *(one for one in after if one not in before)]:
        one, other = before.get(name), after.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            found += changed(one, other, f"{path}/{name}")
        elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            numbered = [dict(enumerate(map(_named, each))) for each in (one, other)]
            found += changed(*numbered, f"{path}/{name}") if one != other else []
        elif one != other:
            found.append(f"{path}/{name}: {one!r} became {other!r}")
    return found


def _named(value: Any) -> Any:
    return value if isinstance(value, dict) else {"": value}


def reloaded(statements: list[str], dialect: Dialect) -> Schema:
    """What the loader of SQL makes of statements."""
    file = SourceFile("ddl.sql", "".join(f"{one};\n" for one in statements))
    return SqlLoader().load([file], dialect=dialect).schema
