"""undeclared-field."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql


class UndeclaredField(DesignRule, frozen=True):
    """A stored field that neither a rule nor `entities` names, under `closed: true`.

    ## What it does
    Where the rulebook says `closed: true`, reports the stored fields of declared models that no
    rule and no entry of `entities` names. A relation that is named declares its foreign-key
    fields too.

    ## Why it matters
    Fields "just in case" are filled by nobody, trusted by somebody, and never removed.

    ## Use instead
    Add the rule that the field is there for, or list it under the model's `entities` entry; or
    remove the field.
    """

    id: ClassVar[str] = "undeclared-field"
    severity: ClassVar[Severity] = Severity.ERROR

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if not rulebook.closed:
            return
        closed = rulebook.closed_span
        for model in schema.models:
            if model.kind not in ("model", "view") or (model.name, None) not in rulebook.named:
                continue  # an undeclared model is told once, not once for each field
            by_relation = _columns_of_named_relations(model, rulebook)
            for field in model.fields:
                if (model.name, field.name) in rulebook.named or field.column in by_relation:
                    continue
                yield self.finding(
                    field.name_span,
                    f"no business rule and no entity names `{model.name}.{field.name}`",
                    path=f"{model.name}.{field.name}",
                    label="not in the rulebook",
                    related=[Related("the rulebook is closed", closed)] if closed else [],
                    help=f"add a rule for it, or list it under `entities: {model.name}`, "
                    "or remove it",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql("model Order {\n  id   Int     @id\n  memo String?\n}"),
            rule="closed: true\nentities: {Order: {says: A purchase, fields: [id]}}",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=postgresql("model Order {\n  id   Int     @id\n  memo String?\n}"),
            rule="closed: true\nentities: {Order: {says: A purchase, fields: [id, memo]}}",
        ),
    )


def _columns_of_named_relations(model: Model, rulebook: Rulebook) -> set[str]:
    return {
        column
        for relation in model.relations
        if (model.name, relation.name) in rulebook.named
        for column in relation.columns
    }
