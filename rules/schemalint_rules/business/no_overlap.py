"""The kind `no_overlap`: what one thing is taken for at one time."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec

from schemalint.condition.quoting import quoted
from schemalint.context import Context
from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Exclusion, Field, Layer, Model, ScalarType
from schemalint.rule import (
    BusinessRule,
    Condition,
    Evidence,
    Example,
    Judgement,
    Models,
    Ref,
    Verdict,
    broken,
    kept,
    question,
    unknown,
)
from schemalint.source import Span
from schemalint_rules.example_schemas import postgresql, rule, sql
from schemalint_rules.judging.answers.strictness import stricter
from schemalint_rules.judging.answers.undecided import unless_obscured
from schemalint_rules.judging.conditions.intervals import (
    Interval,
    Obstacle,
    Occupancy,
    is_range,
    obstacle,
    range_of,
    takes_no_time,
)
from schemalint_rules.judging.conditions.row_conditions import speaking_of_rows
from schemalint_rules.judging.keys.room import kept_by
from schemalint_rules.judging.keys.uniqueness import Demand, answer, can_lack
from schemalint_rules.judging.rows.holders import holders
from schemalint_rules.judging.triggers.trigger_effects import may_refuse
from schemalint_rules.remedies.migration_sql import constraint_name, table
from schemalint_rules.wording.describing import called, keeps, listed

if TYPE_CHECKING:
    from schemalint.attack import Plan


class NoOverlap(BusinessRule, frozen=True, kw_only=True):
    """Two rows that agree on every field of `by` never take the same time.

    ## What it does
    Looks for an exclusion constraint that compares the fields of `by` with `=` and the interval
    with `&&`. The interval is a range column, or goes from one field to another; its end is no part
    of it, unless `bounds` is `"[]"`. An interval without an end (NULL) goes on for ever, and one
    that ends where it begins takes no time. The constraint may compare fewer fields than `by`,
    never more, and its predicate must hold wherever `where` does.

    NULL in a field of `by` agrees with nothing in a constraint. What the rule means is up to its
    author: `nulls: distinct` lets rows lack a value, `nulls: equal` takes them for one thing.

    ## Why it matters
    A room that is booked twice is found out by the second guest. A unique constraint over the
    start does not see that ten to twelve and eleven to one overlap, and a look before the
    insert loses the race of two requests.

    ## Example
    `UNIQUE (room, starts)` accepts a booking from five to fifteen beside one from nought to ten.

    ## Use instead
    PostgreSQL's `EXCLUDE USING gist (room WITH =, tsrange(starts, ends) WITH &&)`, with the
    extension `btree_gist`. Other databases have no such constraint: `enforced_by: service`.
    """

    kind: ClassVar[str] = "no_overlap"

    of: Annotated[Models, msgspec.Meta(description="The models whose rows take time.")]
    during: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(description="The range field, or the two fields that begin and end it."),
    ]
    by: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(
            description="The fields that say what is taken; a relation stands for its foreign-key "
            "columns. Without any, no two rows overlap at all."
        ),
    ] = ()
    bounds: Annotated[
        Literal["[)", "[]"],
        msgspec.Meta(
            description="Of two fields: whether the end is part of the interval (`[]`) or is not."
        ),
    ] = "[)"
    where: Annotated[
        Condition | None,
        msgspec.Meta(description="Only rows for which this SQL condition is true take time."),
    ] = None
    nulls: Annotated[
        Literal["distinct", "equal"] | None,
        msgspec.Meta(
            description="`distinct`: rows lacking a value in `by` take nothing; `equal`: lacking "
            "a value is a value like any other."
        ),
    ] = None

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="An exclusion constraint.",
            schema=sql(
                "postgresql",
                """
                CREATE EXTENSION btree_gist;

                CREATE TABLE booking (
                  id     integer PRIMARY KEY,
                  room   integer NOT NULL,
                  starts timestamp NOT NULL,
                  ends   timestamp NOT NULL,
                  EXCLUDE USING gist (room WITH =, tsrange(starts, ends) WITH &&)
                );
                """,
            ),
            rule=rule("no_overlap: {of: booking, by: [room], during: [starts, ends]}"),
            verdict=Verdict.KEPT,
            language="sql",
        ),
        Example(
            says="Unique beginnings keep no two bookings apart.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE booking (
                  id     integer PRIMARY KEY,
                  room   integer NOT NULL,
                  starts timestamp NOT NULL,
                  ends   timestamp NOT NULL,
                  UNIQUE (room, starts)
                );
                """,
            ),
            rule=rule("no_overlap: {of: booking, by: [room], during: [starts, ends]}"),
            verdict=Verdict.BROKEN,
            language="sql",
        ),
        Example(
            says="The constraint counts the bookings that stand; the rule speaks of all.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE booking (
                  id        integer PRIMARY KEY,
                  room      integer NOT NULL,
                  during    tstzrange NOT NULL,
                  cancelled boolean NOT NULL DEFAULT false,
                  EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled)
                );
                """,
            ),
            rule=rule("no_overlap: {of: booking, by: [room], during: [during]}"),
            verdict=Verdict.BROKEN,
            language="sql",
        ),
        Example(
            says="May bookings of no room at all overlap? The rule does not say.",
            schema=sql(
                "postgresql",
                """
                CREATE TABLE booking (
                  id     integer PRIMARY KEY,
                  room   integer,
                  during tstzrange NOT NULL,
                  EXCLUDE USING gist (room WITH =, during WITH &&)
                );
                """,
            ),
            rule=rule("no_overlap: {of: booking, by: [room], during: [during]}"),
            verdict=Verdict.QUESTION,
            language="sql",
        ),
        Example(
            says="Prisma has no words for an exclusion constraint.",
            schema=postgresql("""
                model Booking {
                  id     Int      @id
                  room   Int
                  starts DateTime
                  ends   DateTime
                }
            """),
            rule=rule("no_overlap: {of: Booking, by: [room], during: [starts, ends]}"),
            verdict=Verdict.INEXPRESSIBLE,
        ),
        Example(
            says="There is no such field.",
            schema=postgresql("""
                model Booking {
                  id     Int      @id
                  room   Int
                  starts DateTime
                }
            """),
            rule=rule("no_overlap: {of: Booking, by: [room], during: [starts, ends]}"),
            verdict=Verdict.STALE,
        ),
    )

    def inconsistencies(self) -> Iterator[tuple[str, Span | None]]:
        """An interval is one range, or has two ends."""
        if len(self.during) not in (1, 2):
            place = self.during[2].span if len(self.during) > 2 else self.of.span
            yield "`during` names a range field, or two fields: where it begins and ends", place

    def judge(self, model: Model, context: Context) -> Judgement:
        """Decide by the exclusion constraints of the model.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        wanted = self._occupancy(model, context)
        fields = wanted.interval.fields
        if len(fields) == 1 and not is_range(fields[0]):
            return broken(
                _path(wanted),
                f"`{model.name}.{fields[0].name}` holds "
                f"{fields[0].native or fields[0].type.value}, which is no interval",
                fields[0].type_span,
                contradicts=True,
                label="no interval",
                help="name the fields in which it begins and ends: `during: [from, to]`",
            )
        return unless_obscured(self._decided(wanted, context), model, context)

    def attacks(self, model: Model, context: Context) -> "Plan | None":
        """Two rows that overlap. Where the rule leaves open what NULL means, they hold values.

        Raises:
            Stale: a name does not exist, or no row can satisfy `where`.
        """
        from schemalint_rules.attacking.overlaps import plan

        wanted = self._occupancy(model, context)
        fields = wanted.interval.fields
        if len(fields) == 1 and not is_range(fields[0]):
            return None  # what it holds is no interval, whatever the rows
        return plan(wanted, self.nulls or "distinct", context)

    def _occupancy(self, model: Model, context: Context) -> Occupancy:
        where = None
        if self.where is not None:
            where = speaking_of_rows(model, self.where, context)
        fields = tuple([context.field(model, ref) for ref in self.during])
        interval = Interval(fields, self.bounds)
        return Occupancy(model, context.fields(model, self.by), interval, where)

    def _decided(self, wanted: Occupancy, context: Context) -> Judgement:
        model, path = wanted.model, _path(wanted)
        heirs = [one for one in holders(model, context) if one is not model]
        demand = Demand(model, wanted.by, wanted.where)
        single = answer(demand, self.nulls or "distinct", context)
        obstacles = [obstacle(one, wanted, context) for one in model.exclusions]
        keepers = [one for one, why in zip(model.exclusions, obstacles, strict=True) if why is None]
        if heirs and (keepers or single.kept):
            return broken(
                path,
                f"rows of `{heirs[0].name}`, which inherits from `{model.name}`, are not counted",
                heirs[0].name_span,
            )
        if single.kept and not single.keepers:
            said = f"no two rows of `{model.name}` can agree on what the rule compares"
            return kept(path, [Evidence(said, model.name_span)], layer=single.layer)
        if single.kept:
            extra = stricter(
                path,
                f"{called(model, single.keepers[0])} allows one row only, whenever it is",
                single.keepers[0].span,
            )
            evidence = kept_by(demand, single.keepers, context)
            return kept(path, evidence, layer=single.layer, extra=[extra])
        if keepers:
            return self._kept(wanted, keepers[0], demand, context)
        hollow = takes_no_time(wanted, context)
        if hollow is not None and hollow.kept and hollow.layer is Layer.DATABASE:
            return kept(path, hollow.evidence, span=wanted.interval.fields[0].span)
        found = self._broken(wanted, [one for one in obstacles if one is not None], context)
        if single is not None and single.kept is None and found.verdict is not Verdict.UNKNOWN:
            why = f"it cannot be told whether there can be two such rows: {single.undecided}"
            return unknown(path, why, wanted.by[0].name_span)
        return found

    def _kept(
        self, wanted: Occupancy, keeper: Exclusion, demand: Demand, context: Context
    ) -> Judgement:
        """A constraint keeps it, of rows that have all that it compares."""
        lacking = can_lack(demand, context)
        if lacking and self.nulls is None:
            return question(
                _path(wanted),
                f"`{wanted.model.name}.{lacking[0].name}` can be NULL, and the constraint lets "
                "rows without it overlap: may they?",
                lacking[0].type_span,
                help="`nulls: distinct`: they may\n`nulls: equal`: they may not",
            )
        if lacking and self.nulls == "equal":
            return broken(
                _path(wanted),
                f"rows without `{lacking[0].name}` can overlap: to {called(wanted.model, keeper)} "
                "NULLs never agree",
                keeper.span,
                help=f"make `{lacking[0].name}` required",
            )
        return kept(_path(wanted), [keeps(wanted.model, keeper)])

    def _broken(
        self, wanted: Occupancy, obstacles: Sequence[Obstacle], context: Context
    ) -> Judgement:
        model, path = wanted.model, _path(wanted)
        odd = _of_two_kinds(wanted.interval.fields, context.dialect)
        if odd is not None:
            return unknown(
                path,
                f"`{model.name}.{odd.name}` is of another kind than the other end of the interval: "
                "which of two such values comes first is not told",
                odd.type_span,
            )
        for one in obstacles:
            if not one.known:
                return unknown(
                    path,
                    f"it cannot be told whether {called(model, one.exclusion)} keeps them apart: "
                    f"{one.reason}",
                    one.exclusion.span,
                )
        trigger = may_refuse(model, "insert")  # two of these overlap, whatever no UPDATE may do
        if trigger is not None:
            return unknown(
                path,
                f"the trigger `{trigger.name}` may refuse what overlaps, but it was not understood "
                "well enough to tell",
                trigger.span,
            )
        agreeing = (
            f" with the same {listed(field.name for field in wanted.by)}" if wanted.by else ""
        )
        why = "nothing compares their intervals"
        if obstacles:
            why = f"{called(model, obstacles[0].exclusion)} does not keep them apart: "
            why += obstacles[0].reason
        exists = capability(context.dialect, Construct.EXCLUSION).holds
        return broken(
            path,
            f"two rows of `{model.name}`{agreeing} can overlap: {why}",
            obstacles[0].exclusion.span if obstacles else wanted.interval.fields[0].name_span,
            expressible=Layer.DATABASE if "exclusion" in context.schema.can_say else None,
            help=_constraint(wanted, self.where, context)
            if exists
            else "this database has no constraint that compares intervals: say `enforced_by: "
            "service` with a `because:`",
        )


