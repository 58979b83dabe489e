"""Published packages' models, loaded as text, against what they are at run time.

`python -m tests.loaders.sqlmodel.published [PACKAGE ...]` prints every difference.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from schemalint.loaders.loaded import Loaded
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlmodel.emission.emit import shortened
from schemalint.loaders.sqlmodel.emission.naming import MadeName
from schemalint.loaders.sqlmodel.loader import SqlModelLoader
from schemalint.model import Default, Dialect, Field, KeyPart, Layer, Model, ScalarType, Schema
from schemalint.project.reading import Reader
from schemalint.project.schemas import Settled, find_schemas
from schemalint.source import SourceFile
from tests.oracle.install import MODELS, PYPI_MODELS
from tests.shared_material import shared

if TYPE_CHECKING:
    from schemalint.project.python_sources import PythonSources

# Tables that the run-time truth left out: their modules were not imported.
ELSEWHERE = {"zenml": {"alembic_version"}}  # of the migrations' own declarative base
UNTOLD = "not told"
DIALECTS = {"sqlite": Dialect.SQLITE, "postgresql": Dialect.POSTGRESQL}


class Difference(msgspec.Struct, frozen=True):
    """A fact that the loader has wrong, or (`known` false) says it does not know."""

    package: str
    kind: str
    path: str
    ours: Any
    real: Any
    known: bool = True

    def __str__(self) -> str:
        doubt = "" if self.known else " (said to be unknown)"
        return (
            f"{self.package}: {self.kind} {self.path}: {self.ours!r}, really {self.real!r}{doubt}"
        )


class Compared(msgspec.Struct):
    """The facts that were looked at, by kind, and the differences."""

    facts: Counter[str]
    differences: list[Difference]

    def share(self, kind: str) -> float:
        """The part of the facts of this kind that is right."""
        wrong = sum(one.kind == kind for one in self.differences)
        return 1 - wrong / self.facts[kind] if self.facts[kind] else 1.0


def fetched(package: str) -> Path:
    """The folder of the package's sources; skips the test where they were not fetched."""
    import pytest

    folder = MODELS / f"{package}@{PYPI_MODELS[package]}"
    if not folder.exists():
        pytest.skip("the packages' sources are absent: `python -m tests.oracle.install`")
    return folder


