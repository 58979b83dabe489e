"""What a listener runs on the connection that it is given: `connection.execute(text("..."))`.

While a listener is followed (`execution.py`), every call passes by here. A text that is literal is
kept, what only touches rows is let go, and what may do anything to tables is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from schemalint.loaders.sql.lexer import words
from schemalint.loaders.sqlmodel.arguments import Arguments, path_of, text_of
from schemalint.loaders.sqlmodel.values import (
    Attribute,
    Call,
    Constant,
    External,
    FunctionValue,
    Mapping,
    Subscript,
    Value,
)
from schemalint.source import Span

# The path of the connection that a listener is given, before the name of its dialect.
CONNECTION = "sqlalchemy.connection:"
TABLE = "sqlalchemy.Table"
METADATA = "sqlalchemy.MetaData.instance"
DDL = "sqlalchemy.DDL"
_EXECUTES = words("execute exec_driver_sql scalar scalars")
_HARMLESS = words(
    "begin begin_nested close commit rollback invalidate in_transaction get_transaction "
    "execution_options get_execution_options detach"
)
# Calls that only look at the connection.
_LOOKS = frozenset({"sqlalchemy.inspect", "builtins.isinstance", "builtins.print"})
# What is put together of rows, and makes no table.
_ROWS = words("insert update delete select union union_all values exists")
_MADE = frozenset(
    {
        "sqlalchemy.CreateSchema",
        "sqlalchemy.schema.CreateSchema",
        "sqlalchemy.schema.CreateSequence",
    }
)
# Methods that give the same statement with something added.
_ADDING = words("execute_if bindparams execution_options columns")


class Text(msgspec.Struct, frozen=True):
    """Literal SQL at `span`. `filled`: it is a `DDL(...)`, whose `%` are filled in (`context` adds
    to what the table gives); `target`: the listener's own table is one of them.

    `only_on`: the databases that alone run it, None: all do.
    """

    sql: str
    span: Span
    filled: bool = False
    target: bool = False
    context: tuple[tuple[str, str], ...] = ()
    only_on: tuple[str, ...] | None = None


class Untold(msgspec.Struct, frozen=True):
    """Something that is run and not followed."""

    span: Span
    reason: str
    only_on: tuple[str, ...] | None = None


class Heard:
    """What one listener runs, in its order."""

    def __init__(self, *, before: bool = False) -> None:
        """`before`: the table is still to be made, so that what is changed of it matters."""
        self.run: list[Text | Untold] = []
        self._before = before

    def changed(self, of: Value, span: Span) -> None:
        """Something is assigned to an attribute of `of`, or it is told to change."""
        while isinstance(of, Attribute | Subscript):
            of = of.of
        if self._before and path_of(of) in (TABLE, METADATA):
            self._tell(span, "what this changes of the table is not followed")

    def called(self, callee: Value, given: tuple[Value, ...], span: Span) -> None:
        """A call that is about to be looked at, with all that it is given."""
        path = path_of(callee)
        if path.startswith(CONNECTION):
            name = path.rpartition(".")[2]
            if name in _EXECUTES:
                self._execute(given, span)
            elif name not in _HARMLESS:
                self._tell(span, f"what `{name}` of the connection does is not followed")
            return
        if isinstance(callee, Attribute) and callee.name.startswith("append_"):
            self.changed(callee.of, span)
        followed = isinstance(callee, FunctionValue) or path == "functools.partial"
        if followed or path in _LOOKS or not any(map(is_connection, given)):
            return
        # `ddl(target, connection)`, and `ddl.execute(connection)` of SQLAlchemy 1.4.
        ddl = callee.of if isinstance(callee, Attribute) else callee
        found = statement(ddl, target=len(given) > 1)
        if isinstance(found, Text) and found.filled:
            self.run.append(found)
        else:
            self._tell(span, f"what `{span.text[:60]}` does is not followed")

    def lost(self, span: Span, reason: str) -> None:
        """The rest of the listener is not followed."""
        self._tell(span, reason)

    @contextmanager
    def way(self) -> Iterator[list[Text | Untold]]:
        """Inside, what is run is kept apart: one of several ways that the program may take."""
        outer, self.run = self.run, []
        try:
            yield self.run
        finally:
            self.run = outer

    def agree(self, ways: list[list[Text | Untold]], span: Span) -> None:
        """Take what all of these ways run, or tell that it depends on which is taken."""
        first = ways[0] if ways else []
        if all(way == first for way in ways):
            self.run += first
        else:
            self._tell(span, "what this runs depends on how the program runs")

    def _execute(self, args: tuple[Value, ...], span: Span) -> None:
        found = statement(args[0], target=False) if args else None
        if found is None:
            self._tell(span, "which statement this runs could not be told")
        elif isinstance(found, Text | Untold):
            self.run.append(found)

    def _tell(self, span: Span, reason: str) -> None:
        self.run.append(Untold(span, reason))


class Rows(msgspec.Struct, frozen=True):
    """A statement that leaves tables as they are."""


def is_connection(value: Value) -> bool:
    """Whether it is the connection that a listener is given."""
    return isinstance(value, External) and value.path.startswith(CONNECTION)


def statement(value: Value, *, target: bool) -> Text | Rows | Untold | None:
    """The SQL that a value is: `DDL("...")`, `text("...")`, a string; None where it is something
    else. `target`: a DDL is given the listener's table."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Text(value.value, value.span)
    if not isinstance(value, Call):
        return None
    path, callee = path_of(value), value.callee
    if path in _MADE:
        return Rows()
    if path == DDL:
        return _ddl(value, target=target)
    if path.rpartition(".")[2] == "text" and path.startswith(("sqlalchemy.", "sqlmodel.")):
        sql = text_of(value.args[0]) if value.args else None
        # `\:` is a colon that begins no parameter.
        return None if sql is None else Text(sql.replace("\\:", ":"), value.args[0].span)
    if path.startswith("sqlalchemy.") and path.rpartition(".")[2] in _ROWS:
        return Rows()
    if isinstance(callee, Attribute):
        if callee.name in _ROWS:
            return Rows()
        if callee.name == "execute_if":
            return _limited(value, statement(callee.of, target=target))
        found = statement(callee.of, target=target)
        return found if callee.name in _ADDING or isinstance(found, Rows) else None
    return None


def _ddl(call: Call, *, target: bool) -> Text | Untold | None:
    arguments = Arguments(call, ("statement", "context"))
    written, context = arguments.value("statement"), arguments.value("context")
    sql = text_of(written)
    if sql is None or written is None:
        return None
    items: list[tuple[str, str]] = []
    for key, value in context.items if isinstance(context, Mapping) else ():
        name, text = text_of(key), text_of(value)
        if name is None or text is None:
            return Untold(call.span, "what is filled into this DDL could not be told")
        items.append((name, text))
    return Text(sql, written.span, filled=True, target=target, context=tuple(items))


def _limited(call: Call, found: Text | Rows | Untold | None) -> Text | Rows | Untold | None:
    """`DDL(...).execute_if(dialect="postgresql")`."""
    if not isinstance(found, Text):
        return found
    arguments = Arguments(call, ("dialect", "callable_"))
    databases = arguments.value("dialect")
    names = [text_of(one) for one in getattr(databases, "items", None) or [databases]]
    if arguments.value("callable_") is not None or arguments.gaps or None in names:
        return Untold(call.span, "whether this DDL is run depends on `execute_if`")
    return msgspec.structs.replace(found, only_on=tuple(str(name) for name in names))
