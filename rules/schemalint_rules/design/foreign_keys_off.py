"""foreign-keys-off."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import sql, sqlite


class ForeignKeysOff(DesignRule, frozen=True):
    """SQLite checks the schema's foreign keys only on connections that ask for it.

    ## What it does
    Reports a SQLite schema with foreign keys, once, at the first of them, unless the setting
    `sqlite_foreign_keys = true` says that every connection switches them on. A `PRAGMA` among
    the DDL is no answer: it holds for the connection that runs the DDL. Prisma schemas are left
    out, for Prisma Client runs the pragma on each of its connections.

    ## Why it matters
    `PRAGMA foreign_keys` is off by default and belongs to the connection, not to the database.
    A writer that forgets it, be it a script, a shell or a second service, stores rows without a
    parent and deletes parents that are in use, and no error says so. Inside a transaction the
    pragma does nothing at all. (Observed: cases F04, F04b and F04c.)

    ## Use instead
    `PRAGMA foreign_keys = ON` right after opening every connection, and `sqlite_foreign_keys =
    true` in the settings, which makes the foreign keys count.
    """

    id: ClassVar[str] = "foreign-keys-off"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if (
            schema.dialect is not Dialect.SQLITE
            or schema.foreign_keys_enforced
            or schema.language == "prisma"
        ):
            return
        keys = [(model, key) for model in schema.models for key in model.foreign_keys]
        if not keys:
            return
        model, key = keys[0]
        all_of_them = "this foreign key" if len(keys) == 1 else f"these {len(keys)} foreign keys"
        yield self.finding(
            key.span,
            f"SQLite checks {all_of_them} only on connections that run `PRAGMA foreign_keys = ON`, "
            "and nothing here tells that they all do",
            path=model.name,
            label="off by default" if len(keys) == 1 else "the first of them",
            help="run the pragma on every connection, outside a transaction, and say so in the "
            "settings: `sqlite_foreign_keys = true`",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE customer (id INTEGER PRIMARY KEY);
                CREATE TABLE purchase (
                  id          INTEGER PRIMARY KEY,
                  customer_id INTEGER NOT NULL REFERENCES customer (id)
                );
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql("sqlite", "CREATE TABLE customer (id INTEGER PRIMARY KEY);"),
            language="sql",
            says="no foreign key, nothing to check",
        ),
        Example(
            schema=sqlite(
                """
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])

                  @@index([customerId])
                }
                """
            ),
            says="Prisma Client runs the pragma",
        ),
    )