def run_time(package: str) -> dict[str, Any]:
    """What the package's tables are at run time."""
    text = shared("oracle", "sqlmodel", f"{package}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def load(package: str, dialect: Dialect) -> Loaded:
    """The package's models, as `schemalint check` finds and loads them."""
    folder = str(fetched(package))
    others = tuple(str(path) for path in sorted(MODELS.iterdir()) if str(path) != folder)
    found = find_schemas([folder], ["py"], Reader(folder), Settled(environments=others))
    assert len(found.schemas) == 1, [one.files for one in found.schemas]
    files = found.schemas[0]
    sources = cast("PythonSources", files.sources)
    sources.version = lambda name: versions().get(package) if name == "sqlmodel" else None  # type: ignore[method-assign]  # the archives have no lock file
    return SqlModelLoader().load(files.files, dialect=dialect, sources=sources)


@cache
def versions() -> dict[str, str]:
    """The version of SQLModel that each package was run with."""
    index = json.loads(shared("oracle", "sqlmodel", "index.json").read_text("utf-8"))
    return {one["package"]: one["sqlmodel"] for one in index}


def compare(package: str) -> Compared:
    """Every fact of every table of the package, on SQLite and on PostgreSQL."""
    loaded = {name: load(package, dialect) for name, dialect in DIALECTS.items()}
    return compared_with(run_time(package), loaded, package)


def compared_with(real: dict[str, Any], loaded: dict[str, Loaded], package: str) -> Compared:
    """What was loaded for each dialect against what the models are at run time."""
    compared = Compared(Counter(), [])
    tables = [table for one in real["metadatas"] for table in one["tables"].values()]
    for dialect, one in loaded.items():
        models = {model.table: model for model in one.schema.models if model.kind == "model"}
        doubtful = {table for opaque in one.schema.opaque for table in opaque.tables or models}
        for table in tables:
            name = table["name"]
            found = list(_table(one.schema, models.get(name), table, dialect))
            if dialect != "sqlite":  # what no dialect changes is looked at once
                found = [
                    fact for fact in found if fact[0] in ("type", "enum values", "default kind")
                ]
            for kind, path, ours, theirs in found:
                compared.facts[kind] += 1
                if ours != theirs:
                    known = name not in doubtful and ours != UNTOLD
                    compared.differences.append(
                        Difference(package, kind, f"{name}{path}", ours, theirs, known)
                    )
        if dialect == "sqlite":
            theirs = {table["name"] for table in tables} | ELSEWHERE.get(package, set())
            for name in sorted(set(models) - theirs):
                compared.differences.append(
                    Difference(package, "table too many", name, True, False, name not in doubtful)
                )
    return compared


_Fact = tuple[str, str, Any, Any]


def _table(
    schema: Schema, model: Model | None, table: dict[str, Any], dialect: str
) -> Iterator[_Fact]:
    yield "table", "", model is not None, True
    if model is None:
        return
    columns = [column["name"] for column in table["columns"]]
    yield "columns", "", sorted(field.column for field in model.fields), sorted(columns)
    for column in table["columns"]:
        field = model.column(column["name"])
        if field is not None:
            yield from _column(schema, field, column, dialect)
    key = model.primary_key
    yield "primary key", "", list(key.columns) if key else [], table["primary_key"]
    yield "foreign keys", "", _our_keys(model), _real_keys(table)
    yield "uniques", "", _our_uniques(model, table), _real_uniques(table)
    yield "indexes", "", _our_indexes(model, table), _real_indexes(table, dialect)
    ours = sorted(_plain(check.expression, model.table) for check in model.checks)
    yield "checks", "", ours, sorted(_plain(one["text"], model.table) for one in table["check"])


def _column(schema: Schema, field: Field, column: dict[str, Any], dialect: str) -> Iterator[_Fact]:
    path = f".{column['name']}"
    model_enum = schema.enum(field.enum) if field.enum is not None else None
    yield "nullable", path, field.nullable, bool(column["nullable"])
    if field.default is None or field.default.kind != "sequence":  # SQLite numbers rows itself
        yield "default", path, _our_default(field), _real_default(column)
    yield "renewed", path, field.updated_at is not None, column["onupdate"] is not None
    yield from _default_kind(field, column, path, dialect)
    enum = column["type"].get("enum")
    if enum is not None:
        stored = model_enum.values if model_enum is not None else ()
        yield "enum values", path, [one.stored for one in stored], enum["labels"]
    native = column["type"][dialect]
    if "Error" in native:
        yield "type", path, field.type, ScalarType.UNSUPPORTED
    elif field.type is not ScalarType.ENUM:
        serial = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT"}
        ours = field.native.removesuffix("[]") + ("[]" if field.list else "")
        yield "type", path, serial.get(ours, ours), _native(native, dialect)
    else:
        yield "type", path, field.native, native if dialect == "sqlite" else field.native


@cache
def _native(written: str, dialect: str) -> str:
    text = f"CREATE TABLE t (c {written})"
    loaded = SqlLoader().load([SourceFile("t.sql", text)], dialect=DIALECTS[dialect])
    if not loaded.schema.models or not loaded.schema.models[0].fields:
        return written  # no words of SQL: a type that writes itself in its own way
    field = loaded.schema.models[0].fields[0]
    return field.native.removesuffix("[]") + ("[]" if field.list else "")


def _our_default(field: Field) -> str | None:
    default = field.default
    if default is None:
        return None
    return "server" if default.layer is Layer.DATABASE else "client"


def _real_default(column: dict[str, Any]) -> str | None:
    if column["server_default"] is not None:
        return "server"
    return "client" if column["default"] is not None else None


def _default_kind(field: Field, column: dict[str, Any], path: str, dialect: str) -> Iterator[_Fact]:
    """Whether the default is a literal, and which; or else the current time, or something else."""
    ours, client, server = field.default, column["default"], column["server_default"]
    if ours is None or ours.kind == "sequence" or client is None is server:
        return
    if server is not None:
        if server["kind"] != "server":
            return
        quoted = "'" + server["text"].replace("'", "''") + "'"
        real = _written_default(quoted if server["literal"] else server["text"], dialect)
        yield "default kind", path, ours.kind == "literal", real.kind == "literal"
        if real.kind == "literal" and ours.kind == "literal":
            stored = _written_default(ours.expression, dialect)  # an enum's value by that name
            yield "default value", path, _logical(field, stored.value), _logical(field, real.value)
    else:
        # An expression is what could not be told.
        kind = UNTOLD if ours.kind == "expression" else ours.kind == "literal"
        yield "default kind", path, kind, client["kind"] == "scalar"
        value = client.get("value")
        plain = client.get("enum") or client.get("type") in ("str", "bool", "int")
        if ours.kind == "literal" and plain:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield (
                "default value",
                path,
                ours.value,
                text.rpartition(".")[2] if client.get("enum") else text,
            )


@cache
def _written_default(sql: str, dialect: str) -> Default:
    text = f"CREATE TABLE t (c TEXT DEFAULT {sql})"
    loaded = SqlLoader().load([SourceFile("t.sql", text)], dialect=DIALECTS[dialect])
    default = loaded.schema.models[0].fields[0].default
    assert default is not None, text
    return default


def _logical(field: Field, value: str | None) -> str | None:
    """A boolean's literal in one spelling."""
    if field.type is ScalarType.BOOLEAN and value is not None:
        return {"1": "true", "0": "false"}.get(value, value.lower())
    return value


def _our_keys(model: Model) -> list[Any]:
    return sorted(
        (
            list(key.columns),
            key.table,
            list(key.references),
            key.on_delete.value,
            key.on_update.value,
        )
        for key in model.foreign_keys
    )


def _real_keys(table: dict[str, Any]) -> list[Any]:
    found = []
    for key in table["foreign_key"]:
        targets = [target.rsplit(".", 1) for target in key["targets"]]
        actions = [(key[name] or "NO ACTION").lower() for name in ("ondelete", "onupdate")]
        parent = targets[0][0].rsplit(".", 1)[-1]
        found.append((key["columns"], parent, [one[1] for one in targets], *actions))
    return sorted(found)


def _our_uniques(model: Model, table: dict[str, Any]) -> list[Any]:
    key = model.primary_key.columns if model.primary_key else ()
    found = [
        (list(one.columns), _named(one.name, table["unique"]))
        for one in model.uniques
        if not one.index and one.columns != key
    ]
    return sorted(found, key=repr)


def _real_uniques(table: dict[str, Any]) -> list[Any]:
    found = [(one["columns"], one["resolved_name"]) for one in table["unique"]]
    return sorted((one for one in found if one[0] != table["primary_key"]), key=repr)


def _our_indexes(model: Model, table: dict[str, Any]) -> list[Any]:
    found: list[Any] = [(one, True) for one in model.uniques if one.index]
    found += [(one, False) for one in model.indexes]
    return sorted(
        (
            _named(one.name, table["indexes"]),
            [_our_part(part, model.table) for part in one.parts],
            unique,
            None if one.where is None else _plain(one.where, model.table),
        )
        for one, unique in found
    )


def _named(name: str | None, real: list[dict[str, Any]]) -> str | None:
    """A name as it is on PostgreSQL, where the truth has it from: shortened if a convention made
    it."""
    if name is None or any(one["resolved_name"] == name for one in real):
        return name
    return shortened(MadeName(name), Dialect.POSTGRESQL)


def _our_part(part: KeyPart, table: str) -> str:
    text = part.column or _plain(part.expression or "", table)
    return f"{text} DESC" if part.descending else text


def _real_indexes(table: dict[str, Any], dialect: str) -> list[Any]:
    found = []
    for one in table["indexes"]:
        where = one["dialect"].get(f"{dialect}_where")
        members = [_plain(column, table["name"]) for column in one["columns"]]
        predicate = None if where is None else _plain(where, table["name"])
        found.append((one["resolved_name"], members, one["unique"], predicate))
    return sorted(found)


def _plain(sql: str, table: str) -> str:
    """SQL in single blanks, without quotes of names, brackets around all of it, and the table's
    name before columns."""
    text = re.sub(rf'"?\b{re.escape(table)}\b"?\.', "", sql)
    text = re.sub(r":to_tsvector_\d+", "'english'", text)  # a bound parameter, in the oracle's text
    text = re.sub(r"\bfalse\b", "0", re.sub(r"\btrue\b", "1", text))  # SQLite's words for them
    text = " ".join(text.replace('"', "").split()).removesuffix(" ASC").removesuffix(" DESC")
    return re.sub(r"\A\(([^()]*)\)\Z", r"\1", text)


def main(packages: list[str]) -> None:
    """Print the differences of these packages, or of all."""
    total = Compared(Counter(), [])
    for package in packages or PYPI_MODELS:
        try:
            compared = compare(package)
        except Exception as error:
            print(f"{package}: {type(error).__name__}: {error}")
            if packages:
                raise
            continue
        total.facts.update(compared.facts)
        total.differences += compared.differences
        if packages:
            print(*compared.differences, sep="\n")
        wrong = [one for one in compared.differences if one.known]
        print(f"{package}: {len(compared.differences)} differ, {len(wrong)} without a word")
    for kind, count in total.facts.items():
        print(f"{kind}: {total.share(kind):.2%} of {count}")


if __name__ == "__main__":
    main(sys.argv[1:])
