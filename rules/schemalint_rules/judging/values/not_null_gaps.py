"""How NULL gets past a NOT NULL: a row whose fields are all NULL is NULL to PostgreSQL."""

from __future__ import annotations

import re

from schemalint.condition.quoting import quoted
from schemalint.context import Context
from schemalint.model import Field, Model, ScalarType
from schemalint.rule import Judgement, broken
from schemalint_rules.remedies.migration_sql import add_check


def let_past(model: Model, field: Field, context: Context) -> Judgement | None:
    """The judgement of a NOT NULL that NULL gets past; None where it does not."""
    if not _is_composite(field, context):
        return None
    path = f"{model.name}.{field.name}"
    column = quoted(field.column, context.dialect)
    return broken(
        path,
        f"`{path}` is a row of its own: one whose fields are all NULL is NULL to PostgreSQL, "
        "and passes NOT NULL (O17g)",
        field.type_span,
        help=add_check(model, [field.column], f"{column} IS NOT NULL", context.dialect),
    )


def _is_composite(field: Field, context: Context) -> bool:
    """Whether the type is one that CREATE TYPE made of fields."""
    if field.type is ScalarType.COMPOSITE and context.schema.language == "sql":
        return True
    if field.unsupported is None or field.list or context.schema.language != "sql":
        return False
    name = re.escape(field.unsupported.rpartition(".")[2])
    made = re.compile(rf'\bCREATE\s+TYPE\s+(?:\S+\.)?"?{name}"?\s+AS\s*\(', re.IGNORECASE)
    return any(made.search(file.text) for file in context.schema.files)
