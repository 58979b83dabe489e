"""Statements for tests of the grammar and of triggers: the text of one to its struct."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import Name, Sql, TableName, TypeName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.others import read_other
from schemalint.loaders.sql.lexer import tokens
from schemalint.loaders.sql.statements import CreateFunction, CreateTrigger, Statement
from schemalint.loaders.sql.triggers.effect import Columns, Effect
from schemalint.loaders.sql.triggers.understand import effects_of
from schemalint.model import Action, Dialect
from schemalint.source import SourceFile, Span


def read(sql: str, dialect: Dialect | None) -> Statement | None:
    """The statement that the text is, without its semicolon."""
    return read_other(Cursor(SourceFile("test.sql", sql), tokens(sql, dialect), dialect))


def effects(
    trigger: str,
    dialect: Dialect | None,
    function: str | None = None,
    columns: Columns | None = None,
) -> list[Effect]:
    """What the effects of a CREATE TRIGGER are, and of the CREATE FUNCTION that it calls."""
    read_trigger = read(trigger, dialect)
    assert isinstance(read_trigger, CreateTrigger)
    read_function = read(function, dialect) if function is not None else None
    assert read_function is None or isinstance(read_function, CreateFunction)
    return list(effects_of(read_trigger, read_function, dialect, columns))


def shown(value: object) -> str:
    """A struct without its places and defaults: `Drop(kind='table', names=('a',))`."""
    if isinstance(value, (Name, Sql, Span)):
        return repr(value.text)
    if isinstance(value, TableName):
        return repr(f"{value.schema}.{value.name}" if value.schema else value.name)
    if isinstance(value, Action):
        return repr(value.value)
    if isinstance(value, TypeName):
        return repr(value.text)
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if isinstance(value, msgspec.Struct):
        parts = [
            f"{field.name}={shown(getattr(value, field.name))}"
            for field in msgspec.structs.fields(value)
            if field.name not in ("span", "at") and getattr(value, field.name) != field.default
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    return repr(value)
