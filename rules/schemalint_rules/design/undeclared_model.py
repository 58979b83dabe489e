"""undeclared-model."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql


class UndeclaredModel(DesignRule, frozen=True):
    """A model that neither a rule nor `entities` names, under `closed: true`.

    ## What it does
    Where the rulebook says `closed: true`, reports every model and view that no rule and no
    entry of `entities` names. A rule over every model (`of: "*"`) names none.

    ## Why it matters
    A closed rulebook claims that it knows the whole domain. A model that it does not know was
    added without a reason that anybody wrote down, or the reason was forgotten.

    ## Use instead
    Add the rule that the model is there for, or an entry under `entities`; or remove the model.
    """

    id: ClassVar[str] = "undeclared-model"
    severity: ClassVar[Severity] = Severity.ERROR

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if not rulebook.closed:
            return
        closed = rulebook.closed_span
        for model in schema.models:
            if model.kind in ("model", "view") and (model.name, None) not in rulebook.named:
                yield self.finding(
                    model.name_span,
                    f"no business rule and no entity names `{model.name}`",
                    path=model.name,
                    label="not in the rulebook",
                    related=[Related("the rulebook is closed", closed)] if closed else [],
                    help=f"add a rule for it or `{model.name}` under `entities`, or remove it",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql("model Order {\n  id Int @id\n}\n\nmodel Gift {\n  id Int @id\n}"),
            rule="closed: true\nentities: {Order: {says: A purchase, fields: [id]}}",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql("model Order {\n  id Int @id\n}"),
            rule="closed: true\nentities: {Order: {says: A purchase, fields: [id]}}",
        ),
        Example(schema=postgresql("model Order {\n  id Int @id\n}"), says="not closed"),
    )
