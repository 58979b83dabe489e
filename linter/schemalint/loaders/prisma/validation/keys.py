"""Primary keys, `autoincrement()` and the one key that every model needs."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.constraint_names import ConstraintNames
from schemalint.loaders.prisma.validation.indexes import check_clustered, joined_name_is_a_field
from schemalint.loaders.prisma.validation.many_to_many import argument_span
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import Configuration, Index, ModelFacts


def check_has_key(model: ModelFacts, report: Report) -> None:
    """Report a model without a key whose fields are all required."""
    if model.ignored:
        return
    keys = model.unique_keys()
    for key in keys:
        for part in key.parts:
            if part.line.arity == "optional" or part.line.unsupported is not None:
                break
        else:
            return
    help_text = f"Add an `@id` field or an `@@id([...])` to `{model.name}`."
    if keys:
        names = [f"[{', '.join(part.path for part in key.parts)}]" for key in keys]
        help_text += f" Not enough, as a field of it can be empty: {quoted(names)}."
    report.error(
        model.block.span,
        f"The model `{model.name}` has no key whose fields all have a value, so its rows could not "
        "be told apart.",
        help=help_text,
    )


def check_key(
    model: ModelFacts,
    key: Index,
    configuration: Configuration,
    names: ConstraintNames,
    report: Report,
) -> None:
    """Check a model's primary key against what the database can do."""
    connector = configuration.connector
    attribute = key.attribute
    if connector.can("named-primary-keys"):
        names.too_long(report, attribute.span, key.map, key.label)
        if names.repeated:
            name = names.primary_key(model, key)
            span = argument_span(attribute, "map") or attribute.span
            names.check("primary key", model, name, span, label=key.label, report=report)
    elif key.map is not None:
        report.error(
            model.block.span,
            f"`{key.label}` names its constraint `{key.map}`, but {connector.title} gives primary "
            "keys no names.",
            help="Remove `map`.",
        )
    if not key.parts:
        report.error(attribute.span, f"`{key.label}` names no field; a key needs at least one.")
    if len(key.parts) > 1:
        if joined_name_is_a_field(model, key):
            report.error(
                attribute.span,
                f"The client calls this key `{'_'.join(part.path for part in key.parts)}`, and a "
                "field has that name.",
                help='Give the key another name: `@@id([...], name: "...")`.',
            )
        if not connector.can("compound-ids"):
            report.error(
                attribute.span, f"{connector.title} has no primary keys of several fields."
            )
    if key.plain and not connector.can("clustering"):
        return
    lengths = any(part.length is not None for part in key.parts)
    if lengths and not connector.can("index-length"):
        report.error(
            attribute.span, f"`length` in a primary key is not possible with {connector.title}."
        )
    if not connector.can("primary-key-sort") and any(part.sort is not None for part in key.parts):
        report.error(
            attribute.span, f"`sort` in a primary key is not possible with {connector.title}."
        )
    check_clustered(model, key, configuration, report)


def check_autoincrement(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """Check that the database takes `autoincrement()` where the model has it."""
    connector = configuration.connector
    if connector.can("autoincrement-not-indexed"):
        return
    fields = [
        (model.fields[name], default)
        for name, default in model.defaults.items()
        if default.value.kind == "call" and default.value.text == "autoincrement"
    ]
    if not fields:
        return
    if not connector.can("autoincrement"):
        for _, default in fields:
            report.error(default.attribute.span, f"{connector.title} has no `autoincrement()`.")
        return
    if len(fields) > 1:
        report.error(
            model.block.span,
            f"`{model.name}` has {len(fields)} fields with `autoincrement()`; "
            f"{connector.title} counts in one of a table only.",
        )
    key = model.primary_key
    for line, _ in fields:
        single = key is not None and len(key.parts) == 1 and key.parts[0].line is line
        if not connector.can("autoincrement-non-id") and not single:
            report.error(
                line.span,
                f"`{line.name}` has `autoincrement()`, which {connector.title} allows on the id "
                "only.",
            )
        first = [key.parts[0].line] if key is not None and key.parts else []
        first += [index.parts[0].line for index in model.indexes if index.parts]
        if not any(line is other for other in first):
            report.error(
                line.span,
                f"`{line.name}` has `autoincrement()`, which {connector.title} allows only on the "
                "first field of a key or index.",
            )


def check_mongodb_key(model: ModelFacts, report: Report) -> None:
    """Check the id of a MongoDB model, which is always stored as `_id`."""
    key = model.primary_key
    if key is None:
        report.error(
            model.block.span,
            f"`{model.name}` has no id; a MongoDB model needs one field with `@id`.",
        )
        return
    if len(key.parts) != 1:
        return
    line = key.parts[0].line
    column = model.columns.get(line.name)
    if column != "_id" and line.name != "_id":
        report.error(
            line.span,
            f"MongoDB stores the id as `_id`, but `{line.name}` is stored as "
            f"`{column or line.name}`.",
            help=f'Write `{line.name} {line.type_name} @id @map("_id")`.',
        )
