"""Attributes of scalar fields, each judged by itself; what they say is kept with the model."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.attributes import Attribute
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import (
    Arguments,
    as_boolean,
    as_constant,
    as_integer,
    as_string,
)
from schemalint.loaders.prisma.validation.defaults import field_default
from schemalint.loaders.prisma.validation.names import identifier
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import (
    Index,
    IndexPart,
    ModelFacts,
    NativeType,
)
from schemalint.loaders.prisma.validation.visit import Visit

Handler = Callable[[Visit, FieldLine, Attribute, str], None]


def scalar_field(visit: Visit, line: FieldLine, kind: str) -> None:
    """Check the attributes of a field that holds a value.

    `kind` is what its type is: scalar, enum, type or unsupported.
    """
    report, model = visit.report, visit.model
    attributes = line.attributes
    if len(attributes) > 1 and repeated(report, attributes):
        names = [attribute.name for attribute in attributes]
        attributes = tuple(
            [one for one in attributes if names.count(one.name) == 1 or one.name not in _ONCE]
        )
    for attribute in attributes:
        name = attribute.name
        handler = HANDLERS.get(name)
        if handler is not None:
            handler(visit, line, attribute, kind)
        elif "." in name and kind == "scalar":
            if line.name in model.natives:
                report.error(
                    attribute.span,
                    f"`{line.name}` has two native types; a column has one.",
                )
            native_type(model.natives, line, attribute)
        else:
            unknown_attribute(report, attribute, HANDLERS, "@")


def repeated(report: Report, attributes: tuple[Attribute, ...], *allowed: str) -> bool:
    """Report every attribute that stands more than once; whether there is one.

    `allowed` may be repeated, and so may unknown attributes (which are reported as such).
    """
    if len(attributes) == 2:
        if attributes[0].name != attributes[1].name:
            return False
        names = [attributes[0].name, attributes[1].name]
    else:
        names = [attribute.name for attribute in attributes]
        if len(set(names)) == len(names):
            return False
    found = False
    for attribute in attributes:
        name = attribute.name
        if name not in allowed and name in _ONCE and names.count(name) > 1:
            report.error(attribute.span, f"`{name}` stands more than once here; once is enough.")
            found = True
    return found


def unknown_attribute(
    report: Report, attribute: Attribute, known: dict[str, Handler] | frozenset[str], sign: str
) -> None:
    """Report an attribute that Prisma does not know at this place."""
    name = attribute.name
    identifier(name, attribute.name_span, "attribute", report)
    match = report.nearest(name, known)
    report.error(
        attribute.span,
        f"Prisma knows no attribute `{sign}{name}` here.",
        help=f"Did you mean `{sign}{match}`?" if match else None,
    )


def native_type(natives: dict[str, NativeType], line: FieldLine, attribute: Attribute) -> None:
    """Take `@db.VarChar(200)` apart and keep it."""
    prefix, _, name = attribute.name.partition(".")
    arguments = tuple([argument.value.span.text for argument in attribute.arguments])
    natives[line.name] = NativeType(prefix, name, arguments, attribute)


def mapped_name(report: Report, attribute: Attribute, sign: str) -> str | None:
    """The name that `@map` or `@@map` gives; None, with an error, if there is none."""
    arguments = attribute.arguments
    if len(arguments) == 1 and arguments[0].name is None:
        return as_string(report, arguments[0].value)
    taken = Arguments(report, attribute, f"{sign}map")
    value = taken.main("name")
    name = None if value is None else as_string(report, value)
    taken.done("name")
    return name


def no_arguments(report: Report, attribute: Attribute, label: str) -> None:
    """Report arguments of an attribute that takes none."""
    if attribute.arguments:
        Arguments(report, attribute, label).done()


def _map(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    schema, report, model = visit.schema, visit.report, visit.model
    name = mapped_name(report, attribute, "@")
    if name is None:
        return
    columns = model.columns
    clash = None
    if name in columns.values():
        clash = next(model.fields[other] for other, column in columns.items() if column == name)
    columns[line.name] = name
    if clash is not None:
        _column_taken(report, model, line, clash, name)
    other_line = model.fields.get(name)
    if (
        other_line is not None
        and other_line is not line
        and schema.kinds.get(other_line.type_name) not in ("model", None)
        and columns.get(name, name) == name
    ):
        _column_taken(report, model, line, other_line, name)


def _column_taken(
    report: Report, model: ModelFacts, line: FieldLine, other: FieldLine, name: str
) -> None:
    from schemalint.finding import Related

    report.error(
        line.span,
        f"`{line.name}` is stored as `{name}`, and so is the field `{other.name}` of the "
        f"{model.kind} `{model.name}`.",
        related=(Related("stored under the same name", other.name_span),),
    )


def _ignore(visit: Visit, line: FieldLine, attribute: Attribute, kind: str) -> None:
    report, model = visit.report, visit.model
    if kind == "unsupported":
        report.error(
            attribute.span,
            f"`{line.name}` is of an unsupported type, which the client ignores anyway.",
            help="Remove `@ignore`.",
        )
    else:
        model.ignored_fields.append(line)
    no_arguments(report, attribute, "@ignore")


def _relation(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    report = visit.report
    report.error(
        attribute.span,
        f"`@relation` stands on fields whose type is a model; `{line.name}` is a "
        f"`{line.type_name}`.",
    )


def _id(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    report, model = visit.report, visit.model
    if model.primary_key is not None:
        report.error(
            model.block.span,
            f"The {model.kind} `{model.name}` has two fields with `@id`; one key is the most.",
            help="A key of several fields is written `@@id([...])`.",
        )
        if attribute.arguments:
            Arguments(report, attribute, "@id").done()
        return
    part = IndexPart(line.name, line)
    index = Index("id", attribute, True, [part], not attribute.arguments)
    if attribute.arguments:
        taken = Arguments(report, attribute, "@id")
        index.map = taken.string("map")
        _column_arguments(report, taken, index)
        taken.done("map", "length", "sort", "clustered")
    model.primary_key = index


def _column_arguments(report: Report, taken: Arguments, index: Index) -> None:
    part = index.parts[0]
    length = taken.optional("length")
    if length is not None:
        part.length = as_integer(report, length)
    sort = taken.optional("sort")
    if sort is not None:
        order = as_constant(report, sort)
        if order in ("Asc", "Desc"):
            part.sort = order
        elif order is not None:
            report.error(index.attribute.span, f"`sort` is `Asc` or `Desc`, not `{order}`.")
    clustered = taken.optional("clustered")
    if clustered is not None:
        index.clustered = as_boolean(report, clustered)


def _updated_at(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    report = visit.report
    if line.type_name != "DateTime":
        report.error(
            attribute.span,
            f"`@updatedAt` stands on a DateTime; `{line.name}` is a `{line.type_name}`.",
        )
    if line.arity == "list":
        report.error(attribute.span, f"`@updatedAt` cannot stand on a list such as `{line.name}`.")
    no_arguments(report, attribute, "@updatedAt")


def _unique(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    report, model = visit.report, visit.model
    part = IndexPart(line.name, line)
    index = Index("unique", attribute, True, [part], not attribute.arguments)
    if attribute.arguments:
        taken = Arguments(report, attribute, "@unique")
        index.map = taken.string("map")
        _column_arguments(report, taken, index)
        index.where = taken.optional("where")
        if index.where is not None:
            from schemalint.loaders.prisma.validation.partial_indexes import check_where

            check_where(visit, index)
        taken.done("map", "length", "sort", "clustered", "where")
    model.indexes.append(index)


def _shard_key(visit: Visit, line: FieldLine, attribute: Attribute, _kind: str) -> None:
    report, model = visit.report, visit.model
    if model.shard_key is not None:
        report.error(
            model.block.span,
            f"The {model.kind} `{model.name}` has two shard keys; one is the most.",
        )
    else:
        part = IndexPart(line.name, line)
        model.shard_key = Index("id", attribute, True, [part])
    no_arguments(report, attribute, "@shardKey")


HANDLERS: dict[str, Handler] = {
    "id": _id,
    "unique": _unique,
    "default": field_default,
    "map": _map,
    "updatedAt": _updated_at,
    "ignore": _ignore,
    "relation": _relation,
    "shardKey": _shard_key,
}
"""The attributes of fields that hold a value."""
_ONCE = frozenset({*HANDLERS, "schema", "fulltext", "index"})
