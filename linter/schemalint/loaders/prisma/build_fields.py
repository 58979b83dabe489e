"""The scalar, enum and composite fields of models, views and composite types."""

from __future__ import annotations

from schemalint.attributes import Attribute
from schemalint.condition.quoting import quoted_name
from schemalint.loaders.prisma.defaults import argument_value, build_default, quoted
from schemalint.loaders.prisma.dialect import Target
from schemalint.loaders.prisma.drafts import ModelDraft, RelationEnd
from schemalint.loaders.prisma.native_types import (
    SCALARS,
    PhysicalType,
    physical_type,
    sequence_type,
)
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.type_texts import folded
from schemalint.model import Dialect, Enum, Field, Layer, Opaque, ScalarType


def _path(enum: Enum) -> list[str]:
    return [enum.type] if enum.schema is None else [enum.schema, enum.type]


class FieldBuilder:
    """Builds the fields of one schema.

    `enums` are all of its enums by name, `models` the names that a relation can lead to (models
    and views), `composites` those of the composite types.
    """

    def __init__(
        self, target: Target, enums: dict[str, Enum], models: set[str], composites: set[str]
    ) -> None:
        self._target = target
        self._models = models
        self._composites = composites
        self._stored = {
            name: {value.name: value.stored for value in enum.values}
            for name, enum in enums.items()
        }
        self._enum_casts = {
            name: ".".join([quoted_name(part, target.dialect) for part in _path(enum)])
            for name, enum in enums.items()
        }
        self._plain = {name: physical_type(name, None, target) for name in SCALARS}
        self._plain.update({name: self._enum_type(enum) for name, enum in enums.items()})
        self._natives: dict[tuple[str, str], PhysicalType] = {}
        self._prefix = target.native_prefix + "."
        self._mongodb = target.dialect is Dialect.MONGODB
        self._lists_nullable = target.postgres_like
        self._keys_take_null = target.dialect is Dialect.SQLITE

    def fill(self, draft: ModelDraft, key_members: frozenset[str]) -> None:
        """Give `draft` its fields, its relation ends and what was not understood."""
        models = self._models
        fields = draft.fields
        names = set()
        for line in draft.block.fields:
            if line.name in names:
                continue  # the validator reports it; the first one counts
            names.add(line.name)
            if line.type_name in models and line.unsupported is None:
                draft.ends.append(RelationEnd(draft, line))
            else:
                fields[line.name] = self._field(draft, line, line.name in key_members)

    def _field(self, draft: ModelDraft, line: FieldLine, in_key: bool) -> Field:
        type_name = line.type_name
        arity = line.arity
        column = line.name
        default_attribute: Attribute | None = None
        native_attribute: Attribute | None = None
        keys: list[Attribute] | None = None
        updated_at: Layer | None = None
        ignored = False
        for attribute in line.attributes:
            word = attribute.name
            if word == "default":
                default_attribute = attribute
            elif word == "map":
                value = argument_value(attribute, "name")
                if value is not None and value.kind == "string" and value.text:
                    column = value.text
            elif word in ("id", "unique"):
                in_key = in_key or word == "id"
                keys = [attribute] if keys is None else [*keys, attribute]
            elif word.startswith(self._prefix):
                native_attribute = attribute
            elif word == "updatedAt":
                updated_at = Layer.CLIENT
            elif word == "ignore":
                ignored = True
            elif "." not in word and word != "relation":
                draft.opaque.append(
                    Opaque(
                        "attribute",
                        attribute.span.text,
                        f"`@{word}` is not known",
                        attribute.span,
                        (draft.table,),
                    )
                )
        physical = self._physical(type_name, native_attribute)
        optional = arity == "optional"
        is_list = arity == "list"
        unsupported = line.unsupported
        if unsupported is not None and self._target.postgres_like:
            unsupported = folded(unsupported)
        native = base = unsupported or "" if physical is None else physical.native
        default = None
        if default_attribute is not None and physical is not None:
            cast = self._enum_casts.get(type_name, base)
            default = build_default(
                default_attribute, type_name, cast, self._target, self._stored.get(type_name)
            )
            if default is not None and default.kind == "sequence":
                native = sequence_type(native, self._target)
        elif default_attribute is not None and line.unsupported is not None:
            default = build_default(default_attribute, type_name, base, self._target, None)
        if default is not None and default.kind == "expression" and not default.expression:
            draft.opaque.append(
                Opaque(
                    "default",
                    default.span.text,
                    "the database has a default that the schema does not tell",
                    default.span,
                    (draft.table,),
                )
            )
        if is_list and native and (self._lists_nullable or self._mongodb):
            native += "[]"
        if self._mongodb:
            nullable = not in_key
        else:
            required_by_key = in_key and not self._keys_take_null
            nullable = (optional or (is_list and self._lists_nullable)) and not required_by_key
        if physical is not None:
            scalar = physical.type
        elif type_name in self._composites:
            scalar = ScalarType.COMPOSITE
        else:
            scalar = ScalarType.UNSUPPORTED
        field = Field(
            line.name,
            column,
            scalar,
            line.span,
            line.name_span,
            line.type_span,
            native,
            type_name if scalar is ScalarType.ENUM else None,
            type_name if scalar is ScalarType.COMPOSITE else None,
            nullable,
            optional,
            is_list,
            default,
            None,
            updated_at,
            physical is not None and physical.ignore_case,
            None if physical is None else physical.collation,
            ignored,
            unsupported,
            line.doc,
            line.attributes,
        )
        if keys is not None:
            draft.keys.extend([(attribute, field) for attribute in keys])
        return field

    def _physical(self, type_name: str, attribute: Attribute | None) -> PhysicalType | None:
        plain = self._plain.get(type_name)
        if attribute is None or plain is None or type_name not in SCALARS:
            return plain
        key = (type_name, attribute.span.text)
        known = self._natives.get(key)
        if known is None:
            known = self._natives[key] = physical_type(type_name, attribute, self._target)
        return known

    def _enum_type(self, enum: Enum) -> PhysicalType:
        target = self._target
        if target.dialect is None:
            native = ""
        elif target.postgres_like:
            native = f"{enum.schema}.{enum.type}" if enum.schema else enum.type
        elif target.mysql_like:
            values = ", ".join(quoted(value.stored, target) for value in enum.values)
            native = f"ENUM({values})"
        else:
            native = physical_type("String", None, target).native
        return PhysicalType(ScalarType.ENUM, native)
