"""What the checks know of a schema beyond its syntax tree: names resolved, attributes understood.

Built once by `build.py` and shared by every check, so that each field and attribute is read once.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma.syntax import BlockNode, FieldLine
from schemalint.loaders.prisma.validation.connectors import Connector
from schemalint.source import Span

SCALARS = frozenset(
    {"String", "Int", "BigInt", "Float", "Decimal", "Boolean", "DateTime", "Json", "Bytes"}
)


class IndexPart(msgspec.Struct):
    """One member of an index or id. `path` is as written, `line` the field that it names.

    For a path into composite types (`address.street`), `line` is the field at its end and
    `columns` holds the database names along it; else `columns` is ().
    """

    path: str
    line: FieldLine
    columns: tuple[str, ...] = ()
    sort: str | None = None
    length: int | None = None
    operator_class: str | None = None
    raw_operator_class: bool = False


class Index(msgspec.Struct):
    """`@id`, `@@id`, `@unique`, `@@unique`, `@@index` or `@@fulltext`.

    `plain`: it has nothing but fields, and these have no arguments.
    """

    kind: Literal["id", "unique", "index", "fulltext"]
    attribute: Attribute
    on_field: bool
    parts: list[IndexPart]
    plain: bool = False
    name: str | None = None
    map: str | None = None
    type: str | None = None
    clustered: bool | None = None
    where: Value | None = None

    @property
    def label(self) -> str:
        """How the attribute is written: `@unique`, `@@index`."""
        return f"{'@' if self.on_field else '@@'}{self.kind}"


class RelationField(msgspec.Struct):
    """A field whose type is a model or view. `fields` and `references` are None where the
    argument is absent, [] where it could not be resolved."""

    line: FieldLine
    model: ModelFacts
    target: ModelFacts
    attribute: Attribute | None = None
    name: str | None = None
    fields: list[FieldLine] | None = None
    references: list[FieldLine] | None = None
    on_delete: str | None = None
    on_update: str | None = None
    map: str | None = None
    ignored: bool = False

    @property
    def path(self) -> str:
        """`Model.field`."""
        return f"{self.model.name}.{self.line.name}"


class Default(msgspec.Struct):
    """An accepted `@default`: its value, and its constraint's name if one is given."""

    value: Value
    attribute: Attribute
    map: str | None = None


class NativeType(msgspec.Struct):
    """`@db.VarChar(200)` taken apart: datasource name, type name, arguments as written."""

    prefix: str
    name: str
    arguments: tuple[str, ...]
    attribute: Attribute


class ModelFacts(msgspec.Struct):
    """A model or view. Dictionaries are keyed by field name and hold only fields that have one."""

    block: BlockNode
    name: str
    view: bool
    fields: dict[str, FieldLine]
    relations: list[RelationField] = []
    columns: dict[str, str] = {}
    natives: dict[str, NativeType] = {}
    defaults: dict[str, Default] = {}
    ignored_fields: list[FieldLine] = []
    indexes: list[Index] = []
    primary_key: Index | None = None
    shard_key: Index | None = None
    ignored: bool = False
    map: str | None = None
    map_attribute: Attribute | None = None
    schema: str | None = None
    schema_span: Span | None = None

    @property
    def kind(self) -> str:
        """The word for messages: `model` or `view`."""
        return "view" if self.view else "model"

    @property
    def table(self) -> str:
        """The name in the database."""
        return self.name if self.map is None else self.map

    def column(self, line: FieldLine) -> str:
        """A field's name in the database."""
        return self.columns.get(line.name, line.name)

    def unique_keys(self) -> list[Index]:
        """The primary key, then the uniques, in the order of the source."""
        uniques = [index for index in self.indexes if index.kind == "unique"]
        return [self.primary_key, *uniques] if self.primary_key is not None else uniques


class CompositeFacts(msgspec.Struct):
    """A composite type (`type` block)."""

    block: BlockNode
    name: str
    fields: dict[str, FieldLine]
    columns: dict[str, str] = {}
    natives: dict[str, NativeType] = {}
    defaults: dict[str, Default] = {}


class EnumFacts(msgspec.Struct):
    """An enum."""

    block: BlockNode
    name: str
    values: frozenset[str]
    map: str | None = None
    schema: str | None = None
    schema_span: Span | None = None


class Configuration(msgspec.Struct):
    """What datasource and generators say. `name` is the datasource's (the native types' prefix);
    None where there is no datasource, or only one that could not be understood."""

    connector: Connector
    name: str | None = None
    block: BlockNode | None = None
    relation_mode: str = "foreignKeys"
    schemas: frozenset[str] | None = None
    schemas_span: Span | None = None
    extensions_span: Span | None = None
    extensions: list[Value] = []
    preview_features: frozenset[str] = frozenset()


class SchemaFacts(msgspec.Struct):
    """The whole schema. `kinds` tells what a type name means: `scalar`, `model` (views as well),
    `enum`, `type`, `unsupported`; a name that is absent is unknown."""

    configuration: Configuration
    kinds: dict[str, str] = {}
    models: list[ModelFacts] = []
    enums: list[EnumFacts] = []
    composites: list[CompositeFacts] = []
    model_by_name: dict[str, ModelFacts] = {}
    enum_by_name: dict[str, EnumFacts] = {}
    composite_by_name: dict[str, CompositeFacts] = {}
    unknown_functions: list[Value] = []

    def models_then_views(self) -> list[ModelFacts]:
        """Models first, then views, each in the order of the source."""
        models = self.models
        return [one for one in models if not one.view] + [one for one in models if one.view]
