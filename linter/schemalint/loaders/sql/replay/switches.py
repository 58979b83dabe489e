"""Triggers that switch off what keeps rules, for a while: the rows that are written then are not
looked at (observed on PostgreSQL 15)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.identifiers import called
from schemalint.loaders.sql.lexer import fold, tokens
from schemalint.loaders.sql.replay.state import Replay
from schemalint.loaders.sql.statements import CreateFunction
from schemalint.source import Span

# Over the words and signs of a function, its strings without their quotes.
_ROLE = re.compile(r"\bsession_replication_role\s*(?:to\b|=|,)\s*'?replica\b", re.IGNORECASE)
_CHANGED = re.compile(
    r"\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?:\S+ \. )?(?P<altered>\S+)\s+"
    r"(?:disable|drop|alter)\b"
    r"|\bdrop\s+(?:trigger|index|rule|function)\b(?:[^;]*?\son\s+(?:\S+ \. )?(?P<on>\S+))?",
    re.IGNORECASE,
)


def tell_switches(replay: Replay, end: Span) -> None:
    """Keep what the functions of triggers switch off, as something that was not followed. It
    happens whenever rows are written, so behind all statements, at `end`."""
    seen: set[int] = set()
    for table in list(replay.catalog.triggered.values()):
        if not replay.catalog.has(table):
            continue
        for trigger in table.triggers.values():
            name = trigger.statement.function
            first = None if name is None else replay.catalog.function(name)
            for function in _reached(replay, first, seen):
                _tell(replay, function, end)


def _reached(
    replay: Replay, function: CreateFunction | None, seen: set[int]
) -> Iterator[CreateFunction]:
    """The function, and those that it calls, each once."""
    waiting = [] if function is None else [function]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        for name, schema in called(one.body.text, replay.dialect):
            meant = TableName(name=name, schema=schema, span=one.span)
            waiting += replay.catalog.routines_called(meant)


def _tell(replay: Replay, function: CreateFunction, end: Span) -> None:
    name = function.function.name
    head = function.span.file.text[function.function.span.end : function.span.end]
    text = f"{_plain(replay, head)} {_plain(replay, function.body.text)}"
    if _ROLE.search(text):
        reason = f"{name}, which a trigger runs, switches triggers and foreign keys off"
        replay.not_followed(reason, function.span, (), end)
        return
    for found in _CHANGED.finditer(text):
        on = found["altered"] or found["on"]
        folded = fold(on, replay.dialect) if on else ""
        table = replay.catalog.table(TableName(name=folded, span=function.span))
        reason = f"{name}, which a trigger runs, changes tables"
        replay.not_followed(reason, function.span, [table.name] if table is not None else (), end)


def _plain(replay: Replay, text: str) -> str:
    return " ".join(
        [
            text[one.start : one.end] if one.kind == "word" else one.text
            for one in tokens(text, replay.dialect)
        ]
    )
