"""frozen-not-enforced."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.client_claims import Frozen
from schemalint.model import Field, Model, Schema
from schemalint.rule import DesignRule, Example, Finding, Related, Rulebook
from schemalint_rules.example_schemas import sqlmodel

_CLASSES = """
    from pydantic import ConfigDict


    class Entry({head}):
        {config}
        id: int = Field(primary_key=True)
        amount: int
"""


class FrozenNotEnforced(DesignRule, frozen=True):
    """A table's class is frozen, and its rows can be changed.

    ## What it does
    Reports `frozen=True` where it stands for a class with `table=True`: in its `model_config`, in a
    base's, or as a keyword of the class; and for single fields (`schema_extra={"frozen": True}`).
    Tables whose triggers look at every UPDATE are left out.

    `Field(frozen=True)` is no finding of this rule but an `invalid-schema`: SQLModel's `Field` has
    no such argument, and raises.

    ## Why it matters
    Nothing of it is in the database, and in the code it does not do what it says. A keyword of the
    class is not even read. By its configuration, an instance can no longer be made with the class,
    `Entry(...)` raises; but the row of one that was read is changed: SQLModel hands an assignment
    to SQLAlchemy before pydantic refuses it, so that the next commit stores it. `update()`, other
    services and SQL never ask the class. (Observed: SQLModel 0.0.50, pydantic 2.14.)

    ## Use instead
    A trigger that refuses UPDATE (and DELETE), or a rule `immutable` in the rulebook, whose finding
    writes that trigger out. For objects that the code must not change, a class without a table:
    `EntryRead(EntryBase)`, with `model_config = ConfigDict(frozen=True)`.
    """

    id: ClassVar[str] = "frozen-not-enforced"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        for model in schema.models:
            if any("update" in trigger.events for trigger in model.triggers):
                continue
            if model.claims.frozen is not None:
                yield self._of(model, model.claims.frozen, None)
            for field in model.fields:
                if field.claims.frozen is not None:
                    yield self._of(model, field.claims.frozen, field)

    def _of(self, model: Model, frozen: Frozen, field: Field | None) -> Finding:
        if field is None:
            path, what, span = model.name, "its rows", model.name_span
        else:
            path, what, span = f"{model.name}.{field.name}", "it", field.name_span
        why = (
            "SQLModel does not read this keyword"
            if frozen.ignored
            else "an assignment is stored although it raises, and `update()` never asks"
        )
        related = (
            [Related(f"`{frozen.base}` says so for all that derive from it", frozen.span)]
            if frozen.base is not None
            else []
        )
        return self.finding(
            frozen.span if frozen.base is None else span,
            f"`{path}` is called frozen, and {what} can be changed: {why}",
            path=path,
            label="keeps no row as it is" if field is None else "keeps no value as it is",
            related=related,
            help="take it out, and have a trigger refuse UPDATE; a rule `immutable` in the "
            "rulebook writes that trigger out"
            + ("" if frozen.ignored else f" (besides, `{model.name}(...)` raises because of it)"),
        )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(
                    head="SQLModel, table=True", config="model_config = ConfigDict(frozen=True)\n"
                ),
            ),
            language="py",
        ),
        Example(
            schema=sqlmodel(
                "sqlite",
                _CLASSES.format(
                    head="SQLModel, table=True, frozen=True", config='"""Booked once."""\n'
                ),
            ),
            language="py",
            says="a keyword that SQLModel does not read",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                _CLASSES.format(head="SQLModel, table=True", config='"""Booked once."""\n')
                + """

    class EntryRead(SQLModel):
        model_config = ConfigDict(frozen=True)

        amount: int
""",
            ),
            language="py",
            says="a class without a table can be frozen",
        ),
    )
