"""The loader's facts equal the SQL that Migrate emits, for each database it emits SQL for here."""

from __future__ import annotations

import sqlite3

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.oracle.datamodel import differences
from tests.oracle.migrate_sql import emitted, ours
from tests.oracle.prisma_oracle import ddl
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas

pytestmark = pytest.mark.oracle

# What is known to differ, and why: (dialect, schema, start of the difference).
EXPLAINED = {
    # The type is `a"b`, which Migrate writes as it stands, so that the SQL cannot be read back.
    ("postgresql", "prisma-probes/unsupported_escaped", "A"),
    ("cockroachdb", "prisma-probes/unsupported_escaped", "A"),
    ("sqlite", "prisma-probes/unsupported_escaped", "A"),
    # Migrate forgets the quotes around SQLite's JSON defaults: no database takes that SQL.
    ("sqlite", "prisma-probes/default_json", "A.b default"),
    ("sqlite", "fixtures/sqlite_defaults.prisma", "User.j default"),
}


def load(files: Files, dialect: Dialect) -> Schema:
    sources = [SourceFile(path, text) for path, text in files.items()]
    return PrismaLoader().load(sources, dialect=dialect).schema


def all_schemas() -> dict[str, Files]:
    return {**own_schemas(), **accepted_schemas(), **real_schemas()}


@pytest.mark.parametrize(
    ("dialect", "least"),
    [(Dialect.POSTGRESQL, 220), (Dialect.SQLITE, 110), (Dialect.COCKROACHDB, 100)],
)
def test_as_migrate_would_have_it(dialect: Dialect, least: int) -> None:
    """Every schema for every database that Migrate takes it for; most fit several."""
    schemas = all_schemas()
    found = []
    compared = 0
    for name, sql in ddl(schemas, dialect.value).items():
        if sql is None:
            continue  # its native types or its defaults belong to another database
        compared += 1
        schema = load(schemas[name], dialect)
        for one in differences(ours(schema), emitted(sql)):
            if not any(
                (dialect.value, name) == explained[:2] and one.startswith(explained[2])
                for explained in EXPLAINED
            ):
                found.append(f"{name}: {one}")
    assert found == []
    assert compared >= least


def test_what_sqlite_makes_of_it() -> None:
    """Nullability, keys and foreign keys as a real SQLite reports them, once it ran that SQL."""
    schemas = all_schemas()
    found = []
    for name, sql in ddl(schemas, "sqlite").items():
        if sql is None:
            continue
        with sqlite3.connect(":memory:") as database:
            try:
                database.executescript(sql)
            except sqlite3.Error:
                continue  # Migrate's SQL itself is broken: JSON defaults, odd unsupported types
            schema = load(schemas[name], Dialect.SQLITE)
            found += [f"{name}: {one}" for one in differences(_mine(schema), _real(database))]
        database.close()
    assert found == []


def _mine(schema: Schema) -> dict[str, object]:
    facts: dict[str, object] = {}
    for model in schema.models:
        if model.kind not in ("model", "join"):
            continue
        key = model.primary_key.columns if model.primary_key else ()
        facts[model.table] = {
            "columns": {field.column: field.nullable for field in model.fields},
            "key": list(key),
            "uniques": sorted((one.name or "", list(one.columns)) for one in model.uniques),
            "indexes": sorted((one.name or "", list(one.columns)) for one in model.indexes),
            "foreign keys": sorted(
                (list(one.columns), one.table, list(one.references), one.on_delete.upper())
                for one in model.foreign_keys
                if one.name is not None
            ),
        }
    return facts


def _real(database: sqlite3.Connection) -> dict[str, object]:
    facts: dict[str, object] = {}
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in rows.fetchall():
        if table.startswith("sqlite_"):
            continue
        columns = database.execute("SELECT * FROM pragma_table_info(?)", (table,)).fetchall()
        indexes = {
            name: (unique, origin)
            for _, name, unique, origin, _ in database.execute(
                "SELECT * FROM pragma_index_list(?)", (table,)
            )
        }
        members = {
            name: [
                column
                for _, _, column in database.execute("SELECT * FROM pragma_index_info(?)", (name,))
            ]
            for name in indexes
        }
        key_members = [column[1] for column in sorted(columns, key=lambda c: c[5]) if column[5]]
        row_id = None  # of which a NULL makes a number
        if len(key_members) == 1 and "pk" not in [origin for _, origin in indexes.values()]:
            (row_id,) = key_members
        keys: dict[int, tuple[list[str], str, list[str], str]] = {}
        for number, _, parent, column, reference, _, action, _ in database.execute(
            "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)
        ):
            key = keys.setdefault(number, ([], parent, [], action))
            key[0].append(column)
            key[2].append(reference)
        facts[table] = {
            "columns": {column[1]: not column[3] and column[1] != row_id for column in columns},
            "key": key_members,
            "uniques": sorted(
                (name, members[name])
                for name, (unique, origin) in indexes.items()
                if unique and origin == "c"
            ),
            "indexes": sorted(
                (name, members[name]) for name, (unique, _) in indexes.items() if not unique
            ),
            "foreign keys": sorted(keys.values()),
        }
    return facts
