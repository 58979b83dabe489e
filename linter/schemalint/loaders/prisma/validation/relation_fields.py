"""Single relation fields: are they told apart, and does the database know their actions."""

from __future__ import annotations

from schemalint.finding import Related
from schemalint.loaders.prisma.validation.constraint_names import ConstraintNames
from schemalint.loaders.prisma.validation.many_to_many import argument_span
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import (
    Configuration,
    ModelFacts,
    RelationField,
    SchemaFacts,
)


class AmbiguousRelations:
    """Finds relation fields that cannot be told apart.

    Several fields between the same two models need names. A relation without a name has the one
    that Prisma makes of the two models' names, which a written name can meet as well.
    """

    def __init__(self, schema: SchemaFacts) -> None:
        self.groups: dict[tuple[str, str, str], list[RelationField]] = {}
        groups = self.groups
        self.some = False
        for model in schema.models:
            relations = model.relations
            if len(relations) < 2:
                continue
            for field in relations:
                key = (model.name, field.target.name, self._name(model, field))
                group = groups.get(key)
                if group is None:
                    groups[key] = [field]
                else:
                    group.append(field)
                    self.some = True

    @staticmethod
    def _name(model: ModelFacts, field: RelationField) -> str:
        if field.name is not None:
            return field.name
        first, second = sorted((model.name, field.target.name))
        return f"{first}To{second}"

    def check(self, field: RelationField, report: Report) -> bool:
        """Report a field that cannot be told from another one; whether it is one."""
        if not self.some:
            return False
        model, target = field.model, field.target
        group = self.groups.get((model.name, target.name, self._name(model, field)), [])
        if len(group) < 2:
            return False
        own = model is target
        if own and len(group) == 2 and field.name is not None:
            return False
        names = quoted(one.line.name for one in group)
        if field.name is not None:
            message = (
                f'The fields {names} of `{model.name}` all belong to the relation "{field.name}", '
                f"but it has room for {'two' if own else 'one'} of them."
            )
            help_text = 'Give each relation its own name: `@relation("name")`.'
        elif own and len(group) == 2:
            message = (
                f"The fields {names} of `{model.name}` both refer to `{model.name}` itself; are "
                "they two sides of one relation, or two relations?"
            )
            help_text = 'Say it with names: the same `@relation("name")` on both sides of one.'
        else:
            message = (
                f"The fields {names} of `{model.name}` all refer to `{target.name}`, and nothing "
                "tells which field of the other side belongs to which."
            )
            help_text = 'Give each relation a name, on both its sides: `@relation("name")`.'
        others = [one for one in group if one is not field]
        report.error(
            field.line.span,
            message,
            help=help_text,
            related=[Related("this one as well", one.line.name_span) for one in others],
        )
        return True


def check_relation_field(
    field: RelationField, configuration: Configuration, names: ConstraintNames, report: Report
) -> None:
    """Check one relation field against its target and the database."""
    line, connector = field.line, configuration.connector
    if field.target.ignored and not field.ignored and not field.model.ignored:
        report.error(
            line.span,
            f"`{field.path}` refers to `{field.target.name}`, which the client ignores "
            "(`@@ignore`).",
            help="Add `@ignore` to the field.",
        )
    emulated = configuration.relation_mode == "prisma"
    if field.on_delete is not None or field.on_update is not None:
        allowed = connector.emulated_actions if emulated else connector.actions
        for argument, action in (("onDelete", field.on_delete), ("onUpdate", field.on_update)):
            if action is None or action in allowed:
                continue
            place = argument_span(field.attribute, argument) or line.span
            mode = ' with relationMode = "prisma"' if emulated else ""
            report.error(
                place,
                f"{connector.title} has no action `{action}`{mode}; "
                f"there are {quoted(sorted(allowed))}.",
                help="`Restrict` comes nearest."
                if action == "NoAction" and "Restrict" in allowed
                else None,
            )
    if field.map is not None:
        span = line.span if field.attribute is None else field.attribute.span
        if not connector.can("named-foreign-keys"):
            report.error(
                span,
                f"{connector.title} gives foreign keys no names, so `map` means nothing here.",
                help="Remove `map`.",
            )
        else:
            names.too_long(report, span, field.map, "@relation")
