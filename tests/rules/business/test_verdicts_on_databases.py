"""Verdicts against what databases do: Migrate's DDL, and the statements that a rule forbids.

Kept at layer `database` must mean that the last statement is refused; any other verdict that it
is accepted. Where a migration is proposed, its SQL must then refuse the statement.
"""

from __future__ import annotations

from textwrap import dedent

import msgspec
import pytest

from schemalint.rule import Verdict
from tests.oracle.prisma_oracle import ddl
from tests.rules.databases import database
from tests.rules.judging import Judged, judge

MODELS = """
model Customer {
  id        Int       @id
  email     String    @unique
  nickname  String?   @unique
  tenant    Int
  code      String
  name      String?
  deletedAt DateTime? @map("deleted_at")

  @@unique([code, deletedAt])
  @@unique([tenant, name])
  @@map("customers")
}
"""
COLUMNS = "id, email, nickname, tenant, code, name, deleted_at"
DAY = "'2024-01-01 00:00:00'"


def insert(*rows: str) -> list[str]:
    return [f"INSERT INTO customers ({COLUMNS}) VALUES ({row})" for row in rows]


class Case(msgspec.Struct, frozen=True):
    """A rule, the rows that are there, and the one that the rule forbids beside them."""

    rule: str
    rows: tuple[str, ...]
    forbidden: str


CASES = {
    "unique": Case(
        "unique: {of: Customer, by: [email]}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "2, 'a', 'b', 2, 'b', 'b', NULL",
    ),
    "unique over more fields": Case(
        "unique: {of: Customer, by: [email, tenant]}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "2, 'a', 'b', 1, 'b', 'b', NULL",
    ),
    "unique over fewer fields": Case(
        "unique: {of: Customer, by: [tenant]}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "2, 'b', 'b', 1, 'b', 'b', NULL",
    ),
    "unique with equal nulls": Case(
        "unique: {of: Customer, by: [nickname], nulls: equal}",
        ("1, 'a', NULL, 1, 'a', 'a', NULL",),
        "2, 'b', NULL, 2, 'b', 'b', NULL",
    ),
    "unique with distinct nulls": Case(
        "unique: {of: Customer, by: [nickname], nulls: distinct}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "2, 'b', 'a', 2, 'b', 'b', NULL",
    ),
    "unique pair with equal nulls": Case(
        "unique: {of: Customer, by: [tenant, name], nulls: equal}",
        ("1, 'a', 'a', 1, 'a', NULL, NULL",),
        "2, 'b', 'b', 1, 'b', NULL, NULL",
    ),
    "unique among live rows": Case(
        "unique: {of: Customer, by: [code], where: deletedAt is null}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "2, 'b', 'b', 2, 'a', 'b', NULL",
    ),
    "unique whatever the letter case": Case(
        "unique: {of: Customer, by: [email], ignore_case: true}",
        ("1, 'é', 'a', 1, 'a', 'a', NULL",),
        "2, 'É', 'b', 2, 'b', 'b', NULL",
    ),
    "identity": Case(
        "identity: {of: Customer, by: [id], type: int}",
        ("1, 'a', 'a', 1, 'a', 'a', NULL",),
        "1, 'b', 'b', 2, 'b', 'b', NULL",
    ),
    "identity without a key": Case(
        "identity: {of: Customer, by: [nickname]}",
        (),
        "1, 'a', NULL, 1, 'a', 'a', NULL",
    ),
    "identity as text": Case(
        "identity: {of: Customer, by: [email], type: string}",
        (),
        "1, NULL, 'a', 1, 'a', 'a', NULL",
    ),
    "required": Case(
        "required: {of: Customer, fields: [email, code]}",
        (),
        "1, 'a', 'a', 1, NULL, 'a', NULL",
    ),
    "required but nullable": Case(
        "required: {of: Customer, fields: [name]}", (), "1, 'a', 'a', 1, 'a', NULL, NULL"
    ),
    "not blank": Case(
        "required: {of: Customer, fields: [email], not_blank: true}",
        (),
        "1, '\t', 'a', 1, 'a', 'a', NULL",
    ),
    "exactly one, none": Case(
        "exactly_one: {of: Customer, fields: [nickname, name]}",
        (),
        "1, 'a', NULL, 1, 'a', NULL, NULL",
    ),
    "exactly one, both": Case(
        "exactly_one: {of: Customer, fields: [nickname, name]}",
        (),
        "1, 'a', 'a', 1, 'a', 'a', NULL",
    ),
    "at least one": Case(
        "at_least_one: {of: Customer, fields: [nickname, name]}",
        (),
        "1, 'a', NULL, 1, 'a', NULL, NULL",
    ),
    "at least one, one of them required": Case(
        "at_least_one: {of: Customer, fields: [email, name]}",
        (),
        "1, NULL, 'a', 1, 'a', NULL, NULL",
    ),
    "at most one": Case(
        "at_most_one: {of: Customer, fields: [nickname, name]}",
        (),
        "1, 'a', 'a', 1, 'a', 'a', NULL",
    ),
    "check": Case(
        'check: {of: Customer, that: "tenant between 1 and 9"}',
        (),
        "1, 'a', 'a', 10, 'a', 'a', NULL",
    ),
    "check of a nullable field": Case(
        "check: {of: Customer, that: \"name <> ''\"}", (), "1, 'a', 'a', 1, 'a', NULL, NULL"
    ),
    "check over two fields": Case(
        'check: {of: Customer, that: "nickname is null or deletedAt is null"}',
        (),
        f"1, 'a', 'a', 1, 'a', 'a', {DAY}",
    ),
}


