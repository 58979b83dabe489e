"""CREATE TRIGGER, as each database writes it."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import Name, Sql
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.outcomes import ignored, is_temporary, rest, whole
from schemalint.loaders.sql.lexer import is_mysql
from schemalint.loaders.sql.statements import CreateTrigger, Ignored
from schemalint.model import Dialect

Timing = Literal["before", "after", "instead of"]
Event = Literal["insert", "update", "delete", "truncate"]
Level = Literal["row", "statement"]

_EVENTS: dict[str, Event] = {
    "INSERT": "insert",
    "UPDATE": "update",
    "DELETE": "delete",
    "TRUNCATE": "truncate",
}
_SERVER_WIDE = (("DATABASE",), ("ALL", "SERVER"))


def read_create_trigger(cursor: Cursor, *, replace: bool) -> CreateTrigger | Ignored:
    """`[CONSTRAINT] TRIGGER name ...`, behind CREATE and the words before these."""
    constraint = cursor.accept("CONSTRAINT")
    cursor.expect("TRIGGER")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    qualified = cursor.table_name()
    name = qualified.name
    if is_temporary(qualified, cursor.dialect):
        return ignored(cursor, "CREATE TEMPORARY TRIGGER")
    if cursor.at("ON"):
        return _sqlserver(cursor, name, replace=replace)
    timing = _timing(cursor)
    events, columns = _events(cursor)
    cursor.expect("ON")
    table = cursor.table_name()
    for_each: Level = "statement" if cursor.dialect in _BY_STATEMENT else "row"
    when = function = body = None
    arguments: tuple[str, ...] = ()
    while not cursor.done:
        if cursor.accept("FOR"):
            cursor.accept("EACH")
            for_each = "statement" if cursor.accept("STATEMENT") else "row"
            if for_each == "row":
                cursor.expect("ROW")
        elif cursor.accept("WHEN"):
            when = _condition(cursor)
        elif cursor.accept("EXECUTE", "FUNCTION") or cursor.accept("EXECUTE", "PROCEDURE"):
            function = cursor.table_name()
            arguments = _arguments(cursor)
            break
        elif not _option(cursor):
            body = rest(cursor)
    if function is None and body is None:
        raise cursor.unexpected("what the trigger does")
    if not cursor.done:
        raise cursor.unexpected("the end of the statement")
    return CreateTrigger(
        name=name,
        table=table,
        timing=timing,
        events=events,
        columns=columns,
        for_each=for_each,
        when=when,
        function=function,
        arguments=arguments,
        body=body,
        replace=replace,
        if_not_exists=if_not_exists,
        constraint=constraint,
        span=whole(cursor),
    )


_BY_STATEMENT = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


def _timing(cursor: Cursor) -> Timing:
    """When it runs: SQLite's default is BEFORE."""
    if cursor.accept("AFTER"):
        return "after"
    if cursor.accept("INSTEAD", "OF"):
        return "instead of"
    cursor.accept("BEFORE")
    return "before"


def _events(cursor: Cursor) -> tuple[tuple[Event, ...], tuple[Name, ...]]:
    """`INSERT OR UPDATE OF a, b`; T-SQL's stand behind commas."""
    events: list[Event] = []
    columns: list[Name] = []
    while True:
        event = _EVENTS.get(cursor.peek().text)
        if event is None:
            raise cursor.unexpected("INSERT, UPDATE or DELETE")
        cursor.next()
        events.append(event)
        if cursor.accept("OF"):
            columns.append(cursor.name())
            while cursor.accept(","):
                columns.append(cursor.name())
        if not (cursor.accept("OR") or cursor.accept(",")):
            return tuple(events), tuple(columns)


def _condition(cursor: Cursor) -> Sql:
    """WHEN: PostgreSQL's stands in parentheses, SQLite's may."""
    start = cursor.at_token
    if cursor.at("("):
        condition = cursor.parenthesised()
        if cursor.at_any("BEGIN", "EXECUTE"):
            return condition
    cursor.at_token = start
    return cursor.until("BEGIN", "EXECUTE")


def _arguments(cursor: Cursor) -> tuple[str, ...]:
    """Strings, numbers and words, all of which the function gets as strings."""
    arguments = []
    cursor.expect("(")
    while not cursor.accept(")"):
        if cursor.peek().kind == "word":
            arguments.append(cursor.name().text)
        else:
            arguments.append(cursor.next().text)
        cursor.accept(",")
    return tuple(arguments)


def _option(cursor: Cursor) -> bool:
    """Step over what does not change which rows are refused; whether there was such a thing."""
    if cursor.accept("FROM"):
        cursor.table_name()
    elif cursor.accept("NOT", "DEFERRABLE") or cursor.accept("DEFERRABLE"):
        pass
    elif cursor.accept("INITIALLY"):
        cursor.next()
    elif cursor.accept("REFERENCING"):
        cursor.until("FOR", "WHEN", "EXECUTE")
    elif is_mysql(cursor.dialect) and cursor.at_any("FOLLOWS", "PRECEDES"):
        cursor.next()
        cursor.table_name()
    else:
        return False
    return True


def _sqlserver(cursor: Cursor, name: str, *, replace: bool) -> CreateTrigger | Ignored:
    """T-SQL: ON table, FOR or AFTER or INSTEAD OF, the events, AS, and statements to the end."""
    cursor.expect("ON")
    if any(cursor.at(*words) for words in _SERVER_WIDE):
        return ignored(cursor, "CREATE TRIGGER")
    table = cursor.table_name()
    cursor.until("FOR", "AFTER", "INSTEAD")
    timing = "after" if cursor.accept("FOR") else _timing(cursor)
    events, _ = _events(cursor)
    cursor.until("AS")
    cursor.expect("AS")
    return CreateTrigger(
        name=name,
        table=table,
        timing="after" if timing == "before" else timing,
        events=events,
        for_each="statement",
        body=rest(cursor),
        replace=replace,
        span=whole(cursor),
    )
