"""naive-datetime."""

from collections.abc import Iterator
from typing import ClassVar

from schemalint.model import Dialect, ScalarType, Schema
from schemalint.rule import DesignRule, Example, Finding, Rulebook, Severity
from schemalint_rules.example_schemas import sqlmodel


class NaiveDatetime(DesignRule, frozen=True):
    """A point in time is stored without its time zone.

    ## What it does
    Reports columns of SQLModel and SQLAlchemy classes that are TIMESTAMP without time zone on
    PostgreSQL: `DateTime` without `timezone=True`, and `datetime` as such with SQLModel before
    0.0.45. (From 0.0.45 on it is a timestamptz in UTC.)

    ## Why it matters
    What the column holds is a time of day somewhere. PostgreSQL drops the zone of an aware value
    without a word, some drivers refuse it, and whoever compares with `now()` compares with the
    session's local time.

    ## Use instead
    `sa_type=DateTime(timezone=True)`, and aware values: `datetime.now(timezone.utc)`.
    """

    id: ClassVar[str] = "naive-datetime"
    severity: ClassVar[Severity] = Severity.INFO

    def check(self, schema: Schema, rulebook: Rulebook) -> Iterator[Finding]:
        if schema.language != "sqlmodel" or schema.dialect is not Dialect.POSTGRESQL:
            return
        for model in schema.models:
            for field in model.fields:
                if field.type is not ScalarType.DATETIME or not _is_naive(field.native):
                    continue
                yield self.finding(
                    field.type_span,
                    f"`{model.name}.{field.name}` is a timestamp without time zone: the zone of "
                    "what is stored is dropped",
                    path=f"{model.name}.{field.name}",
                    label="without time zone",
                    help="give it the type `DateTime(timezone=True)` of SQLAlchemy",
                )

    invalid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                """
                from datetime import datetime

                from sqlalchemy import DateTime


                class Event(SQLModel, table=True):
                    id: int = Field(primary_key=True)
                    starts_at: datetime = Field(sa_type=DateTime)
                """,
            ),
            language="py",
        ),
    )
    valid: ClassVar[tuple[Example, ...]] = (
        Example(
            schema=sqlmodel(
                "postgresql",
                """
                from datetime import datetime

                from sqlalchemy import DateTime


                class Event(SQLModel, table=True):
                    id: int = Field(primary_key=True)
                    starts_at: datetime = Field(sa_type=DateTime(timezone=True))
                """,
            ),
            language="py",
        ),
    )


def _is_naive(native: str) -> bool:
    written = native.upper()
    return (
        written.startswith("TIMESTAMP")
        and not written.startswith("TIMESTAMPTZ")
        and ("WITH TIME ZONE" not in written)
    )
