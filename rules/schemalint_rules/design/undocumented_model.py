"""undocumented-model."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql


class UndocumentedModel(DesignRule, frozen=True):
    """A model has no documentation.

    ## What it does
    Reports models and views without a documentation comment (`///` before the block).

    ## Why it matters
    A name says what the author had in mind to those who already know. What one row stands for,
    who writes it and when it goes away is what the next reader has to guess.

    ## Use instead
    A sentence that says what one row is: `/// One delivery of one order to one address.`
    """

    id: ClassVar[str] = "undocumented-model"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.kind in ("model", "view") and not (model.doc and model.doc.strip()):
                yield self.finding(
                    model.name_span,
                    f"nothing says what one row of `{model.name}` is",
                    path=model.name,
                    label="no documentation",
                    help="write a `///` comment before it"
                    if schema.language == "prisma"
                    else "document it",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Parcel {\n  id Int @id\n}")),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql(
                "/// One parcel, as handed to the carrier.\nmodel Parcel {\n  id Int @id\n}"
            )
        ),
    )
