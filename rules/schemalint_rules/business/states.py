"""The kind `states`: the values that a state field may have, and how it may change."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Model
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Judgement,
    Ref,
    Verdict,
    broken,
    kept,
    worst,
)
from schemalint.source import Span
from schemalint_rules.example_schemas import mysql, postgresql, rule, sql, sqlite
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.presence import filled_by_client, judge_not_null
from schemalint_rules.judging.states.first_states import judge_initial
from schemalint_rules.judging.states.state_changes import judge_changes
from schemalint_rules.judging.states.state_values import StateField, judge_values
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.remedies.prisma_edits import make_required
from schemalint_rules.remedies.sql_statements import make_not_null

if TYPE_CHECKING:
    from schemalint.attack import Plan


class States(BusinessRule, frozen=True, kw_only=True):
    """A state field holds one of `values`, starts as `initial`, and changes as `transitions` say.

    ## What it does
    Compares the values that the column can hold with `values`, by their names in the schema or by
    what is stored: a value too many lets forbidden rows in, a value too few means that the rule's
    own state cannot be stored. NULL is no state unless `optional` is true. A row that is stored
    without naming a state has to get `initial` (or be refused). `transitions` lists for each state
    the states that may follow; a state that it does not list has no way out, and staying is no
    change. With it, a new row has to be in `initial` too. Triggers keep that if they refuse every
    change that is not listed, and every other first state.

    ## Why it matters
    Every `switch` over a state assumes that these are all. A text column takes `shiped`; SQLite
    stores an enum as plain text; and no schema language says that a cancelled order stays so.

    ## Example
    `status String @default("draft")` accepts any text, whatever the comment above it lists.

    ## Use instead
    An enum with just these values and `@default(...)`. Transitions are for a trigger, which
    the finding writes out, or for the service: `enforced_by: service`.
    """

    kind: ClassVar[str] = "states"

    of: Annotated[Ref, msgspec.Meta(description="The state field: `Order.status`.")]
    values: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(description="The allowed states, as the schema names or stores them."),
    ]
    initial: Annotated[
        Ref | None, msgspec.Meta(description="The state of a row that is stored without one.")
    ] = None
    transitions: Annotated[
        dict[Ref, tuple[Ref, ...]] | None,
        msgspec.Meta(
            description="For each state those that may follow it. A state that is not listed has "
            "no way out. New rows must then be in `initial`, if that is given."
        ),
    ] = None
    optional: Annotated[
        bool, msgspec.Meta(description="Whether a row may be without any state (NULL).")
    ] = False

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="An enum with just these values.",
            schema=postgresql("""
                model Order {
                  id     Int         @id
                  status OrderStatus @default(DRAFT)
                }

                enum OrderStatus {
                  DRAFT
                  PLACED
                }
            """),
            rule=rule("states: {of: Order.status, values: [DRAFT, PLACED], initial: DRAFT}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="SQLite has no enums: the column is plain text.",
            schema=sqlite("""
                model Order {
                  id     Int         @id
                  status OrderStatus @default(DRAFT)
                }

                enum OrderStatus {
                  DRAFT
                  PLACED
                }
            """),
            rule=rule("states: {of: Order.status, values: [DRAFT, PLACED]}"),
            verdict=Verdict.WEAK,
        ),
        Example(
            says="Any text at all.",
            schema=postgresql("""
                model Order {
                  id     Int    @id
                  status String @default("draft")
                }
            """),
            rule=rule("states: {of: Order.status, values: [draft, placed]}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="Without a default MySQL takes the first value of a NOT NULL enum.",
            schema=mysql("""
                model Order {
                  id     Int         @id
                  status OrderStatus
                }

                enum OrderStatus {
                  PLACED
                  DRAFT
                }
            """),
            rule=rule("states: {of: Order.status, values: [DRAFT, PLACED], initial: DRAFT}"),
            verdict=Verdict.BROKEN,
        ),
        Example(
            says="Triggers watch over the first state and over every change.",
            schema=sql(
                "sqlite",
                """
                CREATE TABLE orders (
                  id     INTEGER PRIMARY KEY,
                  status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'placed'))
                );

                CREATE TRIGGER first BEFORE INSERT ON orders WHEN NEW.status IS NOT 'draft'
                BEGIN SELECT RAISE(ABORT, 'orders start as draft'); END;

                CREATE TRIGGER step BEFORE UPDATE ON orders
                WHEN OLD.status = 'placed' AND NEW.status IS NOT 'placed'
                BEGIN SELECT RAISE(ABORT, 'what is placed stays placed'); END;
                """,
            ),
            rule=rule("""
                states:
                  of: orders.status
                  values: [draft, placed]
                  initial: draft
                  transitions: {draft: [placed], placed: []}
            """),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="Nothing in Prisma's language keeps transitions.",
            schema=postgresql("""
                model Order {
                  id     Int         @id
                  status OrderStatus @default(DRAFT)
                }

                enum OrderStatus {
                  DRAFT
                  PLACED
                }
            """),
            rule=rule("""
                states:
                  of: Order.status
                  values: [DRAFT, PLACED]
                  initial: DRAFT
                  transitions: {DRAFT: [PLACED], PLACED: []}
            """),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="A table of states, which a CHECK closes.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE states (code text PRIMARY KEY CHECK (code IN ('draft', 'placed')));
                CREATE TABLE orders (
                  id int PRIMARY KEY,
                  state text NOT NULL REFERENCES states (code)
                );
                """,
            ),
            rule=rule("states: {of: orders.state, values: [draft, placed]}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """A state named elsewhere that is not among `values`, or named twice."""
        if not self.values:
            yield "`values` names no state", self.of.span
        known: set[str] = set()
        for value in self.values:
            if value.text in known:
                yield f"the state `{value.text}` is listed twice", value.span
            known.add(value.text)
        named = [self.initial] if self.initial is not None else []
        for state, following in (self.transitions or {}).items():
            named += [state, *following]
        for state in named:
            if state.text not in known:
                yield f"`{state.text}` is not among `values`", state.span

    def subjects(self, context: Context) -> Iterable[Model]:
        """The model of the state field."""
        return [context.model(context.split(self.of)[0])]

    def judge(self, model: Model, context: Context) -> Judgement:
        """The values, NULL, the first state and the changes."""
        field = context.field(model, context.split(self.of)[1])
        state = StateField(model, field, context)
        judgement = worst(
            judge_values(state, self.values),
            judge_initial(state, self.initial),
            self._presence(state),
            judge_changes(state, self.values, self.initial, self.transitions),
        )
        return unless_obscured(judgement, model, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Values that are no states, and steps that are not listed. None for a list.

        Raises:
            Stale: a name does not exist.
        """
        field = context.field(model, context.split(self.of)[1])
        if field.list or model.kind == "view":
            return None
        from schemalint_rules.attacking.states import Course, plan

        following = None
        if self.transitions is not None:
            following = {
                state.text: [other.text for other in then]
                for state, then in self.transitions.items()
            }
        course = Course(
            StateField(model, field, context),
            [value.text for value in self.values],
            self.initial.text if self.initial is not None else None,
            following,
            optional=self.optional,
        )
        return plan(course, context)

    def _presence(self, state: StateField) -> Judgement:
        """NULL, which no list of values forbids (E01b, E04)."""
        model, field = state.model, state.field
        if state.nullable and not self.optional:
            if state.context.schema.client_validates and not field.client_nullable:
                return filled_by_client(model, field, state.context)
            if model.triggers:
                found = judge_not_null(model, field, state.context)
                if found.verdict is not Verdict.BROKEN:
                    return found
            return broken(
                state.path,
                f"`{state.path}` can be NULL, so a row can be in no state at all",
                field.type_span,
                label="may be NULL",
                help="say `optional: true`, if rows may be without a state; else "
                + (
                    "make it required"
                    if in_prisma(state.context.schema, field.type_span)
                    else make_not_null(model, [field], state.context.dialect)
                ),
                fix=make_required(state.context.schema, model, [field]),
            )
        if self.optional and not state.nullable:
            extra = stricter(
                state.path,
                f"the rule lets a row be without a state, but `{state.path}` cannot be NULL",
                field.type_span,
                help="make it optional, or take `optional: true` out of the rule",
            )
            return kept(state.path, (), span=field.span, extra=[extra])
        if self.optional:
            return kept(state.path, (), span=field.span)
        return kept(state.path, [Evidence(f"`{state.path}` is NOT NULL", field.span)])
