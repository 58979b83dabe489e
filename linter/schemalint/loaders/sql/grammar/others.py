"""Every statement but those of tables and indexes: which module of the grammar reads it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.altered import read_alter, read_switch_trigger
from schemalint.loaders.sql.grammar.blocks import read_do
from schemalint.loaders.sql.grammar.comments import read_comment
from schemalint.loaders.sql.grammar.created import read_create
from schemalint.loaders.sql.grammar.data import DATA_WORDS, called_in, read_data
from schemalint.loaders.sql.grammar.drops import read_drop
from schemalint.loaders.sql.grammar.grants import read_grant
from schemalint.loaders.sql.grammar.outcomes import finish, ignored, not_modelled, whole
from schemalint.loaders.sql.grammar.settings import read_pragma, read_reset, read_set, read_use
from schemalint.loaders.sql.lexer import is_postgres
from schemalint.loaders.sql.statements import (
    AlterTable,
    Block,
    Call,
    Ignored,
    NotUnderstood,
    RenameTable,
    Statement,
)


def read_other(cursor: Cursor) -> Statement | None:
    """The statement; None where its first words are of none that is known here.

    Raises:
        SyntaxFaultError: its first words are known, and what follows is not what they ask for.
    """
    token = cursor.peek()
    if token.kind != "word":
        return None
    reader = _READERS.get(token.text)
    if reader is not None:
        return reader(cursor)
    return read_data(cursor) if token.text in DATA_WORDS else None


def _rename(cursor: Cursor) -> AlterTable | Block | Ignored | None:
    """MySQL's RENAME TABLE a TO b, c TO d: one ALTER TABLE after the other."""
    if cursor.at("RENAME", "USER"):
        return ignored(cursor, "RENAME USER")
    if not (cursor.accept("RENAME", "TABLE") or cursor.accept("RENAME", "TABLES")):
        return None
    renames = []
    while True:
        if_exists = cursor.accept("IF", "EXISTS")
        start = cursor.mark()
        table = cursor.table_name()
        cursor.expect("TO")
        name = cursor.table_name()
        span = cursor.since(start)
        renames.append(
            AlterTable(
                table=table,
                actions=(RenameTable(name=name, span=span),),
                if_exists=if_exists,
                span=span,
            )
        )
        if not cursor.accept(","):
            break
    span = finish(cursor)
    if len(renames) == 1:
        return msgspec.structs.replace(renames[0], span=span)
    return Block(statements=tuple(renames), span=span)


_HARMLESS_PROCEDURES = frozenset(
    ("SP_ADDEXTENDEDPROPERTY", "SP_UPDATEEXTENDEDPROPERTY", "SP_DROPEXTENDEDPROPERTY")
)


def _run_time(cursor: Cursor) -> Call | NotUnderstood | Ignored:
    """What runs SQL that only the running database knows."""
    word = cursor.peek().text
    if any(token.text.upper() in _HARMLESS_PROCEDURES for token in cursor.tokens[:5]):
        return ignored(cursor, word)
    called = tuple(called_in(cursor.tokens[1:], cursor))
    if word == "CALL" and called and is_postgres(cursor.dialect):
        return Call(functions=called, span=whole(cursor))
    return not_modelled(cursor, f"{word} runs statements that are not to be seen here")


def _conditional(cursor: Cursor) -> NotUnderstood:
    """T-SQL's IF and WHILE around statements."""
    word = cursor.peek().text
    return not_modelled(cursor, f"what {word} decides is not to be seen here")


def _switch(cursor: Cursor) -> Statement | None:
    return read_switch_trigger(cursor) if cursor.peek(1).text == "TRIGGER" else None


_READERS: dict[str, Callable[[Cursor], Statement | None]] = {
    "CREATE": read_create,
    "ALTER": read_alter,
    "DROP": read_drop,
    "RENAME": _rename,
    "COMMENT": read_comment,
    "GRANT": read_grant,
    "REVOKE": read_grant,
    "DENY": read_grant,
    "SET": read_set,
    "RESET": read_reset,
    "USE": read_use,
    "PRAGMA": read_pragma,
    "DO": read_do,
    "EXECUTE": _run_time,
    "EXEC": _run_time,
    "CALL": _run_time,
    "IF": _conditional,
    "WHILE": _conditional,
    "ENABLE": _switch,
    "DISABLE": _switch,
}
