"""What is asked of a column of a row that is to be stored: a value, or one of a few markers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeAlias
from uuid import UUID

import msgspec

Value: TypeAlias = (
    bool
    | int
    | float
    | Decimal
    | str
    | bytes
    | date
    | time
    | datetime
    | timedelta
    | UUID
    | list[Any]
    | dict[str, Any]
    | None
)
"""A value of a column, as Python has it; None is NULL. `literals.literal` writes it as SQL."""


class Marker(Enum):
    """Something else than a value that can be asked of a column."""

    UNNAMED = "unnamed"
    SOME = "some"
    FRESH = "fresh"

    def __repr__(self) -> str:
        return self.name


UNNAMED: Final = Marker.UNNAMED
"""The INSERT does not name the column: it gets its default, or NULL."""

SOME: Final = Marker.SOME
"""Any value but NULL. Of a foreign key's column: it names a parent that exists or is made."""

FRESH: Final = Marker.FRESH
"""Any value but NULL that no row of the table has. Of a foreign key's column: it names a parent
that is made for this row."""


class Sql(msgspec.Struct, frozen=True):
    """An expression that is written into the INSERT as it is: `Sql("CURRENT_TIMESTAMP")`."""

    text: str


class Loose(msgspec.Struct, frozen=True):
    """A value of a foreign key's column for which no parent is looked for or made: an orphan,
    where the database takes one."""

    value: Value


Given: TypeAlias = Value | Marker | Sql | Loose
"""What `RowMaker.insert` takes for a column. A plain value of a foreign key's column names a
parent, which is made with this very key if there is none."""
