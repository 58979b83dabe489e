"""`@@schema`, names in the database that meet, and enums."""

from __future__ import annotations

from schemalint.finding import Related
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    EnumFacts,
    ModelFacts,
    SchemaFacts,
)
from schemalint.source import Span


def check_tables(models: list[ModelFacts], report: Report) -> None:
    """Report models and views that are the same table."""
    tables: dict[tuple[str | None, str], ModelFacts] = {}
    for model in models:
        key = (model.schema, model.table)
        other = tables.get(key)
        tables[key] = model
        if other is None:
            continue
        mapped, plain = (model, other) if model.map is not None else (other, model)
        span = mapped.block.span if mapped.map_attribute is None else mapped.map_attribute.span
        report.error(
            span,
            f"`{mapped.name}` is stored as `{mapped.table}`, and so is the {plain.kind} "
            f"`{plain.name}`.",
            related=(Related("the same name in the database", plain.block.name_span),),
        )


def check_schema(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """Check `@@schema` of a model or view."""
    if model.schema is not None and model.schema_span is not None:
        _known_schema(model.schema, model.schema_span, configuration, report)
    elif _schema_needed(configuration):
        report.error(
            model.block.span,
            f"The datasource names its `schemas`, but the {model.kind} `{model.name}` does not say "
            "in which one it is.",
            help='Add `@@schema("...")`.',
        )


def _schema_needed(configuration: Configuration) -> bool:
    return configuration.schemas_span is not None and configuration.connector.can("multi-schema")


def _known_schema(name: str, span: Span, configuration: Configuration, report: Report) -> None:
    connector = configuration.connector
    if not connector.can("multi-schema"):
        report.error(span, f"`@@schema` means nothing for {connector.title}.")
    elif configuration.name is not None and name not in (configuration.schemas or ()):
        report.error(
            span,
            f'The datasource does not list the schema "{name}".',
            help=report.did_you_mean(name, configuration.schemas or ())
            or f'Add it there: `schemas = ["{name}"]`.',
        )


def check_enums(schema: SchemaFacts, report: Report) -> None:
    """Check enums against the database, and that their names there differ."""
    configuration = schema.configuration
    supported = configuration.connector.can("enums")
    names: dict[tuple[str | None, str], EnumFacts] = {}
    for enum in schema.enums:
        key = (enum.schema, enum.name if enum.map is None else enum.map)
        if not supported:
            report.error(
                enum.block.span,
                f"`{enum.name}` is an enum, and {configuration.connector.title} has none.",
                help="Use a String field; the allowed values can be a CHECK constraint.",
            )
        elif key in names:
            report.error(
                enum.block.span,
                f"The enum `{enum.name}` is called `{key[1]}` in the database, and so is "
                f"`{names[key].name}`.",
            )
        names.setdefault(key, enum)
        if enum.schema is not None and enum.schema_span is not None:
            _known_schema(enum.schema, enum.schema_span, configuration, report)
        elif _schema_needed(configuration):
            report.error(
                enum.block.span,
                f"The datasource names its `schemas`, but the enum `{enum.name}` does not say in "
                "which one it is.",
                help='Add `@@schema("...")`.',
            )
