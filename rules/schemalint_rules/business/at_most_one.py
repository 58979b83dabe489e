"""The kind `at_most_one`: at most one of several fields has a value."""

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


class AtMostOne(BusinessRule, frozen=True, kw_only=True):
    """No row has a value in two of the fields.

    ## What it does
    Wants NOT NULL and CHECK constraints under which there is no row in which two of
    `fields` are filled.

    ## Why it matters
    A comment on a post *or* on a picture, with a column for each: one on both shows up twice, and
    deleting the post deletes what the picture's readers still see.

    ## Example
    With `at_most_one: {of: Comment, fields: [postId, pictureId]}`, optional columns alone
    are not enough: they allow every combination.

    ## Use instead
    A CHECK in a migration, on PostgreSQL `num_nonnulls(...) <= 1`.
    """

    kind: ClassVar[str] = "at_most_one"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are counted.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields, of which at most one has a value; a relation has one if all "
            "its foreign-key columns have."
        ),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="Two optional columns, and Prisma has no words for a CHECK.",
            schema=postgresql("""
                model Comment {
                  id        Int @id
                  postId    Int?
                  pictureId Int?
                }
            """),
            rule=rule("at_most_one: {of: Comment, fields: [postId, pictureId]}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="Both are NOT NULL: the schema demands what the rule forbids.",
            schema=postgresql("""
                model Comment {
                  id        Int @id
                  postId    Int
                  pictureId Int
                }
            """),
            rule=rule("at_most_one: {of: Comment, fields: [postId, pictureId]}"),
            verdict=Verdict.BROKEN,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """One field alone leaves nothing to count."""
        if len({ref.text for ref in self.fields}) < 2:
            span = self.fields[0].span if self.fields else None
            yield "`at_most_one` needs two or more different `fields`", span

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by NOT NULL and the checks."""
        members = members_of(model, self.fields, context)
        return judge_count(model, members, "at most one", context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows with another number of values.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.presence import count_plan

        members = members_of(model, self.fields, context)
        return count_plan(model, members, "at most one", context)
