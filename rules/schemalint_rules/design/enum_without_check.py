"""enum-without-check."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Enum, Field, Layer, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.judging.answers.unread import unread

_CLASSES = """
    from enum import Enum

    import sqlalchemy as sa


    class Status(str, Enum):
        draft = "draft"
        paid = "paid"


    class Order(SQLModel, table=True):
        id: int = Field(primary_key=True)
        status: {status}
"""


class EnumWithoutCheck(DesignRule, frozen=True):
    """An enum of the code is plain text to the database, and nobody refuses other values.

    ## What it does
    Reports columns of an enum for which SQLAlchemy emits VARCHAR alone: on a database without
    enum types (SQLite), or with `native_enum=False`. Columns that a CHECK or a foreign key
    restricts are left out, and those with `validate_strings=True`.

    ## Why it matters
    A table model of SQLModel never validates, and SQLAlchemy stores any text that it is given.
    It fails only when the row is read again: then with a `LookupError`, in every query that
    meets the row. (Observed: SQLModel 0.0.50 on SQLite 3.40.)

    ## Use instead
    `sa_type=Enum(Status, native_enum=False, create_constraint=True)`, which emits the CHECK.
    Tables that exist already need a migration for it.
    """

    id: ClassVar[str] = "enum-without-check"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        open_enums = {enum.name: enum for enum in schema.enums if enum.layer is Layer.SERVICE}
        if not open_enums:
            return
        for model in schema.models:
            if model.kind != "model" or unread(model, schema) is not None:
                continue
            for field in model.fields:
                enum = open_enums.get(field.enum or "")
                if enum is not None and not field.list and not _restricted(field, model):
                    yield self._of_field(model, field, enum)

    def _of_field(self, model: Model, field: Field, enum: Enum) -> Finding:
        path = f"{model.name}.{field.name}"
        return self.finding(
            field.type_span,
            f"the database takes any text for `{path}`: the enum `{enum.name}` is "
            f"`{field.native}` to it, and neither SQLAlchemy nor SQLModel checks what is stored",
            path=path,
            label="any text",
            help=f"give it the type `Enum({enum.name}, native_enum=False, create_constraint=True)` "
            "of SQLAlchemy, which adds the CHECK; a table that is there already needs a migration",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=sqlmodel("sqlite", _CLASSES.format(status="Status")), language="py"),
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    status="Status = Field(sa_type=sa.Enum(Status, native_enum=False))"
                ),
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel("postgresql", _CLASSES.format(status="Status")),
            language="py",
            says="an enum type of PostgreSQL's",
        ),
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(
                    status="Status = Field(\n            "
                    "sa_type=sa.Enum(Status, native_enum=False, create_constraint=True)\n"
                    "        )"
                ),
            ),
            language="py",
        ),
    )


def _restricted(field: Field, model: Model) -> bool:
    if any(field.column in key.columns for key in model.foreign_keys):
        return True
    named = re.compile(rf"(?<!\w){re.escape(field.column)}(?!\w)", re.IGNORECASE)
    return any(named.search(check.expression) for check in model.checks)
