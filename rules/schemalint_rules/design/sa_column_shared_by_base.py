"""sa-column-shared-by-base."""

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from schemalint.client_claims import OnlyOnce
from schemalint.model import Field, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook, Severity
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.wording.describing import listed

_CLASSES = """
    from sqlalchemy import Column, String


    class Named(SQLModel):
        name: str = Field({arguments})


    class Team(Named, table=True):
        id: int = Field(primary_key=True)
"""


class SaColumnSharedByBase(DesignRule, frozen=True):
    """A base class has room for one table only: it holds a Column.

    ## What it does
    Reports base classes and mixins with `sa_column=Column(...)`, or a `ForeignKey` in
    `sa_column_args`, that one table derives from. Where a second one does, the models cannot be
    imported at all, and the finding is an `invalid-schema`, as for whatever Python would raise.

    It is not among the recommended rules: such a base with one table works, and is common where it
    serves classes for input beside the table.

    ## Why it matters
    A Column is one object and belongs to one table. SQLModel does not copy it, as SQLAlchemy does
    with the columns of its mixins: whoever derives a second table gets "Column object already
    assigned to Table", from a base that did not change. (Observed: SQLModel 0.0.50, SQLAlchemy
    2.1.)

    ## Use instead
    `sa_type=` and `sa_column_kwargs=`, of which each table makes a Column of its own;
    `foreign_key=` for a key.
    """

    id: ClassVar[str] = "sa-column-shared-by-base"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        users: dict[OnlyOnce, int] = {}
        for model in schema.models:
            for field in model.fields:
                if field.claims.only_once is not None:
                    users[field.claims.only_once] = users.get(field.claims.only_once, 0) + 1
        for model in schema.models:
            held = [
                (one, field)
                for field in model.fields
                if (one := field.claims.only_once) is not None and users[one] == 1
            ]
            held.sort(key=lambda pair: pair[0].base)
            for base, found in groupby(held, key=lambda pair: pair[0].base):
                yield self._of(model, base, list(found))

    def _of(self, model: Model, base: str, held: list[tuple[OnlyOnce, Field]]) -> Finding:
        first, field = held[0]
        names = listed(one.name for _, one in held)
        related = [Related(f"so is the {one.what} of `{other.name}`", one.span)
                   for one, other in held[1:]]  # fmt: skip
        return self.finding(
            first.span,
            f"`{base}` can be the base of `{model.name}` only: the {first.what} of {names} is "
            "one object, and SQLAlchemy refuses it in a second table",
            path=f"{model.name}.{field.name}",
            label="one object, for one table",
            related=[*related, Related("the table that has it", model.name_span)],
            help="write `sa_type=` and `sa_column_kwargs=`: each table makes its own Column of them"
            if first.what == "Column"
            else "write `foreign_key=`: each table makes its own key of it",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(arguments="sa_column=Column(String(80), nullable=False)"),
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel("sqlite", _CLASSES.format(arguments="sa_type=String(80)")),
            language="py",
        ),
    )
