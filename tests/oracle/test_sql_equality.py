"""The same AST from a Prisma schema and from the SQL that Migrate makes of it."""

from __future__ import annotations

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.source import SourceFile
from tests.oracle.prisma_oracle import ddl
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas
from tests.oracle.sql_equality import differences

pytestmark = pytest.mark.oracle


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
        found += [f"{name}: {one}" for one in compared(schemas[name], sql, dialect)]
    assert found == []
    assert count >= least
