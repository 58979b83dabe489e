"""The overlay against Prisma itself: what Migrate makes of a schema is no drift from it, and what
Migrate would change after an edit of the schema is."""

from __future__ import annotations

import re
from random import Random

import msgspec
import pytest

from schemalint.loaders.prisma.loader import PrismaLoader
from schemalint.loaders.sql.loader import SqlLoader
from schemalint.model import Dialect, Schema
from schemalint.overlay.schemas import overlay
from schemalint.source import SourceFile
from tests.loaders.prisma.mutating import mutated
from tests.oracle.datamodel import differences
from tests.oracle.migrate_sql import ours
from tests.oracle.prisma_oracle import changes, ddl
from tests.oracle.schemas import Files, accepted_schemas, own_schemas, real_schemas
from tests.overlay.significant import significant

pytestmark = pytest.mark.oracle

# Schemas of which Migrate writes SQL that no database takes, or of which the schema itself leaves
# open what the SQL says.
ODD = {
    "prisma-probes/unsupported_escaped": "the type has a quote in it",
    "prisma-probes/default_json": "Migrate forgets the quotes around SQLite's JSON defaults",
    "fixtures/sqlite_defaults.prisma": "so it does here; and dbgenerated() names no default",
    "fixtures/postgresql_types_and_joins.prisma": "dbgenerated() names no default",
    "prisma-probes/default_dbgen_empty": "dbgenerated() names no default",
}


def prisma(files: Files, dialect: Dialect) -> Schema:
    sources = [SourceFile(path, text) for path, text in files.items()]
    return PrismaLoader().load(sources, dialect=dialect).schema


def migrated(sql: str, dialect: Dialect) -> Schema:
    return SqlLoader().load([SourceFile("1/migration.sql", sql)], dialect=dialect).schema


@pytest.mark.parametrize(("dialect", "least"), [(Dialect.POSTGRESQL, 225), (Dialect.SQLITE, 110)])
def test_what_migrate_makes_is_no_drift(dialect: Dialect, least: int) -> None:
    """And the schema is then what it was, to the last place."""
    schemas = {**own_schemas(), **accepted_schemas(), **real_schemas()}
    drifted: list[str] = []
    unequal: list[str] = []
    compared = 0
    for name, sql in ddl(schemas, dialect.value).items():
        if sql is None:
            continue
        declared = prisma(schemas[name], dialect)
        overlaid = overlay(declared, migrated(sql, dialect))
        drifted += [f"{name}: {finding.message}" for finding in overlaid.findings]
        compared += 1
        if msgspec.structs.replace(overlaid.schema, files=declared.files) != declared:
            unequal.append(name)
    assert drifted == []
    assert [name for name in unequal if name not in ODD] == []
    assert compared >= least


# What Migrate would change, and the overlay does not call drift.
NOT_TOLD = (
    r'relationMode = "prisma"',  # the client's affair: the keys stay until somebody drops them
    r"Unsupported\(",  # a type that Prisma does not know is compared with none
    r"@ignore",  # what the client does not see is nobody's drift
    r"where:",  # partial indexes are a preview feature; who has not got it has them in SQL alone
)


def edited_line(original: str, text: str) -> str:
    """The lines that an edit took away and brought."""
    before, after = original.splitlines(), text.splitlines()
    return "\n".join(
        [line for line in before if line not in after]
        + [line for line in after if line not in before]
    )


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("dialect", [Dialect.POSTGRESQL, Dialect.SQLITE])
def test_random_edits_are_drift_where_migrate_would_write_a_migration(
    dialect: Dialect, seed: int
) -> None:
    schemas = {name: files for name, files in real_schemas().items() if len(files) == 1}
    random = Random(seed)
    wrong: list[str] = []
    compared = 0
    for name, built in ddl(schemas, dialect.value).items():
        if built is None:
            continue
        ((path, text),) = schemas[name].items()
        text = re.sub(
            r'(datasource\s+\S+\s*\{[^}]*?provider\s*=\s*")\w+', rf"\g<1>{dialect}", text, count=1
        )
        edits = {str(number): mutated(text, random) for number in range(15)}
        base = migrated(built, dialect)
        for number, change in changes(text, edits, dialect.value).items():
            if change is None:
                continue
            declared = prisma({path: edits[number]}, dialect)
            overlaid = overlay(declared, base)
            line = edited_line(text, edits[number])
            if dialect is Dialect.SQLITE and "@@map" in line:
                continue  # SQLite's tables are the same in either case
            wrong += [f"{name}: {one}" for one in kept_facts(overlaid.schema, base)]
            if any(re.search(pattern, line) for pattern in NOT_TOLD):
                continue
            compared += 1
            expected = bool(significant(change, built))
            if bool(overlaid.findings) != expected:
                messages = [finding.message for finding in overlaid.findings]
                wrong.append(f"{name}: {line}: Migrate: {change}, not: {messages}")
    assert wrong == []
    assert compared > 50


