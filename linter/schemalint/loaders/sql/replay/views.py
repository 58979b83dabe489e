"""Views: their columns are those that are listed, or those that a plain SELECT shows."""

from __future__ import annotations

from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.identifiers import identifiers
from schemalint.loaders.sql.replay.projections import projected
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import CreateView


def create(replay: Replay, statement: CreateView) -> None:
    """CREATE VIEW. Columns of a query that is not plain are left out: no rule about rows needs
    them, and guessed ones would mislead.

    Raises:
        RefusedError: there is something of that name already.
    """
    catalog = replay.catalog
    name = statement.view
    there = catalog.tables.get(catalog.key(name))
    if there is not None:
        if statement.if_not_exists:
            return
        if not statement.replace or there.kind != "view":
            raise RefusedError(
                f"there is a {'view' if there.kind == 'view' else 'table'} called "
                f"`{name.name}` already",
                name.span,
                [there.name],
            )
        catalog.remove_table(there)
    view = Table(name.name, catalog.schema_of(name), statement.span, name.span, "view")
    view.view_query = statement.query
    view.view_names = frozenset(
        [catalog.fold_table(one.name) for one in identifiers(statement.query.text, replay.dialect)]
    )
    catalog.add_table(view)
    found = projected(replay, statement.query) or []
    listed = statement.columns
    if listed and len(found) != len(listed):
        found = [(one.text, None) for one in listed]
    for at, (text, source) in enumerate(found):
        own = listed[at] if listed else None
        span = own.span if own is not None else statement.query.span
        column = Column(text if own is None else own.text, span, span, None)
        if source is not None:
            column.type, column.user_type = source.type, source.user_type
            column.collation = source.collation
        catalog.set_column(view, column)
