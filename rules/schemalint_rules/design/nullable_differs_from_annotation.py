"""nullable-differs-from-annotation."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Field, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.judging.answers.unread import unread

_CLASSES = """
    from typing import Optional

    from sqlalchemy import Column, String


    class Person(SQLModel, table=True):
        id: Optional[int] = Field(default=None, primary_key=True)
        name: {name}
"""


class NullableDiffersFromAnnotation(DesignRule, frozen=True):
    """A column takes NULL where its annotation has no None, or the other way round.

    ## What it does
    Reports columns of SQLModel and SQLAlchemy classes that take NULL though the annotation is not
    Optional, unless `nullable=` is written with the field: then it was meant. Reports columns
    that are NOT NULL though the annotation is Optional, unless it is the primary key or a default
    supplies the value.

    ## Why it matters
    `sa_column=Column(...)` without `nullable=` makes a column that takes NULL, whatever the
    annotation says; and a table model validates nothing. The code then reads None where the type
    checker swears that there is a value. The other way round, code that the type checker accepts
    fails when the row is stored. (Observed: SQLModel 0.0.50.)

    ## Use instead
    Write `nullable=False` in the Column, or make the annotation Optional: let both say the same.
    """

    id: ClassVar[str] = "nullable-differs-from-annotation"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.language != "sqlmodel":
            return
        for model in schema.models:
            if model.kind != "model" or unread(model, schema) is not None:
                continue
            key = model.primary_key.columns if model.primary_key is not None else ()
            for field in model.fields:
                if field.column in key or field.generated is not None:
                    continue
                if field.nullable and not field.client_nullable:
                    yield from self._takes_null(model, field)
                elif field.client_nullable and not field.nullable:
                    yield from self._refuses_none(model, field)

    def _takes_null(self, model: Model, field: Field) -> Iterator[Finding]:
        written = field.span.text
        if "nullable" in written or "=" not in written:
            return  # it is meant, or declared elsewhere
        path = f"{model.name}.{field.name}"
        in_column = "sa_column" in written
        why = "a Column without `nullable=` does" if in_column else "its column is nullable"
        yield self.finding(
            field.name_span,
            f"`{path}` takes NULL, though its annotation is not Optional: {why}",
            path=path,
            label="may be NULL",
            help="write `nullable=False` in the Column, or make the annotation Optional"
            if in_column
            else "write `nullable=False`, or make the annotation Optional",
        )

    def _refuses_none(self, model: Model, field: Field) -> Iterator[Finding]:
        if field.default is not None or "default_factory" in field.span.text:
            return
        path = f"{model.name}.{field.name}"
        yield self.finding(
            field.name_span,
            f"`{path}` may be None by its annotation, but the database refuses NULL and nothing "
            "supplies a value",
            path=path,
            label="NOT NULL",
            help="drop Optional from the annotation, or let the column take NULL",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "sqlite", _CLASSES.format(name="str = Field(sa_column=Column(String(80)))")
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel(
                "postgresql", _CLASSES.format(name="Optional[str] = Field(nullable=False)")
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(name="str = Field(sa_column=Column(String(80), nullable=False))"),
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel("sqlite", _CLASSES.format(name="Optional[str] = None")), language="py"
        ),
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(name='Optional[str] = Field(default="n. n.", nullable=False)'),
            ),
            language="py",
            says="a default supplies the value",
        ),
    )
