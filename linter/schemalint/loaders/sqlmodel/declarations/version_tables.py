"""Tables that SQLAlchemy-Continuum makes beside the models, one for each class that says
`__versioned__`: they are not loaded, and that is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemalint.finding import Related
from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.declarations.declared_tables import DeclaredTable
from schemalint.loaders.sqlmodel.declarations.mapped_classes import MappedClasses

_MARK = "__versioned__"


def version_tables(declared: Sequence[DeclaredTable], classes: MappedClasses) -> Iterator[Problem]:
    """What is missing, at the first class that asks for it."""
    places = []
    for table in declared:
        found = None
        if any(_MARK in cls.span.file.text for cls in table.classes):
            found = classes.find(table.classes[0], _MARK)
        if found is not None:
            places.append((table, found[0].span))
    if not places:
        return
    first, span = places[0]
    others = "" if len(places) == 1 else f", and {len(places) - 1} more"
    yield Problem(
        f"`__versioned__` has SQLAlchemy-Continuum make a version table (`{first.table}_version`"
        f"{others}) and `transaction`: these are not part of what is judged",
        span,
        warning=True,
        info=True,
        related=tuple(
            [Related(f"`{table.table}_version`", at) for table, at in places[1:] if at != span]
        ),
        help="they hold copies of rows, without foreign keys or constraints of their own",
    )
