"""The kind `identity`: what tells the rows of a model apart."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.near_match import nearest
from schemalint.rule import BusinessRule, Example, Judgement, Models, Ref, Verdict, worst
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql, sqlite
from schemalint_rules.judging.conditions.presence import judge_not_null
from schemalint_rules.judging.keys.key_types import KEY_TYPES, judge_key_type
from schemalint_rules.judging.keys.uniqueness import Demand
from schemalint_rules.judging.keys.uniqueness_wording import judge_demand
from schemalint_rules.wording.describing import listed

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Identity(BusinessRule, frozen=True, kw_only=True):
    """Each row has a key, and no other row has the same.

    ## What it does
    Wants a primary key or unique constraint that counts no field but those of `by`, and every one
    of them NOT NULL. A unique constraint over NOT NULL columns is as good as a primary key. With
    `type`, each column must also be of that type in the database: `uuid`, `int`, `bigint`,
    `string`, `decimal`, `datetime`, `date`, `time`, `bytes`, `boolean`, `float` or `enum`. A text
    column is no `uuid`, whatever its default: `@default(uuid())` fills in an identifier where a
    writer names none, and takes any text from a writer who does.

    ## Why it matters
    Two rows with one key are one thing twice: references point at both, updates hit both, and
    which of them is right nobody can tell.

    ## Example
    With `identity: {of: Order, by: [number]}`, `number String?` with `@unique` is broken: any
    number of orders may have no number.

    ## Use instead
    `number String @unique`, or `@id`.
    """

    kind: ClassVar[str] = "identity"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are told apart.")]
    by: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields of the key; a relation stands for its foreign-key columns."
        ),
    ]
    type: Annotated[
        Ref | None,
        msgspec.Meta(description=f"The type of the key: {listed(KEY_TYPES, 'or')}."),
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The primary key, of PostgreSQL's own type for it.",
            schema=postgresql("""
                model Order {
                  id String @id @default(uuid()) @db.Uuid
                }
            """),
            rule=rule("identity: {of: Order, by: [id], type: uuid}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="Without `@db.Uuid` the column takes any text.",
            schema=postgresql("""
                model Order {
                  id String @id @default(uuid())
                }
            """),
            rule=rule("identity: {of: Order, by: [id], type: uuid}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="SQLite has no such type, so the schema cannot say it.",
            schema=sqlite("""
                model Order {
                  id String @id @default(uuid())
                }
            """),
            rule=rule("identity: {of: Order, by: [id], type: uuid}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="SQLite keeps text out of an INTEGER column only where it alone is the key.",
            schema=sqlite("""
                model Seat {
                  row    Int
                  number Int

                  @@id([row, number])
                }
            """),
            rule=rule("identity: {of: Seat, by: [row, number], type: int}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="Any number of orders may have no number.",
            schema=postgresql("""
                model Order {
                  id     Int     @id
                  number String? @unique
                }
            """),
            rule=rule("identity: {of: Order, by: [number]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="In SQLite the columns of a primary key take NULL, unless it is the row id.",
            schema=sql(
                "sqlite",
                """
                CREATE TABLE currencies (code TEXT PRIMARY KEY);
                """,
            ),
            rule=rule("identity: {of: currencies, by: [code]}"),
            verdict=Verdict.BROKEN,
            language="sql",
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """A `type` that is none."""
        if self.type is not None and self.type.text not in KEY_TYPES:
            close = nearest(self.type.text, KEY_TYPES)
            hint = f"; did you mean `{close}`?" if close else ""
            yield (
                f"`{self.type.text}` is no key type{hint} Types are {listed(KEY_TYPES)}",
                self.type.span,
            )

    def judge(self, model: Model, context: Context) -> Judgement:
        """Distinct, present, and of the type, each field for itself."""
        fields = context.fields(model, self.by)
        # A row without a key is forbidden anyway, so how NULLs compare does not matter.
        judgements = [judge_demand(Demand(model, fields), "distinct", context)]
        judgements += [judge_not_null(model, field, context) for field in fields]
        if self.type is not None:
            wanted = self.type.text
            judgements += [judge_key_type(model, field, wanted, context) for field in fields]
        return worst(*judgements)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows without a key, with a key of another type, and two rows with one key.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.keys import plan

        wanted = self.type.text if self.type is not None else None
        return plan(model, context.fields(model, self.by), wanted, context)
