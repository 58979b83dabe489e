"""fk-type-mismatch: what it says of two types is what the databases make of them."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.rules.databases import database
from tests.rules.design.finding import in_prisma, in_sql, places

POSTGRESQL = (
    *("smallint", "integer", "bigint", "numeric", "numeric(9, 2)", "double precision", "oid"),
    *("text", "varchar(10)", "varchar(50)", "uuid", "boolean", "bytea"),
    *("date", "timestamp", "timestamptz", "inet"),
)
# Which collation a column has that names none, the DDL does not tell.
MARIADB = (
    *("smallint", "int", "int(5)", "int unsigned", "bigint", "decimal(9, 2)", "decimal(5, 0)"),
    *("boolean", "tinyint", "tinyint(1)"),
    *("double", "date", "enum('a')", "enum('a', 'b')"),
    *(f"{text} COLLATE utf8mb4_bin" for text in ("varchar(10)", "varchar(50)", "char(10)")),
    "varchar(50) COLLATE utf8mb4_general_ci",
)
TABLES = """
CREATE TABLE parent (k %s, PRIMARY KEY (k));
CREATE TABLE child (k %s, FOREIGN KEY (k) REFERENCES parent (k));
"""
REFUSED = "refuses to create"


@pytest.mark.server
@pytest.mark.parametrize(("dialect", "types"), [("postgresql", POSTGRESQL), ("mysql", MARIADB)])
def test_what_it_says_is_refused_is_refused_and_nothing_else(
    dialect: str, types: tuple[str, ...]
) -> None:
    wrong = []
    with database(dialect) as built:
        for child, parent in permutations(types, 2):
            made, added = TABLES.strip().split("\n")
            assert built.refused(made % parent) is None
            refused = built.refused(added % child) is not None
            built.build("DROP TABLE IF EXISTS child; DROP TABLE parent")
            found = in_sql("fk-type-mismatch", dialect, TABLES % (parent, child))
            says = any(REFUSED in finding.message for finding in found)
            if says != refused:
                wrong.append((child, parent, "refused" if refused else "accepted"))
    assert wrong == []


@pytest.mark.parametrize(
    ("dialect", "child", "parent", "says"),
    [
        (
            "postgresql",
            "integer",
            "bigint",
            "INTEGER holds less than BIGINT: what is numbered "
            "above 2147483647 can never be pointed at",
        ),
        (
            "postgresql",
            "smallint",
            "serial",
            "SMALLINT holds less than INTEGER: what is numbered above 32767",
        ),
        ("postgresql", "bigint", "integer", None),
        ("postgresql", "integer", "serial", None),
        ("postgresql", "bigint", "bigserial", None),
        ("postgresql", "text", "varchar(20)", None),
        ("postgresql", "varchar(20)", "text", None),
        ("postgresql", "varchar(10)", "varchar(20)", "VARCHAR(10) holds less than VARCHAR(20)"),
        ("postgresql", "integer", "numeric", "only after it is converted"),
        ("mariadb", "varchar(10)", "varchar(20)", "VARCHAR(10) holds less than VARCHAR(20)"),
        ("sqlite", "integer", "bigint", None),
        ("sqlite", "varchar(10)", "text", None),
        ("sqlite", "integer", "text", "compare in SQLite only after"),
        ("sqlite", "text", "integer", "compare in SQLite only after"),
        ("sqlite", "", "integer", None),
        ("postgresql", "unheard_of", "integer", None),
        ("postgresql", "text", "citext", "TEXT does not compare with CITEXT"),
        ("postgresql", "citext", "text", None),
    ],
)
def test_what_it_says(dialect: str, child: str, parent: str, says: str | None) -> None:
    found = in_sql("fk-type-mismatch", dialect, TABLES % (parent, child))
    if says is None:
        assert found == []
    else:
        assert len(found) == 1
        assert says in found[0].message
        assert places(found) == [child]
        assert found[0].related[0].span.text == parent


def test_each_column_of_a_composite_key() -> None:
    found = in_sql(
        "fk-type-mismatch",
        "postgresql",
        """
        CREATE TABLE parent (a bigint, b uuid, PRIMARY KEY (a, b));
        CREATE TABLE child (a int, b text, FOREIGN KEY (b, a) REFERENCES parent (b, a));
        """,
    )
    assert places(found) == ["int", "text"]


def test_domains_are_compared_by_what_they_are_made_of() -> None:
    ddl = "CREATE DOMAIN code AS text;" + TABLES % ("code", "text")
    assert in_sql("fk-type-mismatch", "postgresql", ddl) == []


PRISMA = """
datasource db {
  provider     = "postgresql"
  relationMode = "%s"
}

model Customer {
  id     String  @id @db.VarChar(40)
  orders Order[]
}

model Order {
  id         Int      @id
  customerId String   @db.VarChar(36)
  customer   Customer @relation(fields: [customerId], references: [id])

  @@index([customerId])
}
"""


def test_prisma_lets_native_types_differ() -> None:
    found = in_prisma("fk-type-mismatch", PRISMA % "foreignKeys")
    assert [finding.message for finding in found] == [
        "`Order.customerId` points at `Customer.id`, but VARCHAR(36) holds less than VARCHAR(40): "
        "longer values can never be pointed at"
    ]
    assert in_prisma("fk-type-mismatch", PRISMA % "prisma") == []
