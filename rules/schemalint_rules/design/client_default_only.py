"""client-default-only."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Default, Field, Layer, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.wording.client_layer import library


class ClientDefaultOnly(DesignRule, frozen=True):
    """A required column has a default that only the client library knows.

    ## What it does
    Reports NOT NULL columns whose default is a fixed value or the current time and stands in the
    code only, not in the DDL. Keys, and defaults that are computed in the code (`uuid4`), are
    left out.

    ## Why it matters
    Defaults of Python are not part of the table: a script, a shell or a second service that names
    no value gets an error, and a migration that adds the column to a table with rows fails.
    (Observed: SQLAlchemy 2.1.)

    ## Use instead
    A default of the database beside that of the code: `sa_column_kwargs={"server_default": "0"}`,
    or `server_default=` in the Column.
    """

    id: ClassVar[str] = "client-default-only"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.kind != "model" or unread(model, schema) is not None:
                continue
            key = model.primary_key.columns if model.primary_key is not None else ()
            for field in model.fields:
                default = field.default
                if field.nullable or field.column in key or default is None:
                    continue
                if default.layer is Layer.DATABASE or default.kind not in ("literal", "now"):
                    continue
                yield self.finding(
                    default.span,
                    f"`{model.name}.{field.name}` is required, and its default is known to "
                    f"{library(schema)} only: other writers that name no value are refused",
                    path=f"{model.name}.{field.name}",
                    label="not in the DDL",
                    help="add a default of the database: "
                    f"`{_server_default(default, field, schema)}`",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                """


                class Item(SQLModel, table=True):
                    id: int = Field(primary_key=True)
                    quantity: int = 1
                """,
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                """
                from uuid import UUID, uuid4


                class Item(SQLModel, table=True):
                    id: UUID = Field(default_factory=uuid4, primary_key=True)
                    quantity: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
                    note: str | None = "none"
                """,
            ),
            language="py",
        ),
    )


def _server_default(default: Default, field: Field, schema: Schema) -> str:
    if default.kind == "now":
        return "server_default=func.now()"
    value = default.value or default.expression
    if field.type is ScalarType.BOOLEAN and value in ("true", "false"):
        return f"server_default={value}()"  # in the words of each database: SQLite has 1 and 0
    enum = None if field.enum is None else schema.enum(field.enum)
    for one in () if enum is None else enum.values:
        if one.name == value:
            value = one.stored
    return f'server_default="{value}"'
