"""money-as-float."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from schemalint.model import Dialect, Field, ScalarType, Schema
from schemalint.rule import DesignRule, Edit, Example, Finding, Fix, Rulebook
from schemalint_rules.example_schemas import postgresql, sql
from schemalint_rules.remedies.languages import in_prisma
from schemalint_rules.wording.names import words

_WITHOUT_DECIMAL = (Dialect.SQLITE, Dialect.MONGODB)
"""SQLite stores it in floating point, and Prisma refuses `Decimal` for MongoDB."""


class MoneyAsFloat(DesignRule, frozen=True):
    """An amount of money is stored as a floating-point number.

    ## What it does
    Reports float fields whose name holds one of the words `names` (price, amount, cost ...), or
    ends in one of `last_words` (total), and holds none of `not_money` (rate, percent, weight ...).

    ## Why it matters
    Binary floating point cannot hold 0.10 exactly. Sums drift, equal amounts compare as
    different, and the cents that get lost cannot be found again.

    ## Use instead
    `Decimal` (`@db.Decimal(12, 2)`, NUMERIC(12, 2)), or an integer of the smallest unit
    (`priceCents Int`). On SQLite only the integer: it stores DECIMAL as floating point too (case
    O09c).
    """

    id: ClassVar[str] = "money-as-float"

    names: Annotated[
        tuple[str, ...], msgspec.Meta(description="Words, lower case, that mean money.")
    ] = (
        "amount",
        "balance",
        "budget",
        "cost",
        "fee",
        "price",
        "refund",
        "revenue",
        "salary",
        "subtotal",
        "tax",
        "wage",
    )
    last_words: Annotated[
        tuple[str, ...], msgspec.Meta(description="Words that mean money at the end of a name.")
    ] = ("total",)
    not_money: Annotated[
        tuple[str, ...], msgspec.Meta(description="Words that mean some other measure after all.")
    ] = (
        "calories",
        "count",
        "distance",
        "factor",
        "grams",
        "hours",
        "kg",
        "minutes",
        "multiplier",
        "percent",
        "percentage",
        "quantity",
        "rate",
        "ratio",
        "score",
        "seconds",
        "share",
        "tokens",
        "volume",
        "weight",
    )

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        money, other = frozenset(self.names), frozenset(self.not_money)
        at_the_end = frozenset(self.last_words)
        for model in schema.models:
            for field in model.fields:
                if field.type is not ScalarType.FLOAT:
                    continue
                named = words(field.name)
                if money.isdisjoint(named) and at_the_end.isdisjoint(named[-1:]):
                    continue
                if not other.isdisjoint(named):
                    continue
                written = field.type_span.text
                yield self.finding(
                    field.type_span,
                    f"`{model.name}.{field.name}` is money in floating point, which cannot hold "
                    "cents exactly: sums drift and equal amounts differ",
                    path=f"{model.name}.{field.name}",
                    label="inexact",
                    help=_help(schema, field),
                    fix=Fix(
                        "use Decimal",
                        (Edit(field.type_span, written.replace("Float", "Decimal", 1)),),
                    )
                    if in_prisma(schema, field.span)
                    and schema.dialect not in _WITHOUT_DECIMAL
                    and field.attribute("default") is None
                    and not any(one.name.startswith("db.") for one in field.attributes)
                    else None,
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Item {\n  id        Int   @id\n  unitPrice Float\n}")),
        Example(schema=postgresql("model Order {\n  id         Int   @id\n  grandTotal Float\n}")),
        Example(
            schema=sql("sqlite", "CREATE TABLE item (id INTEGER PRIMARY KEY, unit_price REAL);"),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(schema=postgresql("model Item {\n  id        Int     @id\n  unitPrice Decimal\n}")),
        Example(schema=postgresql("model Item {\n  id      Int   @id\n  taxRate Float\n}")),
        Example(schema=postgresql("model Trip {\n  id        Int   @id\n  totalTime Float\n}")),
    )


def _help(schema: Schema, field: Field) -> str:
    if schema.dialect is Dialect.MONGODB:
        return "use an integer of the smallest unit; Prisma knows no Decimal on MongoDB"
    if schema.dialect is Dialect.SQLITE:
        return "use an integer of the smallest unit; SQLite stores DECIMAL in floating point too"
    if in_prisma(schema, field.span):
        return "use `Decimal`, or an integer of the smallest unit"
    return "use `NUMERIC(12, 2)`, or an integer of the smallest unit"
