"""The second pass: what only shows once every name is resolved.

Runs only where the first pass found nothing, as officially: a check that builds on broken facts
would report faults that nobody made. The order of the checks is the official one where an error
silences later ones.
"""

from __future__ import annotations

from collections.abc import Callable

from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.connectors import Connector
from schemalint.loaders.prisma.validation.constraint_names import ConstraintNames
from schemalint.loaders.prisma.validation.defaults import (
    check_literal_text,
    check_sequence,
    unknown_function,
)
from schemalint.loaders.prisma.validation.indexes import (
    check_client_names,
    check_index,
    check_lengths,
    check_one_fulltext,
)
from schemalint.loaders.prisma.validation.keys import (
    check_autoincrement,
    check_has_key,
    check_key,
    check_mongodb_key,
)
from schemalint.loaders.prisma.validation.many_to_many import (
    argument_span,
    check_embedded,
    check_implicit,
)
from schemalint.loaders.prisma.validation.native_types import NativeTypes, check_unsupported
from schemalint.loaders.prisma.validation.one_to_one import check_one_to_one
from schemalint.loaders.prisma.validation.relation_fields import (
    AmbiguousRelations,
    check_relation_field,
)
from schemalint.loaders.prisma.validation.relations import (
    check_inline,
    check_one_to_many,
    infer_relations,
)
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import ModelFacts, SchemaFacts
from schemalint.loaders.prisma.validation.schemas import check_enums, check_schema, check_tables
from schemalint.loaders.prisma.validation.views import check_view, check_view_indexes


