"""undocumented-model."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.languages import in_prisma


class UndocumentedModel(DesignRule, frozen=True):
    """A model has no documentation.

    ## What it does
    Reports models and views without a documentation comment: `///` before the block, COMMENT ON
    TABLE, or MySQL's COMMENT of a table. SQLite's DDL has no such thing and is left out.

    ## Why it matters
    A name says what the author had in mind to those who already know. What one row stands for,
    who writes it and when it goes away is what the next reader has to guess.

    ## Use instead
    A sentence that says what one row is: `/// One delivery of one order to one address.`
    """

    id: ClassVar[str] = "undocumented-model"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.language == "sql" and schema.dialect is Dialect.SQLITE:
            return  # it has no COMMENT
        for model in schema.models:
            if model.kind in ("model", "view") and not (model.doc and model.doc.strip()):
                yield self.finding(
                    model.name_span,
                    f"nothing says what one row of `{model.name}` is",
                    path=model.name,
                    label="no documentation",
                    help=_help(model, schema),
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
        Example(
            schema=sql(
                "postgresql",
                """
                CREATE TABLE parcel (id int PRIMARY KEY);
                COMMENT ON TABLE parcel IS 'One parcel, as handed to the carrier.';
                """,
            ),
            language="sql",
        ),
    )


def _help(model: Model, schema: Schema) -> str:
    if in_prisma(schema, model.span):
        return "write a `///` comment before it"
    if schema.dialect in (Dialect.MYSQL, Dialect.MARIADB):
        return "add COMMENT = '...' to the table"
    return f"add COMMENT ON {'VIEW' if model.kind == 'view' else 'TABLE'} {model.table} IS '...'"
