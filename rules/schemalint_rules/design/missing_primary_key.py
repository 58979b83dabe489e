"""missing-primary-key."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Model, Schema, Unique
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.describing import listed


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
            unique = _identifying(model)
            yield self.finding(
                model.name_span,
                f"`{model.name}` has no primary key"
                + (
                    f", so nothing identifies a row of `{model.table}`"
                    if unique is None
                    else f": only {_names(model, unique)} "
                    f"{'tells' if len(unique.columns) == 1 else 'together tell'} its rows apart"
                ),
                path=model.name,
                label="no primary key",
                help=_help(model, unique, schema),
            )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Country {\n  code String @unique\n  name String\n}")),
        Example(
            schema=postgresql(
                "model Vote {\n  by   Int\n  on   Int\n  slip String? @unique\n\n"
                "  @@unique([by, on])\n}"
            ),
            says="`slip` cannot be the key, because rows may lack it",
        ),
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


def _identifying(model: Model) -> Unique | None:
    """The unique constraint with the fewest columns by which every row is told from all others."""
    found = [
        unique
        for unique in model.uniques
        if unique.where is None
        and not unique.expressions
        and unique.columns
        and not any(field is None or field.nullable for field in map(model.column, unique.columns))
    ]
    return min(found, key=lambda unique: len(unique.columns), default=None)


def _names(model: Model, unique: Unique) -> str:
    return listed(field.name for field in map(model.column, unique.columns) if field is not None)


def _help(model: Model, unique: Unique | None, schema: Schema) -> str:
    if unique is None or not in_prisma(schema, unique.span):
        return "name the field or fields that identify a row as its primary key"
    names = _names(model, unique)
    if unique.span.text.startswith("@@"):
        return f"make {names} the key: replace `@@unique` by `@@id`"
    return f"make {names} the key: replace its `@unique` by `@id`"
