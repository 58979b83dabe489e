"""What SQLModel and SQLAlchemy refuse about whole tables, when the classes are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemalint.finding import Related
from schemalint.loaders.loaded import Problem
from schemalint.loaders.sqlmodel.arguments import path_of
from schemalint.loaders.sqlmodel.declarations.declared_tables import DeclaredTable
from schemalint.loaders.sqlmodel.drafts import TableDraft
from schemalint.source import Span


def refusals(declared: Iterable[DeclaredTable], drafts: Iterable[TableDraft]) -> Iterator[Problem]:
    """Faults that keep the models from being imported; observed with SQLModel 0.0.50."""
    tables = list(declared)
    yield from _shared_objects(tables)
    for table, made in zip(tables, drafts, strict=True):
        yield from _without_key(table, made)
        for gap in made.gaps:
            if gap.refused:
                yield Problem(
                    f"in the table of `{table.name}`, {gap.reason}; it cannot be created", gap.span
                )


def _shared_objects(tables: Iterable[DeclaredTable]) -> Iterator[Problem]:
    """A Column is one object: a base's `sa_column` can be in one table only; and so can a
    ForeignKey of `sa_column_args`."""
    owners: dict[Span, DeclaredTable] = {}
    for table in tables:
        for column in table.columns:
            if not column.column.objects:
                continue
            span = column.span
            first = owners.setdefault(span, table)
            if first is not table:
                what = path_of(column.column.objects[0]).rpartition(".")[2]
                yield Problem(
                    f"the {what} of `{column.attribute}` is in the tables of `{first.name}` and "
                    f"`{table.name}`; SQLAlchemy refuses the second, for a {what} is one object",
                    span,
                    related=(Related(f"the second class is `{table.name}`", table.name_span),),
                    help="use `sa_type` and `sa_column_kwargs` in the base, or give each class "
                    "its own Column"
                    if what == "Column"
                    else "use `foreign_key=` in the base, which makes one for each table",
                )


def _without_key(table: DeclaredTable, made: TableDraft) -> Iterator[Problem]:
    if not table.classes or made.gaps or made.primary_key or table.mapper_arguments:
        return
    if any(column.primary_key or column.gaps for column in made.columns):
        return
    yield Problem(
        f"`{table.name}` has no primary key; SQLAlchemy cannot map a class without one",
        table.name_span,
        help="mark a column with `primary_key=True`",
    )
