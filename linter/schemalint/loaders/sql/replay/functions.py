"""Functions: made, replaced, renamed and dropped, with what calls them.

Of functions that share a name, the one that triggers call is the one that returns `trigger`; it has
no arguments. Expressions call functions by their names, which is how they are found here.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from schemalint.loaders.sql.catalog import Key
from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.entries import Table, UserType
from schemalint.loaders.sql.identifiers import called
from schemalint.loaders.sql.replay.dropped_columns import drop_column
from schemalint.loaders.sql.replay.indexes import forget
from schemalint.loaders.sql.replay.state import RefusedError, Replay
from schemalint.loaders.sql.replay.views import remove_views
from schemalint.loaders.sql.statements import CreateFunction, Drop, RenameFunction
from schemalint.model import Exclusion, Index, Unique
from schemalint.source import Span

Uses = Callable[[str | None], bool]


def create(replay: Replay, statement: CreateFunction) -> None:
    """CREATE FUNCTION or PROCEDURE.

    Raises:
        RefusedError: there is such a trigger function already.
    """
    catalog = replay.catalog
    key = catalog.key(statement.function)
    catalog.routines.setdefault(key, []).append(statement)
    among = catalog.functions if statement.returns == "trigger" else catalog.expressed
    there = among.get(key)
    if there is not None and not (statement.replace and _arguments(there) == _arguments(statement)):
        if statement.returns == "trigger" and not statement.replace:
            raise RefusedError(
                f"there is a function called `{statement.function.name}` already",
                statement.function.span,
            )
        catalog.overloaded.add(key)
    among[key] = statement


def _arguments(statement: CreateFunction) -> list[str]:
    """The words of the list of arguments, as far as they tell one function from another."""
    text = statement.span.file.text[statement.function.span.end : statement.span.end]
    return text.partition(")")[0].lower().split()


def rename(replay: Replay, statement: RenameFunction) -> None:
    """ALTER FUNCTION ... RENAME TO and SET SCHEMA. Triggers call the function all the same, and so
    does what has its old name in an expression (observed on PostgreSQL)."""
    catalog = replay.catalog
    among, function = _meant(replay, statement.function, typed=statement.typed)
    if function is None:
        return
    if among is catalog.expressed:
        users = _users(replay, _uses(replay, function))
        if users:
            _tell(replay, users, statement.function, statement.span, "gets another name")
            return
    key = next(key for key, one in among.items() if one is function)
    schema = key[0] if statement.name.schema is None else catalog.schema_of(statement.name)
    name = msgspec.structs.replace(statement.name, schema=schema or catalog.default_schema)
    for table, trigger_key in _callers(replay, function):
        trigger = table.triggers[trigger_key]
        trigger.statement = msgspec.structs.replace(trigger.statement, function=name)
    if among is catalog.functions or key not in catalog.overloaded:
        del among[key]
    among[catalog.key(name)] = msgspec.structs.replace(function, function=name)


def drop(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP FUNCTION; with CASCADE what calls it goes too.

    Raises:
        RefusedError: a trigger calls it.
    """
    catalog = replay.catalog
    made = catalog.routines_called(name)
    catalog.routines = {key: one for key, one in catalog.routines.items() if one is not made}
    among, function = _meant(replay, name, typed=name in statement.typed)
    if function is None:
        return
    key = next(key for key, one in among.items() if one is function)
    callers = _callers(replay, function)
    if callers and not statement.cascade:
        table = callers[0][0]
        raise RefusedError(
            f"the function `{name.name}` cannot be dropped: a trigger of `{table.name}` calls it",
            name.span,
            [table.name],
            harmless=True,
        )
    for table, trigger in callers:
        del table.triggers[trigger]
    if among is catalog.expressed:
        uses = _uses(replay, function)
        if statement.cascade and key not in catalog.overloaded:
            _drop_users(replay, uses, statement.span)
        elif statement.cascade:
            _tell(replay, _users(replay, uses), name, statement.span, "goes, with what uses it")
            return
        elif key in catalog.overloaded:
            return
    del among[key]


