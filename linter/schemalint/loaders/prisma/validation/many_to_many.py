"""Many-to-many relations: implicit ones, with a join table, and MongoDB's, with lists of ids."""

from __future__ import annotations

from schemalint.attributes import Attribute
from schemalint.loaders.prisma.validation.relations import Relation
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    NativeType,
    RelationField,
)
from schemalint.source import Span


def _sides(relation: Relation) -> list[RelationField]:
    return [field for field in (relation.forward, relation.back) if field is not None]


def argument_span(attribute: Attribute | None, name: str) -> Span | None:
    """The span of the named argument, or None."""
    argument = None if attribute is None else attribute.argument(name)
    return None if argument is None else argument.span


def _relation_span(field: RelationField) -> Span:
    return field.line.span if field.attribute is None else field.attribute.span


def check_implicit(relation: Relation, configuration: Configuration, report: Report) -> None:
    """Check a many-to-many relation whose join table Prisma makes."""
    sides = _sides(relation)
    connector = configuration.connector
    view = any(side.model.view for side in sides)
    if view or not connector.can("implicit-many-to-many"):
        for side in sides:
            report.error(
                side.line.span,
                f"`{side.path}` is many-to-many, which "
                + ("a view cannot be part of." if view else f"{connector.title} has no table for."),
                help=None
                if view
                else "Give both sides a list of ids: `@relation(fields: [...], references: [id])`.",
            )
    for side in sides:
        key = side.target.primary_key
        if key is None or len(key.parts) != 1:
            report.error(
                side.line.span,
                f"`{side.path}` is many-to-many, but `{side.target.name}` has no `@id` field that "
                "the join table could refer to.",
                help="Write the join table as a model of its own.",
            )
        elif side.references is not None and [key.parts[0].line] != side.references:
            report.error(
                side.line.span,
                f"The join table of `{side.path}` refers to the id of `{side.target.name}`, "
                f"`{key.parts[0].path}`; `references` cannot name other fields.",
            )
    _no_actions(sides, report)
    for side in sides:
        if side.references is not None:
            report.error(
                side.line.span,
                f"`{side.path}` is many-to-many with a join table of Prisma's; `references` means "
                "nothing there.",
                help="Remove `references`, or make one side of the relation no list.",
            )


def _no_actions(sides: list[RelationField], report: Report) -> None:
    for side in sides:
        for name, action in (("onDelete", side.on_delete), ("onUpdate", side.on_update)):
            if action is not None:
                report.error(
                    argument_span(side.attribute, name) or side.line.span,
                    f"`{name}` has no meaning on `{side.path}`, which is many-to-many.",
                )


def check_embedded(relation: Relation, configuration: Configuration, report: Report) -> None:
    """Check a many-to-many relation whose sides hold lists of ids (MongoDB)."""
    sides = _sides(relation)
    connector = configuration.connector
    if not connector.can("embedded-many-to-many"):
        for side in sides:
            report.error(
                side.line.span,
                f"`{side.path}` is many-to-many with lists of ids, which {connector.title} cannot "
                "keep in order.",
                help="Leave `fields` and `references` out: Prisma makes a join table then.",
            )
        return
    for argument in ("references", "fields"):
        for side in sides:
            named = side.references if argument == "references" else side.fields
            if named is None or len(named) != 1:
                report.error(
                    argument_span(side.attribute, argument) or _relation_span(side),
                    f"`{side.path}` is many-to-many, so `{argument}` must name exactly one field.",
                )
    for side in sides:
        if side.references:
            key = side.target.primary_key
            if key is None or [part.line for part in key.parts] != side.references[:1]:
                report.error(
                    argument_span(side.attribute, "references") or side.line.span,
                    f"`references` of `{side.path}` must name the id of `{side.target.name}`.",
                )
    for side in sides:
        _list_of_ids(side, report)
    _no_actions(sides, report)


def _list_of_ids(side: RelationField, report: Report) -> None:
    if not side.fields or not side.references:
        return
    ids, key = side.fields[0], side.references[0]
    if (
        ids.arity == "list"
        and key.arity != "list"
        and ids.type_name == key.type_name
        and ids.unsupported == key.unsupported
        and _native_name(side.model.natives.get(ids.name))
        == _native_name(side.target.natives.get(key.name))
    ):
        return
    report.error(
        _relation_span(side),
        f"`{side.model.name}.{ids.name}` must be a list of what `{side.target.name}.{key.name}` "
        "is, native type included.",
    )


def _native_name(native: NativeType | None) -> str | None:
    return None if native is None else native.name
