"""The kind `at_least_one`: at least one of several fields has a value."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import BusinessRule, Example, Judgement, Models, Ref, Verdict
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule
from schemalint_rules.judging.conditions.presence import judge_count, members_of

if TYPE_CHECKING:
    from schemalint.attack import Plan


class AtLeastOne(BusinessRule, frozen=True, kw_only=True):
    """Every row has a value in one of the fields, or in several.

    ## What it does
    Wants NOT NULL and CHECK constraints under which there is no row in which all of
    `fields` are NULL.

    ## Why it matters
    A contact without e-mail address and telephone number is one that nobody can reach.

    ## Example
    With `at_least_one: {of: Contact, fields: [email, phone]}`, optional columns alone
    are not enough: they allow every combination.

    ## Use instead
    A CHECK in a migration, on PostgreSQL `num_nonnulls(...) >= 1`.
    """

    kind: ClassVar[str] = "at_least_one"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are counted.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields, of which at least one has a value; a relation has one if all "
            "its foreign-key columns have."
        ),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="One of them is NOT NULL.",
            schema=postgresql("""
                model Contact {
                  id    Int  @id
                  email String
                  phone String?
                }
            """),
            rule=rule("at_least_one: {of: Contact, fields: [email, phone]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="Two optional columns, and Prisma has no words for a CHECK.",
            schema=postgresql("""
                model Contact {
                  id    Int  @id
                  email String?
                  phone String?
                }
            """),
            rule=rule("at_least_one: {of: Contact, fields: [email, phone]}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """One field alone leaves nothing to count."""
        if len({ref.text for ref in self.fields}) < 2:
            span = self.fields[0].span if self.fields else None
            yield "`at_least_one` needs two or more different `fields`", span

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by NOT NULL and the checks."""
        members = members_of(model, self.fields, context)
        return judge_count(model, members, "at least one", context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows with another number of values.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.presence import count_plan

        members = members_of(model, self.fields, context)
        return count_plan(model, members, "at least one", context)
