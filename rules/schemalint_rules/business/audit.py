"""The kind `audit`: when a row was made, and when it was last changed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, Layer, Model, ScalarType
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Fix,
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
from schemalint_rules.example_schemas import postgresql, rule, sql
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.changes.renewal import judge_renewal
from schemalint_rules.judging.conditions.presence import filled, filled_by_client
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.rows.rows import Rows
from schemalint_rules.judging.triggers.row_versions import RowVersions
from schemalint_rules.judging.triggers.trigger_sight import Sight
from schemalint_rules.judging.values.moments import gives_now, is_now, is_shifted, no_time, shifts
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import add_to_field, make_required, set_default
from schemalint_rules.remedies.renewal import renewal_sql
from schemalint_rules.remedies.sql_statements import make_not_null
from schemalint_rules.remedies.sql_statements import set_default as default_to
from schemalint_rules.wording.client_layer import library

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Audit(BusinessRule, frozen=True, kw_only=True):
    """Every row knows when it was made, and when it was last changed.

    ## What it does
    The field `created` has to be a time, NOT NULL, with a default that the database sets to the
    current time, or a trigger. The field `updated` has to be renewed at each change, by a trigger
    that misses none. Prisma's `@updatedAt` does that in the client library, so that is the layer at
    which it is kept.

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
            says="A trigger renews it at each change.",
            schema=sql(
                "sqlite",
                """
                CREATE TABLE orders (
                  id         INTEGER PRIMARY KEY,
                  total      INTEGER,
                  updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
                );

                CREATE TRIGGER renew AFTER UPDATE ON orders BEGIN
                  UPDATE orders SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
                END;
                """,
            ),
            rule=rule("audit: {of: orders, updated: updated_at}"),
            verdict=Verdict.KEPT,
            language="sql",
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

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows that get no time of creation, and changes that leave the time of change.

        Raises:
            Stale: a name does not exist.
        """
        from schemalint_rules.attacking.audit_times import plan

        created = context.field(model, self.created) if self.created is not None else None
        updated = context.field(model, self.updated) if self.updated is not None else None
        return plan(model, created, updated, context)


def _created(model: Model, field: Field, context: Context) -> Judgement:
    wrong = no_time(model, field, context.schema)
    if wrong is not None:
        return wrong
    path = f"{model.name}.{field.name}"
    dated = _dated_by_trigger(model, field, path, context) or _dated(model, field, path, context)
    if not field.nullable:
        return worst(dated, kept(path, [Evidence(f"`{path}` is NOT NULL", field.span)]))
    if context.schema.client_validates and not field.client_nullable:
        return worst(dated, filled_by_client(model, field, context))
    if Rows(model, context, Layer.DATABASE).bound:
        found = decide_rows(model, filled(field), context)
        if found.kept and found.layer is Layer.DATABASE:
            return worst(dated, kept(path, found.evidence))
    absent = broken(  # I25b
        path,
        f"`{path}` can be NULL, so a row can be without a time of creation",
        field.type_span,
        label="may be NULL",
        help="make it required"
        if in_prisma(context.schema, field.type_span)
        else make_not_null(model, [field], context.dialect),
        fix=make_required(context.schema, model, [field]),
    )
    return worst(absent, dated)


def _dated_by_trigger(model: Model, field: Field, path: str, context: Context) -> Judgement | None:
    """What triggers make of the time of creation, None where none has to do with it."""
    sight = Sight(model, "insert", RowVersions(model, context), context)
    assigning = sight.assigning(field)
    assigning += [one for one in sight.triggers if model.table in one.writes]
    if not assigning:
        return None
    trigger = assigning[0]
    values = [value for name, value in trigger.assigns if name.lower() == field.column.lower()]
    if (
        len(assigning) == 1
        and trigger.when is None
        and values
        and gives_now(values[0])
        and not shifts(values[0])
    ):
        said = f"the trigger `{trigger.name}` sets `{path}`"
        return kept(path, [Evidence(said, trigger.span)])
    if field.default is not None and is_now(field.default):
        return None  # a writer that names no time gets one, whatever else the trigger does
    return unknown(
        path,
        f"the trigger `{trigger.name}` may set `{path}`, but it was not understood well enough to "
        "tell",
        trigger.span,
    )


def _filled_by_chance(model: Model, field: Field, context: Context) -> bool:
    """MariaDB refuses rows that name no TIMESTAMP NOT NULL without a default, but not beside BEFORE
    triggers on INSERT or UPDATE: NOT NULL is checked later then, and NULL is the current time to a
    TIMESTAMP (observed, 10.11)."""
    return (
        context.dialect is Dialect.MARIADB
        and field.native.upper().startswith("TIMESTAMP")
        and not field.nullable
        and any(
            one.enabled and one.timing == "before" and {"insert", "update"} & set(one.events)
            for one in model.triggers
        )
    )


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
            help="give the time of creation a default, and the time of change a field of its own",
        )
    help_text, fix = _default_to_set(model, field, context)
    if default is None and _filled_by_chance(model, field, context):
        return unknown(
            path,
            f"`{path}` has no default, and yet MariaDB stores the current time where none is "
            "named, for as long as the table has a BEFORE trigger; say it by a default",
            field.span,
        )
    if default is None:
        return broken(
            path,
            f"each writer has to bring the time of creation: `{path}` has no default",
            field.span,
            label="no default",
            help=help_text,
            fix=fix,
        )
    if is_now(default):
        by_database = default.layer is Layer.DATABASE
        return kept(
            path,
            [Evidence(f"`{default.span.text}` on `{path}`", default.span)],
            layer=default.layer,
            condition=None
            if by_database
            else f"only {library(context.schema)} knows the default of `{path}`: other writers "
            "have to bring a time",
        )
    shifted = is_shifted(default)
    if default.kind == "expression" and not shifted:
        return unknown(
            path,
            f"it cannot be told whether `{default.expression}` gives the current time",
            default.span,
        )
    gets = default.sql if shifted and default.sql else default.value or default.expression
    return broken(
        path,
        f"a row that names no time of creation gets `{gets}`, which is not the current time",
        default.span,
        contradicts=True,
        help=help_text,
        fix=fix,
    )


def _default_to_set(model: Model, field: Field, context: Context) -> tuple[str, Fix | None]:
    """How the database comes to set the current time."""
    if field.type is not ScalarType.DATETIME:
        return "let the database set the current time", None
    if in_prisma(context.schema, field.span):
        fix = set_default(context.schema, model, field, "now()")
        return "let the database set the current time", fix
    return default_to(model, field, "CURRENT_TIMESTAMP", context.dialect), None


def _updated(model: Model, field: Field, context: Context) -> Judgement:
    wrong = no_time(model, field, context.schema)
    if wrong is not None:
        return wrong
    path = f"{model.name}.{field.name}"
    sql = renewal_sql(model, field, context.dialect)
    by_trigger = judge_renewal(model, field, context, sql)
    if by_trigger is not None and (by_trigger.verdict is Verdict.KEPT or field.updated_at is None):
        return by_trigger
    if field.updated_at is not None:
        return _renewed_by_column(field, path, sql, context)
    prisma = in_prisma(context.schema, field.span)
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
            if prisma
            else sql
        ),
        fix=add_to_field(context.schema, model, field, "@updatedAt")
        if prisma and field.type is ScalarType.DATETIME
        else None,
    )


def _renewed_by_column(field: Field, path: str, sql: str, context: Context) -> Judgement:
    """`@updatedAt`, or ON UPDATE CURRENT_TIMESTAMP."""
    layer = field.updated_at
    condition: str | None = None
    renews = capability(context.dialect, Construct.COLUMN_ON_UPDATE_NOW).holds  # X14
    if layer is Layer.DATABASE and renews:
        layer = Layer.CLIENT
        condition = (
            f"ON UPDATE CURRENT_TIMESTAMP gives way to a writer that names `{path}` itself, so a "
            "change can leave the old time"
        )
    elif layer is not Layer.DATABASE:
        condition = (
            f"`{path}` is renewed by {library(context.schema)} only: a change by any other writer "
            "leaves it as it was"
        )
    evidence = Evidence(f"`{path}` is renewed at each change", _mark(field))
    return kept(path, [evidence], layer=layer or Layer.CLIENT, condition=condition, help=sql)


def _mark(field: Field) -> Span:
    written = field.attribute("updatedAt")
    return written.span if written else field.span
