"""updated-at-not-updated."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.model import Field, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Fix, Rulebook
from schemalint_rules.example_schemas import postgresql
from schemalint_rules.remedies.edits import add_field_attribute
from schemalint_rules.wording.names import words


class UpdatedAtNotUpdated(DesignRule, frozen=True):
    """A field is called "updated at", but nothing updates it.

    ## What it does
    Reports date-and-time fields with one of the names `names` (case and underscores aside)
    that neither the client (`@updatedAt`) nor the database renews when the row changes.

    ## Why it matters
    The field keeps the time of creation, or whatever each writer remembers to put there.
    Caches, synchronisation and people who read it take rows for unchanged that are not.

    ## Use instead
    Add `@updatedAt` (renewed by Prisma Client only), or a trigger that holds for every writer.
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
            if model.kind == "view":
                continue
            triggered = any("update" in trigger.events for trigger in model.triggers)
            for field in model.fields:
                if (
                    field.type is not ScalarType.DATETIME
                    or field.updated_at is not None
                    or triggered
                    or "".join(words(field.name)) not in names
                    or _renewed_by_default(field)
                ):
                    continue
                yield self.finding(
                    field.name_span,
                    f"nothing updates `{model.name}.{field.name}`: it keeps the value that the "
                    "row was created with unless every writer remembers to set it",
                    path=f"{model.name}.{field.name}",
                    label="never renewed",
                    help="add `@updatedAt`, or a trigger in a migration"
                    if schema.language == "prisma"
                    else "renew it in the client library, or with a trigger",
                    fix=Fix("add @updatedAt", (add_field_attribute(field, "@updatedAt"),))
                    if schema.language == "prisma" and not field.list
                    else None,
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql("model Post {\n  id Int @id\n  updatedAt DateTime @default(now())\n}")
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
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
