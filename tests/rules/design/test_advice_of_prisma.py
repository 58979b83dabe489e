"""What is proposed for a Prisma schema can be written into it."""

from __future__ import annotations

import pytest

from schemalint.finding import Finding
from schemalint.model import Dialect
from schemalint.overlay.schemas import overlay
from schemalint.rule import DesignRule, Rulebook
from schemalint_rules.design.missing_primary_key import MissingPrimaryKey
from schemalint_rules.design.money_as_float import MoneyAsFloat
from schemalint_rules.design.unindexed_foreign_key import UnindexedForeignKey
from tests.overlay.laying import POSTGRESQL, declared, migrated

TREE = """
model Node {
  id      Int    @id
  aboveId Int?
  above   Node?  @relation("tree", fields: [aboveId], references: [id])
  below   Node[] @relation("tree")
  {line}
}
"""
TABLE = """
CREATE TABLE "Node" (
  "id" INTEGER PRIMARY KEY,
  "aboveId" INTEGER REFERENCES "Node" ("id"),
  "otherId" INTEGER REFERENCES "Node" ("id")
);
"""


def findings(
    rule: DesignRule, models: str, sql: str = "", dialect: Dialect = POSTGRESQL
) -> list[Finding]:
    schema = declared(models, dialect)
    if sql:
        schema = overlay(schema, migrated(sql, dialect=dialect)).schema
    return [*rule.check(schema, Rulebook())]


def test_an_index_is_proposed_in_prismas_language() -> None:
    (found,) = findings(UnindexedForeignKey(), TREE.replace("{line}", ""))
    assert found.help == "add `@@index([aboveId])` to `Node`"
    assert found.fix is not None


def test_an_index_that_no_migration_makes_is_not_declared_twice() -> None:
    found = findings(UnindexedForeignKey(), TREE.replace("{line}", "@@index([aboveId])"), TABLE)
    assert found[0].help == (
        "the schema has `@@index([aboveId])`, and no migration makes it: `prisma migrate dev` "
        "writes one"
    )
    assert found[0].fix is None


def test_prisma_cannot_index_a_column_that_it_does_not_know() -> None:
    found = findings(UnindexedForeignKey(), TREE.replace("{line}", ""), TABLE)
    assert found[1].help == 'add `CREATE INDEX "Node_otherId_idx" ON "Node" ("otherId")`'
    assert found[1].fix is None


@pytest.mark.parametrize(
    ("dialect", "line", "fixed"),
    [
        (Dialect.POSTGRESQL, "price Float", True),
        (Dialect.POSTGRESQL, "price Float @db.Real", False),
        (Dialect.MONGODB, "price Float", False),
        (Dialect.SQLITE, "price Float", False),
    ],
)
def test_decimal_is_proposed_where_prisma_takes_it(
    dialect: Dialect, line: str, fixed: bool
) -> None:
    key = '@id @map("_id")' if dialect is Dialect.MONGODB else "@id"
    models = f"model Item {{\n  id Int {key}\n  {line}\n}}\n"
    (found,) = findings(MoneyAsFloat(), models, dialect=dialect)
    assert (found.fix is not None) is fixed


@pytest.mark.parametrize(
    ("lines", "message", "help_"),
    [
        (
            "a String? @unique\n  b Int\n  c Int\n  @@unique([b, c])",
            "`M` has no primary key: only `b` and `c` together tell its rows apart",
            "make `b` and `c` the key: replace `@@unique` by `@@id`",
        ),
        (
            "a String @unique\n  b Int\n  c Int\n  @@unique([b, c])",
            "`M` has no primary key: only `a` tells its rows apart",
            "make `a` the key: replace its `@unique` by `@id`",
        ),
    ],
)
def test_the_key_that_is_proposed_can_be_one(lines: str, message: str, help_: str) -> None:
    (found,) = findings(MissingPrimaryKey(), f"model M {{\n  {lines}\n}}\n")
    assert (found.message, found.help) == (message, help_)


def test_a_unique_index_of_a_migration_is_no_attribute_to_replace() -> None:
    models = "model M {\n  a Int @unique\n}\n"
    sql = 'CREATE TABLE "M" ("a" INTEGER NOT NULL, "b" TEXT NOT NULL UNIQUE);'
    (found,) = findings(MissingPrimaryKey(), models, sql)
    assert found.help == "name the field or fields that identify a row as its primary key"
