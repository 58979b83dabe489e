"""Lists of fields in attributes, resolved: `[authorId, title(sort: Desc, length: 10)]`."""

from __future__ import annotations

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import (
    as_constant,
    as_constants,
    as_integer,
    wrong_kind,
)
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import IndexPart, ModelFacts, SchemaFacts
from schemalint.loaders.prisma.validation.visit import Visit

NOT_SCALAR = ("model", None)


class Unresolved(Exception):  # noqa: N818 -- a fault of the schema, not an error of the program
    """Names of a list are no scalar fields of the model: `unknown` ones, and `relations`.

    Both are empty where the fault has been reported already.
    """

    def __init__(self, unknown: list[str], relations: list[FieldLine]) -> None:
        super().__init__()
        self.unknown = unknown
        self.relations = relations


def plain_fields(
    visit: Visit, model: ModelFacts, value: Value, attribute: Attribute
) -> list[FieldLine]:
    """The scalar fields of `model` that a list names, without arguments.

    Raises:
        Unresolved: a name is none, or a field is named twice.
    """
    report = visit.report
    names = as_constants(report, value)
    if names is None:
        raise Unresolved([], [])
    found: list[FieldLine] = []
    unknown: list[str] = []
    relations: list[FieldLine] = []
    fields, kinds = model.fields, visit.schema.kinds
    for name in names:
        line = fields.get(name.text)
        if line is None:
            unknown.append(name.text)
        elif kinds.get(line.type_name) in NOT_SCALAR:
            relations.append(line)
        elif line in found:
            _twice(report, attribute, name.text)
        else:
            found.append(line)
    if unknown or relations:
        raise Unresolved(unknown, relations)
    return found


def index_parts(
    visit: Visit, value: Value, attribute: Attribute, *, composites: bool = True
) -> list[IndexPart]:
    """The members of an index or id, with their arguments. `composites`: paths such as
    `address.street` may lead into composite types.

    Raises:
        Unresolved: a name is no scalar field, or a field is named twice.
    """
    schema, report, model = visit.schema, visit.report, visit.model
    items = value.items if value.kind == "array" else (value,)
    parts: list[IndexPart] = []
    unknown: list[str] = []
    relations: list[FieldLine] = []
    seen: set[str] = set()
    good = True
    for item in items:
        if item.kind not in ("constant", "call"):
            wrong_kind(report, item, "a field's name without quotes")
            good = False
    for item in items if good else ():
        path = item.text
        line = model.fields.get(path)
        if line is not None and schema.kinds.get(line.type_name) not in NOT_SCALAR:
            part = IndexPart(path, line)
        elif line is not None:
            relations.append(line)
            continue
        elif "." in path and composites:
            found = _through_composites(schema, model, path, unknown, relations)
            if found is None:
                continue
            part = found
        else:
            unknown.append(path)
            continue
        if item.arguments:
            _part_arguments(report, item, part)
        if path in seen:
            _twice(report, attribute, path)
        seen.add(path)
        parts.append(part)
    if not good:
        raise Unresolved([], [])
    if unknown or relations:
        raise Unresolved(unknown, relations)
    return parts


def _twice(report: Report, attribute: Attribute, name: str) -> None:
    report.error(
        attribute.span, f"`{attribute.span.text}` names the field `{name}` more than once."
    )
    raise Unresolved([], [])


def _through_composites(
    schema: SchemaFacts,
    model: ModelFacts,
    path: str,
    unknown: list[str],
    relations: list[FieldLine],
) -> IndexPart | None:
    first, *rest = path.split(".")
    line = model.fields.get(first)
    if line is None:
        unknown.append(first)
        return None
    kind = schema.kinds.get(line.type_name)
    if kind in NOT_SCALAR:
        relations.append(line)
        return None
    columns = [model.columns.get(first, first)]
    for name in rest:
        composite = schema.composite_by_name.get(line.type_name) if kind == "type" else None
        if composite is None:
            unknown.append(path)
            return None
        inner = composite.fields.get(name)
        if inner is None:
            unknown.append(f"{name} (in the type {composite.name})")
            return None
        line = inner
        kind = schema.kinds.get(line.type_name)
        columns.append(composite.columns.get(name, name))
    return IndexPart(path, line, tuple(columns))


def _part_arguments(report: Report, item: Value, part: IndexPart) -> None:
    seen = set()
    for argument in item.arguments:
        name, value = argument.name, argument.value
        if name in seen:
            continue
        seen.add(name)
        if name == "sort":
            sort = as_constant(report, value)
            if sort in ("Asc", "Desc"):
                part.sort = sort
            elif sort is not None:
                report.error(argument.span, f"`sort` is `Asc` or `Desc`, not `{sort}`.")
        elif name == "length":
            length = as_integer(report, value)
            if length is not None and length >= 0:
                part.length = length
        elif name == "ops":
            _operator_class(report, value, part)


def _operator_class(report: Report, value: Value, part: IndexPart) -> None:
    if value.kind == "constant":
        from schemalint.loaders.prisma.validation.operator_classes import CLASSES

        if value.text in CLASSES:
            part.operator_class = value.text
        else:
            match = report.nearest(value.text, CLASSES)
            report.error(
                value.span,
                f"Prisma knows no operator class `{value.text}`.",
                help=(f"Did you mean `{match}`? " if match else "")
                + 'One that Prisma does not know is written `raw("its_name")`.',
            )
    elif value.kind == "call" and value.text == "raw":
        if len(value.arguments) == 1 and value.arguments[0].value.kind == "string":
            part.operator_class = value.arguments[0].value.text
            part.raw_operator_class = True
        else:
            report.error(value.span, "`raw` takes one string: the operator class's name.")
    else:
        wrong_kind(report, value, 'an operator class or `raw("...")`')


def unknown_fields_help(report: Report, model: ModelFacts, names: list[str]) -> str | None:
    """Proposes near matches for names that are no fields of the model."""
    matches = []
    for name in names:
        match = report.nearest(name, model.fields)
        if match is not None:
            matches.append(match)
    return f"Did you mean {quoted(matches)}?" if matches else None
