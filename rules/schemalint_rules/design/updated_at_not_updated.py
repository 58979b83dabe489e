"""updated-at-not-updated."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.dialects import Construct, capability
from schemalint.model import Field, Model, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Fix, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.edits import add_field_attribute
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.describing import obscured_by
from schemalint_rules.wording.names import words


class UpdatedAtNotUpdated(DesignRule, frozen=True):
    """A field is called "updated at", but nothing updates it.

    ## What it does
    Reports date-and-time fields with one of the names `names` (case and underscores aside)
    that neither the client (`@updatedAt`) nor the database renews when the row changes. In SQL,
    which says nothing of the client, only those that a default fills in: what each writer has to
    supply with a new row it will know of when it changes one.

    ## Why it matters
    The field keeps the time of creation, or whatever each writer remembers to put there.
    Caches, synchronisation and people who read it take rows for unchanged that are not.

    ## Use instead
    Add `@updatedAt` (renewed by Prisma Client only), or a trigger that holds for every writer,
    or MySQL's ON UPDATE CURRENT_TIMESTAMP.
    """

    id: ClassVar[str] = "updated-at-not-updated"

    names: Annotated[
        tuple[str, ...], msgspec.Meta(description="Names, lower case and without underscores.")
    ] = (
        "updatedat",
        "updatedon",
        "updateddate",
        "updatedtime",
        "dateupdated",
        "lastupdated",
        "lastupdatedat",
        "modifiedat",
        "modifiedon",
        "modifieddate",
        "datemodified",
        "lastmodified",
        "lastmodifiedat",
    )

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        names = frozenset(self.names)
        for model in schema.models:
            if model.kind == "view" or obscured_by(model, schema) is not None:
                continue
            for field in model.fields:
                if (
                    field.type is not ScalarType.DATETIME
                    or field.updated_at is not None
                    or "".join(words(field.name)) not in names
                    or (schema.language == "sql" and field.default is None)
                    or _renewed_by_default(field)
                    or _renewed_by_trigger(field, model)
                ):
                    continue
                yield self.finding(
                    field.name_span,
                    f"nothing updates `{model.name}.{field.name}`: it keeps the value that the "
                    "row was created with unless every writer remembers to set it",
                    path=f"{model.name}.{field.name}",
                    label="never renewed",
                    help=_help(schema, field),
                    fix=Fix("add @updatedAt", (add_field_attribute(field, "@updatedAt"),))
                    if in_prisma(schema, field.span) and not field.list
                    else None,
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE post (
                  id         INTEGER PRIMARY KEY,
                  updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql("model Post {\n  id Int @id\n  updatedAt DateTime @default(now())\n}")
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE post (id int PRIMARY KEY, updated_at timestamptz DEFAULT now());
                CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  NEW.updated_at := now();
                  RETURN NEW;
                END $$;
                CREATE TRIGGER post_touched BEFORE UPDATE ON post
                  FOR EACH ROW EXECUTE FUNCTION touch();
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql("model Post {\n  id Int @id\n  updatedAt DateTime @updatedAt\n}")
        ),
        Example(
            schema=postgresql("model Post {\n  id Int @id\n  passwordUpdatedAt DateTime?\n}"),
            says="the time of one particular event is set by whoever causes it",
        ),
    )


def _renewed_by_default(field: Field) -> bool:
    """MySQL's `DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP`, written as raw SQL."""
    default = field.default
    return default is not None and "on update" in default.expression.lower()


def _renewed_by_trigger(field: Field, model: Model) -> bool:
    """Whether a trigger sets the field, or may: one that was not understood, or that writes to
    the table itself, as SQLite's have to."""
    return any(
        "update" in trigger.events
        and trigger.enabled
        and (
            trigger.effect == "opaque"
            or model.table in trigger.writes
            or any(column == field.column for column, _ in trigger.assigns)
        )
        for trigger in model.triggers
    )


def _help(schema: Schema, field: Field) -> str:
    if in_prisma(schema, field.span):
        return "add `@updatedAt`, or a trigger in a migration"
    renews = schema.dialect and capability(schema.dialect, Construct.COLUMN_ON_UPDATE_NOW).holds
    clause = "add ON UPDATE CURRENT_TIMESTAMP, or " if renews else ""
    if schema.language == "sqlmodel":
        return (
            f"{clause}renew it with a trigger, or in SQLAlchemy alone with `onupdate=func.now()` "
            "in its Column"
        )
    return f"{clause}renew it with a trigger, or in the client library"
