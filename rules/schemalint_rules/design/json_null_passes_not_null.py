"""json-null-passes-not-null."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Field, Model, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.judging.answers.unread import unread

_CLASSES = """
    from sqlalchemy import JSON, Column


    class Event(SQLModel, table=True):
        id: int = Field(primary_key=True)
        payload: dict = Field(sa_column=Column({type}, nullable=False))
"""
_JSON = re.compile(r"\bJSONB?\b")


class JsonNullPassesNotNull(DesignRule, frozen=True):
    """NOT NULL does not keep None out of a JSON column.

    ## What it does
    Reports NOT NULL columns of SQLAlchemy's type JSON or JSONB, written where the column is
    declared, without `none_as_null=True` and without a CHECK that speaks of the column.

    ## Why it matters
    For SQLAlchemy, None in a JSON column is the JSON value `null`, which is a value: it passes
    NOT NULL, and `IS NULL` does not find it. A table model does not refuse it either. (Observed:
    SQLAlchemy 2.1.)

    ## Use instead
    `JSON(none_as_null=True)`: None is then NULL, which NOT NULL refuses.
    """

    id: ClassVar[str] = "json-null-passes-not-null"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.language != "sqlmodel":
            return
        for model in schema.models:
            if model.kind != "model" or unread(model, schema) is not None:
                continue
            for field in model.fields:
                if field.type is ScalarType.JSON and not field.nullable and _is_open(field, model):
                    yield self.finding(
                        field.type_span,
                        f"None in `{model.name}.{field.name}` is stored as the JSON value `null`, "
                        "which passes NOT NULL",
                        path=f"{model.name}.{field.name}",
                        label="takes JSON null",
                        help="write `none_as_null=True` in the type, so that NOT NULL refuses None",
                    )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=sqlmodel("sqlite", _CLASSES.format(type="JSON")), language="py"),
        Example(schema=sqlmodel("postgresql", _CLASSES.format(type="JSON()")), language="py"),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel("sqlite", _CLASSES.format(type="JSON(none_as_null=True)")),
            language="py",
        ),
    )


def _is_open(field: Field, model: Model) -> bool:
    written = field.span.text
    if _JSON.search(written) is None or "none_as_null" in written:
        return False
    named = re.compile(rf"(?<!\w){re.escape(field.column)}(?!\w)", re.IGNORECASE)
    return not any(named.search(check.expression) for check in model.checks)
