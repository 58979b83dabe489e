"""Checks: added, and named as each database names them."""

from __future__ import annotations

from collections.abc import Callable

from schemalint.loaders.sql.clauses import CheckClause
from schemalint.loaders.sql.entries import Column, Table
from schemalint.loaders.sql.identifiers import columns_in
from schemalint.loaders.sql.replay.automatic_names import numbered
from schemalint.loaders.sql.replay.constraint_names import automatic_name, note_name, refuse_taken
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.replay.stored_rows import as_validated, may_have_rows
from schemalint.model import Check, Dialect


def add_check(replay: Replay, table: Table, clause: CheckClause, column: Column | None) -> None:
    text = clause.expression.text
    if column is not None and replay.dialect is Dialect.MARIADB:
        check = Check(clause.name or column.name, text, clause.span, clause.enforced)
        column.checks.append(check)
        return
    inherited = table.parents or table.partition_of is not None
    if inherited and any(one.name == clause.name for one in table.checks if clause.name):
        return  # it is merged with the one that the table has of its parent
    refuse_taken(replay, table, clause.name, clause.span)
    name = clause.name or automatic_check_name(replay, table, text)
    check = Check(name, text, clause.span, clause.enforced, validated=clause.validated)
    _take(replay, table, check, clause.inherited)


def _take(replay: Replay, table: Table, check: Check, inherited: bool) -> None:
    """The check, for the table and for those that inherit from it, which may have it already."""
    spares = not check.validated and may_have_rows(replay, table, check.span)
    table.checks.append(check if spares else as_validated(check))
    note_name(replay, table, check.name)
    if not inherited:
        table.own_checks.add(check.name)
        return
    for child in replay.catalog.children(table):
        if all(one.name != check.name for one in child.checks):
            _take(replay, child, check, inherited)


def automatic_check_name(replay: Replay, table: Table, text: str) -> str | None:
    """The name of a check that has none; PostgreSQL's has the column in it if it is one alone."""
    if replay.postgres_like:
        columns = columns_in(text, known_columns(replay, table), replay.dialect)
        middle = columns if len(columns) == 1 else ()
        return automatic_name(replay, table, middle, "check", relation=False)
    if replay.dialect is Dialect.MYSQL:
        return numbered(f"{table.name}_chk_", [one.name for one in table.checks])
    if replay.dialect is Dialect.MARIADB:
        names = {one.name for one in table.checks}
        return next(
            name
            for count in range(1, len(names) + 2)
            if (name := f"CONSTRAINT_{count}") not in names
        )
    return None


def known_columns(replay: Replay, table: Table) -> Callable[[str], str | None]:
    """How the table spells a column, None for what is no column of it."""
    fold, columns = replay.catalog.fold, table.columns

    def known(name: str) -> str | None:
        column = columns.get(fold(name))
        return None if column is None else column.name

    return known