def _meant(
    replay: Replay, name: TableName, *, typed: bool
) -> tuple[dict[Key, CreateFunction], CreateFunction | None]:
    """The function that a statement names, and among which it is; none for one of an extension."""
    catalog = replay.catalog
    function = None if typed else catalog.function(name)
    if function is not None:
        return catalog.functions, function
    return catalog.expressed, catalog.expression_function(name)


def _callers(replay: Replay, function: CreateFunction) -> list[tuple[Table, str]]:
    """The triggers that call a function: of which table, and their keys there."""
    catalog = replay.catalog
    return [
        (table, key)
        for table in catalog.triggered.values()
        for key, trigger in table.triggers.items()
        if trigger.statement.function is not None
        and catalog.function(trigger.statement.function) is function
    ]


# -- what calls a function in an expression


def _uses(replay: Replay, function: CreateFunction) -> Uses:
    """Tells whether an expression calls the function."""
    catalog = replay.catalog
    own = function.function.name.lower()

    def uses(text: str | None) -> bool:
        if text is None or own not in text.lower():
            return False
        for name, schema in called(text, replay.dialect):
            meant = TableName(name=name, schema=schema, span=function.span)
            if catalog.expression_function(meant) is function:
                return True
        return False

    return uses


def _users(replay: Replay, uses: Uses) -> list[str]:
    """The tables of which something uses a function."""
    domains = [one for one in replay.catalog.types.values() if _uses_of_domain(one, uses)]
    by_domain = {table.name for domain in domains for table, _ in replay.catalog.columns_of(domain)}
    return [
        table.name
        for table in replay.catalog.tables.values()
        if table.name in by_domain or _uses_of(table, uses)
    ]


def _uses_of(table: Table, uses: Uses) -> bool:
    if table.view_query is not None and uses(table.view_query.text):
        return True
    for column in table.columns.values():
        if column.default is not None and uses(column.default.text):
            return True
        if column.generated is not None and uses(column.generated.expression.text):
            return True
    keys: list[Unique | Index | Exclusion]
    keys = [*table.uniques, *table.indexes, *table.exclusions]
    return any(_in_index(one, uses) for one in keys) or any(
        uses(check.expression) for check in table.checks
    )


def _uses_of_domain(kind: UserType, uses: Uses) -> bool:
    return (kind.default is not None and uses(kind.default.text)) or any(
        uses(check.expression.text) for check in kind.checks
    )


def _in_index(index: Unique | Index | Exclusion, uses: Uses) -> bool:
    return uses(index.where) or any(uses(part.expression) for part in index.parts)


def _drop_users(replay: Replay, uses: Uses, span: Span) -> None:
    """Defaults, checks, indexes, computed columns and views that use a function go with it."""
    catalog = replay.catalog
    for table in list(catalog.tables.values()):
        if not catalog.has(table):
            continue
        if table.view_query is not None and uses(table.view_query.text):
            remove_views(replay, [table])
            continue
        for column in list(table.columns.values()):
            if column.default is not None and uses(column.default.text):
                column.default = column.default_span = None
            if column.generated is not None and uses(column.generated.expression.text):
                drop_column(replay, table, column, span, cascade=True)
        keys: list[Unique | Index | Exclusion]
        keys = [*table.uniques, *table.indexes, *table.exclusions]
        for key in keys:
            if _in_index(key, uses):
                forget(replay, table, key.name)
        table.uniques[:] = [one for one in table.uniques if not _in_index(one, uses)]
        table.indexes[:] = [one for one in table.indexes if not _in_index(one, uses)]
        table.exclusions[:] = [one for one in table.exclusions if not _in_index(one, uses)]
        table.checks[:] = [one for one in table.checks if not uses(one.expression)]
        table.triggers = {
            key: trigger
            for key, trigger in table.triggers.items()
            if trigger.statement.when is None or not uses(trigger.statement.when.text)
        }
        catalog.forget_names(table)
    for kind in catalog.types.values():
        kind.checks[:] = [one for one in kind.checks if not uses(one.expression.text)]
        if kind.default is not None and uses(kind.default.text):
            kind.default = kind.default_span = None


def _tell(replay: Replay, tables: list[str], name: TableName, span: Span, what: str) -> None:
    """Which of them use this very function is not known, or cannot be written down."""
    if tables:
        replay.not_followed(f"the function `{name.name}` {what}", span, tables)
