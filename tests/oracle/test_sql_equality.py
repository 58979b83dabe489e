"""The same AST from a Prisma schema and from the SQL that Migrate makes of it."""

from __future__ import annotations

import re

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.oracle.changed_schemas import changed
from tests.oracle.prisma_oracle import ddl, migration
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas
from tests.oracle.sql_equality import differences

pytestmark = pytest.mark.oracle


# What is known to differ, and why: (dialect, schema).
EXPLAINED = {
    # The type is `a"b`, which Migrate writes as it stands, so that the SQL cannot be read back.
    ("postgresql", "prisma-probes/unsupported_escaped"),
    ("cockroachdb", "prisma-probes/unsupported_escaped"),
    ("sqlite", "prisma-probes/unsupported_escaped"),
    # Migrate forgets the quotes around SQLite's JSON defaults: no database takes that SQL.
    ("sqlite", "prisma-probes/default_json"),
    ("sqlite", "fixtures/sqlite_defaults.prisma"),
    # A table's name of 70 characters, of which PostgreSQL keeps 63.
    ("postgresql", "fixtures/postgresql_long_names_and_partial_indexes.prisma"),
}


def prisma(files: Files, dialect: Dialect) -> Schema:
    sources = [SourceFile(path, text) for path, text in files.items()]
    return PrismaLoader().load(sources, dialect=dialect).schema


def compared(files: Files, sql: str, dialect: Dialect) -> list[str]:
    loaded = SqlLoader().load([SourceFile("migration.sql", sql)], dialect=dialect)
    problems = [f"line {one.span.place.line}: {one.message}" for one in loaded.problems]
    return problems + differences(prisma(files, dialect), loaded.schema)


@pytest.mark.parametrize(
    ("dialect", "least"),
    [(Dialect.POSTGRESQL, 220), (Dialect.SQLITE, 110), (Dialect.COCKROACHDB, 100)],
)
def test_every_schema_and_its_sql(dialect: Dialect, least: int) -> None:
    schemas = {**own_schemas(), **accepted_schemas(), **real_schemas()}
    found = []
    count = 0
    for name, sql in ddl(schemas, dialect.value).items():
        if sql is None:
            continue  # its native types or its defaults belong to another database
        count += 1
        if (dialect.value, name) in EXPLAINED:
            continue
        found += [f"{name}: {one}" for one in compared(schemas[name], sql, dialect)]
    assert "\n".join(found) == ""
    assert count >= least


def changing_schemas(dialect: Dialect) -> dict[str, str]:
    """Schemas to be changed, for `dialect`: real ones, and for SQLite, which takes few, others."""
    schemas = real_schemas()
    if dialect is Dialect.SQLITE:
        schemas = {**schemas, **accepted_schemas(), **own_schemas()}
    texts = {name: "".join(files.values()) for name, files in schemas.items()}
    provider = rf'\1"{dialect.value}"'
    return {
        name: re.sub(r'(provider\s*=\s*)"(?:postgres\w*|mysql|sqlite)"', provider, text)
        for name, text in texts.items()
        if 500 < len(text) < 60_000 and (dialect.value, name) not in EXPLAINED
    }


@pytest.mark.parametrize(("dialect", "least"), [(Dialect.POSTGRESQL, 30), (Dialect.SQLITE, 20)])
def test_migrations_of_changed_schemas(dialect: Dialect, least: int) -> None:
    """What is left after the first migration and more is the last schema: on SQLite, tables are
    rebuilt; on PostgreSQL, enums are."""
    found = []
    count = 0
    schemas = changing_schemas(dialect)
    for name, sql in ddl(schemas, dialect.value).items():
        text, script = schemas[name], sql
        for seed in range(3):
            tries = {str(one): changed(text, seed * 10 + one, 6) for one in range(6)}
            steps = {} if script is None else migration(text, tries)
            made = next((one for one in steps if steps[one]), None)
            if made is None:
                break
            text, script = tries[made], f"{script}\n{steps[made]}"
            count += 1
            found += [
                f"{name} {seed}: {one}"
                for one in compared({"schema.prisma": text}, script, dialect)
            ]
    assert "\n".join(found) == ""
    assert count >= least
