"""nullable-in-unique."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, Model, Schema, Unique
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.languages import in_prisma
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
    expects. So is a generated column, which is NULL on purpose for the rows not to be counted, a
    column that a CHECK leaves one value besides NULL, and one of which a CHECK says when it is
    NULL, as where a row has one of two owners. So is one whose NULLs another unique index counts,
    `WHERE ... IS NULL` or over `COALESCE(...)`.

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
            if model.kind == "view":
                continue
            for unique in model.uniques:
                columns = unique.columns
                if len(columns) < 2 or unique.nulls == "equal" or unique.where is not None:
                    continue
                fields = [model.column(column) for column in columns]
                nullable = [
                    field
                    for field in fields
                    if field is not None
                    and field.nullable
                    and not _meant(field, model)
                    and not _counted_elsewhere(field, unique, model)
                ]
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
                    help=_help(names, schema, unique.span),
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
            schema=sql(
                "mariadb",
                """
                CREATE TABLE customer (
                  id         INT PRIMARY KEY,
                  email      VARCHAR(200) NOT NULL,
                  deleted_at DATETIME,
                  live       TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) VIRTUAL,
                  UNIQUE (email, live)
                );
                """,
            ),
            language="sql",
            says="a column that is NULL for deleted rows, to be unique among the others",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE invitation (
                  id      int PRIMARY KEY,
                  team_id int NOT NULL,
                  user_id int,
                  email   text,
                  UNIQUE (team_id, user_id),
                  UNIQUE (team_id, email),
                  CHECK ((user_id IS NULL) <> (email IS NULL))
                );
                """,
            ),
            language="sql",
            says="each is NULL where the other one counts",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE step (
                  id     int PRIMARY KEY,
                  run    int NOT NULL,
                  part   int,
                  source text,
                  UNIQUE (run, part),
                  UNIQUE (run, source)
                );
                CREATE UNIQUE INDEX step_whole ON step (run) WHERE part IS NULL;
                CREATE UNIQUE INDEX step_source ON step (run, COALESCE(source, ''));
                """,
            ),
            language="sql",
            says="what is NULL is counted by an index of its own",
        ),
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


def _meant(field: Field, model: Model) -> bool:
    """Whether the schema shows that somebody thought of the rows in which `field` is NULL."""
    if field.generated is not None:
        return True
    # NULL or yes, and unique: at most one row, where there are no partial indexes (case U25c).
    yes = rf"[\s(]*[\"`\[]?{re.escape(field.column)}[\"`\]]?(?:\s*=\s*(?:1|true|'\w+'))?[\s)]*"
    if any(re.fullmatch(yes, check.expression, re.IGNORECASE) for check in model.checks):
        return True
    named = re.compile(rf"(?<!\w){re.escape(field.column)}(?!\w)", re.IGNORECASE)
    about_null = re.compile(r"\bIS\s+(?:NOT\s+)?NULL\b|\bnum_(?:non)?nulls\b", re.IGNORECASE)
    return any(
        about_null.search(check.expression) and named.search(check.expression)
        for check in model.checks
    )


def _counted_elsewhere(field: Field, unique: Unique, model: Model) -> bool:
    """Whether another unique index over no other columns is for the rows in which `field` is NULL,
    or puts a value in the place of NULL."""
    column = rf"[\"`\[]?{re.escape(field.column)}[\"`\]]?"
    is_null = re.compile(rf"(?<!\w){column}\s+IS\s+NULL\b", re.IGNORECASE)
    value = re.compile(rf"\b(?:COALESCE|IFNULL|ISNULL)\s*\(\s*{column}\s*,", re.IGNORECASE)
    return any(
        set(other.columns) <= set(unique.columns)
        and (
            is_null.search(other.where or "") is not None
            or any(value.search(one.expression or "") for one in other.parts)
        )
        for other in model.uniques
        if other is not unique
    )


def _help(names: list[str], schema: Schema, span: Span) -> str:
    """What this database and this language have for it."""
    prisma = in_prisma(schema, span)
    ways = [f"make {listed(names)} {'required' if prisma else 'NOT NULL'}"]
    dialect = schema.dialect
    if dialect is None or capability(dialect, Construct.PARTIAL_UNIQUE).holds is not False:
        ways.append(f"use a unique index with a {'`where`' if prisma else 'WHERE'}")
    if dialect is None or capability(dialect, Construct.NULLS_NOT_DISTINCT).holds:
        where = " in a migration" if prisma else ""
        ways.append(f"NULLS NOT DISTINCT{where} (PostgreSQL 15 and later)")
    return ", or ".join(ways)
