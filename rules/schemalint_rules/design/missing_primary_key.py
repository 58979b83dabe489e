"""missing-primary-key."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.unread import unread
from schemalint_rules.remedies.languages import in_prisma


class MissingPrimaryKey(DesignRule, frozen=True):
    """A model has no primary key.

    ## What it does
    Reports every model whose table gets no primary key. A unique field is not one: it may be
    the only criterion that Prisma asks for, but it is emitted as a plain unique index. Models
    with `@@ignore` are left out.

    ## Why it matters
    Without a primary key rows have no identity of their own: replication, most tools that
    compare or repair data, and foreign keys of tables to come have nothing to hold on to.

    ## Use instead
    Mark the field that identifies a row with `@id`, or several with `@@id([...])`.
    """

    id: ClassVar[str] = "missing-primary-key"
    severity: ClassVar[Severity] = Severity.WARNING

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.primary_key is not None or model.kind != "model" or model.ignored:
                continue
            if model.partition_of is not None or unread(model, schema) is not None:
                continue  # a part of a table has the table's key, or shares its finding
            unique = next((key for key in model.uniques if len(key.columns) == 1), None)
            candidate = model.column(unique.columns[0]) if unique else None
            yield self.finding(
                model.name_span,
                f"`{model.name}` has no primary key, so nothing identifies a row of "
                f"`{model.table}`",
                path=model.name,
                label="no primary key",
                help=f"make `{candidate.name}` the key: replace its `@unique` by `@id`"
                if candidate is not None and in_prisma(schema, model.span)
                else "name the field or fields that identify a row as its primary key",
            )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Country {\n  code String @unique\n  name String\n}")),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Country {\n  code String @id\n  name String\n}")),
        Example(
            schema=postgresql("model Visit {\n  a Int\n  b Int\n  @@id([a, b])\n}"),
            says="a composite key is a key",
        ),
        Example(
            schema=sql("sqlite", "CREATE TABLE country (code TEXT NOT NULL PRIMARY KEY);"),
            language="sql",
        ),
    )
