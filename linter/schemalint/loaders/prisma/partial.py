"""The `where` of a partial index, as SQL over physical names (preview feature partialIndexes)."""

from __future__ import annotations

from collections.abc import Mapping

from schemalint.attributes import Argument, Value
from schemalint.loaders.prisma.defaults import quoted
from schemalint.loaders.prisma.dialect import Target
from schemalint.model import Dialect, Field


def predicate(value: Value, fields: Mapping[str, Field], target: Target) -> str | None:
    """`raw("...")` as it stands, `{status: "x", deletedAt: null}` as SQL; None if neither.

    Only the conditions that Prisma knows: equality with a literal, `null`, and `{not: ...}`.
    """
    if value.kind == "call":
        if value.text == "raw" and value.arguments and value.arguments[0].value.kind == "string":
            return value.arguments[0].value.text
        return None
    if value.kind != "object" or not value.arguments:
        return None
    terms = []
    for entry in value.arguments:
        term = _term(entry, fields, target)
        if term is None:
            return None
        terms.append(term)
    return " AND ".join(terms)


def _term(entry: Argument, fields: Mapping[str, Field], target: Target) -> str | None:
    field = fields.get(entry.name or "")
    if field is None:
        return None
    column = _identifier(field.column, target)
    value = entry.value
    negated = False
    if value.kind == "object":
        if len(value.arguments) != 1 or value.arguments[0].name != "not":
            return None
        value = value.arguments[0].value
        negated = True
    if value.kind == "constant" and value.text == "null":
        return f"{column} IS {'NOT ' if negated else ''}NULL"
    literal = _literal(value, target)
    if literal is None:
        return None
    return f"{column} {'!=' if negated else '='} {literal}"


def _literal(value: Value, target: Target) -> str | None:
    if value.kind == "string":
        return quoted(value.text, target)
    if value.kind == "constant" and value.text in ("true", "false"):
        if target.dialect is Dialect.SQLSERVER:
            return "1" if value.text == "true" else "0"
        return value.text
    return value.text if value.kind == "number" else None


def _identifier(name: str, target: Target) -> str:
    if target.mysql_like:
        return "`" + name.replace("`", "``") + "`"
    return '"' + name.replace('"', '""') + '"'
