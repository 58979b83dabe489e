"""The kind `optional`: a row without the value is accepted."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.condition.terms import Column, Is, Not
from schemalint.context import Context
from schemalint.model import Field, Layer, Model, Trigger
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Judgement,
    Models,
    Ref,
    Verdict,
    broken,
    kept,
    unknown,
    worst,
)
from schemalint_rules.example_schemas import postgresql, rule, sql
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_guards import Guards
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import make_optional
from schemalint_rules.remedies.sqlalchemy_lines import in_python, nullable
from schemalint_rules.wording.describing import called

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Optional(BusinessRule, frozen=True, kw_only=True):
    """A row may lack the value.

    ## What it does
    Wants every field of `fields` to take NULL: no NOT NULL, no primary key, no CHECK against it,
    and no client library that demands a value. A default does not help: with it, every row has a
    value. A list can be empty and so is always optional.

    ## Why it matters
    A column that demands what the business does not know is filled with lies: `unknown`, `-`,
    `1970-01-01`.

    ## Example
    With `optional: {of: Customer, fields: [phone]}`, `phone String` is broken.

    ## Use instead
    `phone String?`
    """

    kind: ClassVar[str] = "optional"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows may lack the values.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields that may be without a value; a relation stands for its "
            "foreign-key columns."
        ),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The column takes NULL.",
            schema=postgresql("""
                model Customer {
                  id    Int     @id
                  phone String?
                }
            """),
            rule=rule("optional: {of: Customer, fields: [phone]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The column is NOT NULL.",
            schema=postgresql("""
                model Customer {
                  id    Int    @id
                  phone String
                }
            """),
            rule=rule("optional: {of: Customer, fields: [phone]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="A CHECK refuses rows without the value.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE customers (
                  id int PRIMARY KEY,
                  phone text CHECK (phone IS NOT NULL)
                );
                """,
            ),
            rule=rule("optional: {of: customers, fields: [phone]}"),
            verdict=Verdict.BROKEN,
            language="sql",
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """Broken, as a contradiction, wherever NULL is rejected."""
        fields = context.fields(model, self.fields)
        return worst(*(_judge(model, field, context) for field in fields))

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows without the value, which have to be accepted.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.presence import optional_plan

        return optional_plan(model, context.fields(model, self.fields), context)


def _judge(model: Model, field: Field, context: Context) -> Judgement:
    path = f"{model.name}.{field.name}"
    if field.list and field.nullable:
        return kept(path, [Evidence(f"`{path}` is a list, which may be empty", field.type_span)])
    if not field.nullable:
        return _rejects(path, "is NOT NULL", model, field, context)
    if context.schema.client_validates and not field.client_nullable:
        who = "its domain" if context.schema.language == "sql" else "the client library"
        return _rejects(path, f"is required by {who}", model, field, context)
    refusal = decide_rows(model, Not(Is(Column(field.column), None)), context)
    computed = field.generated
    if refusal.kept and computed is not None and not refusal.evidence:
        return broken(
            path,
            f"`{path}` is computed, and never without a value",
            computed.span,
            contradicts=True,
            help="compute NULL for the rows that are to lack it",
        )
    if refusal.kept and refusal.layer is Layer.DATABASE and refusal.evidence:
        by = refusal.evidence[0]
        return broken(
            path,
            f"{by.message} rejects rows without `{field.name}`",
            by.span,
            contradicts=True,
            help="let it pass rows without the value",
        )
    if refusal.kept and refusal.layer is Layer.DATABASE:
        return _rejects(
            path, "never lacks a value, by all that is said of it", model, field, context
        )
    by_trigger = _not_inserted(model, field, context) if model.triggers else None
    if by_trigger is not None:
        return broken(
            path,
            f"{called(model, by_trigger)} rejects new rows without `{field.name}`",
            by_trigger.span,
            contradicts=True,
            help="let it pass rows without the value",
        )
    if refusal.kept is None:
        return unknown(
            path,
            f"whether a row without `{path}` is accepted is not decided: {refusal.undecided}",
            field.type_span,
        )
    return kept(path, [Evidence(f"`{path}` takes NULL", field.type_span)])


def _not_inserted(model: Model, field: Field, context: Context) -> Trigger | None:
    """A trigger that refuses every INSERT without the value, though an UPDATE may take it away."""
    versions = RowVersions(model, context)
    watch = Guards(model, "insert", versions, context).watch(
        lambda: [Is(versions.column(field, "NEW"), None)]
    )
    return watch.guards[0] if watch.refused and watch.guards else None


def _rejects(path: str, how: str, model: Model, field: Field, context: Context) -> Judgement:
    default = ""
    if field.default is not None:
        default = f" (its default `{field.default.expression}` only fills in a value)"
    fix = None
    help_text = f"let `{field.name}` be NULL"
    key = () if model.primary_key is None else model.primary_key.columns
    if field.column in key:
        help_text = "a row is told apart by its primary key: leave the field out of the rule"
    elif in_python(model):
        help_text = nullable(field)
    elif in_prisma(context.schema, field.type_span):
        fix = make_optional(context.schema, model, field)
        help_text = f"write `{field.name} {field.type_span.text}?`" if fix else help_text
    return broken(
        path,
        f"`{path}` {how}, so a row without it is rejected{default}",
        field.type_span,
        contradicts=True,
        help=help_text,
        fix=fix,
    )
