"""string-as-state."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.model import Dialect, Field, Model, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.names import words


class StringAsState(DesignRule, frozen=True):
    """A state is stored as free text.

    ## What it does
    Reports text fields whose name says that they hold a state: the last word is one of
    `names` (`status`), or one of `names_with_default` (`state`, `stage`, `phase`) and the field
    has a fixed default value, as states do and a postal address's state does not. Fields that a
    CHECK or a foreign key restricts are left out.

    ## Why it matters
    Any text is accepted: "shiped", "Shipped" and "" are states too, and every query that
    compares with the right word silently leaves those rows out.

    ## Use instead
    Declare an enum with the allowed values and use it as the field's type. On a database without
    enums (SQLite, SQL Server) add a CHECK constraint, in a migration beside a Prisma schema.
    """

    id: ClassVar[str] = "string-as-state"

    names: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Last words, lower case, of names that always mean a state."),
    ] = ("status",)
    names_with_default: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="Last words that mean one where the default is fixed."),
    ] = ("state", "stage", "phase")

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.kind == "view" or unread(model, schema) is not None:
                continue
            for field in model.fields:
                if field.type is ScalarType.STRING and self._holds_a_state(field, model):
                    yield self.finding(
                        field.type_span,
                        f"`{model.name}.{field.name}` holds a state, but accepts any text",
                        path=f"{model.name}.{field.name}",
                        label="free text",
                        help=_help(schema, field),
                    )

    def _holds_a_state(self, field: Field, model: Model) -> bool:
        if field.list:
            return False
        last = (words(field.name) or ("",))[-1]
        fixed = field.default is not None and field.default.kind == "literal"
        if last not in self.names and not (fixed and last in self.names_with_default):
            return False
        restricted = any(field.column in key.columns for key in model.foreign_keys)
        named = re.compile(rf"(?<!\w){re.escape(field.column)}(?!\w)", re.IGNORECASE)
        return not restricted and not any(named.search(check.expression) for check in model.checks)

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Order {\n  id     Int    @id\n  status String\n}")),
        Example(
            schema=sql("mysql", "CREATE TABLE purchase (id INT PRIMARY KEY, status VARCHAR(20));"),
            language="sql",
        ),
        Example(
            schema=postgresql(
                'model Task {\n  id    Int    @id\n  state String @default("open")\n}'
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sql(
                "sqlite",
                """
                CREATE TABLE purchase (
                  id     INTEGER PRIMARY KEY,
                  status TEXT NOT NULL CHECK (status IN ('draft', 'paid'))
                );
                """,
            ),
            language="sql",
        ),
        Example(
            schema=postgresql(
                """
                enum OrderStatus {
                  DRAFT
                  PAID
                }

                model Order {
                  id     Int         @id
                  status OrderStatus @default(DRAFT)
                }
                """
            )
        ),
        Example(
            schema=postgresql("model Address {\n  id    Int     @id\n  state String?\n}"),
            says="a state of a country is no state of a row",
        ),
    )


def _help(schema: Schema, field: Field) -> str:
    if in_prisma(schema, field.span):
        return "declare an enum with the allowed values and use it as the type"
    check = f"CHECK ({field.column} IN (...))"
    if schema.dialect in (Dialect.SQLITE, Dialect.SQLSERVER):
        return f"add `{check}` with the allowed values"
    return f"use an enum type, or add `{check}` with the allowed values"
