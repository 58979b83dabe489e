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
    if statement.returns != "trigger":
        return
    if key in catalog.functions and not statement.replace:
        raise RefusedError(
            f"there is a function called `{statement.function.name}` already",
            statement.function.span,
        )
    catalog.functions[key] = statement


class _Meant(msgspec.Struct):
    """The functions that a statement may mean: one that triggers call, or those that share a name.

    `key` is theirs in the catalog, `overloaded` whether they differ in their arguments.
    """

    key: Key
    made: list[CreateFunction]
    trigger: CreateFunction | None
    overloaded: bool = False


def _meant(replay: Replay, name: TableName, *, typed: bool) -> _Meant | None:
    """None for a function of an extension."""
    catalog = replay.catalog
    trigger = None if typed else catalog.function(name)
    if trigger is not None:
        key = next(key for key, one in catalog.functions.items() if one is trigger)
        made = catalog.routines.get(key, [])
        return _Meant(key, [one for one in made if one.returns == "trigger"], trigger)
    made = catalog.routines_called(name)
    others = [one for one in made if one.returns != "trigger"]
    if not others:
        return None
    key = next(key for key, one in catalog.routines.items() if one is made)
    return _Meant(key, others, None, len({_arguments(one) for one in others}) > 1)


def _arguments(statement: CreateFunction) -> str:
    """The list of arguments, as far as it tells one function from another."""
    text = statement.span.file.text[statement.function.span.end : statement.span.end]
    return " ".join(text.partition(")")[0].lower().split())


def rename(replay: Replay, statement: RenameFunction) -> None:
    """ALTER FUNCTION ... RENAME TO and SET SCHEMA. Triggers call the function all the same, and so
    does what has its old name in an expression (observed on PostgreSQL)."""
    catalog = replay.catalog
    meant = _meant(replay, statement.function, typed=statement.typed)
    if meant is None:
        return
    if meant.trigger is None:
        users = _users(replay, _uses(replay, meant))
        if users:
            _tell(replay, users, statement.function, statement.span, "gets another name")
            return
    schema = meant.key[0]
    if statement.name.schema is not None:
        schema = catalog.schema_of(statement.name)
    name = msgspec.structs.replace(statement.name, schema=schema or catalog.default_schema)
    key = catalog.key(name)
    moved = [msgspec.structs.replace(one, function=name) for one in meant.made]
    if meant.trigger is not None:
        for table, trigger_key in _callers(replay, meant.trigger):
            trigger = table.triggers[trigger_key]
            trigger.statement = msgspec.structs.replace(trigger.statement, function=name)
        del catalog.functions[meant.key]
        catalog.functions[key] = msgspec.structs.replace(meant.trigger, function=name)
    _forget(replay, meant)
    catalog.routines.setdefault(key, []).extend(moved)


def drop(replay: Replay, statement: Drop, name: TableName) -> None:
    """DROP FUNCTION; with CASCADE what calls it goes too.

    Raises:
        RefusedError: a trigger calls it.
    """
    meant = _meant(replay, name, typed=name in statement.typed)
    if meant is None:
        return
    if meant.trigger is not None:
        callers = _callers(replay, meant.trigger)
        if callers and not statement.cascade:
            table = callers[0][0]
            raise RefusedError(
                f"the function `{name.name}` cannot be dropped: a trigger of `{table.name}` "
                "calls it",
                name.span,
                [table.name],
                harmless=True,
            )
        for table, trigger in callers:
            del table.triggers[trigger]
        del replay.catalog.functions[meant.key]
    elif statement.cascade:
        uses = _uses(replay, meant)
        if meant.overloaded:
            _tell(replay, _users(replay, uses), name, statement.span, "goes, with what uses it")
        else:
            _drop_users(replay, uses, statement.span)
    _forget(replay, meant)


def _forget(replay: Replay, meant: _Meant) -> None:
    """Take the functions away from their name; one of several stays, as which goes is not known."""
    if not meant.overloaded:
        routines = replay.catalog.routines
        made = routines.pop(meant.key, [])
        left = [one for one in made if all(one is not own for own in meant.made)]
        if left:
            routines[meant.key] = left


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


def _uses(replay: Replay, meant: _Meant) -> Uses:
    """Tells whether an expression calls a function of that name."""
    catalog = replay.catalog
    among = catalog.routines[meant.key]
    own, span = meant.key[1].lower(), meant.made[0].span

    def uses(text: str | None) -> bool:
        if text is None or own not in text.lower():
            return False
        for name, schema in called(text, replay.dialect):
            if catalog.routines_called(TableName(name=name, schema=schema, span=span)) is among:
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
