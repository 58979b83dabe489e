"""Partial indexes (`where: ...`), a preview feature of Prisma 7.

Imported only for a schema that uses `where`.
"""

from __future__ import annotations

from schemalint.attributes import Value
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import describe
from schemalint.loaders.prisma.validation.resolved import Index
from schemalint.loaders.prisma.validation.visit import Visit

# The literals that a field can be compared with, by its type; `null` goes with every one.
_LITERALS = {
    "String": "string",
    "DateTime": "string",
    "Int": "number",
    "BigInt": "number",
    "Float": "number",
    "Decimal": "number",
    "Boolean": "constant",
    "Json": "",
    "Bytes": "",
}


def check_where(visit: Visit, index: Index) -> None:
    """Check a `where`: `raw("...")`, or an object of fields and values."""
    value = index.where
    if value is None:
        return
    report, span = visit.report, index.attribute.span
    if value.kind == "call" and value.text == "raw":
        first = value.arguments[0].value if value.arguments else None
        if first is None or first.kind != "string":
            report.error(span, "`raw` in `where` takes a string: the condition as SQL.")
        elif not first.text:
            report.error(span, "The condition of `where` is empty.")
    elif value.kind == "object":
        if not value.arguments:
            report.error(span, "The condition of `where` is empty.")
        for argument in value.arguments:
            complaint, help_text = _complaint(visit, argument.name or "", argument.value)
            if complaint is not None:
                report.error(argument.span, complaint, help=help_text)
    else:
        report.error(
            span,
            '`where` takes `raw("...")` or an object such as `{ active: true }`, '
            f"not {describe(value)}.",
        )


def _complaint(visit: Visit, name: str, value: Value) -> tuple[str | None, str | None]:
    """What is wrong with one entry of the object, and what to do about it."""
    model = visit.model
    line = model.fields.get(name)
    if line is None:
        return (
            f"`where` names `{name}`, but the {model.kind} `{model.name}` has no such field.",
            visit.report.did_you_mean(name, model.fields),
        )
    kind = visit.schema.kinds.get(line.type_name)
    if kind == "model":
        return f"`where` names the relation `{name}`; a condition is about values.", None
    if value.kind == "object":
        entries = value.arguments
        if len(entries) != 1 or entries[0].name != "not":
            return (
                f"The object for `{name}` says one thing: `{{ not: null }}` or `{{ not: value }}`.",
                'Anything else is written as SQL: `raw("...")`.',
            )
        value = entries[0].value
    return _literal_complaint(line, kind, value), 'Other conditions are written `raw("...")`.'


def _literal_complaint(line: FieldLine, kind: str | None, value: Value) -> str | None:
    word = value.text if value.kind == "constant" else None
    if word == "null":
        return None
    if value.kind not in ("string", "number") and word not in ("true", "false"):
        return (
            f"`{line.name}` is compared with `{value.span.text}`; a condition takes `true`, "
            "`false`, `null`, a string or a number."
        )
    wanted = "string" if kind == "enum" else _LITERALS.get(line.type_name, "")
    if value.kind == wanted:
        return None
    return f"`{line.name}` is a `{line.type_name}` and cannot be compared with `{value.span.text}`."
