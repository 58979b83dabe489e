"""nullable-in-unique."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import postgresql
from schemalint_rules.wording.describing import listed

# One NULL is equal to another in their unique indexes (SQL Server documentation, "Unique
# constraints and check constraints"; MongoDB manual, "Unique Indexes").
_NULLS_ARE_EQUAL = (Dialect.SQLSERVER, Dialect.MONGODB)


class NullableInUnique(DesignRule, frozen=True):
    """A unique constraint over several fields has a member that can be NULL.

    ## What it does
    Reports unique constraints and indexes of two or more columns of which one is nullable,
    where the database takes NULLs for distinct (SQLite, PostgreSQL, MySQL, MariaDB). A nullable
    unique field of its own is left alone: several rows without a value are then what one
    expects.

    ## Why it matters
    Two rows that agree on all the other members and lack this one are both accepted: the
    constraint stops counting exactly where it is most often meant to count.
    `@@unique([email, deletedAt])` does not keep live customers apart at all.

    ## Use instead
    Make the member required, or use a partial unique index over the others
    (`where: { deletedAt: null }` with Prisma's preview feature `partialIndexes`, or a
    migration), or, on PostgreSQL 15 and later, `NULLS NOT DISTINCT` in a migration.
    """

    id: ClassVar[str] = "nullable-in-unique"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect in _NULLS_ARE_EQUAL:
            return
        for model in schema.models:
            for unique in model.uniques:
                columns = unique.columns
                if len(columns) < 2 or unique.nulls == "equal" or unique.where is not None:
                    continue
                fields = [model.column(column) for column in columns]
                nullable = [field for field in fields if field is not None and field.nullable]
                if not nullable:
                    continue
                names = [field.name for field in nullable]
                others = [
                    field.name for field in fields if field is not None and not field.nullable
                ]
                agreeing = f" with the same {listed(others)}" if others else ""
                yield self.finding(
                    unique.span,
                    f"two rows of `{model.name}` without {listed(names, 'or')} are never equal for "
                    f"this constraint, so it accepts any number of them{agreeing}",
                    path=f"{model.name}.{'_'.join(field.name for field in fields if field)}",
                    label="does not hold for NULL",
                    related=[
                        Related(f"`{field.name}` can be NULL", field.type_span)
                        for field in nullable
                    ],
                    help=f"make {listed(names)} required, or use a unique index with a `where`, "
                    "or NULLS NOT DISTINCT in a migration (PostgreSQL 15 and later)",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model Customer {
                  id        Int       @id
                  email     String
                  deletedAt DateTime?

                  @@unique([email, deletedAt])
                }
                """
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                """
                model Customer {
                  id       Int     @id
                  email    String? @unique
                  tenantId Int
                  number   Int

                  @@unique([tenantId, number])
                }
                """
            )
        ),
    )
