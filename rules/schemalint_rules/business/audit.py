"""The kind `audit`: when a row was made, and when it was last changed."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Default, Field, Layer, Model, ScalarType
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
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule
from schemalint_rules.judging.presence import filled_by_client
from schemalint_rules.judging.undecided import unless_obscured
from schemalint_rules.remedies.prisma_edits import add_to_field, make_required, set_default
from schemalint_rules.remedies.renewal import renewal_sql

_TIMES = (ScalarType.DATETIME, ScalarType.DATE)
# Expressions of the five databases that give the moment of the statement or transaction.
_CURRENT_TIME = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|sysdate|sysdatetime"
    r"|sysutcdatetime|getdate|getutcdate|utc_timestamp|unixepoch)\s*\("
    r"|\bcurrent_timestamp\b|\blocaltimestamp\b"
    r"|\b(datetime|strftime|julianday)\s*\([^)]*'now'",
    re.IGNORECASE,
)


class Audit(BusinessRule, frozen=True, kw_only=True):
    """Every row knows when it was made, and when it was last changed.

    ## What it does
    The field `created` has to be a time, NOT NULL, with a default that the database sets to the
    current time. The field `updated` has to be renewed at each change. Prisma's `@updatedAt` does
    that in the client library, so that is the layer at which it is kept.

    ## Why it matters
    What happened when is the first question after every incident. A time that each writer has to
    supply is missing, or wrong, in just the rows that somebody repaired by hand.

    ## Example
    `createdAt DateTime` without a default: each writer brings a time of its own.

    ## Use instead
    `createdAt DateTime @default(now())` and `updatedAt DateTime @updatedAt`, with
    `enforced_by: client` for the second, or with the trigger that the finding writes out.
    """

    kind: ClassVar[str] = "audit"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows are to be dated.")]
    created: Annotated[
        Ref | None, msgspec.Meta(description="The field that holds the time of creation.")
    ] = None
    updated: Annotated[
        Ref | None, msgspec.Meta(description="The field that holds the time of the last change.")
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="The database dates the row.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  createdAt DateTime @default(now())
                }
            """),
            rule=rule("audit: {of: Order, created: createdAt}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The writer has to bring a time.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  createdAt DateTime
                }
            """),
            rule=rule("audit: {of: Order, created: createdAt}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="Only Prisma Client renews it.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  updatedAt DateTime @updatedAt
                }
            """),
            rule=rule("audit: {of: Order, updated: updatedAt}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="Nobody renews it, and for all writers only a trigger could.",
            schema=postgresql("""
                model Order {
                  id        Int      @id
                  updatedAt DateTime @default(now())
                }
            """),
            rule=rule("audit: {of: Order, updated: updatedAt}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="There is no such field.",
            schema=postgresql("""
                model Order {
                  id Int @id
                }
            """),
            rule=rule("audit: {of: Order, created: createdAt}"),
            verdict=Verdict.STALE,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """Without a field there is nothing to keep."""
        if self.created is None and self.updated is None:
            yield "name a field: `created`, `updated`, or both", self.of.span

    def judge(self, model: Model, context: Context) -> Judgement:
        """Each field on its own."""
        judgements = []
        if self.created is not None:
            judgements.append(_created(model, context.field(model, self.created), context))
        if self.updated is not None:
            judgements.append(_updated(model, context.field(model, self.updated), context))
        return unless_obscured(worst(*judgements), model, context)


def _no_time(model: Model, field: Field) -> Judgement | None:
    if field.type in _TIMES and not field.list:
        return None
    whole_numbers = (ScalarType.INT, ScalarType.BIGINT)
    if field.type in (*whole_numbers, ScalarType.UNSUPPORTED) and not field.list:
        return None  # seconds since 1970, or a type of the database's own
    return broken(
        f"{model.name}.{field.name}",
        f"`{model.name}.{field.name}` holds {field.native or field.type.value}, not a time",
        field.type_span,
        contradicts=True,
        label="not a time",
        help="make it a `DateTime`",
    )


def _created(model: Model, field: Field, context: Context) -> Judgement:
    wrong = _no_time(model, field)
    if wrong is not None:
        return wrong
    path = f"{model.name}.{field.name}"
    dated = _dated(model, field, path, context)
    if not field.nullable:
        return worst(dated, kept(path, [Evidence(f"`{path}` is NOT NULL", field.span)]))
    if not field.client_nullable:
        return worst(dated, filled_by_client(model, field, context))
    absent = broken(  # I25b
        path,
        f"`{path}` can be NULL, so a row can be without a time of creation",
        field.type_span,
        label="may be NULL",
        help="make it required",
        fix=make_required(context.schema, model, [field]),
    )
    return worst(absent, dated)


def _dated(model: Model, field: Field, path: str, context: Context) -> Judgement:
    """Who supplies the time of creation."""
    default = field.default
    if field.updated_at is not None:
        return broken(
            path,
            f"`{path}` is renewed at each change, so it tells the last change and not the creation",
            field.span,
            contradicts=True,
            label="renewed",
            help="give the time of creation `@default(now())`, and the time of change a field of "
            "its own",
        )
    if default is None:
        return broken(
            path,
            f"each writer has to bring the time of creation: `{path}` has no default",
            field.span,
            label="no default",
            help="let the database set the current time",
            fix=set_default(context.schema, model, field, "now()")
            if field.type is ScalarType.DATETIME
            else None,
        )
    if _is_now(default):
        by_database = default.layer is Layer.DATABASE
        return kept(
            path,
            [Evidence(f"`{default.span.text}` on `{path}`", default.span)],
            layer=default.layer,
            condition=None
            if by_database
            else f"only the client library knows the default of `{path}`: other writers have to "
            "bring a time",
        )
    if default.kind == "expression":
        return unknown(
            path,
            f"it cannot be told whether `{default.expression}` gives the current time",
            default.span,
        )
    return broken(
        path,
        f"a row that names no time of creation gets `{default.value or default.expression}`, which "
        "is not the current time",
        default.span,
        contradicts=True,
        help="let the database set the current time",
        fix=set_default(context.schema, model, field, "now()")
        if field.type is ScalarType.DATETIME
        else None,
    )


def _is_now(default: Default) -> bool:
    if default.kind == "now":
        return True
    return default.kind == "expression" and bool(_CURRENT_TIME.search(default.expression))


def _updated(model: Model, field: Field, context: Context) -> Judgement:
    wrong = _no_time(model, field)
    if wrong is not None:
        return wrong
    path = f"{model.name}.{field.name}"
    sql = renewal_sql(model, field, context.dialect)
    if field.updated_at is not None:
        layer, condition = field.updated_at, None
        renews = capability(context.dialect, Construct.COLUMN_ON_UPDATE_NOW).holds  # X14
        if layer is Layer.DATABASE and renews:
            layer = Layer.CLIENT
            condition = (
                f"ON UPDATE CURRENT_TIMESTAMP gives way to a writer that names `{path}` itself, so "
                "a change can leave the old time"
            )
        elif layer is not Layer.DATABASE:
            condition = (
                f"`{path}` is renewed by the client library only: a change by any other writer "
                "leaves it as it was"
            )
        evidence = Evidence(f"`{path}` is renewed at each change", _mark(field))
        return kept(path, [evidence], layer=layer, condition=condition, help=sql)
    for trigger in model.triggers:
        if "update" in trigger.events and trigger.effect in ("sets", "opaque"):
            return unknown(
                path,
                f"the trigger `{trigger.name}` may renew `{path}`, but its body was not understood "
                "well enough to tell",
                trigger.span,
            )
    in_prisma = context.schema.language == "prisma"
    expressible = Layer.CLIENT
    if "trigger" in context.schema.can_say:
        expressible = Layer.DATABASE
    return broken(
        path,
        f"nothing renews `{path}`: a change leaves it as it was",
        field.span,
        expressible=expressible,
        label="never renewed",
        help=(
            "add `@updatedAt` and accept `enforced_by: client`, for writers that use Prisma "
            f"Client; for all writers, {sql}"
            if in_prisma
            else sql
        ),
        fix=add_to_field(context.schema, model, field, "@updatedAt")
        if field.type is ScalarType.DATETIME
        else None,
    )


def _mark(field: Field) -> Span:
    written = field.attribute("updatedAt")
    return written.span if written else field.span
