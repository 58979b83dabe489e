"""From syntax trees to facts: names, types and attributes, each looked at once."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.prisma.syntax import Document, FieldLine
from schemalint.loaders.prisma.validation.block_attributes import enum_attributes, model_attributes
from schemalint.loaders.prisma.validation.configuration import configuration_of
from schemalint.loaders.prisma.validation.defaults import composite_default
from schemalint.loaders.prisma.validation.field_attributes import (
    HANDLERS,
    mapped_name,
    native_type,
    repeated,
    scalar_field,
    unknown_attribute,
)
from schemalint.loaders.prisma.validation.names import resolve_names, unknown_type
from schemalint.loaders.prisma.validation.relation_attributes import relation_field
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import CompositeFacts, SchemaFacts
from schemalint.loaders.prisma.validation.visit import Visit

_COMPOSITE_ATTRIBUTES = frozenset({"map", "default"})


def build(documents: Sequence[Document], report: Report) -> SchemaFacts:
    """The facts of a schema; what is wrong with single names, types and attributes is reported."""
    schema = SchemaFacts(configuration_of(documents, report))
    resolve_names(documents, schema, report)
    kinds, handlers = schema.kinds, HANDLERS
    for model in schema.models:
        visit = Visit(schema, report, model)
        for line in model.block.fields:
            kind = kinds.get(line.type_name)
            if kind == "scalar":
                attributes = line.attributes
                if len(attributes) == 1:
                    # The usual case, without the detour.
                    attribute = attributes[0]
                    handler = handlers.get(attribute.name)
                    if handler is not None:
                        handler(visit, line, attribute, kind)
                        continue
                if attributes:
                    scalar_field(visit, line, kind)
            elif kind == "model":
                relation_field(visit, line)
            elif _is_type(schema, report, line, kind) and kind is not None and line.attributes:
                scalar_field(visit, line, kind)
        model_attributes(visit)
    for composite in schema.composites:
        _composite(schema, report, composite)
    for enum in schema.enums:
        enum_attributes(report, enum)
    return schema


def _is_type(schema: SchemaFacts, report: Report, line: FieldLine, kind: str | None) -> bool:
    if kind is None or (kind == "unsupported" and line.unsupported is None):
        unknown_type(schema, line.type_name, line.type_span, report)
        return False
    return True


def _composite(schema: SchemaFacts, report: Report, composite: CompositeFacts) -> None:
    for attribute in composite.block.attributes:
        report.error(
            attribute.span,
            f"`@@{attribute.name}` cannot stand in a composite type; keys and indexes belong to "
            "the models that hold it.",
        )
    for line in composite.block.fields:
        kind = schema.kinds.get(line.type_name)
        if not _is_type(schema, report, line, kind) or kind is None:
            continue
        if kind == "model":
            report.error(
                line.type_span,
                f"`{line.name}` refers to the model `{line.type_name}`; a composite type holds "
                "values, and cannot have relations.",
            )
            continue
        attributes = line.attributes
        if not attributes:
            continue
        once = len(attributes) == 1 or not repeated(report, attributes)
        for attribute in attributes:
            name = attribute.name
            if "." in name and kind == "scalar":
                native_type(composite.natives, line, attribute)
            elif name not in _COMPOSITE_ATTRIBUTES:
                unknown_attribute(report, attribute, _COMPOSITE_ATTRIBUTES, "@")
            elif once and name == "default":
                composite_default(schema, report, composite, line, attribute)
            elif once:
                _composite_map(report, composite, line, mapped_name(report, attribute, "@"))


def _composite_map(
    report: Report, composite: CompositeFacts, line: FieldLine, name: str | None
) -> None:
    if name is None:
        return
    columns = composite.columns
    other = composite.fields.get(name)
    taken = name in columns.values()
    columns[line.name] = name
    if taken or (other is not None and other is not line and columns.get(name, name) == name):
        report.error(
            line.span,
            f"`{line.name}` is stored as `{name}`, and so is another field of the composite type "
            f"`{composite.name}`.",
        )
