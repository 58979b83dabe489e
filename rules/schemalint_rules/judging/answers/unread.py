"""Statements about one table that were read and not understood."""

from __future__ import annotations

from schemalint.model import Model, Opaque, Schema


def unread(model: Model, schema: Schema) -> Opaque | None:
    """The first thing that was not understood and names the model's table.

    A design rule that misses something does not speak then, for it could stand there. What could
    touch just any table is another matter (`wording.describing.obscured_by`): it would silence
    every rule, and is all but never the one index or NOT NULL that is missed here.
    """
    for opaque in (*model.opaque, *schema.opaque):
        if model.table in opaque.tables:
            return opaque
    return None
