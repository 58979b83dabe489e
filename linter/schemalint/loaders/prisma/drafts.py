"""What the builder knows of a model while it puts the schema together."""

from __future__ import annotations

from typing import Literal

from schemalint.attributes import Argument, Attribute
from schemalint.loaders.prisma.syntax import BlockNode, FieldLine
from schemalint.model import Field, ForeignKey, Index, Opaque, PrimaryKey, Unique


class ModelDraft:
    """A model, view or composite type whose scalar fields are built and whose relations are not.

    Attributes:
        fields: the stored fields by logical name, in order.
        ends: the relation fields, in order.
        keys: `@id` and `@unique` attributes of fields, each with its field, in order.
        opaque: what was not understood.
    """

    __slots__ = (
        "block",
        "ends",
        "fields",
        "foreign_keys",
        "ignored",
        "indexes",
        "keys",
        "kind",
        "name",
        "opaque",
        "primary_key",
        "schema",
        "table",
        "uniques",
    )

    def __init__(self, block: BlockNode, kind: Literal["model", "view", "type"]) -> None:
        self.block = block
        self.kind = kind
        self.name = block.name
        self.table = block.name
        self.schema: str | None = None
        self.ignored = False
        self.fields: dict[str, Field] = {}
        self.ends: list[RelationEnd] = []
        self.keys: list[tuple[Attribute, Field]] = []
        self.opaque: list[Opaque] = []
        self.primary_key: PrimaryKey | None = None
        self.uniques: list[Unique] = []
        self.indexes: list[Index] = []
        self.foreign_keys: list[ForeignKey] = []

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """The columns of the fields called `names`; None if there are none or one is unknown."""
        fields = self.fields
        if not names:
            return None
        try:
            return tuple([fields[name].column for name in names])
        except KeyError:
            return None


class RelationEnd:
    """One relation field: what its line and its `@relation` say, and what was found out."""

    __slots__ = (
        "attribute",
        "back",
        "columns",
        "draft",
        "fields",
        "ignored",
        "line",
        "map",
        "name",
        "on_delete",
        "on_update",
        "references",
        "relation_name",
        "target",
        "through",
    )

    def __init__(self, draft: ModelDraft, line: FieldLine) -> None:
        self.draft = draft
        self.line = line
        self.name = line.name
        self.target = line.type_name
        self.ignored = False
        self.attribute: Attribute | None = None
        self.relation_name: str | None = None
        self.fields: tuple[str, ...] = ()
        self.references: tuple[str, ...] = ()
        self.map: str | None = None
        self.on_delete: Argument | None = None
        self.on_update: Argument | None = None
        self.back: RelationEnd | None = None
        self.columns: tuple[str, ...] = ()
        self.through: str | None = None
        for attribute in line.attributes:
            if attribute.name == "relation":
                self._read(attribute)
            elif attribute.name == "ignore":
                self.ignored = True

    def _read(self, attribute: Attribute) -> None:
        self.attribute = attribute
        named = sum(argument.name in (None, "name") for argument in attribute.arguments)
        for argument in attribute.arguments:
            name = argument.name
            value = argument.value
            if name == "fields":
                self.fields = names_in(argument)
            elif name == "references":
                self.references = names_in(argument)
            elif name is None or name == "name":
                if value.kind == "string" and named == 1:  # given both ways, it counts for nothing
                    self.relation_name = value.text
            elif name == "map":
                self.map = value.text if value.kind == "string" else None
            elif name == "onDelete":
                self.on_delete = argument
            elif name == "onUpdate":
                self.on_update = argument


def names_in(argument: Argument) -> tuple[str, ...]:
    """The names that a list of fields holds; one name without brackets is a list of one."""
    value = argument.value
    if value.kind == "array":
        return tuple([item.text for item in value.items])
    return (value.text,) if value.kind == "constant" else ()
