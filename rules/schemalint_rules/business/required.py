"""The kind `required`: every row has the value."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import BusinessRule, Example, Judgement, Models, Ref, Verdict, worst
from schemalint_rules.example_schemas import mongodb, postgresql, rule, sql
from schemalint_rules.judging.conditions.presence import judge_not_blank, judge_not_null

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Required(BusinessRule, frozen=True, kw_only=True):
    """No row lacks the value.

    ## What it does
    Wants every field of `fields` to be NOT NULL in the database, or a CHECK that refuses NULL.
    With `not_blank`, a CHECK must also refuse text that is empty or only white space; a CHECK that
    trims blanks alone lets a tab or a line break through.

    ## Why it matters
    A client library's `required` is a promise of one program. The import script, the console and
    the next service do not know it; only NOT NULL binds them all.

    ## Example
    With `required: {of: Customer, fields: [name]}`, `name String?` is broken.

    ## Use instead
    `name String`, and for `not_blank` a CHECK in a migration.
    """

    kind: ClassVar[str] = "required"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows must have the values.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields that must have a value; a relation stands for its foreign-key "
            "columns."
        ),
    ]
    not_blank: Annotated[
        bool, msgspec.Meta(description="Empty text, or only white space, is no value either.")
    ] = False

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The column is NOT NULL.",
            schema=postgresql("""
                model Customer {
                  id   Int    @id
                  name String
                }
            """),
            rule=rule("required: {of: Customer, fields: [name]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The column takes NULL.",
            schema=postgresql("""
                model Customer {
                  id   Int     @id
                  name String?
                }
            """),
            rule=rule("required: {of: Customer, fields: [name]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="On PostgreSQL, Prisma's list columns take NULL; only its client never writes it.",
            schema=postgresql("""
                model Customer {
                  id   Int      @id
                  tags String[]
                }
            """),
            rule=rule("required: {of: Customer, fields: [tags]}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="MongoDB itself demands no field.",
            schema=mongodb("""
                model Customer {
                  id   Int    @id @map("_id")
                  name String
                }
            """),
            rule=rule("required: {of: Customer, fields: [name]}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="NOT NULL accepts blanks, and Prisma has no words for a CHECK.",
            schema=postgresql("""
                model Customer {
                  id   Int    @id
                  name String
                }
            """),
            rule=rule("required: {of: Customer, fields: [name], not_blank: true}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="NOT NULL, and a CHECK that wants a visible character.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customers (
                  id int PRIMARY KEY,
                  name text NOT NULL CHECK (name ~ '\\S')
                );
                """,
            ),
            rule=rule("required: {of: customers, fields: [name], not_blank: true}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """One obligation for each field, two with `not_blank`."""
        judgements: list[Judgement] = []
        for field in context.fields(model, self.fields):
            judgements.append(judge_not_null(model, field, context))
            if self.not_blank:
                judgements.append(judge_not_blank(model, field, context))
        return worst(*judgements)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows without the value.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.presence import required_plan

        fields = context.fields(model, self.fields)
        return required_plan(model, fields, context, not_blank=self.not_blank)
