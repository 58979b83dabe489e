"""match-simple-composite-key."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from schemalint.condition.facts import Facts
from schemalint.condition.terms import Column, Is, Not
from schemalint.dialects import Construct, capability
from schemalint.model import Dialect, Field, ForeignKey, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.references.foreign_keys import emulated
from schemalint_rules.judging.rows.parents import Parents
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one


class MatchSimpleCompositeKey(DesignRule, frozen=True):
    """A composite foreign key is not checked at all once one of its columns is NULL.

    ## What it does
    Reports foreign keys over several columns with a row that names its parent by half: a column
    that says which parent is filled, another one is NULL. A column that means something by
    itself does not say which parent, such as the tenant of `(tenant_id, parent_id)`: one that is
    part of another foreign key or of the primary key, that points at the parent's own parent,
    or that more than two tables have. Keys whose columns a CHECK keeps filled all or none are
    left out, and so is MATCH FULL where the database acts on it (PostgreSQL; SQLite and MySQL
    read it and do not).

    ## Why it matters
    With MATCH SIMPLE, the default and often the only choice, one NULL frees the whole row from
    the foreign key: `(99, NULL)` is accepted though there is no parent 99. (Observed: cases F06,
    F06b and F19c.)

    ## Use instead
    NOT NULL on all columns, or MATCH FULL (PostgreSQL), or a CHECK that wants all or none:
    `CHECK (num_nulls(a, b) IN (0, 2))`, `CHECK ((a IS NULL) = (b IS NULL))`.
    """

    id: ClassVar[str] = "match-simple-composite-key"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is Dialect.MONGODB or emulated(schema):
            return
        parents = Parents(schema)
        for model in schema.models:
            for key in model.foreign_keys:
                if len(key.columns) < 2 or not key.enforced:
                    continue
                if key.match == "full" and _acts_on_match_full(schema.dialect):
                    continue
                half = _by_half(model, key, parents, schema)
                if half is not None and unread(model, schema) is None:
                    yield self._finding(model, key, *half, schema)

    def _finding(
        self,
        model: Model,
        key: ForeignKey,
        missing: Field,
        filled: Field,
        schema: Schema,
    ) -> Finding:
        full = key.match == "full" or "MATCH FULL" in " ".join(key.span.text.upper().split())
        ignored = " (MATCH FULL is read here and not acted on)" if full else ""
        return self.finding(
            key.span,
            f"a row of `{model.name}` with `{filled.name}` and without `{missing.name}` is not "
            f"checked at all: it may point at {one(key.model)} that does not exist{ignored}",
            path=f"{model.name}.{missing.name}",
            label="not checked where a column is NULL",
            related=[Related(f"`{missing.name}` can be NULL", missing.type_span)],
            help=_help(model, key, schema),
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE shelf (room int, place int, PRIMARY KEY (room, place));
                CREATE TABLE book (
                  id    int PRIMARY KEY,
                  room  int,
                  place int,
                  FOREIGN KEY (room, place) REFERENCES shelf (room, place)
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                model Shelf {
                  room  Int
                  place Int
                  books Book[]

                  @@id([room, place])
                }

                model Book {
                  id    Int    @id
                  room  Int?
                  place Int?
                  shelf Shelf? @relation(fields: [room, place], references: [room, place])

                  @@index([room, place])
                }
                """
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE shelf (room int, place int, PRIMARY KEY (room, place));
                CREATE TABLE book (
                  id    int PRIMARY KEY,
                  room  int,
                  place int,
                  FOREIGN KEY (room, place) REFERENCES shelf (room, place),
                  CHECK (num_nulls(room, place) IN (0, 2))
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                model Task {
                  tenant Int
                  id     Int
                  above  Int?
                  parent Task?  @relation("sub", fields: [tenant, above], references: [tenant, id])
                  parts  Task[] @relation("sub")

                  @@id([tenant, id])
                  @@index([tenant, above])
                }
                """
            ),
            says="a task without a parent has a tenant all the same",
        ),
    )


def _acts_on_match_full(dialect: Dialect | None) -> bool:
    return dialect is None or capability(dialect, Construct.MATCH_FULL).holds is not False


def _by_half(
    model: Model, key: ForeignKey, parents: Parents, schema: Schema
) -> tuple[Field, Field] | None:
    """A column that can be NULL while another one, which tells the parent, is filled."""
    fields = [model.column(column) for column in key.columns]
    known = [field for field in fields if field is not None]
    nullable = [field for field in known if field.nullable]
    if not nullable:
        return None
    for missing in nullable:
        for filled in _telling(model, key, parents.of(key), schema):
            if filled is not missing and _can_be(model, missing, filled, schema):
                return missing, filled
    return None


def _telling(
    model: Model, key: ForeignKey, parent: Model | None, schema: Schema
) -> Iterator[Field]:
    """The columns that say which parent a row has, and nothing else."""
    unique_alone = {one.columns for one in parent.keys if len(one.parts) == 1} if parent else set()
    for column, reference in zip(key.columns, key.references, strict=False):
        field = model.column(column)
        if field is None or _points_elsewhere(model, key, column):
            continue
        if (reference,) in unique_alone or not _means_something(
            model, column, reference, parent, schema
        ):
            yield field


def _points_elsewhere(model: Model, key: ForeignKey, column: str) -> bool:
    return any(column in other.columns for other in model.foreign_keys if other is not key)


def _means_something(
    model: Model, column: str, reference: str, parent: Model | None, schema: Schema
) -> bool:
    """Whether a column says more than which parent the row has: it is part of the primary key, or
    points at the parent's own parent, or other tables have it too, as they have a tenant's."""
    if model.primary_key is not None and column in model.primary_key.columns:
        return True
    if parent is not None and any(reference in other.columns for other in parent.foreign_keys):
        return True
    return sum(one.column(column) is not None for one in schema.models) > 2


def _can_be(model: Model, missing: Field, filled: Field, schema: Schema) -> bool:
    """Whether a row can lack one and have the other: no CHECK is known to forbid it."""
    columns = {missing.column, filled.column}
    about = [check for check in model.checks if any(name in check.expression for name in columns)]
    if not about:
        return True
    from schemalint.condition.decide import Given, checks, satisfiable

    row: Sequence[Given] = (
        Given(Is(Column(missing.column), None)),
        Given(Not(Is(Column(filled.column), None))),
        *checks(model, schema.dialect),
    )
    return satisfiable(row, Facts.of(model, schema)).answer is True


def _help(model: Model, key: ForeignKey, schema: Schema) -> str:
    dialect = schema.dialect
    nullable = [
        field.name
        for column in key.columns
        if (field := model.column(column)) is not None and field.nullable
    ]
    ways = [f"make {listed(nullable)} {'required' if in_prisma(schema, key.span) else 'NOT NULL'}"]
    if dialect is not None and capability(dialect, Construct.MATCH_FULL).holds:
        ways.append("write MATCH FULL")
    if len(nullable) == len(key.columns):
        first, *others = key.columns
        same = " AND ".join(f"({first} IS NULL) = ({other} IS NULL)" for other in others)
        ways.append(f"add a CHECK that wants all or none: `{same}`")
    return ", or ".join(ways)
