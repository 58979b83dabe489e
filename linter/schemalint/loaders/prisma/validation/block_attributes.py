"""Attributes of blocks: `@@id`, `@@index`, `@@map`, `@@schema` ... of models, views and enums."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma.validation.arguments import (
    Arguments,
    as_boolean,
    as_constant,
    as_string,
)
from schemalint.loaders.prisma.validation.field_attributes import (
    mapped_name,
    no_arguments,
    repeated,
    unknown_attribute,
)
from schemalint.loaders.prisma.validation.index_arguments import (
    Unresolved,
    index_parts,
    plain_fields,
    unknown_fields_help,
)
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import (
    EnumFacts,
    Index,
    IndexPart,
    ModelFacts,
)
from schemalint.loaders.prisma.validation.visit import Visit
from schemalint.source import Span

INDEX_TYPES = ("BTree", "Hash", "Gist", "Gin", "SpGist", "Brin")

Handler = Callable[[Visit, Attribute], None]


def model_attributes(visit: Visit) -> None:
    """Check the attributes of a model or view; its fields must have been visited."""
    report, model = visit.report, visit.model
    attributes = model.block.attributes
    if len(attributes) > 1 and repeated(report, attributes, "index", "unique", "fulltext"):
        names = [attribute.name for attribute in attributes]
        attributes = tuple(
            [
                one
                for one in attributes
                if names.count(one.name) == 1 or one.name in ("index", "unique", "fulltext")
            ]
        )
    for attribute in attributes:
        if attribute.name == "ignore":
            model.ignored = True
            no_arguments(report, attribute, "@@ignore")
            for line in model.ignored_fields:
                report.error(
                    line.span,
                    f"`{line.name}` has `@ignore`, but all of `{model.name}` is ignored.",
                    help="Remove `@ignore` from the field.",
                )
    for attribute in attributes:
        handler = _MODEL_HANDLERS.get(attribute.name)
        if handler is not None:
            handler(visit, attribute)
        elif attribute.name != "ignore":
            unknown_attribute(report, attribute, _MODEL_NAMES, "@@")
    key = model.primary_key
    if key is not None and key.on_field and key.parts[0].line.arity != "required":
        _required_key(report, model, key)
    key = model.shard_key
    if key is not None and key.on_field and key.parts[0].line.arity != "required":
        _required_key(report, model, key)


def _required_key(report: Report, model: ModelFacts, key: Index) -> None:
    if not model.ignored:
        report.error(
            key.attribute.span,
            f"A key cannot lack its value, so `{key.parts[0].line.name}` must be of the plain "
            f"type `{key.parts[0].line.type_name}`, without `?` or `[]`.",
        )


def enum_attributes(report: Report, enum: EnumFacts) -> None:
    """Check the attributes of an enum and of its values."""
    if not enum.block.values:
        report.error(
            enum.block.span, f"The enum `{enum.name}` has no value; an enum needs at least one."
        )
    for value in enum.block.values:
        if value.attributes:
            once = len(value.attributes) == 1 or not repeated(report, value.attributes)
            for attribute in value.attributes:
                if attribute.name != "map":
                    unknown_attribute(report, attribute, frozenset({"map"}), "@")
                elif once:
                    mapped_name(report, attribute, "@")
    attributes = enum.block.attributes
    once = len(attributes) < 2 or not repeated(report, attributes)
    for attribute in attributes:
        if attribute.name == "map":
            if once:
                enum.map = mapped_name(report, attribute, "@@")
        elif attribute.name == "schema":
            if once:
                enum.schema, enum.schema_span = _schema_name(report, attribute)
        else:
            unknown_attribute(report, attribute, frozenset({"map", "schema"}), "@@")


def _schema_name(report: Report, attribute: Attribute) -> tuple[str | None, Span | None]:
    taken = Arguments(report, attribute, "@@schema")
    value = taken.main("map")
    name = None if value is None else as_string(report, value)
    taken.done("map")
    return (None, None) if name is None or value is None else (name, value.span)


def _map(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    model.map = mapped_name(report, attribute, "@@")
    model.map_attribute = attribute


def _schema(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    model.schema, model.schema_span = _schema_name(report, attribute)


def _id(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    taken = Arguments(report, attribute, "@@id")
    fields = taken.main("fields")
    if fields is None:
        taken.done("fields", "name", "map", "clustered")
        return
    try:
        parts = index_parts(visit, fields, attribute, composites=False)
    except Unresolved as unresolved:
        _report_unresolved(visit, attribute, "@@id", unresolved)
        return
    optional = [part.path for part in parts if part.line.arity != "required"]
    if optional and not model.ignored:
        report.error(
            attribute.span,
            f"A key cannot lack a value, but {quoted(optional)} may have none or many.",
            help="Remove the `?` or `[]` from the field's type, or leave the field out of the key.",
        )
    if model.primary_key is not None:
        report.error(
            model.block.span,
            f"The {model.kind} `{model.name}` has a field with `@id` and an `@@id` as well; "
            "one key is the most.",
        )
    index = Index("id", attribute, False, parts)
    if taken.left:
        index.map = taken.string("map")
        index.name = _client_name(report, taken)
        index.clustered = _clustered(report, taken)
        taken.done("fields", "name", "map", "clustered")
    model.primary_key = index


def _shard_key(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    taken = Arguments(report, attribute, "@@shardKey")
    fields = taken.main("fields")
    taken.done("fields")
    if fields is None:
        return
    try:
        lines = plain_fields(visit, model, fields, attribute)
    except Unresolved as unresolved:
        _report_unresolved(visit, attribute, "@@shardKey", unresolved)
        return
    optional = [line.name for line in lines if line.arity != "required"]
    if optional and not model.ignored:
        report.error(
            attribute.span,
            f"A shard key cannot lack a value, but {quoted(optional)} may have none or many.",
        )
    if model.shard_key is not None:
        report.error(
            model.block.span,
            f"The {model.kind} `{model.name}` has two shard keys; one is the most.",
        )
    model.shard_key = Index("id", attribute, False, [IndexPart(one.name, one) for one in lines])


def _indexed(visit: Visit, index: Index) -> Arguments | None:
    """Find the members of an index; the arguments that are left, None where none can be."""
    arguments = index.attribute.arguments
    if len(arguments) == 1 and arguments[0].name is None:
        fields: Value | None = arguments[0].value
        taken = None
    else:
        taken = Arguments(visit.report, index.attribute, index.label)
        fields = taken.main("fields")
    if fields is not None:
        _members(visit, index, fields)
        index.plain = taken is None or not taken.left
        if index.plain:
            for item in fields.items if fields.kind == "array" else (fields,):
                if item.arguments:
                    index.plain = False
    return taken


def _members(visit: Visit, index: Index, fields: Value) -> None:
    try:
        index.parts = index_parts(visit, fields, index.attribute)
    except Unresolved as unresolved:
        _report_unresolved(visit, index.attribute, index.label, unresolved)


def _index(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    index = Index("index", attribute, False, [])
    taken = _indexed(visit, index)
    if taken is not None:
        name = taken.string("name")
        index.map = taken.string("map")
        if name is not None and index.map is not None:
            report.error(
                attribute.span,
                "`name` and `map` of `@@index` mean the same, the index's name in the database; "
                "both are too many.",
                help="Keep `map`.",
            )
        elif name is not None:
            index.map = name
        index_type = taken.optional("type")
        if index_type is not None:
            word = as_constant(report, index_type)
            if word in INDEX_TYPES:
                index.type = word
            elif word is not None:
                report.error(
                    attribute.span,
                    f"`{word}` is no index type; there are {quoted(INDEX_TYPES)}.",
                    help=report.did_you_mean(word, INDEX_TYPES),
                )
        index.clustered = _clustered(report, taken)
        _where(visit, index, taken)
        taken.done("fields", "name", "map", "type", "clustered", "where")
    model.indexes.append(index)


def _unique(visit: Visit, attribute: Attribute) -> None:
    report, model = visit.report, visit.model
    index = Index("unique", attribute, False, [])
    taken = _indexed(visit, index)
    if taken is not None:
        index.name = _client_name(report, taken)
        index.map = taken.string("map")
        index.clustered = _clustered(report, taken)
        _where(visit, index, taken)
        taken.done("fields", "name", "map", "clustered", "where")
    model.indexes.append(index)


def _fulltext(visit: Visit, attribute: Attribute) -> None:
    model = visit.model
    index = Index("fulltext", attribute, False, [])
    taken = _indexed(visit, index)
    if taken is not None:
        index.map = taken.string("map")
        taken.done("fields", "map")
    model.indexes.append(index)


def _where(visit: Visit, index: Index, taken: Arguments) -> None:
    index.where = taken.optional("where")
    if index.where is not None:
        from schemalint.loaders.prisma.validation.partial_indexes import check_where

        check_where(visit, index)


def _clustered(report: Report, taken: Arguments) -> bool | None:
    value = taken.optional("clustered")
    return None if value is None else as_boolean(report, value)


def _client_name(report: Report, taken: Arguments) -> str | None:
    name = taken.string("name")
    if name is not None and not (name.isascii() and name.replace("_", "a").isalnum()):
        report.error(
            taken.attribute.span,
            f"`name` of `{taken.label}` becomes part of the client's code, so it may hold only "
            "ASCII letters, digits and `_`.",
            help="A name for the database goes into `map`.",
        )
    return name


def _report_unresolved(
    visit: Visit, attribute: Attribute, label: str, unresolved: Unresolved
) -> None:
    report, model = visit.report, visit.model
    if unresolved.unknown:
        plural = "fields" if len(unresolved.unknown) > 1 else "field"
        report.error(
            attribute.span,
            f"`{label}` names {quoted(unresolved.unknown)}, but the {model.kind} `{model.name}` "
            f"has no such {plural}.",
            help=unknown_fields_help(report, model, unresolved.unknown),
        )
    if unresolved.relations:
        keys = [
            line.name
            for relation in model.relations
            if relation.line in unresolved.relations
            for line in relation.fields or ()
        ]
        report.error(
            attribute.span,
            f"`{label}` names {quoted(line.name for line in unresolved.relations)}, which "
            "holds no value that could be indexed.",
            help=f"Did you mean `{label}([{', '.join(keys)}])`?" if keys else None,
        )


_MODEL_HANDLERS: dict[str, Handler] = {
    "id": _id,
    "map": _map,
    "schema": _schema,
    "index": _index,
    "unique": _unique,
    "fulltext": _fulltext,
    "shardKey": _shard_key,
}
_MODEL_NAMES = frozenset({*_MODEL_HANDLERS, "ignore"})
