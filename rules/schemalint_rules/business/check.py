"""The kind `check`: a condition that every row satisfies."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.condition.case import Case
from schemalint.condition.terms import And, Column, Compare, Is, Literal, Not, Term
from schemalint.context import Context
from schemalint.model import Dialect, Layer, Model
from schemalint.rule import (
    BusinessRule,
    Condition,
    Example,
    Judgement,
    Models,
    Related,
    Verdict,
    broken,
    kept,
    unknown,
)
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql, sqlite
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.loose_comparisons import counts_bytes, looseness
from schemalint_rules.judging.conditions.row_conditions import RowAnswer, decide_rows
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.values.claimed_bounds import unknown_to_database
from schemalint_rules.remedies.migration_sql import add_check
from schemalint_rules.wording.claims import keeps_nothing
from schemalint_rules.wording.client_layer import unless
from schemalint_rules.wording.describing import called

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Check(BusinessRule, frozen=True, kw_only=True):
    """The condition `that` is true of every row.

    ## What it does
    Wants NOT NULL, the columns' types and the CHECK constraints together to leave no row for
    which `that` is false or NULL. A CHECK may be stricter than `that`, or written differently; it
    is compared by meaning. Where the meaning cannot be compared, the answer is `unknown`. A
    condition that is true only as the database compares is weak: SQLite takes text for greater than
    any number, and MySQL's usual collations take `DRAFT` for `draft`. A trigger that refuses every
    INSERT and UPDATE of another row keeps it too.

    ## Why it matters
    NULL passes every CHECK: `CHECK (price > 0)` takes a row without a price. A rule that speaks
    of every row needs the column NOT NULL as well.

    ## Example
    With `check: {of: Product, that: price >= 0}`, `price Decimal` alone is not enough: nothing
    refuses -1.

    ## Use instead
    A CHECK in a migration: `ALTER TABLE "Product" ADD CONSTRAINT ... CHECK (price >= 0);`
    """

    kind: ClassVar[str] = "check"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows must satisfy it.")]
    that: Annotated[
        Condition, msgspec.Meta(description="An SQL condition over the model's own fields.")
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="An enum leaves no other value.",
            schema=postgresql("""
                model Product {
                  id       Int      @id
                  currency Currency
                }

                enum Currency {
                  EUR
                  USD
                }
            """),
            rule=rule("check: {of: Product, that: \"currency in ('EUR', 'USD', 'GBP')\"}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="On SQLite an enum is plain text: only the client library refuses other values.",
            schema=sqlite("""
                model Product {
                  id       Int      @id
                  currency Currency
                }

                enum Currency {
                  EUR
                  USD
                }
            """),
            rule=rule("check: {of: Product, that: \"currency in ('EUR', 'USD', 'GBP')\"}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="Prisma has no words for a CHECK; a migration has.",
            schema=postgresql("""
                model Product {
                  id    Int     @id
                  price Decimal
                }
            """),
            rule=rule("check: {of: Product, that: price >= 0}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="A CHECK in SQL, written differently.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE products (
                  id int PRIMARY KEY,
                  price int NOT NULL CHECK (price BETWEEN 1 AND 1000)
                );
                """,
            ),
            rule=rule("check: {of: products, that: price > 0}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="SQLite takes text in a column of numbers for greater than any number.",
            schema=sql(
                "sqlite",
                """
                CREATE TABLE people (
                  id INTEGER PRIMARY KEY,
                  age INTEGER NOT NULL CHECK (age >= 18)
                );
                """,
            ),
            rule=rule("check: {of: people, that: age >= 18}"),
            verdict=Verdict.WEAK,
            language="sql",
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by the columns and the checks."""
        wanted = context.condition(model, self.that)
        path, span = _subject(model, wanted)
        found = decide_rows(model, wanted, context)
        if found.kept:
            return self._kept(model, wanted, found, context)
        if found.kept is None:
            return unknown(
                path,
                f"whether every row satisfies `{self.that.text}` is not decided: {found.undecided}",
                span,
                related=self._near(model, wanted, context),
            )
        if found.never:
            message = f"no row of `{model.name}` can satisfy `{self.that.text}`"
        else:
            message = f"nothing makes `{self.that.text}` true of every row of `{model.name}`"
        shown = f"; this row is accepted: {found.witness}" if found.witness else ""
        judgement = broken(
            path,
            message + shown,
            span,
            expressible=Layer.DATABASE if "check" in context.schema.can_say else None,
            contradicts=found.never,
            related=self._near(model, wanted, context),
            help=_NO_REMEDY if found.never else self._remedy(model, wanted, context),
        )
        return unless_obscured(judgement, model, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows of which the condition is not true, or true only as the database compares.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.row_conditions import plan

        return plan(model, context.condition(model, self.that), self.that.text, context)

    def _kept(self, model: Model, wanted: Term, found: RowAnswer, context: Context) -> Judgement:
        path, span = _subject(model, wanted)
        condition = remedy = None
        layer = found.layer
        if layer is not Layer.DATABASE:
            condition = f"`{self.that.text}` holds {unless(context)}"
            remedy = self._remedy(model, wanted, context)
        else:
            loose = looseness(wanted, Rows(model, context, Layer.DATABASE))
            if loose is not None:
                layer, remedy = Layer.CLIENT, loose.help
                condition = f"`{self.that.text}` holds as the database compares: {loose.condition}"
        return kept(
            path,
            found.evidence,
            layer=layer,
            condition=condition,
            span=span,
            help=remedy,
            extra=counts_bytes(path, model, wanted, context),
        )

    def _near(self, model: Model, wanted: Term, context: Context) -> list[Related]:
        """The checks that speak of the same columns and do not suffice, and what only looks like
        one: bounds of a class that does not validate."""
        rows = Rows(model, context, Layer.DATABASE)
        found = [
            Related(f"{called(model, check)} does not suffice", check.span)
            for check, given in rows.checks
            if set(given.term.columns) & set(wanted.columns)
        ]
        for column in wanted.columns:
            field = model.column(column)
            if field is not None and field.claims.bounds:
                open_bounds = unknown_to_database(model, field, context.schema)
                found += [keeps_nothing(bound) for bound in open_bounds]
        return found

    def _remedy(self, model: Model, wanted: Term, context: Context) -> str:
        """The CHECK to add; NULL passes one (case O11), so columns that have to have a value are
        named in it, and where that does not suffice, it asks for what is true."""
        from schemalint.condition.decide import Given  # most rules are kept

        rows = Rows(model, context, Layer.DATABASE)
        terms = wanted.terms if isinstance(wanted, And) else (wanted,)
        present: list[Term] = []
        for column in wanted.columns:
            field = model.column(column)
            if field is not None and rows.nullable(field):
                filled = Not(Is(Column(column), None))
                if filled not in terms and rows.implied((wanted,), filled) is not False:
                    present.append(filled)
        condition = And((*terms, *present)) if present else wanted
        if rows.decide(wanted, [Given(condition, passes_null=True)]).answer is False:
            condition = _true_only(wanted, context.dialect)
        sql = condition.sql(context.dialect)
        return add_check(model, wanted.columns, sql, context.dialect)


def _true_only(wanted: Term, dialect: Dialect) -> Term:
    """The condition, false where it would be NULL."""
    if dialect is Dialect.SQLSERVER:  # it has no IS TRUE
        return Compare("=", Case((wanted,), (Literal(1), Literal(0))), Literal(1))
    return Is(wanted, True)


_NO_REMEDY = "correct the rule's `that`, or what the columns and their constraints allow"


def _subject(model: Model, wanted: Term) -> tuple[str, Span]:
    """What the condition is about, and where that is: its one field, or the model."""
    fields = [model.column(column) for column in wanted.columns]
    if len(fields) == 1 and fields[0] is not None:
        return f"{model.name}.{fields[0].name}", fields[0].name_span
    return model.name, model.name_span
