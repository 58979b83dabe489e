"""Which relation fields belong together, and what of which kind their relation is."""

from __future__ import annotations

from typing import Literal

import msgspec

from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    ModelFacts,
    RelationField,
    SchemaFacts,
)

Sort = Literal["one-to-one", "one-to-many", "implicit", "embedded"]


class Relation(msgspec.Struct):
    """A relation of one or two fields.

    For one-to-one and one-to-many, `forward` is the field of the side that has the foreign key
    (`referencing`) and `back` the other one, None where it is missing. For many-to-many they
    are the two sides, in the order of their models' names.
    """

    sort: Sort
    referencing: ModelFacts
    referenced: ModelFacts
    forward: RelationField | None
    back: RelationField | None

    @property
    def inline(self) -> bool:
        """Whether one side holds a foreign key."""
        return self.sort in ("one-to-one", "one-to-many")


def infer_relations(schema: SchemaFacts) -> list[Relation]:
    """The relations of a schema, each once."""
    groups: dict[tuple[str, str, str | None], list[RelationField]] = {}
    for model in schema.models:
        for field in model.relations:
            key = (model.name, field.target.name, field.name)
            group = groups.get(key)
            if group is None:
                groups[key] = [field]
            else:
                group.append(field)
    relations = []
    for model in schema.models:
        for field in model.relations:
            opposite = None
            for other in groups.get((field.target.name, model.name, field.name), ()):
                if other is not field:
                    opposite = other
                    break
            relation = _relation(field, opposite)
            if relation is not None:
                relations.append(relation)
    return relations


def _relation(field: RelationField, opposite: RelationField | None) -> Relation | None:
    """The relation that is met at `field`; None where it is made when its other field is met."""
    model, target = field.model, field.target
    arity = field.line.arity
    if opposite is None:
        if arity == "list":
            return Relation("one-to-many", target, model, None, field)
        return Relation(_one_sided_sort(field), model, target, field, None)
    other = opposite.line.arity
    if arity == "list":
        if other != "list":
            return None
        if model.name > target.name or (model is target and field.line.name > opposite.line.name):
            return None
        embedded = field.fields is not None or opposite.fields is not None
        return Relation("embedded" if embedded else "implicit", model, target, field, opposite)
    if other == "list":
        return Relation("one-to-many", model, target, field, opposite)
    if arity != other:
        if arity == "optional":
            return None
        return Relation("one-to-one", model, target, field, opposite)
    if arity == "optional":
        if field.fields is not None:
            return Relation("one-to-one", model, target, field, opposite)
        if opposite.fields is not None:
            return None
    if (model.name, field.line.name) > (target.name, opposite.line.name):
        return None
    return Relation("one-to-one", model, target, field, opposite)


def _one_sided_sort(field: RelationField) -> Sort:
    if field.fields is not None:
        for index in field.model.indexes:
            if index.kind == "unique" and [part.line for part in index.parts] == field.fields:
                return "one-to-one"
    return "one-to-many"


# -- what holds for every relation with a foreign key ------------------------------------------


def check_inline(relation: Relation, configuration: Configuration, report: Report) -> None:
    """Check the key of a relation: what it refers to, and that the columns match."""
    forward = relation.forward
    if forward is None:
        return
    fields, references = forward.fields, forward.references
    if references:
        _refers_to_a_key(relation, forward, references, configuration, report)
    if fields is not None and references is not None and len(fields) != len(references):
        attribute = forward.attribute
        report.error(
            forward.line.span if attribute is None else attribute.span,
            f"`fields` names {len(fields)} and `references` {len(references)} of them; each "
            "field of the key refers to one field.",
        )
    if fields is None:
        return
    if forward.line.arity == "required" and any(line.arity == "optional" for line in fields):
        optional = quoted(line.name for line in fields if line.arity == "optional")
        report.error(
            forward.line.span,
            f"`{forward.line.name}` is required, but {optional} in its key can be empty.",
            help=f"Write `{forward.line.name} {forward.line.type_name}?`, or drop the `?` of "
            f"{optional}.",
        )
    _same_types(relation, forward, report)
    if "SetNull" in (forward.on_delete, forward.on_update):
        _set_null(forward, configuration, report)


