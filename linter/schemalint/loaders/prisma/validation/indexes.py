"""Indexes and unique constraints, against what the database can do."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.constraint_names import ConstraintNames
from schemalint.loaders.prisma.validation.many_to_many import argument_span
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import Configuration, Index, ModelFacts


def joined_name_is_a_field(model: ModelFacts, index: Index) -> bool:
    """Whether the client's name for a key of several fields is a scalar field's name as well."""
    joined = "_".join([part.path.replace(".", "_") for part in index.parts])
    line = model.fields.get(joined)
    return line is not None and not any(relation.line is line for relation in model.relations)


def check_clustered(
    model: ModelFacts, index: Index, configuration: Configuration, report: Report
) -> None:
    """Check `clustered`: SQL Server only, and one of a table at most."""
    span = index.attribute.span
    if not configuration.connector.can("clustering"):
        if index.clustered is not None:
            report.error(span, f"`clustered` has no meaning for {configuration.connector.title}.")
        return
    if index.clustered is False or (index.clustered is None and index.kind != "id"):
        return
    others = [one for one in model.indexes if one is not index and one.clustered is True]
    key = model.primary_key
    if index.kind != "id" and key is not None and key.clustered is not False:
        others.append(key)
    if others:
        report.error(
            span,
            f"`{model.name}` has more than one clustered index; a table's rows can lie in one "
            "order only. (A primary key is clustered unless it says `clustered: false`.)",
        )


def check_index(
    model: ModelFacts,
    index: Index,
    configuration: Configuration,
    names: ConstraintNames,
    report: Report,
) -> None:
    """Check one index of a model."""
    connector = configuration.connector
    attribute, parts = index.attribute, index.parts
    span = attribute.span
    if not parts:
        report.error(span, f"`{index.label}` names no field; it needs at least one.")
    if names.repeated:
        name = names.index(model, index)
        place = argument_span(attribute, "map") or argument_span(attribute, "name") or span
        names.check("index", model, name, place, label=index.label, report=report)
    if index.map is not None:
        names.too_long(report, span, index.map, index.label)
    if index.kind == "unique" and len(parts) > 1 and joined_name_is_a_field(model, index):
        report.error(
            span,
            f"The client calls this key `{'_'.join(part.path for part in parts)}`, and a field has "
            "that name.",
            help='Give the key another name: `@@unique([...], name: "...")`.',
        )
    if index.plain and index.kind != "fulltext" and not connector.can("clustering"):
        return
    lengths = sorts = classes = False
    for part in parts:
        lengths = lengths or part.length is not None
        sorts = sorts or part.sort is not None
        classes = classes or part.operator_class is not None
    if lengths and not connector.can("index-length"):
        report.error(span, f"`length` in an index is not possible with {connector.title}.")
    if index.type is not None:
        if index.type not in connector.index_types:
            report.error(
                argument_span(attribute, "type") or span,
                f"Prisma makes no {index.type} indexes in {connector.title}.",
            )
        elif index.type == "Hash" and sorts:
            report.error(span, "A Hash index has no order, so `sort` means nothing in it.")
    if index.kind == "fulltext":
        _fulltext(index, configuration, report, lengths=lengths, sorts=sorts)
    if classes and index.kind != "index":
        report.error(span, "An operator class (`ops`) can only be chosen in `@@index`.")
    check_clustered(model, index, configuration, report)
    if lengths and connector.can("index-length"):
        check_lengths(index, report)
    if index.where is not None:
        if "partialindexes" not in configuration.preview_features:
            report.error(
                span,
                "`where` makes a partial index, which is a preview feature.",
                help='Add `previewFeatures = ["partialIndexes"]` to the generator.',
            )
        elif not connector.can("partial-indexes"):
            report.error(span, f"{connector.title} has no partial indexes.")


def check_lengths(index: Index, report: Report) -> None:
    """Check that `length` stands on text and bytes only."""
    for part in index.parts:
        line = part.line
        if part.length is None or line.unsupported is not None:
            continue
        if line.type_name not in ("String", "Bytes"):
            report.error(
                index.attribute.span,
                f"`length` limits a String or Bytes; `{part.path}` is a `{line.type_name}`.",
            )


def _fulltext(
    index: Index, configuration: Configuration, report: Report, *, lengths: bool, sorts: bool
) -> None:
    connector, span = configuration.connector, index.attribute.span
    if not connector.can("fulltext"):
        report.error(span, f"{connector.title} has no `@@fulltext` indexes in Prisma.")
        return
    if lengths:
        report.error(span, "A full-text index covers whole texts, so `length` means nothing.")
    if sorts and not connector.can("fulltext-sort"):
        report.error(span, "A full-text index has no order, so `sort` means nothing.")
    if connector.can("fulltext-sort"):
        # In MongoDB the members with `sort` stand before or after the texts, never between them.
        texts_ended = in_texts = False
        for part in index.parts:
            if part.sort is not None:
                texts_ended = in_texts
            elif texts_ended:
                report.error(
                    span,
                    "The text fields of a full-text index must stand side by side, with no "
                    "sorted field between them.",
                )
                return
            else:
                in_texts = True


def check_client_names(model: ModelFacts, report: Report) -> None:
    """Check the names given with `name`, which become part of the client's code."""
    named = [index for index in model.indexes if index.name is not None]
    if model.primary_key is not None and model.primary_key.name is not None:
        named.insert(0, model.primary_key)
    if not named:
        return
    names = [index.name for index in named]
    for index in named:
        name = index.name or ""
        if names.count(name) > 1 and not model.view:
            report.error(
                argument_span(index.attribute, "name") or index.attribute.span,
                f"Two keys of `{model.name}` have the name `{name}`.",
            )
        if name in model.fields:
            report.error(
                model.block.span,
                f"`{index.label}` of `{model.name}` has the name `{name}`, and so has a field.",
                help="Give the key another name with `name`.",
            )


def check_one_fulltext(model: ModelFacts, configuration: Configuration, report: Report) -> None:
    """Check that there is one full-text index where the database has no more."""
    connector = configuration.connector
    if not connector.can("fulltext") or connector.can("fulltext-many"):
        return
    found = [index for index in model.indexes if index.kind == "fulltext"]
    if len(found) > 1:
        for index in found:
            report.error(
                index.attribute.span,
                f"{connector.title} allows one full-text index for a model, and `{model.name}` "
                f"has {len(found)}.",
            )
