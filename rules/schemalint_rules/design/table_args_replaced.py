"""table-args-replaced."""

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from schemalint.client_claims import Replaced
from schemalint.model import Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import sqlmodel
from schemalint_rules.wording.describing import listed

_CLASSES = """
    from sqlalchemy import CheckConstraint, UniqueConstraint


    class Numbered(SQLModel):
        __table_args__ = (UniqueConstraint("number"),)

        number: int


    class Invoice(Numbered, table=True):
        {arguments}

        id: int = Field(primary_key=True)
        total: int
"""


class TableArgsReplaced(DesignRule, frozen=True):
    """A class's `__table_args__` drops the constraints that its base states.

    ## What it does
    Reports a `__table_args__` that hides one of a base class or mixin, and names what is lost:
    constraints, indexes, and the options that the database sees (`schema`, `comment`, those of a
    dialect). What the class states again, under whatever name, is not lost; nor is anything where
    its own refers to the base's. What cannot be told without running it is not reported. Of two
    mixins, the second's arguments are lost if the class has none of its own.

    ## Why it matters
    Python finds one attribute, the nearest. SQLAlchemy adds nothing of the others and says nothing,
    so the table is made without the constraint that everybody reads in the base. (Observed:
    SQLModel 0.0.50, SQLAlchemy 2.1.)

    ## Use instead
    `__table_args__ = (*Numbered.__table_args__, CheckConstraint("total >= 0"))`. If the base's is a
    `declared_attr`, `super().__table_args__` in one of your own.
    """

    id: ClassVar[str] = "table-args-replaced"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            for base, lost in groupby(model.claims.replaced, key=lambda one: one.base):
                yield self._of(model, base, list(lost))

    def _of(self, model: Model, base: str, lost: list[Replaced]) -> Finding:
        by = lost[0].by
        own = by.file is model.span.file and model.span.start <= by.start < model.span.end
        related = [Related(f"lost: what `{base}` says here", one.span) for one in lost]
        if not own:
            related.append(Related("this one is found first", by))
        return self.finding(
            by if own else model.name_span,
            f"the table of `{model.name}` is made without {listed(one.text for one in lost)} of "
            f"`{base}`: one `__table_args__` replaces another",
            path=model.name,
            label="replaces the base's",
            related=related,
            help=f"begin with the base's: `__table_args__ = (*{base}.__table_args__, ...)`",
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(arguments='__table_args__ = (CheckConstraint("total >= 0"),)'),
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    arguments="__table_args__ = "
                    '(*Numbered.__table_args__, CheckConstraint("total >= 0"))'
                ),
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    arguments='__table_args__ = (UniqueConstraint("number", name="by_number"),)'
                ),
            ),
            language="py",
            says="stated again",
        ),
    )
