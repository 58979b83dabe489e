"""decimal-as-real."""

import re
from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, Field, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook
from schemalint_rules.example_schemas import sql, sqlite, sqlmodel

_WHOLE = re.compile(r"\(\s*\d+\s*(?:,\s*0\s*)?\)")


class DecimalAsReal(DesignRule, frozen=True):
    """SQLite stores a decimal number in binary floating point.

    ## What it does
    Reports decimal columns on SQLite that can have digits behind the point: `Decimal` in SQLModel
    and Prisma, NUMERIC(10, 2) in SQL.

    ## Why it matters
    SQLite has no exact decimals: a column declared NUMERIC or DECIMAL holds 0.10 as a REAL of
    eight bytes (case O09c). Sums that the database makes drift, a CHECK that compares sums fails
    by a fraction of a cent, and digits beyond the fifteenth are lost.

    ## Use instead
    An integer of the smallest unit (`price_cents`), or text where the database does not reckon
    with it.
    """

    id: ClassVar[str] = "decimal-as-real"

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.dialect is not Dialect.SQLITE:
            return
        for model in schema.models:
            if model.kind != "model":
                continue
            for field in model.fields:
                if field.type is not ScalarType.DECIMAL or not _has_fraction(field, schema):
                    continue
                yield self.finding(
                    field.type_span,
                    f"`{model.name}.{field.name}` is exact in its declaration only: SQLite stores "
                    f"`{field.native or 'DECIMAL'}` in binary floating point",
                    path=f"{model.name}.{field.name}",
                    label="stored as REAL",
                    help="use an integer of the smallest unit",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "sqlite",
                """
                from decimal import Decimal


                class Item(SQLModel, table=True):
                    id: int = Field(primary_key=True)
                    price: Decimal = Field(max_digits=10, decimal_places=2)
                """,
            ),
            language="py",
        ),
        Example(schema=sqlite("model Item {\n  id    Int     @id\n  price Decimal\n}")),
        Example(
            schema=sql(
                "sqlite", "CREATE TABLE item (id INTEGER PRIMARY KEY, price DECIMAL(10, 2));"
            ),
            language="sql",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                """
                from decimal import Decimal


                class Item(SQLModel, table=True):
                    id: int = Field(primary_key=True)
                    price: Decimal = Field(max_digits=10, decimal_places=2)
                """,
            ),
            language="py",
        ),
        Example(
            schema=sql("sqlite", "CREATE TABLE item (id INTEGER PRIMARY KEY, size NUMERIC(12));"),
            language="sql",
            says="whole numbers are stored as such",
        ),
    )


def _has_fraction(field: Field, schema: Schema) -> bool:
    if _WHOLE.search(field.native) is not None:
        return False
    # NUMERIC alone, in SQL, is no more than SQLite's own word for any number.
    return schema.language != "sql" or "," in field.native
