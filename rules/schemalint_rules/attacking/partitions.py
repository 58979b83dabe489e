"""Values with which a row belongs to a certain part of a table (PostgreSQL)."""

from __future__ import annotations

import re

from schemalint.attack import Value, Written
from schemalint.context import Context
from schemalint.model import Model

_KEY = re.compile(r"PARTITION\s+BY\s+(?:RANGE|LIST)\s*\(\s*\"?(\w+)\"?\s*\)", re.IGNORECASE)
_BOUND = re.compile(
    r"FOR\s+VALUES\s+(?:FROM|IN)\s*\(\s*('(?:[^']|'')*'|-?[\d.]+|TRUE|FALSE)\s*[,)]", re.IGNORECASE
)


def within(part: Model, context: Context) -> dict[str, Value]:
    """A value of the column by which the table is parted, as the part's bounds have it; {} where
    they are of another form."""
    whole = next((one for one in context.schema.models if one.table == part.partition_of), None)
    key = _KEY.search(whole.span.text) if whole is not None else None
    bound = _BOUND.search(part.span.text)
    column = part.column(key[1]) if key is not None else None
    if column is None or bound is None:
        return {}
    return {column.column: Written(bound[1])}
