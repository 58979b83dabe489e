"""Columns of numbers in which a foreign key leaves no text on SQLite."""

from __future__ import annotations

from schemalint.condition.facts import Facts
from schemalint.model import Field, Layer
from schemalint_rules.judging.rows.rows import Rows


def points_at_numbers(field: Field, rows: Rows) -> bool:
    """Whether a checked foreign key lets a column of numbers have those of another only, and that
    one cannot hold text: SQLite's INTEGER PRIMARY KEY."""
    for key in rows.model.foreign_keys:
        enforced = key.enforced and key.layer is Layer.DATABASE
        ends = dict(zip(key.columns, key.references, strict=False))
        if not enforced or field.column not in ends:
            continue
        others = [rows.model.column(column) for column in ends if column != field.column]
        if any(other is None or rows.nullable(other) for other in others):
            continue  # beside a NULL it points nowhere (F06)
        for parent in rows.schema.models:
            if parent.table == key.table:
                facts = Facts.of(parent, rows.schema, dialect=rows.dialect)
                known = facts.column(ends[field.column])
                if known is not None and known.typed:
                    return True
    return False
