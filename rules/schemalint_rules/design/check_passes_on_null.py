"""check-passes-on-null."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

import msgspec

from schemalint.condition.terms import And, Term
from schemalint.model import Check, Dialect, Field, Layer, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.values.null_checks import (
    asks_for_null,
    coalesced,
    empty_array,
    listed_values,
    never_false,
    wants_yes,
)
from schemalint_rules.judging.values.null_rows import NullRows
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.names import words
from schemalint_rules.wording.places import covers

_POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


class CheckPassesOnNull(DesignRule, frozen=True):
    """A CHECK lets NULL through where it is there to keep it out.

    ## What it does
    A CHECK refuses a row only where it is false, and for NULL it is neither true nor false.
    Reported are checks that this makes useless, or that a nullable column was hardly meant to
    escape:

    - a comparison with NULL itself: `x IN ('a', NULL)` is false for no row at all;
    - `array_length(x, 1) > 0`, which is NULL for the empty array (PostgreSQL);
    - a list of values for a column that holds a state (the last word of its name is one of
      `names`, the whole name one of `names_alone`, or two of the values are among
      `state_values`), or that tells the alternatives of a longer check apart;
    - any check over one column that has a fixed default, so that every row was to have a value;
    - `CHECK (accepted)`, which wants a yes; `coalesce(a, b) > 0`, which wants one of the two.

    A plain bound on a column that may be empty (`age >= 0`) is left alone, and so is every check
    that says what NULL means (`x IS NULL OR ...`, `... IS TRUE`).

    ## Why it matters
    The row without a state gets in, belongs to no case of any program, and is left out of every
    query that compares. (Observed: cases E04, E04b, E23, O16b and O17e.)

    ## Use instead
    NOT NULL beside the check; or, where a row without a value is meant, a check that says so:
    `status IS NULL OR status IN (...)`.
    """

    id: ClassVar[str] = "check-passes-on-null"

    names: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Last words, lower case, of names that mean a state."),
    ] = ("phase", "stage", "state", "status")
    names_alone: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Whole names, lower case, of what every row has one of."),
    ] = ("category", "kind", "level", "mode", "priority", "role", "severity", "type", "visibility")
    state_values: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Values, lower case, that states have."),
    ] = (
        "accepted",
        "active",
        "approved",
        "archived",
        "blocked",
        "canceled",
        "cancelled",
        "closed",
        "completed",
        "confirmed",
        "disabled",
        "done",
        "draft",
        "enabled",
        "expired",
        "failed",
        "inactive",
        "open",
        "paid",
        "pending",
        "processing",
        "published",
        "queued",
        "rejected",
        "running",
        "sent",
        "shipped",
        "suspended",
    )

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if not model.checks:
                continue
            rows = NullRows(model, schema)
            unsure = unread(model, schema) is not None
            for check in model.checks:
                if check.enforced and check.layer is Layer.DATABASE:
                    yield from self._of_check(model, check, rows, unsure=unsure)

    def _of_check(
        self, model: Model, check: Check, rows: NullRows, *, unsure: bool
    ) -> Iterator[Finding]:
        term = rows.parsed(check.expression)
        useless = next(never_false(term), None)
        if useless is not None:
            yield self._compared_with_null(model, check, useless)
            return
        if rows.dialect in _POSTGRES:
            array = empty_array(term)
            if array is not None:
                yield self._of_array(model, check, array)
                return
        if unsure:
            return
        for part in term.terms if isinstance(term, And) else (term,):
            fields = self._escaping(model, part, rows)
            if fields and rows.undecided(part, [field.column for field in fields]):
                yield self._of_columns(model, check, part, fields)
                return

    # -- which columns were hardly meant to escape

    def _escaping(self, model: Model, term: Term, rows: NullRows) -> list[Field]:
        fields = [
            field
            for name in rows.nullable(term)
            if (field := model.column(name)) is not None
            and not asks_for_null(term, name)
            and not (rows.language == "sql" and not field.client_nullable)  # its domain is NOT NULL
        ]
        together = coalesced(term)
        if together and set(together) <= {field.column for field in fields}:
            return [field for field in fields if field.column in together]
        return [field for field in fields if self._restricted(model, field, term)][:1]

    def _restricted(self, model: Model, field: Field, term: Term) -> bool:
        alone = term.columns == (field.column,)
        if alone and field.default is not None and field.default.kind == "literal":
            return True
        if alone and wants_yes(term, field):
            # NULL or true, and unique: "at most one row" where there are no partial indexes (U25c).
            return not any(field.column in key.columns for key in model.keys)
        values = listed_values(term, field.column)
        if values is None:
            return False
        last = words(field.name)[-1:]
        states = {str(value).lower() for value in values} & set(self.state_values)
        return (
            not alone
            or any(last == (name,) for name in self.names)
            or field.name.lower() in self.names_alone
            or len(states) > 1
        )

    # -- findings

    def _compared_with_null(self, model: Model, check: Check, useless: Term) -> Finding:
        columns = useless.columns
        said = f"`{useless}` is false for no row, for nothing compares with NULL"
        allowed = f"{columns[0]} IS NULL OR ..." if columns else "... IS NULL OR ..."
        return self.finding(
            check.span,
            f"this check of `{model.name}` does not do what it says: {said}",
            path=f"{model.name}.{columns[0]}" if columns else model.name,
            label="compares with NULL",
            help=f"take NULL out of it; to allow rows without a value, write `{allowed}`",
        )

    def _of_array(self, model: Model, check: Check, array: str) -> Finding:
        return self.finding(
            check.span,
            f"the length of an empty array is NULL and not 0, so this check accepts an empty "
            f"`{array}` of `{model.name}`",
            path=f"{model.name}.{array}",
            label="NULL for the empty array",
            help=f"use `cardinality({array})`, which is 0 for it",
        )

    def _of_columns(
        self, model: Model, check: Check, term: Term, fields: Sequence[Field]
    ) -> Finding:
        names = [field.name for field in fields]
        passes = "can pass" if len(term.columns) > len(fields) else "passes"
        return self.finding(
            check.span,
            f"a row of `{model.name}` without {listed(names)} {passes} this check: for NULL it is "
            "neither true nor false",
            path=f"{model.name}.{names[0]}",
            label="NULL passes",
            related=[
                Related(f"`{field.name}` can be NULL", field.name_span)
                for field in fields
                if not covers(field.span, check.span)
            ],
            help=f"make {listed(names)} NOT NULL; where a row without it is meant, let the check "
            f"say so: `{names[0]} IS NULL OR ...`"
            if len(names) == 1
            else f"make one of {listed(names)} NOT NULL, or add `IS NOT NULL` to the check",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE purchase (
                  id     int PRIMARY KEY,
                  status text CHECK (status IN ('draft', 'paid'))
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE item (
                  id       INTEGER PRIMARY KEY,
                  quantity INTEGER DEFAULT 1 CHECK (quantity > 0)
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "mariadb",
                """
                CREATE TABLE purchase (
                  id     INT PRIMARY KEY,
                  status VARCHAR(20) NOT NULL CHECK (status IN ('draft', 'paid', NULL))
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE recipe (
                  id    int PRIMARY KEY,
                  steps text[] NOT NULL CHECK (array_length(steps, 1) > 0)
                );
                """,
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE person (
                  id     int PRIMARY KEY,
                  status text NOT NULL CHECK (status IN ('guest', 'member')),
                  age    int CHECK (age >= 0),
                  gender text CHECK (gender IN ('f', 'm', 'x')),
                  state  text CHECK (state IS NULL OR state IN ('awake', 'asleep'))
                );
                """,
            ),
            language="sql",
        ),
    )
