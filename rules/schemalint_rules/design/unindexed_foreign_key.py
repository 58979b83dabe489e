"""unindexed-foreign-key."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.condition.quoting import quoted
from schemalint.model import Dialect, ForeignKey, Layer, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Fix, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.keys.access_paths import holds_all, leading_equal
from schemalint_rules.remedies.migration_sql import constraint_name, table
from schemalint_rules.remedies.prisma_edits import index_advice
from schemalint_rules.remedies.sqlalchemy_lines import in_python, index

# InnoDB creates the index itself (MySQL manual, "FOREIGN KEY Constraints").
_INDEXED_BY_THE_DATABASE = (Dialect.MYSQL, Dialect.MARIADB)


class UnindexedForeignKey(DesignRule, frozen=True):
    """No index starts with the columns of a foreign key.

    ## What it does
    Reports foreign keys whose columns are not, in some order, the first columns of an index, a
    unique constraint or the primary key. Partial indexes do not count, save those of the rows
    that have the key (`WHERE customer_id IS NOT NULL`). MySQL and MariaDB index foreign keys by
    themselves and are left out, unless `relationMode = "prisma"` keeps the keys out of the
    database.

    ## Why it matters
    Deleting or re-keying one parent row reads the whole child table, under locks, and so does
    every query that goes from a parent to its children.

    ## Use instead
    Add an index that starts with these columns: `@@index([customerId])`.
    """

    id: ClassVar[str] = "unindexed-foreign-key"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        by_itself = schema.dialect in _INDEXED_BY_THE_DATABASE
        for model in schema.models:
            if not model.foreign_keys or model.kind == "join" or unread(model, schema) is not None:
                continue
            for key in model.foreign_keys:
                if (by_itself and key.layer is Layer.DATABASE) or _indexed(model, key):
                    continue
                yield self._finding(model, key, schema)

    def _finding(self, model: Model, key: ForeignKey, schema: Schema) -> Finding:
        fields = [field for column in key.columns if (field := model.column(column))]
        names = [field.name for field in fields]
        listed = ", ".join(names)
        advice, fix = index_advice(schema, model, fields) or (_help(model, key, schema), None)
        return self.finding(
            key.span,
            f"no index of `{model.name}` starts with `{listed}`, so deleting or re-keying one "
            f"`{key.model}` reads the whole table `{model.table}`",
            path=f"{model.name}.{names[0]}" if len(names) == 1 else model.name,
            label="foreign key without an index",
            help=advice,
            fix=fix and Fix(fix.title, fix.edits, safe=True),
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])
                }
                """
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customer (id int PRIMARY KEY);
                CREATE TABLE purchase (
                  id          int PRIMARY KEY,
                  customer_id int REFERENCES customer (id)
                );
                CREATE INDEX ON purchase (customer_id) WHERE customer_id IS NOT NULL;
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE room (id int PRIMARY KEY);
                CREATE TABLE booking (
                  room_id int NOT NULL REFERENCES room (id),
                  during  tstzrange NOT NULL,
                  EXCLUDE USING gist (room_id WITH =, during WITH &&)
                );
                """,
            ),
            language="sql",
            says="the index of an exclusion constraint serves as well",
        ),
        Example(
            schema=postgresql(
                """
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  placedAt   DateTime
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])

                  @@index([customerId, placedAt])
                }
                """
            ),
            says="a longer index that starts with the column serves as well",
        ),
        Example(
            schema=postgresql(
                """
                model User {
                  id      Int      @id
                  profile Profile?
                }

                model Profile {
                  userId Int  @id
                  user   User @relation(fields: [userId], references: [id])
                }
                """
            ),
            says="the primary key is an index",
        ),
    )


def _indexed(model: Model, key: ForeignKey) -> bool:
    wanted, count = set(key.columns), len(key.columns)
    primary = model.primary_key
    if primary is not None and set(primary.columns[:count]) == wanted:
        return True
    for unique in model.uniques:
        if holds_all(unique.where, key.columns) and _starts_with(
            unique.columns, wanted, len(unique.parts)
        ):
            return True
    for exclusion in model.exclusions:
        leading = leading_equal(exclusion)
        if holds_all(exclusion.where, key.columns) and set(leading[:count]) == wanted:
            return True
    return any(
        holds_all(index.where, key.columns)
        and index.type in ("btree", "hash")
        and _starts_with(index.columns, wanted, len(index.parts))
        for index in model.indexes
    )


def _starts_with(columns: tuple[str, ...], wanted: set[str], parts: int) -> bool:
    """Whether the first columns are `wanted`; an index with expressions is judged by its columns
    only where it has no expression at all, for their places are not known apart."""
    return parts == len(columns) and set(columns[: len(wanted)]) == wanted


def _help(model: Model, key: ForeignKey, schema: Schema) -> str:
    named = constraint_name(model, key.columns, "idx")
    if in_python(model):
        return index(model, key.columns, named)
    dialect = schema.dialect
    if dialect is None:
        return f"add an index over `{', '.join(key.columns)}`"
    columns = ", ".join(quoted(column, dialect) for column in key.columns)
    return f"add `CREATE INDEX {quoted(named, dialect)} ON {table(model, dialect)} ({columns})`"
