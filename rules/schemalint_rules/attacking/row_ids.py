"""SQLite's row ids, as a column to attack."""

from __future__ import annotations

import msgspec

from schemalint.context import Context
from schemalint.dialects.sqlite_rows import has_rowid
from schemalint.model import Dialect, Field, Model, ScalarType

ROWID = "rowid"


def with_rowid(model: Model, context: Context) -> Model:
    """The model with SQLite's row id as a column: REPLACE by it removes a row, an UPDATE of it is
    one of its other name (I12e), and it tells apart rows that are the same in all else."""
    own = context.dialect is Dialect.SQLITE and has_rowid(model)
    if not own or any(field.column.lower() == ROWID for field in model.fields):
        return model
    rowid = Field(
        ROWID,
        ROWID,
        ScalarType.BIGINT,
        model.span,
        model.name_span,
        model.name_span,
        native="INTEGER",
        nullable=True,
    )
    return msgspec.structs.replace(model, fields=(*model.fields, rowid))
