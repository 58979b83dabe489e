"""Composite types (MongoDB): supported, not empty, not endless.

Imported only for a schema that has `type` blocks.
"""

from __future__ import annotations

from schemalint.loaders.prisma.validation.defaults import check_literal_text
from schemalint.loaders.prisma.validation.native_types import NativeTypes
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import CompositeFacts, SchemaFacts


def check_composites(schema: SchemaFacts, natives: NativeTypes, report: Report) -> None:
    """Check every composite type."""
    connector = schema.configuration.connector
    _endless(schema, report)
    for composite in schema.composites:
        if not connector.can("composite-types"):
            report.error(
                composite.block.span,
                f"`{composite.name}` is a composite type, and {connector.title} has none in "
                "Prisma.",
                help="Use a model with a relation, or a Json field.",
            )
        if report.failed:
            continue
        if not composite.fields:
            report.error(composite.block.span, f"The type `{composite.name}` has no field.")
        for name, default in composite.defaults.items():
            check_literal_text(report, composite.fields[name].type_name, default.value)
        for name, native in composite.natives.items():
            natives.check(native, composite.fields[name])


def _endless(schema: SchemaFacts, report: Report) -> None:
    """Report required fields that make a type contain itself, directly or by other types."""
    composites = schema.composite_by_name
    inner: dict[str, list[str]] = {
        composite.name: [
            line.type_name
            for line in composite.block.fields
            if line.arity == "required" and line.type_name in composites
        ]
        for composite in schema.composites
    }
    for composite in schema.composites:
        for line in composite.block.fields:
            if line.arity != "required" or line.type_name not in composites:
                continue
            if line.type_name == composite.name:
                report.error(
                    line.span,
                    f"`{line.name}` holds another `{composite.name}`, which holds another, without "
                    "end.",
                    help=f"Write `{line.type_name}?` or `{line.type_name}[]`.",
                )
            elif _leads_to(inner, line.type_name, composite):
                report.error(
                    line.span,
                    f"`{line.name}` holds a `{line.type_name}`, which holds a `{composite.name}` "
                    "again, without end.",
                    help=f"Write `{line.type_name}?` or `{line.type_name}[]`.",
                )


def _leads_to(inner: dict[str, list[str]], start: str, goal: CompositeFacts) -> bool:
    seen = {start}
    pending = [start]
    for name in pending:
        for following in inner.get(name, ()):
            if following == goal.name:
                return True
            if following not in seen:
                seen.add(following)
                pending.append(following)
    return False
