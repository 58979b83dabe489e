"""Relation fields: `@relation` and its arguments, and the attributes that they cannot have."""

from __future__ import annotations

from schemalint.attributes import Attribute, Value
from schemalint.loaders.prisma.syntax import FieldLine
from schemalint.loaders.prisma.validation.arguments import Arguments, as_constant, as_string
from schemalint.loaders.prisma.validation.field_attributes import (
    no_arguments,
    repeated,
    unknown_attribute,
)
from schemalint.loaders.prisma.validation.index_arguments import (
    Unresolved,
    plain_fields,
    unknown_fields_help,
)
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import ModelFacts, RelationField
from schemalint.loaders.prisma.validation.visit import Visit
from schemalint.source import Span

ACTIONS = ("Cascade", "Restrict", "NoAction", "SetNull", "SetDefault")
_KNOWN = frozenset({"relation", "id", "ignore", "default", "map", "unique"})


def relation_field(visit: Visit, line: FieldLine) -> None:
    """Check the attributes of a field whose type is a model, and keep it in the model's facts."""
    schema, report, model = visit.schema, visit.report, visit.model
    relation = RelationField(line, model, schema.model_by_name[line.type_name])
    model.relations.append(relation)
    attributes = line.attributes
    if len(attributes) == 1 and attributes[0].name == "relation":
        _relation(visit, relation, attributes[0])
        return
    if len(attributes) > 1 and repeated(report, attributes):
        names = [attribute.name for attribute in attributes]
        attributes = tuple(
            [one for one in attributes if names.count(one.name) == 1 or one.name not in _KNOWN]
        )
    refused = []
    for attribute in attributes:
        name = attribute.name
        if name == "relation":
            _relation(visit, relation, attribute)
        elif name == "ignore":
            relation.ignored = True
            no_arguments(report, attribute, "@ignore")
        elif name in _KNOWN:
            refused.append(attribute)
        else:
            unknown_attribute(report, attribute, _KNOWN, "@")
    for attribute in refused:
        _refused(report, relation, attribute)


def _refused(report: Report, relation: RelationField, attribute: Attribute) -> None:
    name = relation.line.name
    columns = [line.name for line in relation.fields or ()]
    place = "the field that holds the key"
    if len(columns) == 1:
        place = f"`{columns[0]}`"
    if attribute.name == "default":
        message = f"`{name}` is a relation; it has no value of its own to give a default."
        help_text = f"Put `@default` on {place}."
    elif attribute.name == "map":
        message = f"`{name}` is a relation and no column, so `@map` has nothing to rename."
        help_text = f"Put `@map` on {place}; `@relation(map: ...)` names the foreign key."
    else:
        message = f"`{name}` is a relation; only a field that holds a value can be "
        message += "the id." if attribute.name == "id" else "unique."
        if len(columns) > 1:
            help_text = f"Write `@@{attribute.name}([{', '.join(columns)}])`."
        else:
            help_text = f"Put `@{attribute.name}` on {place}."
    report.error(attribute.span, message, help=help_text)


def _relation(visit: Visit, relation: RelationField, attribute: Attribute) -> None:
    report = visit.report
    relation.attribute = attribute
    if not attribute.arguments:
        return
    taken = Arguments(report, attribute, "@relation")
    fields = taken.optional("fields")
    if fields is not None:
        relation.fields = _named(visit, relation.model, attribute, "fields", fields)
    references = taken.optional("references")
    if references is not None:
        relation.references = _named(visit, relation.target, attribute, "references", references)
    name = taken.main("name", required=False)
    if name is not None:
        text = as_string(report, name)
        if text == "":
            report.error(attribute.span, "The name of a relation cannot be empty.")
        else:
            relation.name = text
    left = taken.left
    if left:
        on_delete = taken.optional("onDelete")
        if on_delete is not None:
            relation.on_delete = _action(report, on_delete)
        on_update = taken.optional("onUpdate")
        if on_update is not None:
            relation.on_update = _action(report, on_update)
        relation.map = taken.string("map")
        taken.done("name", "fields", "references", "onDelete", "onUpdate", "map")


def _action(report: Report, value: Value) -> str | None:
    action = as_constant(report, value)
    if action is None or action in ACTIONS:
        return action
    report.error(
        value.span,
        f"`{action}` is no referential action; there are {quoted(ACTIONS)}.",
        help=report.did_you_mean(action, ACTIONS),
    )
    return None


def _named(
    visit: Visit, model: ModelFacts, attribute: Attribute, argument: str, value: Value
) -> list[FieldLine]:
    """The fields that `fields` or `references` names; [] where some are none, which is reported.

    Officially, a wrong name in `references` puts the blame on the whole attribute; its list stands
    on the same line and shows better what is meant.
    """
    try:
        return plain_fields(visit, model, value, attribute)
    except Unresolved as unresolved:
        _report_unresolved(visit.report, model, argument, value.span, unresolved)
        return []


def _report_unresolved(
    report: Report, model: ModelFacts, argument: str, span: Span, unresolved: Unresolved
) -> None:
    if unresolved.unknown:
        plural = "fields" if len(unresolved.unknown) > 1 else "field"
        report.error(
            span,
            f"`{argument}` names {quoted(unresolved.unknown)}, but the {model.kind} "
            f"`{model.name}` has no such {plural}.",
            help=unknown_fields_help(report, model, unresolved.unknown),
        )
    if unresolved.relations:
        names = quoted(line.name for line in unresolved.relations)
        report.error(
            span,
            f"`{argument}` names the relation {names} of `{model.name}`; a key is made of "
            "fields that hold values.",
        )
