"""Views: a preview feature, and no place for keys and indexes."""

from __future__ import annotations

from schemalint.loaders.prisma.validation.indexes import joined_name_is_a_field
from schemalint.loaders.prisma.validation.report import Report
from schemalint.loaders.prisma.validation.resolved import Configuration, ModelFacts


def check_view(view: ModelFacts, configuration: Configuration, report: Report) -> None:
    """Check one view, but for its indexes."""
    if "views" not in configuration.preview_features:
        report.error(
            view.block.span,
            "A `view` is a preview feature.",
            help='Add `previewFeatures = ["views"]` to the generator.',
        )
    if view.primary_key is not None:
        report.error(
            view.primary_key.attribute.span,
            f"`{view.name}` is a view and has no primary key.",
            help="`@unique` tells the client that a field identifies a row.",
        )


def check_view_indexes(view: ModelFacts, report: Report) -> None:
    """Check what looks like indexes of a view; as those of models, after its fields."""
    for index in view.indexes:
        span = index.attribute.span
        if index.kind != "unique":
            report.error(span, f"`{view.name}` is a view; indexes belong to its tables.")
        if index.map is not None or index.clustered is not None:
            argument = "map" if index.map is not None else "clustered"
            report.error(
                span,
                f"`{index.label}` of a view makes no index in the database, so `{argument}` means "
                "nothing.",
            )
        if any(part.length is not None or part.sort or part.operator_class for part in index.parts):
            report.error(
                span,
                f"The fields in `{index.label}` of a view take no arguments: no index is made.",
            )
        if index.kind == "unique" and len(index.parts) > 1 and joined_name_is_a_field(view, index):
            report.error(
                span,
                f"The client calls this key `{'_'.join(part.path for part in index.parts)}`, and a "
                "field has that name.",
                help='Give the key another name: `@@unique([...], name: "...")`.',
            )
