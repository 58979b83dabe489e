"""Loops over what the catalog lists, followed with the tables that there are when they are run."""

from __future__ import annotations

from collections.abc import Iterator

from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.blocks import BlockReader
from schemalint.loaders.sql.listed_by_catalog import CatalogLoop, CatalogQuery, Part
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.statements import Ignored, NotUnderstood, Statement

_MOST_TURNS = 500


def turns_of(replay: Replay, loop: CatalogLoop) -> list[Statement]:
    """What the turns of a loop run, one after the other; one statement that is not understood
    where the tables are not all known."""
    found: list[Statement] = []
    try:
        rows = list(_rows(replay, loop.query))
        if len(rows) > _MOST_TURNS:
            return [_not_known(loop)]
        for row in rows:
            reader = BlockReader(Cursor(loop.span.file, loop.body, replay.dialect))
            reader.values = {**loop.values, **dict(zip(loop.query.targets, row, strict=True))}
            found += [one for one in reader.statements() if not isinstance(one, Ignored)]
    except (SyntaxFaultError, _NotKnownError):
        return [_not_known(loop)]
    return found


def _not_known(loop: CatalogLoop) -> NotUnderstood:
    return NotUnderstood(reason=loop.reason, tables=loop.tables, known=True, span=loop.span)


class _NotKnownError(Exception):
    """Not all columns of a table are known."""


def _rows(replay: Replay, query: CatalogQuery) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    for entry in _entries(replay, of_columns=query.of_columns):
        if all(one.passes(entry) for one in query.filters):
            row = tuple([entry[part] for part in query.parts])
            if not (query.distinct and row in seen):
                yield row
            seen.add(row)


def _entries(replay: Replay, *, of_columns: bool) -> Iterator[dict[Part, str]]:
    """The rows of the view. Views are listed by some of them, but what such loops do to tables, the
    database refuses of views."""
    catalog = replay.catalog
    for table in list(catalog.tables.values()):
        if table.kind != "model":
            continue
        if of_columns and table.more_columns:
            raise _NotKnownError
        schema = table.schema or catalog.default_schema or ""
        entry: dict[Part, str] = {"schema": schema, "table": table.name, "type": "BASE TABLE"}
        if not of_columns:
            yield entry
            continue
        for column in list(table.columns.values()):
            yield {**entry, "column": column.name}
