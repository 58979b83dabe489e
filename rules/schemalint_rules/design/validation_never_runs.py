"""validation-never-runs."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

import msgspec

from schemalint.client_claims import Bound
from schemalint.condition.terms import And
from schemalint.model import Field, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.judging.answers.unread import unread
from schemalint_rules.judging.values.claimed_bounds import in_sql, unknown_to_database
from schemalint_rules.remedies.sqlalchemy_lines import check_constraint
from schemalint_rules.wording.describing import listed
from schemalint_rules.wording.small_words import one

_CLASSES = """
    from pydantic import ConfigDict, field_validator
    from sqlalchemy import CheckConstraint


    class {classes}
"""
_VALIDATED = "`{model}.model_validate(...)` checks what it is given"


class ValidationNeverRuns(DesignRule, frozen=True):
    """A table's class states a bound, and nobody checks it.

    ## What it does
    Reports what the class of a table says of a field's values beyond their type: `gt`, `ge`, `lt`,
    `le`, `multiple_of`, `min_length`, `regex`, in `Field(...)`, in `Annotated[...]` or by a type
    such as `PositiveInt`; and validators of the field or of the model (not `BeforeValidator`, which
    converts). What a CHECK of the table says too is left out; for patterns and validators, whose
    meaning is not compared, any CHECK that names the column is taken to. So is a `max_length` that
    the column's type says: it is in the DDL, whether or not SQLite counts.

    Bounds that come from a base class without `table=True` are left out as well, for there they
    are checked: by the base itself, and by the classes for input that derive from it
    (`HeroCreate(HeroBase)`). They still bind no writer who makes the table's class.

    A class that may check after all is not reported: one with `validate_assignment=True`, with
    SQLAlchemy's `@validates`, or with an `__init__` of its own.

    It is among the recommended rules because it is rare, and was right each time that it spoke: 13
    times, in 5 of 32 published packages with 281 tables; with `inherited` 20 times, in the same
    ones (`python -m tests.loaders.sqlmodel.how_often`).

    ## Why it matters
    A class with `table=True` does not validate, neither when it is made nor when an attribute is
    assigned, and nothing of it is in the DDL: `Item(price=-1)` is stored. It does not validate for
    pydantic's `TypeAdapter(Item)` either, only in `Item.model_validate(...)`. (Observed: SQLModel
    0.0.50, pydantic 2.14.)

    ## Use instead
    A CHECK, which binds every writer: `CheckConstraint("price > 0")` in `__table_args__`. For
    messages to whoever fills in a form, state the bounds in a base class without `table=True`, and
    validate with a class that derives from it.
    """

    id: ClassVar[str] = "validation-never-runs"

    inherited: Annotated[
        bool,
        msgspec.Meta(
            description="Whether bounds that come from a base class, which validates by itself, "
            "are reported as well."
        ),
    ] = False

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if model.kind != "model" or unread(model, schema) is not None:
                continue
            told: set[Bound] = set()
            for field in model.fields:
                open_bounds = [
                    bound
                    for bound in unknown_to_database(model, field, schema)
                    if self._counts(bound) and bound not in told
                ]
                stated = [bound for bound in open_bounds if bound.kind != "validator"]
                if stated:
                    yield self._of_field(model, field, stated, schema)
                for bound in open_bounds:
                    if bound.kind == "validator":
                        told.add(bound)  # one function may be for many fields
                        yield self._of_validator(model, bound, f"{model.name}.{field.name}")
            for bound in model.claims.bounds:
                if self._counts(bound) and not model.checks:
                    yield self._of_validator(model, bound, model.name)

    def _counts(self, bound: Bound) -> bool:
        return not bound.checked and (bound.base is None or self.inherited)

    def _of_field(
        self, model: Model, field: Field, bounds: Sequence[Bound], schema: Schema
    ) -> Finding:
        path = f"{model.name}.{field.name}"
        said = listed(" ".join(bound.span.text.split()) for bound in bounds)
        terms = tuple(term for bound in bounds if (term := in_sql(bound, field)) is not None)
        if terms:
            condition = (And(terms) if len(terms) > 1 else terms[0]).sql(schema.dialect)
            remedy = check_constraint(model, condition, f"{model.table}_{field.column}")
        else:
            remedy = "say it in a CheckConstraint of `__table_args__`"
        only = _VALIDATED.format(model=model.name)
        return self.finding(
            bounds[0].span,
            f"nobody checks {said} of `{path}`: a class with `table=True` does not validate, and "
            "no CHECK says it",
            path=path,
            label="not in the DDL",
            help=f"{remedy}\n(in the code, {only}; `{model.name}(...)` does not)",
        )

    def _of_validator(self, model: Model, bound: Bound, path: str) -> Finding:
        name = f"`{bound.value}`" if bound.value is not None else "this validator"
        only = _VALIDATED.format(model=model.name)
        return self.finding(
            bound.span,
            f"{name} does not run when {one(model.name)} is made or changed: a class with "
            "`table=True` does not validate",
            path=path,
            label="does not run",
            help="say it in a CheckConstraint of `__table_args__`, or validate with a class "
            f"without a table; {only}",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    classes="""Item(SQLModel, table=True):
        id: int = Field(primary_key=True)
        price: int = Field(gt=0)"""
                ),
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(
                    classes="""Item(SQLModel, table=True):
        id: int = Field(primary_key=True)
        code: str

        @field_validator("code")
        @classmethod
        def in_capitals(cls, value: str) -> str:
            if value.upper() != value:
                raise ValueError("capitals only")
            return value"""
                ),
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    classes="""Item(SQLModel, table=True):
        __table_args__ = (CheckConstraint("price >= 1"),)

        id: int = Field(primary_key=True)
        price: int = Field(gt=0)"""
                ),
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    classes="""ItemBase(SQLModel):
        price: int = Field(gt=0)


    class Item(ItemBase, table=True):
        id: int = Field(primary_key=True)


    class ItemCreate(ItemBase):
        pass"""
                ),
            ),
            language="py",
            says="what comes in is validated by `ItemCreate`",
        ),
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(
                    classes="""Item(SQLModel, table=True):
        id: int = Field(primary_key=True)
        code: str = Field(max_length=12)"""
                ),
            ),
            language="py",
            says="the length is in the DDL",
        ),
    )