MYSQL = """
CREATE TABLE customers (
    id INTEGER NOT NULL PRIMARY KEY,
    email VARCHAR(191) NOT NULL,
    nickname VARCHAR(191) NULL,
    tenant INTEGER NOT NULL,
    code VARCHAR(191) NOT NULL,
    name VARCHAR(191) NULL,
    deleted_at DATETIME(3) NULL,
    UNIQUE INDEX customers_email_key (email),
    UNIQUE INDEX customers_nickname_key (nickname),
    UNIQUE INDEX customers_code_deleted_at_key (code, deleted_at),
    UNIQUE INDEX customers_tenant_name_key (tenant, name)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
"""
"""What Migrate makes of the models for MySQL; the official tool for it cannot be asked offline."""


def built(provider: str) -> tuple[str, str]:
    """The Prisma schema, and the SQL that Migrate makes of it."""
    schema = f'datasource db {{\n  provider = "{provider}"\n}}\n{dedent(MODELS)}'
    if provider == "mysql":
        return schema, MYSQL
    sql = ddl({"schema": schema})["schema"]
    assert sql is not None
    # Each test has a schema of its own, which is not called public.
    return schema, sql.replace('CREATE SCHEMA IF NOT EXISTS "public";', "")


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "mysql"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def script(provider: str) -> str:
    return built(provider)[1]


def judged_in(provider: str, case: Case) -> Judged:
    return judge(MODELS, case.rule, provider)


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", CASES)
def test_verdict(provider: str, script: str, name: str) -> None:
    case = CASES[name]
    judged = judged_in(provider, case)
    with database(provider) as made:
        made.build(script)
        assert made.refused(*insert(*case.rows)) is None
        refused = made.refused(*insert(case.forbidden))
    kept = judged.verdict is Verdict.KEPT
    assert (refused is not None) == kept, f"{judged.verdict}: {refused or 'accepted'}"


@pytest.mark.oracle
@pytest.mark.server
@pytest.mark.parametrize("name", CASES)
def test_proposed_migration(provider: str, script: str, name: str) -> None:
    case = CASES[name]
    judged = judged_in(provider, case)
    if judged.verdict is not Verdict.INEXPRESSIBLE or "\n    " not in judged.message:
        return
    lines = [line for line in judged.message.splitlines() if line.startswith("    ")]
    sql = dedent("\n".join(lines))
    if sql.startswith("CONSTRAINT"):  # SQLite: a line for the table to be rebuilt with
        script, sql = script.replace("\n);", f",\n{sql}\n);", 1), ""
    with database(provider) as made:
        made.build(script)
        if sql:
            made.build(sql)
        assert made.refused(*insert(*case.rows)) is None
        assert made.refused(*insert(case.forbidden)) is not None