def kept_facts(overlaid: Schema, base: Schema) -> list[str]:
    """What the database has and the overlay lost or changed: nothing."""
    expected = ours(base)
    mine = ours(overlaid)
    return [
        one
        for one in differences({path: mine.get(path) for path in expected}, expected)
        if not one.startswith("enum ")  # in the order of the schema
        and " default: " not in one  # in the spelling of the schema
    ]


# -- one edit, one difference

SHOP = """\
datasource db {
  provider = "%s"
}

model Customer {
  id     Int     @id @default(autoincrement())
  email  String  @unique
  name   String?
  age    Int     @default(18)
  role   Role    @default(USER)
  orders Order[]
}

model Order {
  id         Int      @id @default(autoincrement())
  number     Int
  placedAt   DateTime @default(now())
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id], onDelete: Cascade)

  @@unique([customerId, number])
  @@index([placedAt])
}

enum Role {
  USER
  ADMIN
}
"""
Edit = tuple[str, str, str]
EDITS: dict[str, Edit] = {
    "drop @unique": ("  @unique\n", "\n", "Customer.email"),
    "add @unique": ("name   String?", "name   String? @unique", "Customer.name"),
    "other type": ("age    Int ", "age    BigInt ", "Customer.age"),
    "optional": ("email  String ", "email  String? ", "Customer.email"),
    "required": ("name   String?", "name   String", "Customer.name"),
    "drop default": (" @default(18)", "", "Customer.age"),
    "other default": ("(18)", "(21)", "Customer.age"),
    "add default": ("name   String?", 'name   String? @default("x")', "Customer.name"),
    "drop index": ("  @@index([placedAt])\n", "", "Order.placedAt"),
    "add index": (
        "@@index([placedAt])",
        "@@index([placedAt])\n  @@index([number])",
        "Order.number",
    ),
    "other unique": ("[customerId, number]", "[number, customerId]", "Order"),
    "other action": ("onDelete: Cascade", "onDelete: Restrict", "Order.customer"),
    "add field": ("  number     Int\n", "  number     Int\n  note String?\n", "Order.note"),
    "rename column": ("number     Int\n", 'number     Int @map("no")\n', "Order.number"),
    "rename table": ("@@index([placedAt])", '@@index([placedAt])\n  @@map("o")', "Order"),
    "add enum value": ("  ADMIN\n", "  ADMIN\n  GUEST\n", "Role.GUEST"),
    "drop enum value": ("  ADMIN\n", "", "Role"),
}
# An edit that is more than one difference: what else is told.
BESIDES = {
    "other unique": {"Order"},
    "rename column": {"Order.no", "Order", "Order.number"},
    "rename table": {"Order"},
}
OF_TYPES = ("add enum value", "drop enum value")  # SQLite has no enum types


@pytest.mark.parametrize("dialect", [Dialect.POSTGRESQL, Dialect.SQLITE])
def test_one_edit_is_one_difference(dialect: Dialect) -> None:
    shop = SHOP % dialect
    built = ddl({"shop": shop})["shop"]
    assert built is not None
    texts: dict[str, str] = {}
    for name, (old, new, _) in EDITS.items():
        assert shop.count(old) == 1, name
        texts[name] = shop.replace(old, new)
    base = migrated(built, dialect)
    for name, change in changes(shop, texts, dialect.value).items():
        findings = overlay(prisma({"schema.prisma": texts[name]}, dialect), base).findings
        if dialect is Dialect.SQLITE and name in OF_TYPES:
            assert (change, findings) == ("", ()), name
            continue
        assert change, name
        paths = {finding.path for finding in findings}
        assert EDITS[name][2] in paths, name
        assert paths - {EDITS[name][2]} <= BESIDES.get(name, set()), name
        if name not in BESIDES:
            assert len(findings) == 1, name
