"""PostgreSQL's ALTER ... RENAME TO and SET SCHEMA."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.cursor import Cursor


def read_new_name(cursor: Cursor, name: TableName) -> TableName | None:
    """What `name` is called from now on; None where neither clause comes next."""
    if cursor.accept("RENAME", "TO"):
        new = cursor.name()
        return TableName(name=new.text, schema=name.schema, span=new.span)
    if cursor.accept("SET", "SCHEMA"):
        schema = cursor.name()
        return TableName(name=name.name, schema=schema.text, span=schema.span)
    return None
