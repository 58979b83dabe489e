"""What has to come before a unique index that the database does not take as it is."""

from __future__ import annotations

from textwrap import dedent

import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.model import Dialect
from schemalint.source import SourceFile
from tests.prove.carrying_out import load
from tests.rules import databases
from tests.rules.judging import judge, prisma, sql

RULE = "unique: {of: Page, by: [url]}"


def _page(column: str) -> str:
    return f"model Page {{\n  id Int @id\n  {column}\n}}"


@pytest.mark.parametrize(
    ("column", "first"),
    [
        ("url String @db.Text", "first give `url` the type `@db.VarChar(n)`"),
        ("url Bytes", "first give `url` the type `@db.VarBinary(n)`"),
        ("url Json", "first move what must be unique of `url` to a column of its own"),
    ],
)
def test_mysql_takes_no_whole_text_into_a_key(column: str, first: str) -> None:
    judged = judge(prisma(_page(column), "mysql"), RULE)
    (finding,) = judged.findings
    assert finding.help is not None
    assert finding.help.startswith(first)
    assert finding.fix is None


def test_prisma_refuses_it_too() -> None:
    text = f'datasource db {{\n  provider = "mysql"\n}}\n\n{_page("url String @db.Text @unique")}\n'
    loaded = PrismaLoader().load([SourceFile("schema.prisma", text)])
    assert [problem for problem in loaded.problems if not problem.warning]


@pytest.mark.parametrize(
    ("column", "provider"),
    [("url String", "mysql"), ("url String @db.Text", "postgresql")],
)
def test_what_fits_into_a_key_is_just_marked(column: str, provider: str) -> None:
    (finding,) = judge(prisma(_page(column), provider), RULE).findings
    assert finding.help == "mark `url` with `@unique`"
    assert finding.fix is not None


PARTS = """
CREATE TABLE t (region text NOT NULL, email text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE t_eu PARTITION OF t FOR VALUES IN ('eu');
"""
INDEX = 'CREATE UNIQUE INDEX "t_email_key" ON "t" ("email");'


def test_a_table_in_parts() -> None:
    (finding,) = judge(sql(PARTS), "unique: {of: t, by: [email]}").findings
    assert finding.help is not None
    assert INDEX in finding.help
    assert "`t` is partitioned" in finding.help


def test_mongodb_has_no_sql() -> None:
    """Its indexes take other letters for the same by a collation, and count some documents only."""
    schema = prisma(
        'model Page {\n  id Int @id @map("_id")\n  url String\n  live Boolean\n}', "mongodb"
    )
    rule = "unique: {of: Page, by: [url], ignore_case: true, where: live = true}"
    (finding,) = judge(schema, rule).findings
    assert finding.help is not None
    assert finding.help.partition("\n")[2].strip() == (
        'db.getCollection("Page").createIndex({"url": 1}, {unique: true, collation: '
        '{locale: "en", strength: 2}, partialFilterExpression: {/* live = true */}})'
    )


def test_a_model_in_parts() -> None:
    models = """
        from sqlmodel import Field, SQLModel

        class T(SQLModel, table=True):
            __table_args__ = {"postgresql_partition_by": "LIST (region)"}
            id: int = Field(primary_key=True)
            region: str = Field(primary_key=True)
    """
    schema = load(dedent(models), "py", Dialect.POSTGRESQL)
    assert [model.partition_by for model in schema.models] == ["LIST (region)"]
    (finding,) = judge(schema, "unique: {of: T, by: [id]}").findings
    assert "`t` is partitioned" in (finding.help or "")


@pytest.mark.server
def test_postgresql_wants_the_partition_key_in_it() -> None:
    with databases.database("postgresql") as database:
        database.build(PARTS)
        refused = database.refused(INDEX)
        assert refused is not None
        assert "must include all partitioning columns" in refused
