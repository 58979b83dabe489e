"""constraint-not-validated."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.condition.quoting import quoted_name, quoted_table
from schemalint.model import Check, Dialect, ForeignKey, Layer, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint.source import Span
from schemalint_rules.example_schemas import sql, sql_files
from schemalint_rules.wording.describing import listed, logical

_LOOKS = re.compile(r"\b(?:VALIDATE|CHECK)\s+CONSTRAINT\b", re.IGNORECASE)


class ConstraintNotValidated(DesignRule, frozen=True):
    """A constraint was added without a look at the rows that were there, and none was taken since.

    ## What it does
    Reports CHECK constraints and foreign keys that PostgreSQL or CockroachDB adds NOT VALID, and
    that no later statement validates; and those that SQL Server does not trust, since they came
    WITH NOCHECK or were switched on again without WITH CHECK.

    Nothing is reported where no row can be there: in CREATE TABLE, which takes NOT VALID and makes
    nothing of it, and where the same file has created the table and put nothing into it. But
    CREATE TABLE IF NOT EXISTS reckons with a table that is there, and a dump tells of one that has
    rows: pg_dump writes NOT VALID where the database has it so.

    ## Why it matters
    New rows keep the constraint, so that everything looks as it should. Rows from before may break
    it for ever: what reads them cannot rely on it. PostgreSQL refuses each change of a row that
    breaks a CHECK, whatever it changes, and the error comes to somebody who never touched the
    column. (Observed: cases E13c, E13d and F26.) It does not use such a CHECK for its plans, nor to
    attach a partition or to set a column NOT NULL without reading the table.

    ## Use instead
    The second step, in a later migration: mend the rows, then `ALTER TABLE ... VALIDATE CONSTRAINT
    ...`, during which others can write. Where old rows are meant to differ, say so in a comment
    that allows it.
    """

    id: ClassVar[str] = "constraint-not-validated"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        spared = [
            (model, one)
            for model in schema.models
            for one in _on_rows(model)
            if _spares_rows(one) and not _may_be_validated(model, schema)
        ]
        # What inherits a constraint, or has it as a part of a table, is mended with the whole.
        wholes = {one.span for model, one in spared if not _is_heir(model)}
        told: set[Span] = set()
        for model, one in spared:
            if one.span in told or (_is_heir(model) and one.span in wholes):
                continue
            told.add(one.span)
            yield self._told(model, one, schema)

    def _told(self, model: Model, one: Check | ForeignKey, schema: Schema) -> Finding:
        span, path = one.span, model.name
        related: list[Related] = []
        sql_server = schema.dialect is Dialect.SQLSERVER
        if isinstance(one, Check):
            kind = "check"
            refused = "changes of such a row can fail"  # documented
            if not sql_server:
                refused = "each change of such a row is refused"
            leads = f"rows of `{model.name}` stored before it may break it, and {refused}"
        else:
            names = logical(model, one.columns)
            kind, path = "foreign key", f"{model.name}.{names[0]}" if names else model.name
            leads = (
                f"in rows of `{model.name}` stored before it, {listed(names)} may point at no row "
                f"of `{one.model}`"
            )
            if one.validated_span is not None:
                span, related = one.validated_span, [Related("the relation", one.span)]
        named = f"the {kind} `{one.name}`" if one.name else f"this {kind}"
        how = "was added NOT VALID and never validated"
        if sql_server:
            how = "is not trusted: WITH NOCHECK, or switched on again without WITH CHECK"
        return self.finding(
            span,
            f"{named} {how}; {leads}",
            path=path,
            label="new rows only",
            related=related,
            help=_remedy(model, one, schema.dialect),
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql_files(
                "postgresql",
                {
                    "1_person": "CREATE TABLE person (id int PRIMARY KEY, age int NOT NULL);",
                    "2_age": """
                    ALTER TABLE person ADD CONSTRAINT grown_up CHECK (age >= 18) NOT VALID;
                    """,
                },
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE IF NOT EXISTS customer (id int PRIMARY KEY);
                CREATE TABLE IF NOT EXISTS purchase (id int PRIMARY KEY, customer_id int NOT NULL);
                ALTER TABLE purchase ADD CONSTRAINT buyer
                  FOREIGN KEY (customer_id) REFERENCES customer (id) NOT VALID;
                """,
            ),
            language="sql",
            says="whoever runs it may have the tables, and rows in them",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql_files(
                "postgresql",
                {
                    "1_person": "CREATE TABLE person (id int PRIMARY KEY, age int NOT NULL);",
                    "2_age": """
                    ALTER TABLE person ADD CONSTRAINT grown_up CHECK (age >= 18) NOT VALID;
                    """,
                    "3_all": "ALTER TABLE person VALIDATE CONSTRAINT grown_up;",
                },
            ),
            language="sql",
        ),
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE person (id int PRIMARY KEY, age int NOT NULL);
                ALTER TABLE person ADD CONSTRAINT grown_up CHECK (age >= 18) NOT VALID;
                """,
            ),
            language="sql",
            says="there is no row yet that could be spared",
        ),
    )


def _on_rows(model: Model) -> Iterator[Check | ForeignKey]:
    yield from model.checks
    yield from model.foreign_keys


def _spares_rows(one: Check | ForeignKey) -> bool:
    return not one.validated and one.enforced and one.layer is Layer.DATABASE


def _is_heir(model: Model) -> bool:
    return bool(model.inherits) or model.partition_of is not None


def _may_be_validated(model: Model, schema: Schema) -> bool:
    """Whether something that was not understood looks like a statement that validates it: in a
    loop over all constraints, say."""
    return any(
        _LOOKS.search(one.text) is not None
        for one in (*model.opaque, *schema.opaque)
        if not one.tables or model.table in one.tables
    )


def _remedy(model: Model, one: Check | ForeignKey, dialect: Dialect | None) -> str:
    name = "<its name>" if one.name is None else quoted_name(one.name, dialect)
    does = f"VALIDATE CONSTRAINT {name}"
    if dialect is Dialect.SQLSERVER:
        does = f"WITH CHECK CHECK CONSTRAINT {name}"
    table = quoted_table(model.table, model.schema, dialect)
    return (
        "mend the rows that break it, and add to a later migration:\n"
        f"    ALTER TABLE {table} {does};"
    )
