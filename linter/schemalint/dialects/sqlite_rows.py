"""What is peculiar to rows of SQLite: row ids, and what OR REPLACE stores in place of NULL."""

from __future__ import annotations

import re

from schemalint.model import Field, Model, ScalarType

NUMBERS = (ScalarType.INT, ScalarType.BIGINT, ScalarType.FLOAT, ScalarType.DECIMAL)

_DESCENDING = re.compile(r"\bPRIMARY\s+KEY\s+DESC\b", re.IGNORECASE)


def rowid_alias(model: Model) -> Field | None:
    """The field that is the row id by another name: INTEGER PRIMARY KEY (I12e), but not with DESC
    behind the column ("CREATE TABLE", 5: a bug that is kept)."""
    key = model.primary_key
    if key is None or len(key.columns) != 1 or key.expressions or model.without_rowid:
        return None
    if _DESCENDING.search(key.span.text):
        return None
    field = model.column(key.columns[0])
    return field if field is not None and field.native.upper() == "INTEGER" else None


def has_rowid(model: Model) -> bool:
    """Whether rows have a row id, which a writer can name beside the columns. REPLACE goes by it
    as by a key (observed)."""
    return not model.without_rowid


def literal_default(field: Field) -> str | int | None:
    """The value of a literal DEFAULT; None where there is none, or none that is known."""
    default = field.default
    if default is None or default.kind != "literal" or default.value is None:
        return None
    if field.type in NUMBERS:
        return int(default.value) if default.value.lstrip("-").isdigit() else None
    return default.value if field.type is ScalarType.STRING else None
