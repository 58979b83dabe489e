"""The kind `exactly_one`: exactly one of several fields has a value."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import BusinessRule, Example, Judgement, Models, Ref, Verdict
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql
from schemalint_rules.judging.conditions.presence import judge_count, members_of

if TYPE_CHECKING:
    from schemalint.attack import Plan


class ExactlyOne(BusinessRule, frozen=True, kw_only=True):
    """Every row has a value in one of the fields, never in none, never in two.

    ## What it does
    Wants NOT NULL and CHECK constraints under which there is no row with none of
    `fields` filled, and none with two.

    ## Why it matters
    A payment by card *or* by transfer is one row with two optional references. Without the rule
    there are payments by both, and payments by nothing, and every reader guesses differently.

    ## Example
    With `exactly_one: {of: Payment, fields: [cardId, transferId]}`, optional columns alone
    are not enough: they allow every combination.

    ## Use instead
    A CHECK in a migration, on PostgreSQL `num_nonnulls(...) = 1`.
    """

    kind: ClassVar[str] = "exactly_one"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are counted.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields, of which exactly one has a value; a relation has one if all "
            "its foreign-key columns have."
        ),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="Two optional columns, and Prisma has no words for a CHECK.",
            schema=postgresql("""
                model Payment {
                  id         Int @id
                  cardId     Int?
                  transferId Int?
                }
            """),
            rule=rule("exactly_one: {of: Payment, fields: [cardId, transferId]}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="Both are NOT NULL: the schema demands what the rule forbids.",
            schema=postgresql("""
                model Payment {
                  id         Int @id
                  cardId     Int
                  transferId Int
                }
            """),
            rule=rule("exactly_one: {of: Payment, fields: [cardId, transferId]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="A CHECK that counts.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE payments (
                  id int PRIMARY KEY,
                  card_id int,
                  transfer_id int,
                  CHECK (num_nonnulls(card_id, transfer_id) = 1)
                );
                """,
            ),
            rule=rule("exactly_one: {of: payments, fields: [card_id, transfer_id]}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """One field alone leaves nothing to count."""
        if len({ref.text for ref in self.fields}) < 2:
            span = self.fields[0].span if self.fields else None
            yield "`exactly_one` needs two or more different `fields`", span

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by NOT NULL and the checks."""
        members = members_of(model, self.fields, context)
        return judge_count(model, members, "exactly one", context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows with another number of values.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.presence import count_plan

        members = members_of(model, self.fields, context)
        return count_plan(model, members, "exactly one", context)