def _refers_to_a_key(
    relation: Relation,
    forward: RelationField,
    references: list[FieldLine],
    configuration: Configuration,
    report: Report,
) -> None:
    target = relation.referenced
    wanted = [line.name for line in references]
    key = target.primary_key
    if key is not None and len(wanted) == 1 == len(key.parts) and key.parts[0].path == wanted[0]:
        return
    keys = [[part.path for part in key.parts] for key in target.unique_keys()]
    if len(wanted) > 1:
        ordered = sorted(wanted)
        matching = [paths for paths in keys if sorted(paths) == ordered]
    else:
        matching = [paths for paths in keys if paths == wanted]
    if not matching:
        many = len(wanted) > 1
        better = f"`@@unique([{', '.join(wanted)}])`" if many else "`@unique`"
        report.error(
            forward.line.span,
            f"`{forward.line.name}` refers to {quoted(wanted)} of `{target.name}`, which is no "
            "key: several rows could be meant.",
            help=f"Give {f'`{target.name}`' if many else f'`{target.name}.{wanted[0]}`'} "
            f"{better}, or refer to its id.",
        )
    elif (
        len(wanted) > 1
        and not configuration.connector.can("any-reference-order")
        and wanted not in matching
    ):
        report.error(
            forward.line.span,
            f"`references` names {quoted(wanted)} in another order than the key of "
            f"`{target.name}` does.",
            help=f"Write them as the key has them: `[{', '.join(matching[0])}]`.",
        )


def _same_types(relation: Relation, forward: RelationField, report: Report) -> None:
    referenced = forward.references
    if referenced is None:
        referenced = _first_key(relation.referenced)
    for line, other in zip(forward.fields or (), referenced, strict=False):
        if line.type_name != other.type_name or line.unsupported != other.unsupported:
            report.error(
                forward.line.span,
                f"`{relation.referencing.name}.{line.name}` is a `{line.type_name}`, but refers to "
                f"`{relation.referenced.name}.{other.name}`, a `{other.type_name}`.",
            )


def _first_key(model: ModelFacts) -> list[FieldLine]:
    for key in model.unique_keys():
        lines = [part.line for part in key.parts]
        if all(line.arity != "optional" and line.unsupported is None for line in lines):
            return lines
    return []


def _set_null(forward: RelationField, configuration: Configuration, report: Report) -> None:
    required = [line.name for line in forward.fields or () if line.arity == "required"]
    if not required:
        return
    for argument, action in (("onDelete", forward.on_delete), ("onUpdate", forward.on_update)):
        if action != "SetNull":
            continue
        message = f"`{argument}: SetNull` would empty {quoted(required)}, which must have a value."
        help_text = "Choose another action, or make the field optional with `?`."
        if (
            configuration.connector.provider == "postgresql"
            and configuration.relation_mode == "foreignKeys"
        ):
            report.warning(forward.line.span, message + " The change fails then.", help_text)
        else:
            report.error(forward.line.span, message, help_text)


def check_one_to_many(relation: Relation, report: Report) -> None:
    """Check that both sides are there, and that the key stands on the right one."""
    forward, back = relation.forward, relation.back
    if forward is None or back is None:
        missing_back_relation(forward or back, report)
        return
    if not forward.fields:
        report.error(
            forward.line.span,
            f"`{forward.path}` does not say which of its fields hold the key.",
            help=f"Add `@relation(fields: [...], references: [...])` to `{forward.line.name}`.",
        )
    if not forward.references:
        report.error(
            forward.line.span,
            f"`{forward.path}` does not say which fields of `{relation.referenced.name}` its key "
            "refers to.",
            help=f"Add `references: [...]` to the `@relation` of `{forward.line.name}`.",
        )
    if back.fields or back.references:
        report.error(
            back.line.span,
            f"`{back.path}` is the side without the key, so `fields` and `references` belong to "
            f"`{forward.path}` only.",
        )
    if back.on_delete is not None or back.on_update is not None:
        report.error(
            back.line.span,
            f"`{back.path}` is the side without the key, so `onDelete` and `onUpdate` belong to "
            f"`{forward.path}`.",
        )


def missing_back_relation(field: RelationField | None, report: Report) -> None:
    """Report a relation field without its counterpart on the other model."""
    if field is None:
        return
    model, target = field.model.name, field.target.name
    named = f' @relation("{field.name}")' if field.name is not None else ""
    line = field.line
    if line.arity == "list":
        counterpart = (
            f"{_lower(model)} {model}{named or ' @relation(fields: [...], references: [...])'}"
        )
    else:
        counterpart = f"{_lower(model)}s {model}[]{named}"
    report.error(
        line.span,
        f"`{field.path}` has no counterpart: the {field.target.kind} `{target}` has no field "
        f"that leads back to `{model}`"
        + (f' under the name "{field.name}".' if field.name is not None else "."),
        help=f"Add a field such as `{counterpart}` to `{target}`.",
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
