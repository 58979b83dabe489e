"""Models read from their source against what SQLAlchemy has of them at run time (`observe.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemalint.loaders.sqlmodel.declarations.drafted import draft_tables
from schemalint.loaders.sqlmodel.drafts import (
    ColumnDraft,
    ForeignKeyDraft,
    IndexDraft,
    KeyMember,
    RelationDraft,
    TableDraft,
)
from schemalint.loaders.sqlmodel.project import Project
from schemalint.source import SourceFile

MODELS = sorted((Path(__file__).parent / "models").glob("*.py.txt"))
IDS = [path.name.partition(".")[0] for path in MODELS]
_KINDS = {
    None: None,
    "literal": "scalar",
    "now": "callable",
    "function": "callable",
    "expression": "sql",
}


@pytest.mark.parametrize("path", MODELS, ids=IDS)
def test_tables_as_at_run_time(path: Path) -> None:
    observed = json.loads(path.with_suffix("").with_suffix(".observed.json").read_text("utf8"))
    source = SourceFile(path.name, path.read_text("utf8"))
    tables, _, problems = draft_tables(Project([source]))

    assert [one for one in problems if not one.warning] == []
    for table in observed["tables"].values():
        table["indexes"] = _sorted([_observed_index(one) for one in table["indexes"]])
    assert {_full_name(table): _table(table) for table in tables} == observed["tables"]
    for table in tables:
        names = {column.column: column.attribute for column in table.columns}
        for column, attribute in observed["attributes"].get(table.name, {}).items():
            assert names[column] == attribute
        assert {one.name: _relation(one) for one in table.relations} == observed["relations"].get(
            table.name, {}
        )


@pytest.mark.parametrize("path", MODELS, ids=IDS)
def test_nothing_is_left_open(path: Path) -> None:
    tables, _, _ = draft_tables(Project([SourceFile(path.name, path.read_text("utf8"))]))
    gaps = [gap.reason for table in tables for gap in table.gaps]
    gaps += [gap.reason for table in tables for one in table.columns for gap in one.gaps]
    assert gaps == []


def _full_name(table: TableDraft) -> str:
    return f"{table.schema}.{table.table}" if table.schema else table.table


def _table(table: TableDraft) -> dict[str, Any]:
    keys = [*table.foreign_keys, *(key for one in table.columns for key in one.foreign_keys)]
    uniques = [
        {"name": one.name, "columns": [member.column for member in one.members]}
        for one in table.uniques
    ]
    flagged = tuple(one.column for one in table.columns if one.primary_key)
    return {
        "comment": table.comment,
        "columns": [_column(one) for one in table.columns],
        "primary_key": list(table.primary_key or flagged),
        "primary_key_name": table.primary_key_name,
        "uniques": _sorted(uniques),
        "checks": _sorted([{"name": one.name, "sql": one.sql} for one in table.checks]),
        "foreign_keys": _sorted([_foreign_key(one) for one in keys]),
        "indexes": _sorted([_index(one) for one in table.indexes]),
    }


def _column(column: ColumnDraft) -> dict[str, Any]:
    path = column.type.path.rpartition(".")[2]
    default = column.default
    kind = _KINDS[default.kind if default is not None else None]
    return {
        "name": column.column,
        "nullable": column.nullable,
        "primary_key": column.primary_key,
        "type": "UTCDateTime" if column.type.utc else path,
        "default": kind,
        "server_default": column.server_default.sql if column.server_default else None,
        "computed": column.computed,
        "identity": column.identity is not None,
        "on_update": column.on_update is not None,
        "comment": column.comment,
    }


def _relation(relation: RelationDraft) -> dict[str, Any]:
    return {
        "target": relation.target,
        "many": relation.many,
        "back": relation.back,
        "secondary": relation.secondary,
    }


def _foreign_key(key: ForeignKeyDraft) -> dict[str, Any]:
    return {
        "name": key.name,
        "columns": list(key.columns),
        "targets": list(key.targets),
        "ondelete": key.on_delete.value if key.on_delete else None,
        "onupdate": key.on_update.value if key.on_update else None,
    }


def _index(index: IndexDraft) -> dict[str, Any]:
    return {
        "name": index.name,
        "unique": index.unique,
        "members": [_member(one) for one in index.members],
        "where": index.where,
    }


def _observed_index(index: dict[str, Any]) -> dict[str, Any]:
    """The same without what changes nothing: ASC, and quotes around a plain name."""
    members = [one.removesuffix(" ASC").strip('"') for one in index["members"]]
    return index | {"members": members}


def _member(member: KeyMember) -> str:
    text = member.column if member.column is not None else member.expression
    return f"{text} DESC" if member.descending else str(text)


def _sorted(many: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(many, key=lambda one: json.dumps(one, sort_keys=True))
