"""Views: their columns are those that are listed, or those that their query shows; what they read,
and with what they go."""

from __future__ import annotations

from collections.abc import Iterable

from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.identifiers import identifiers
from schemalint.loaders.sql.replay.projections import projected
from schemalint.loaders.sql.replay.read_tables import tables_read
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.statements import CreateView


def create(replay: Replay, statement: CreateView) -> None:
    """CREATE VIEW. Columns of a query that is not understood are left out: no rule about rows needs
    them, and guessed ones would mislead. A view that is replaced keeps its triggers and grants, and
    the views that read it (observed on PostgreSQL).

    Raises:
        RefusedError: there is something of that name already.
    """
    catalog = replay.catalog
    name = statement.view
    view = catalog.tables.get(catalog.key(name))
    if view is None:
        view = Table(name.name, catalog.schema_of(name), statement.span, name.span, "view")
    else:
        if statement.if_not_exists:
            return
        if not statement.replace or view.kind != "view":
            raise RefusedError(
                f"there is a {'view' if view.kind == 'view' else 'table'} called "
                f"`{name.name}` already",
                name.span,
                [view.name],
            )
        view.span, view.name_span = statement.span, name.span
        catalog.understood(view)
    query = statement.query
    found = projected(replay, query)
    sources = tables_read(replay, query)
    view.view_query = query
    view.view_names = frozenset(
        [catalog.fold_table(one.name) for one in identifiers(query.text, replay.dialect)]
    )
    view.sources = [one for one in sources if one is not view]
    for one in view.sources:
        one.readers.append(view)
    view.columns = {}
    catalog.add_table(view)
    view.more_columns = found is None
    listed = statement.columns
    for at in range(max(len(listed), len(found or ()))):
        shown, source = found[at] if found is not None and at < len(found) else (None, None)
        own = listed[at] if at < len(listed) else None
        span = query.span if own is None else own.span
        text = shown if own is None else own.text
        if text is None:
            view.more_columns = True
            continue
        column = Column(text, span, span, None)
        if source is not None:
            column.type, column.user_type = source.type, source.user_type
            column.collation = source.collation
        catalog.set_column(view, column)
    if view.more_columns:
        replay.columns_unknown(view, "gets from its query", query.span)


def remove_views_of(replay: Replay, tables: Iterable[Table]) -> None:
    """Take the views away that read one of the tables or views, and those that read them."""
    for table in tables:
        remove_views(replay, replay.catalog.views_of(table))


def remove_views(replay: Replay, views: Iterable[Table]) -> None:
    """Take views away, and those that read them."""
    waiting = list(views)
    while waiting:
        view = waiting.pop()
        if replay.catalog.has(view):
            waiting += replay.catalog.views_of(view)
            replay.catalog.remove_table(view)
