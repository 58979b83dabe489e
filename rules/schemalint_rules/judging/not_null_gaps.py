"""How NULL gets past a NOT NULL, in the two places where PostgreSQL lets it."""

from __future__ import annotations

import re

from schemalint.context import Context
from schemalint.model import Field, Layer, Model, ScalarType
from schemalint.rule import Judgement, broken, kept
from schemalint_rules.remedies.migration_sql import add_check, quoted, set_not_null
from schemalint_rules.wording.describing import not_null

_OF_DOMAIN = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:CREATE|ALTER)\s+DOMAIN\b", re.IGNORECASE)


def let_past(model: Model, field: Field, context: Context) -> Judgement | None:
    """The judgement of a NOT NULL that NULL gets past; None where it does not."""
    path = f"{model.name}.{field.name}"
    if _by_domain(field):
        return kept(
            path,
            [not_null(model, field)],
            layer=Layer.CLIENT,
            condition=f"a domain refuses NULL only where a value is made one of it: a query that "
            f"finds no row stores NULL in `{path}` all the same (E23b)",
            help=set_not_null(model, field, context.dialect),
        )
    if _is_composite(field, context):
        column = quoted(field.column, context.dialect)
        return broken(
            path,
            f"`{path}` is a row of its own: one whose fields are all NULL is NULL to PostgreSQL, "
            "and passes NOT NULL (O17g)",
            field.type_span,
            help=add_check(model, [field.column], f"{column} IS NOT NULL", context.dialect),
        )
    return None


def _by_domain(field: Field) -> bool:
    """Whether the NOT NULL stands in a domain and not with the column."""
    span = field.nullable_span
    if span is None or field.span.start <= span.start < field.span.end:
        return False
    before = span.file.text[: span.start]
    return _OF_DOMAIN.match(before, before.rfind(";") + 1) is not None


def _is_composite(field: Field, context: Context) -> bool:
    """Whether the type is one that CREATE TYPE made of fields."""
    if field.type is ScalarType.COMPOSITE and context.schema.language == "sql":
        return True
    if field.unsupported is None or field.list or context.schema.language != "sql":
        return False
    name = re.escape(field.unsupported.rpartition(".")[2])
    made = re.compile(rf'\bCREATE\s+TYPE\s+(?:\S+\.)?"?{name}"?\s+AS\s*\(', re.IGNORECASE)
    return any(made.search(file.text) for file in context.schema.files)