def _of_two_kinds(fields: Sequence[Field], dialect: Dialect) -> Field | None:
    """An end of another kind than the other. MySQL compares the place of a value among its enum's,
    a time as a number of its digits, and a text by the number that it begins with (observed);
    others but SQLite refuse to."""
    enums = [field for field in fields if field.type is ScalarType.ENUM]
    plain = [field for field in fields if field.type not in (ScalarType.ENUM, ScalarType.STRING)]
    if enums and plain:
        return enums[0]
    odd = [field for field in fields if field.type in (*_TIMES, ScalarType.STRING)]
    numbers = [field for field in fields if field.type in _NUMBERS]
    return odd[0] if odd and numbers and dialect is not Dialect.SQLITE else None


_TIMES = (ScalarType.DATE, ScalarType.DATETIME, ScalarType.TIME)
_NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.DECIMAL, ScalarType.FLOAT)


def _path(wanted: Occupancy) -> str:
    names = ", ".join(field.name for field in (*wanted.by, *wanted.interval.fields))
    return f"{wanted.model.name}({names})"


def _constraint(wanted: Occupancy, where: Condition | None, context: Context) -> str:
    """The exclusion constraint to add."""
    dialect, model = context.dialect, wanted.model
    members = [f"{quoted(field.column, dialect)} WITH =" for field in wanted.by]
    ends = tuple([quoted(field.column, dialect) for field in wanted.interval.fields])
    members.append(f"{range_of(wanted.interval, ends)} WITH &&")
    columns = [field.column for field in (*wanted.by, *wanted.interval.fields)]
    name = quoted(constraint_name(model, columns, "excl"), dialect)
    predicate = ""
    if where is not None and wanted.where is not None:
        predicate = f" WHERE ({wanted.where.sql(dialect)})"
    return (
        "add to a migration:\n    CREATE EXTENSION IF NOT EXISTS btree_gist;\n"
        f"    ALTER TABLE {table(model, dialect)} ADD CONSTRAINT {name}\n"
        f"    EXCLUDE USING gist ({', '.join(members)}){predicate};"
    )
