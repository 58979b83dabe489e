"""The kind `reference`: a row that points at a row of another table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.condition.quoting import quoted
from schemalint.condition.terms import And, Column, Is, Not, Or
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Field, ForeignKey, Layer, Model
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Finding,
    Judgement,
    Ref,
    Verdict,
    broken,
    kept,
    unknown,
    worst,
)
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql, sqlite
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.presence import certain, judge_not_null
from schemalint_rules.judging.conditions.row_conditions import decide_rows
from schemalint_rules.judging.references.cardinality import Cardinality, judge_cardinality
from schemalint_rules.judging.references.foreign_keys import (
    Pointer,
    condition_of,
    emulated,
    fields_of,
)
from schemalint_rules.judging.references.orphans import judge_orphans
from schemalint_rules.judging.references.reference_ends import End, judge_idle, resolve
from schemalint_rules.judging.references.referential_actions import StatedAction, judge_action
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.migration_sql import add_check
from schemalint_rules.remedies.prisma_edits import make_required
from schemalint_rules.remedies.sql_statements import add_foreign_key, make_not_null
from schemalint_rules.wording.describing import called, listed
from schemalint_rules.wording.small_words import one

if TYPE_CHECKING:
    from schemalint.attack import Plan


class Reference(BusinessRule, frozen=True, kw_only=True):
    """Every row of `from` points at a row of `to` that exists.

    ## What it does
    Wants a foreign key from the field (or from the fields of the relation) to `to`. With
    `required`, which is the default, all its columns have to be NOT NULL: one NULL member frees
    the whole row from a composite key. Where a row may point nowhere, one with a value in the
    field that `from` names has to point somewhere all the same. `on_delete` and `on_update` say
    what happens to the rows that point at a parent which is deleted or re-keyed; what counts is
    what the database does, so `restrict` and `no_action` are the same unless the key is
    deferrable, and SET NULL on a NOT NULL column is a refusal, as is a trigger that refuses what
    the key would do.
    `cardinality: one-to-one` forbids two rows of `from` for one parent, `one-or-more` forbids a
    parent without any. A key that nobody checks is none, and a trigger of PostgreSQL's that drops
    what a key's action does leaves rows that point at nothing.

    ## Why it matters
    Rows that point at nothing surface months later, as joins that lose money. And an action that
    nobody chose deletes more, or less, than the business wants: Prisma adds one to every relation.

    ## Example
    With `reference: {from: Order.customer, to: Customer, on_delete: cascade}`, a required relation
    without `onDelete` is broken: Migrate writes ON DELETE RESTRICT for it.

    ## Use instead
    A required scalar with a required relation, and both actions written out in `@relation`.
    """

    kind: ClassVar[str] = "reference"

    from_: Annotated[
        Ref,
        msgspec.Meta(
            description="Who points: `Order.customer` (a relation, on the side that stores the "
            "key) or `Order.customerId` (a field)."
        ),
    ]
    to: Annotated[Ref, msgspec.Meta(description="The model that is pointed at.")]
    required: Annotated[
        bool,
        msgspec.Meta(description="Whether a row that points nowhere is forbidden."),
    ] = True
    on_delete: Annotated[
        StatedAction | None,
        msgspec.Meta(description="What deleting a parent does to the rows that point at it."),
    ] = None
    on_update: Annotated[
        StatedAction | None,
        msgspec.Meta(description="What changing a parent's key does to the rows pointing at it."),
    ] = None
    cardinality: Annotated[
        Cardinality | None,
        msgspec.Meta(
            description="How many rows of `from` a parent may have: any number (`many-to-one`, the "
            "default), at most one (`one-to-one`), at least one (`one-or-more`)."
        ),
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="A foreign key, NOT NULL, that refuses to lose its parent.",
            schema=postgresql("""
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])
                }
            """),
            rule=rule("reference: {from: Order.customer, to: Customer, on_delete: restrict}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The same on SQLite, which checks only for those who ask.",
            schema=sqlite("""
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])
                }
            """),
            rule=rule("reference: {from: Order.customer, to: Customer}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="Migrate's default for an optional relation sets the field to NULL.",
            schema=postgresql("""
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int       @id
                  customerId Int?
                  customer   Customer? @relation(fields: [customerId], references: [id])
                }
            """),
            rule=rule("""
                reference:
                  from: Order.customer
                  to: Customer
                  required: false
                  on_delete: restrict
            """),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="A number that is called like a key is no key.",
            schema=postgresql("""
                model Customer {
                  id Int @id
                }

                model Order {
                  id         Int @id
                  customerId Int
                }
            """),
            rule=rule("reference: {from: Order.customerId, to: Customer}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="No schema language says that a parent has a child.",
            schema=postgresql("""
                model Order {
                  id    Int         @id
                  lines OrderLine[]
                }

                model OrderLine {
                  id      Int   @id
                  orderId Int
                  order   Order @relation(fields: [orderId], references: [id])
                }
            """),
            rule=rule("reference: {from: OrderLine.order, to: Order, cardinality: one-or-more}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="The parent names one of its children, by a key that is checked at commit.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE orders (id integer PRIMARY KEY, first_line integer NOT NULL);

                CREATE TABLE line (
                  id       integer PRIMARY KEY,
                  order_id integer NOT NULL REFERENCES orders (id),
                  UNIQUE (order_id, id)
                );

                ALTER TABLE orders ADD FOREIGN KEY (id, first_line)
                REFERENCES line (order_id, id) DEFERRABLE INITIALLY DEFERRED;
                """,
            ),
            rule=rule("reference: {from: line.order_id, to: orders, cardinality: one-or-more}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="The side that is named stores nothing.",
            schema=postgresql("""
                model Customer {
                  id     Int     @id
                  orders Order[]
                }

                model Order {
                  id         Int      @id
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])
                }
            """),
            rule=rule("reference: {from: Customer.orders, to: Order}"),
            verdict=Verdict.STALE,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """A required reference cannot be set to NULL."""
        for name, action in (("on_delete", self.on_delete), ("on_update", self.on_update)):
            if action == "set_null" and self.required:
                yield (
                    f"`{name}: set_null` leaves a row that points nowhere, which a required "
                    "reference forbids: say `required: false`, or another action",
                    self.from_.span,
                )

    def subjects(self, context: Context) -> Iterable[Model]:
        """The model that points."""
        return [context.model(context.split(self.from_)[0])]

    def judge(self, model: Model, context: Context) -> Judgement:
        """The key, then NOT NULL, the actions and the number of children."""
        target = context.model(self.to)
        end = resolve(model, context.split(self.from_)[1], target, context)
        if end.key is None:
            return unless_obscured(_no_key(model, target, end, context), model, context)
        pointer = Pointer(model, end.key, end.path, end.span, end.relation)
        judgements = [
            self._points_at(model, target, end, end.key, context),
            *self._actions(pointer, target, context),
            self._nowhere(model, end, end.key, context),
            judge_cardinality(self.cardinality, pointer, target, context),
        ]
        if end.key.model == target.name:
            judgements += judge_orphans(pointer, target, context)
        return unless_obscured(worst(*judgements), model, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Rows that point at nothing, and what becomes of them when their parent goes. None where
        nothing tells by which columns they would point.

        Raises:
            Stale: there is no such member, or it is the other end of a relation.
        """
        from schemalint_rules.attacking.forbidden_pointers import Ends, Pointing
        from schemalint_rules.attacking.references import plan

        target = context.model(self.to)
        end = resolve(model, context.split(self.from_)[1], target, context)
        key = end.key or end.idle
        columns = key.columns if key is not None else (end.field.column,) if end.field else ()
        if key is not None and key.model == target.name:
            references = key.references
        else:
            references = target.primary_key.columns if target.primary_key is not None else ()
        known = all(target.column(one) is not None for one in references)
        if not columns or len(columns) != len(references) or not known:
            return None
        return plan(
            Pointing(
                ends=Ends(
                    model=model,
                    columns=columns,
                    target=target,
                    references=references,
                    named=end.field.column if end.field is not None else None,
                ),
                required=self.required,
                on_delete=self.on_delete,
                on_update=self.on_update,
                cardinality=self.cardinality,
            ),
            end.key,
            context,
        )

    def _points_at(
        self, model: Model, target: Model, end: End, key: ForeignKey, context: Context
    ) -> Judgement:
        if key.model != target.name:
            return broken(
                end.path,
                f"`{end.path}` points at `{key.model}`, not at `{target.name}`",
                end.span,
                contradicts=True,
                label=f"a row of `{key.model}`",
                help=f"reference `{target.name}` here, or correct `to` in the rule",
            )
        if emulated(context.schema) and key.on_delete == "no action":
            # Prisma documentation, "Relation mode": NoAction is not emulated, it does nothing.
            return broken(
                end.path,
                f"deleting {one(target.name)} leaves the rows of `{model.name}` that point at it: "
                'with `relationMode = "prisma"` neither the database nor Prisma Client refuses it',
                key.on_delete_span or end.span,
            )
        evidence = Evidence(f"the foreign key {called(model, key)}", key.span)
        return kept(end.path, [evidence], layer=key.layer, condition=condition_of(key, context))

    def _nowhere(self, model: Model, end: End, key: ForeignKey, context: Context) -> Judgement:
        fields = fields_of(model, key)
        presence = {field.column: judge_not_null(model, field, context) for field in fields}
        open_fields = [field for field in fields if not certain(presence[field.column])]
        full = key.match == "full" and capability(context.dialect, Construct.MATCH_FULL).holds
        if full and len(open_fields) < len(fields):
            open_fields = []
        if not self.required:
            half = _half_filled(model, end, open_fields, context) if not full else None
            if half is not None:
                return half
            extra = [] if open_fields else [_too_strict(model, end, fields)]
            evidence = [] if extra else [_may_be_null(model, field) for field in open_fields[:1]]
            return kept(end.path, evidence, span=end.span, extra=extra)
        if not open_fields:
            return kept(
                end.path,
                [evidence for field in fields for evidence in presence[field.column].kept_by],
                span=end.span,
            )
        answers = [presence[field.column] for field in open_fields]
        if all(one.verdict in (Verdict.KEPT, Verdict.UNKNOWN) for one in answers):
            return worst(*answers)
        open_fields = [
            field for field in open_fields if presence[field.column].verdict is Verdict.BROKEN
        ]
        names = [f"{model.name}.{field.name}" for field in open_fields]
        partly = len(fields) > 1  # F06: MATCH SIMPLE
        return broken(
            end.path,
            f"{listed(names)} can be NULL, so a row of `{model.name}` may point nowhere"
            + ("; one NULL is enough to free the row from the whole foreign key" if partly else ""),
            open_fields[0].type_span,
            label="may be NULL",
            help=f"make {listed(names)} required"
            if in_prisma(context.schema, open_fields[0].type_span)
            else make_not_null(model, open_fields, context.dialect),
            fix=make_required(context.schema, model, open_fields, end.relation),
        )

    def _actions(self, pointer: Pointer, target: Model, context: Context) -> Iterator[Judgement]:
        if pointer.key.model != target.name:
            return
        if self.on_delete is not None:
            yield judge_action("delete", self.on_delete, pointer, context)
        if self.on_update is not None:
            yield judge_action("update", self.on_update, pointer, context)


def _half_filled(
    model: Model, end: End, open_fields: Sequence[Field], context: Context
) -> Judgement | None:
    """Whether a row can have a value in the field that the rule names and point nowhere, since
    another column of its key is NULL (F06). A relation is what all its columns say together: a
    row without one of them has none."""
    others = [field for field in open_fields if field is not end.field]
    if end.field is None or not others:
        return None
    whole = And(tuple([Not(Is(Column(other.column), None)) for other in others]))
    found = decide_rows(model, Or((Is(Column(end.field.column), None), whole)), context)
    names = listed(f"{model.name}.{other.name}" for other in others)
    if found.kept:
        return kept(end.path, found.evidence, span=end.span, layer=found.layer)
    if found.kept is None:
        what = f"whether {names} can be NULL in a row with `{end.field.name}` is not decided"
        return unknown(end.path, f"{what}: {found.undecided}", end.span)
    return broken(
        end.path,
        f"{names} can be NULL, and then a row of `{model.name}` may have any `{end.field.name}`: "
        "one NULL is enough to free the row from the whole foreign key",
        others[0].type_span,
        label="may be NULL",
        help=_whole_or_nothing(model, end.field, others, context),
    )


def _whole_or_nothing(model: Model, named: Field, others: Sequence[Field], context: Context) -> str:
    """What lets no row have `named` alone."""
    if in_prisma(context.schema, others[0].type_span):
        return f"make {listed(f'{model.name}.{other.name}' for other in others)} required"
    if not named.nullable:
        return make_not_null(model, others, context.dialect)
    first, *rest = (quoted(field.column, context.dialect) for field in (named, *others))
    filled = " AND ".join(f"{other} IS NOT NULL" for other in rest)
    condition = f"{first} IS NULL OR {filled}"
    return add_check(
        model, [field.column for field in (named, *others)], condition, context.dialect
    )


def _no_key(model: Model, target: Model, end: End, context: Context) -> Judgement:
    if end.idle is not None:
        what = f"`{end.path}` may hold values that no row of `{target.name}` has"
        return judge_idle(model, end.idle, end.path, what, context)
    return broken(
        end.path,
        f"no foreign key stands behind `{end.path}`: it may hold values that no row of "
        f"`{target.name}` has, and {one(target.name)} can be deleted from under it",
        end.field.name_span if end.field else end.span,
        # relationMode = "prisma" makes keys for the client only.
        expressible=Layer.DATABASE if "foreign-key" in context.schema.can_say else Layer.CLIENT,
        label="no foreign key",
        help=_key_to_add(model, target, end, context),
    )


def _key_to_add(model: Model, target: Model, end: End, context: Context) -> str:
    field = end.field
    keys = target.primary_key.columns if target.primary_key else ()
    referenced = target.column(keys[0]) if len(keys) == 1 else None
    if field is None or (referenced is None and not in_prisma(context.schema, end.span)):
        return f"add a foreign key from `{end.path}` to `{target.name}`"
    if in_prisma(context.schema, end.span):
        optional = "?" if field.nullable else ""
        relation = target.name[:1].lower() + target.name[1:]
        return (
            f"add a foreign key from `{end.path}` to `{target.name}`:\n"
            f"    {relation} {target.name}{optional} @relation(fields: [{field.name}], "
            f"references: [{referenced.name if referenced else '...'}])\n"
            f"and the list of `{model.name}` on the side of `{target.name}`"
        )
    key = ForeignKey(
        name=None,
        columns=(field.column,),
        table=target.table,
        model=target.name,
        references=keys,
        span=end.span,
        schema=target.schema,
    )
    return add_foreign_key(model, key, context.dialect)


def _too_strict(model: Model, end: End, fields: tuple[Field, ...]) -> Finding:
    return stricter(
        end.path,
        f"the rule lets a row of `{model.name}` point nowhere, but "
        f"{listed(f'{model.name}.{field.name}' for field in fields)} cannot be NULL",
        fields[0].type_span,
        help="make it optional, or say `required: true`",
    )


def _may_be_null(model: Model, field: Field) -> Evidence:
    return Evidence(f"`{model.name}.{field.name}` may be NULL", field.span)