class Checks:
    """The second pass over one schema."""

    def __init__(self, schema: SchemaFacts, report: Report) -> None:
        self.schema = schema
        self.report = report
        self.configuration = schema.configuration
        self.connector: Connector = schema.configuration.connector
        self.relations = infer_relations(schema)
        self.models = schema.models_then_views()
        self.names = ConstraintNames(self.connector, self.models, self.relations)
        self._natives: NativeTypes | None = None
        # With these three, no plain field of a built-in type can be wrong by its type alone.
        can = self.connector.can
        self.any_field = can("scalar-lists") and can("json-lists") and can("decimal")

    @property
    def natives(self) -> NativeTypes:
        """The native types, made when the first one is met."""
        if self._natives is None:
            self._natives = NativeTypes(self.configuration, self.report)
        return self._natives

    def run(self) -> None:
        """Run all checks."""
        schema, report = self.schema, self.report
        if schema.composites:
            from schemalint.loaders.prisma.validation.composite_types import check_composites

            check_composites(schema, self.natives, report)
        for value in schema.unknown_functions:
            if value.text == "sequence" and self.connector.can("sequence"):
                check_sequence(report, value)
            else:
                unknown_function(report, value)
        if self.configuration.extensions_span is not None:
            from schemalint.loaders.prisma.validation.configuration import check_extensions

            check_extensions(self.configuration, report)
        check_tables(self.models, report)
        ambiguous = AmbiguousRelations(schema)
        for model in self.models:
            if not self._model(model, ambiguous):
                return
        check_enums(schema, report)
        self._relations()

    def _model(self, model: ModelFacts, ambiguous: AmbiguousRelations) -> bool:
        """Check one model or view; False where its relations are ambiguous, which ends the run."""
        report, configuration = self.report, self.configuration
        key = model.primary_key
        if model.view:
            check_view(model, configuration, report)
        else:
            check_has_key(model, report)
            if key is not None:
                check_key(model, key, configuration, self.names, report)
            check_one_fulltext(model, configuration, report)
            if model.shard_key is not None:
                self._shard_key(model)
            self._connector_specific(model)
            check_autoincrement(model, configuration, report)
            if key is not None and self.connector.can("index-length"):
                check_lengths(key, report)
        check_schema(model, configuration, report)
        check_client_names(model, report)
        self._fields(model)
        for field in model.relations:
            if ambiguous.check(field, report):
                return False
            check_relation_field(field, configuration, self.names, report)
        if model.view:
            check_view_indexes(model, report)
        else:
            for index in model.indexes:
                check_index(model, index, configuration, self.names, report)
        return True

    def _shard_key(self, model: ModelFacts) -> None:
        key = model.shard_key
        if key is None:
            return
        span = key.attribute.span
        if not key.parts:
            self.report.error(span, "A shard key needs at least one field.")
        if "shardkeys" not in self.configuration.preview_features:
            self.report.error(
                span,
                "A shard key is a preview feature.",
                help='Add `previewFeatures = ["shardKeys"]` to the generator.',
            )
        if not self.connector.can("shard-keys"):
            self.report.error(span, f"{self.connector.title} has no shard keys in Prisma.")

    def _connector_specific(self, model: ModelFacts) -> None:
        provider = self.connector.provider
        if provider == "mongodb":
            from schemalint.loaders.prisma.validation.connector_rules import check_mongodb

            check_mongodb_key(model, self.report)
            check_mongodb(model, self.report)
        elif provider and provider != "sqlite":
            from schemalint.loaders.prisma.validation import connector_rules

            rules: dict[str, Callable[..., None]] = {
                "postgresql": connector_rules.check_postgresql,
                "cockroachdb": connector_rules.check_cockroachdb,
                "mysql": connector_rules.check_mysql,
                "sqlserver": connector_rules.check_sqlserver,
            }
            rules[provider](model, self.configuration, self.report)

    def _fields(self, model: ModelFacts) -> None:
        if not self.any_field:
            kinds = self.schema.kinds
            for line in model.block.fields:
                name = line.type_name
                if (line.arity == "list" or name in ("Json", "Decimal")) and (
                    kinds[name] != "model"
                ):
                    self._type_supported(model, line)
        if model.natives:
            for name, native in model.natives.items():
                self.natives.check(native, model.fields[name])
        if model.defaults:
            self._defaults(model)
        if self.configuration.name is not None:
            for line in model.block.fields:
                if line.unsupported is not None:
                    check_unsupported(self.natives, line, line.span)

    def _type_supported(self, model: ModelFacts, line: FieldLine) -> None:
        report, connector = self.report, self.connector
        name = line.type_name
        if (name == "Json" and not connector.can("json")) or (
            name == "Decimal" and not connector.can("decimal")
        ):
            report.error(
                line.span,
                f"`{model.name}.{line.name}` is {name}, a type that {connector.title} does not "
                "have.",
            )
        if line.arity != "list":
            return
        if not connector.can("scalar-lists"):
            report.error(
                line.span,
                f"`{model.name}.{line.name}` is a list, but {connector.title} has no columns "
                "that hold lists.",
                help="Make it a model of its own with a relation.",
            )
        elif name == "Json" and not connector.can("json-lists"):
            report.error(
                line.span,
                f"`{model.name}.{line.name}` is a list of Json, which {connector.title} does not "
                "have.",
            )

    def _defaults(self, model: ModelFacts) -> None:
        report, connector = self.report, self.connector
        names = self.names
        for name, default in model.defaults.items():
            value = default.value
            line = model.fields[name]
            if default.map is not None:
                span = default.attribute.span
                if not connector.can("named-defaults"):
                    report.error(
                        span,
                        f"{connector.title} gives defaults no names, so `map` means nothing here.",
                        help="Remove `map`.",
                    )
                names.too_long(report, span, default.map, "@default")
            if names.repeated and "default" in names.scopes:
                place = argument_span(default.attribute, "map") or line.span
                text = names.default(model, name, default)
                names.check("default", model, text, place, label="@default", report=report)
            if value.kind == "call":
                if value.text == "auto" and not connector.can("auto"):
                    report.error(
                        value.span,
                        f"`auto()` makes MongoDB's ids; {connector.title} does not know it.",
                    )
            elif value.kind != "constant":
                check_literal_text(report, line.type_name, value)

    def _relations(self) -> None:
        configuration, report = self.configuration, self.report
        cycles = None
        if self.connector.can("cycles") or (
            configuration.name is not None and configuration.relation_mode == "prisma"
        ):
            from schemalint.loaders.prisma.validation.referential_cycles import ReferentialCycles

            cycles = ReferentialCycles(self.schema, self.relations, configuration)
        check_names = bool(self.names.repeated) and "foreign key" in self.names.scopes
        for relation in self.relations:
            if relation.sort == "implicit":
                check_implicit(relation, configuration, report)
                continue
            if relation.sort == "embedded":
                check_embedded(relation, configuration, report)
                continue
            if cycles is not None:
                cycles.check(relation, report)
            check_inline(relation, configuration, report)
            if check_names:
                name = self.names.foreign_key(relation)
                forward = relation.forward
                span = relation.referenced.block.span
                if forward is not None:
                    span = argument_span(forward.attribute, "map") or forward.line.span
                self.names.check(
                    "foreign key",
                    relation.referencing,
                    name,
                    span,
                    label="@relation",
                    report=report,
                )
            if relation.sort == "one-to-one":
                check_one_to_one(relation, report)
            else:
                check_one_to_many(relation, report)
