"""string-as-state."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.model import Field, Model, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import postgresql
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
    enums (SQLite, SQL Server) add a CHECK constraint in a migration too.
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
            if model.kind == "view":
                continue
            for field in model.fields:
                if field.type is ScalarType.STRING and self._holds_a_state(field, model):
                    yield self.finding(
                        field.type_span,
                        f"`{model.name}.{field.name}` holds a state, but accepts any text",
                        path=f"{model.name}.{field.name}",
                        label="free text",
                        help="declare an enum with the allowed values and use it as the type",
                    )

    def _holds_a_state(self, field: Field, model: Model) -> bool:
        if field.list:
            return False
        last = (words(field.name) or ("",))[-1]
        fixed = field.default is not None and field.default.kind == "literal"
        if last not in self.names and not (fixed and last in self.names_with_default):
            return False
        restricted = any(field.column in key.columns for key in model.foreign_keys)
        return not restricted and not any(
            field.column in check.expression for check in model.checks
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Order {\n  id     Int    @id\n  status String\n}")),
        Example(
            schema=postgresql(
                'model Task {\n  id    Int    @id\n  state String @default("open")\n}'
            )
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
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
