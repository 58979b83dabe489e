"""Foreign keys: of tables, and the REFERENCES of columns."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import ForeignKeyClause, Name
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.constraint_attributes import read_attributes
from schemalint.model import Action, Dialect
from schemalint.source import Span

_ACTIONS = (
    (("CASCADE",), Action.CASCADE),
    (("RESTRICT",), Action.RESTRICT),
    (("NO", "ACTION"), Action.NO_ACTION),
    (("SET", "NULL"), Action.SET_NULL),
    (("SET", "DEFAULT"), Action.SET_DEFAULT),
)


def read_foreign_key(cursor: Cursor, start: int, name: str | None) -> ForeignKeyClause:
    """What follows FOREIGN KEY in a table.

    Raises:
        SyntaxFaultError: it is none.
    """
    cursor.accept("IF", "NOT", "EXISTS")
    if not cursor.at("("):
        index = cursor.name().text
        # MariaDB calls the constraint like its index, MySQL 8 does not (documented).
        name = name or (index if cursor.dialect is Dialect.MARIADB else None)
    columns = _referring(cursor)
    return read_references(cursor, start, name, columns, inline=False)


def read_references(
    cursor: Cursor, start: int, name: str | None, columns: tuple[Name, ...], *, inline: bool
) -> ForeignKeyClause:
    """REFERENCES and what follows it.

    Raises:
        SyntaxFaultError: it is not that.
    """
    cursor.expect("REFERENCES")
    table = cursor.table_name()
    references = _referring(cursor) if cursor.at("(") else ()
    actions: dict[str, tuple[Action, Span]] = {}
    set_columns: tuple[str, ...] = ()
    match: Literal["simple", "full", "partial"] = "simple"
    while True:
        if cursor.at("ON", "DELETE") or cursor.at("ON", "UPDATE"):
            on = cursor.mark()
            cursor.next()
            event = cursor.next().text
            action = _action(cursor)
            if cursor.at("("):
                set_columns = tuple([column.text for column in cursor.names()])
            actions[event] = action, cursor.since(on)
        elif cursor.accept("MATCH"):
            match = _match(cursor)
        else:
            break
    attributes = read_attributes(cursor, of_key=True)
    on_delete, on_delete_span = actions.get("DELETE", (None, None))
    on_update, on_update_span = actions.get("UPDATE", (None, None))
    return ForeignKeyClause(
        columns=columns,
        table=table,
        references=references,
        name=name,
        on_delete=on_delete,
        on_update=on_update,
        on_delete_span=on_delete_span,
        on_update_span=on_update_span,
        set_columns=set_columns,
        match=match,
        deferrable=attributes.deferrable,
        enforced=attributes.enforced,
        validated=attributes.validated,
        inline=inline,
        span=cursor.since(start),
    )


def _referring(cursor: Cursor) -> tuple[Name, ...]:
    """The columns behind FOREIGN KEY or REFERENCES."""
    columns = []
    cursor.expect("(")
    while True:
        if cursor.at("PERIOD") and cursor.peek(1).text not in (",", ")"):
            raise SyntaxFaultError("periods are not modelled", cursor.since(cursor.mark()))
        columns.append(cursor.own_name())
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return tuple(columns)


def _action(cursor: Cursor) -> Action:
    for spelled, action in _ACTIONS:
        if cursor.accept(*spelled):
            return action
    raise cursor.unexpected("what happens to the rows that refer to it")


def _match(cursor: Cursor) -> Literal["simple", "full", "partial"]:
    if cursor.accept("FULL"):
        return "full"
    if cursor.accept("PARTIAL"):
        return "partial"
    # SQLite takes any name here, and matches as SIMPLE does.
    if cursor.dialect is Dialect.SQLITE:
        cursor.name()
    else:
        cursor.expect("SIMPLE")
    return "simple"
