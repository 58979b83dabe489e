"""The kind `unique`: no two rows agree."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import BusinessRule, Condition, Example, Judgement, Models, Ref, Verdict
from schemalint_rules.example_schemas import mysql, postgresql, rule, sql, sqlite
from schemalint_rules.judging.conditions.row_conditions import speaking_of_rows
from schemalint_rules.judging.keys.uniqueness import Demand
from schemalint_rules.judging.keys.uniqueness_wording import judge_demand

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Unique(BusinessRule, frozen=True, kw_only=True):
    """No two rows that satisfy `where` agree on every field of `by`.

    ## What it does
    Looks for a primary key, unique constraint or unique index that rejects every such pair of
    rows. It may count fewer fields than `by`, never more, unless the further one is the same in all
    of them: fixed by `where`, by a CHECK (a table with room for one row), or by the one parent that
    they point at. Its own predicate must hold wherever `where` does. With `ignore_case`, text
    that differs only in letter case agrees, beyond A to Z too.

    NULL agrees with nothing in a unique constraint. What the rule means is up to its author:
    `nulls: distinct` lets any number of rows lack a value, `nulls: equal` lets one. Where that
    is not said and changes the verdict, the answer is a question.

    ## Why it matters
    A uniqueness that only the code checks is lost in the first race of two requests. One that
    looks enforced and is not, such as `@@unique([email, deletedAt])`, is lost silently.

    ## Example
    With `unique: {of: Customer, by: [email], where: deletedAt is null}`, the constraint
    `@@unique([email, deletedAt])` is broken: two live customers both have no `deletedAt`, and
    NULLs never agree.

    ## Use instead
    A unique index over the rows that count: `CREATE UNIQUE INDEX ... (email) WHERE deleted_at IS
    NULL`, in Prisma `@@unique([email], where: raw("deleted_at IS NULL"))` with the preview feature
    `partialIndexes`.
    """

    kind: ClassVar[str] = "unique"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are compared.")]
    by: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields on which no two rows agree; a relation stands for its "
            "foreign-key columns."
        ),
    ]
    where: Annotated[
        Condition | None,
        msgspec.Meta(description="Only rows for which this SQL condition is true are compared."),
    ] = None
    ignore_case: Annotated[
        bool, msgspec.Meta(description="Text that differs only in letter case agrees.")
    ] = False
    nulls: Annotated[
        Literal["distinct", "equal"] | None,
        msgspec.Meta(
            description="`distinct`: rows lacking a value never agree; `equal`: lacking a value is "
            "a value like any other."
        ),
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The constraint counts just this field.",
            schema=postgresql("""
                model Customer {
                  id    Int    @id
                  email String @unique
                }
            """),
            rule=rule("unique: {of: Customer, by: [email]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The constraint counts a further field, so it forbids too little.",
            schema=postgresql("""
                model Customer {
                  id     Int    @id
                  email  String
                  tenant Int

                  @@unique([email, tenant])
                }
            """),
            rule=rule("unique: {of: Customer, by: [email]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="May two customers both have no address? The rule does not say.",
            schema=postgresql("""
                model Customer {
                  id    Int     @id
                  email String? @unique
                }
            """),
            rule=rule("unique: {of: Customer, by: [email]}"),
            verdict=Verdict.QUESTION,
        ),
        Example(
            says="Prisma has no words for a unique index over some rows, unless its preview "
            "feature `partialIndexes` is on. NULLs never agree: live rows are not unique at all.",
            schema=postgresql("""
                model Customer {
                  id        Int       @id
                  email     String
                  deletedAt DateTime?

                  @@unique([email, deletedAt])
                }
            """),
            rule=rule("unique: {of: Customer, by: [email], where: deletedAt is null}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="A unique index over the rows that count.",
            schema="""\
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Customer {
  id        Int       @id
  email     String
  deletedAt DateTime?

  @@unique([email], where: raw("\\"deletedAt\\" IS NULL"))
}
""",
            rule=rule("unique: {of: Customer, by: [email], where: deletedAt is null}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="PostgreSQL tells capitals from small letters, unless the type is citext.",
            schema=postgresql("""
                model Customer {
                  id    Int    @id
                  email String @unique
                }
            """),
            rule=rule("unique: {of: Customer, by: [email], ignore_case: true}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="MySQL's usual collations ignore letter case.",
            schema=mysql("""
                model Customer {
                  id    Int    @id
                  email String @unique
                }
            """),
            rule=rule("unique: {of: Customer, by: [email], ignore_case: true}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="SQLite cannot ignore letter case beyond A to Z.",
            schema=sqlite("""
                model Customer {
                  id    Int    @id
                  email String @unique
                }
            """),
            rule=rule("unique: {of: Customer, by: [email], ignore_case: true}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="Two live rows are never equal; the rest are not compared.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customers (
                  id int PRIMARY KEY,
                  email text NOT NULL,
                  deleted_at timestamp
                );
                CREATE UNIQUE INDEX ON customers (lower(email)) WHERE deleted_at IS NULL;
                """,
            ),
            rule=rule(
                "unique: {of: customers, by: [email], ignore_case: true, where: deleted_at is null}"
            ),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="MySQL has no index over some rows: a column that is NULL in the others does.",
            schema=sql(
                "mysql",
                """
                CREATE TABLE customers (
                  id int PRIMARY KEY,
                  email varchar(200) NOT NULL,
                  deleted_at datetime,
                  live int AS (IF(deleted_at IS NULL, 1, NULL)) VIRTUAL,
                  UNIQUE (email, live)
                );
                """,
            ),
            rule=rule("unique: {of: customers, by: [email], where: deleted_at is null}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="A table that has room for one row: the CHECK leaves its key one value.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE settings (
                  id boolean PRIMARY KEY DEFAULT true CHECK (id),
                  site_name text NOT NULL
                );
                """,
            ),
            rule=rule("unique: {of: settings, by: [site_name]}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by the keys of the model.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        return judge_demand(self._demand(model, context), self.nulls, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Two rows that agree. Where the rule leaves open what NULL means, they hold values.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        from schemalint_rules.attacking.uniqueness import plan

        return plan(self._demand(model, context), self.nulls or "distinct", context)

    def _demand(self, model: Model, context: Context) -> Demand:
        where = None
        if self.where is not None:
            where = speaking_of_rows(model, self.where, context)
        return Demand(
            model=model,
            fields=context.fields(model, self.by),
            where=where,
            where_text=self.where.text if self.where is not None else None,
            ignore_case=self.ignore_case,
        )
