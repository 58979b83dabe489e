"""The kind `derived`: what is computed is not stored."""

from collections.abc import Iterable
from typing import Annotated, ClassVar

import msgspec

from schemalint.context import Context
from schemalint.model import Field, Layer, Model
from schemalint.rule import (
    BusinessRule,
    Evidence,
    Example,
    Judgement,
    Models,
    Ref,
    Related,
    Verdict,
    broken,
    kept,
    worst,
)
from schemalint_rules.example_schemas import postgresql, rule


class Derived(BusinessRule, frozen=True, kw_only=True):
    """A value that the rules compute from others has no stored column of its own.

    ## What it does
    Looks for a stored column with one of the names in `fields`, letter case and underscores
    aside (`totalPrice`, `total_price`). A column that the database itself computes (GENERATED)
    and a column of a view store nothing and are fine.

    ## Why it matters
    A stored copy of a computed value is a second truth: every writer has to remember to renew
    it, and the first that forgets makes the two disagree.

    ## Example
    With `derived: {of: Order, fields: [total]}`, a field `total Decimal` on `Order` is broken.

    ## Use instead
    Compute the value where it is read: in the query, in a view, or in a generated column.
    """

    kind: ClassVar[str] = "derived"
    of_absence: ClassVar[bool] = True
    of_views: ClassVar[bool] = True

    of: Annotated[Models, msgspec.Meta(description="The models that must not store the values.")]
    fields: Annotated[
        tuple[Ref, ...],
        msgspec.Meta(description="Names of the computed values, logical or physical."),
    ]

    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            says="Nothing of that name is stored.",
            schema=postgresql("""
                model OrderLine {
                  id       Int     @id
                  quantity Int
                  price    Decimal
                }
            """),
            rule=rule("derived: {of: OrderLine, fields: [total]}"),
            verdict=Verdict.KEPT,
        ),
        Example(
            says="The total is stored beside what it is computed from.",
            schema=postgresql("""
                model OrderLine {
                  id        Int     @id
                  quantity  Int
                  price     Decimal
                  lineTotal Decimal @map("line_total")
                }
            """),
            rule=rule("derived: {of: OrderLine, fields: [line_total]}"),
            verdict=Verdict.BROKEN,
        ),
    )

    def judge(self, model: Model, context: Context) -> Judgement:
        """A stored column of that name breaks the rule, and contradicts it."""
        return worst(*(self._judge(model, ref, context) for ref in self.fields))

    def _judge(self, model: Model, ref: Ref, context: Context) -> Judgement:
        path = f"{model.name}.{ref.text}"
        generated: list[Evidence] = []
        for field in _namesakes(model, ref.text):
            context.named.add((model.name, field.name))
            if field.generated is not None:
                generated.append(
                    Evidence(
                        f"`{model.name}.{field.name}` is computed by the database",
                        field.generated.span,
                    )
                )
            elif model.kind != "view":
                return _stored(model, field, ref)
        evidence = generated or [
            Evidence(f"`{model.name}` stores no `{ref.text}`", model.name_span)
        ]
        return kept(path, evidence, layer=Layer.DATABASE)


def _stored(model: Model, field: Field, ref: Ref) -> Judgement:
    called = "" if field.name == ref.text else f" (which is `{ref.text}`, differently spelt)"
    return broken(
        f"{model.name}.{field.name}",
        f"`{model.name}` stores `{field.name}`{called}, which the rules say is computed: nothing "
        "keeps the stored value equal to the computed one",
        field.name_span,
        contradicts=True,
        label="stored",
        related=[Related("the rule calls it computed", ref.span)],
        help=f"remove `{field.name}` and compute it where it is read (a query, a view, or a "
        "column that the database generates)",
    )


def _namesakes(model: Model, name: str) -> Iterable[Field]:
    wanted = _plain(name)
    return [field for field in model.fields if wanted in (_plain(field.name), _plain(field.column))]


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
