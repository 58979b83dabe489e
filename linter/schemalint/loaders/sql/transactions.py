"""What a file takes back itself: BEGIN ... ROLLBACK, ROLLBACK TO a savepoint.

PostgreSQL and SQLite undo DDL with its transaction; MySQL and MariaDB end the transaction before
each statement of DDL, so that there is nothing to undo (observed on 15, 3.40 and 10.11).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.loaders.loaded import Problem
from schemalint.loaders.sql.lexer import is_postgres
from schemalint.loaders.sql.statements import Ignored, Statement
from schemalint.model import Dialect

_ABOUT = frozenset(("BEGIN", "START", "SAVEPOINT", "COMMIT", "END", "ROLLBACK", "ABORT"))
_NOISE = frozenset(("WORK", "TRANSACTION", "SAVEPOINT", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"))


def without_rolled_back(
    statements: Sequence[Statement], dialect: Dialect | None
) -> tuple[list[Statement], list[Problem]]:
    """The statements that stay, and a warning for each ROLLBACK that undoes others."""
    if not (is_postgres(dialect) or dialect is Dialect.SQLITE):
        return list(statements), []
    kept: list[Statement] = []
    problems: list[Problem] = []
    marks: list[tuple[str, int]] = []  # savepoints, "" for the transaction: how many came before
    for statement in statements:
        words = _words(statement)
        first = words[:1]
        if first in (["BEGIN"], ["START"]):
            marks = marks or [("", len(kept))]
        elif first == ["SAVEPOINT"] and (marks or dialect is Dialect.SQLITE):
            marks.append((words[-1], len(kept)))
        elif first in (["COMMIT"], ["END"]):
            marks = [("", len(kept))] if words[-2:] == ["AND", "CHAIN"] else []
        elif first in (["ROLLBACK"], ["ABORT"]) and marks:
            to = words[-1] if "TO" in words else ""
            at = max((i for i, (name, _) in enumerate(marks) if name == to), default=-1)
            if not to:
                at = 0
            if at >= 0:
                undone = kept[marks[at][1] :]
                if any(not isinstance(one, Ignored) for one in undone):
                    message = f"this undoes what stands since line {undone[0].span.place.line}"
                    problems.append(Problem(message, statement.span, warning=True))
                del kept[marks[at][1] :]
                chained = words[-2:] == ["AND", "CHAIN"]
                marks = marks[: at + 1] if to or chained else []
        kept.append(statement)
    return kept, problems


def _words(statement: Statement) -> list[str]:
    """The words of a statement about transactions; [] of any other."""
    if not isinstance(statement, Ignored):
        return []
    words = statement.span.text.upper().rstrip("; \t\r\n").split()
    if not words or words[0] not in _ABOUT:
        return []
    return [words[0], *(word for word in words[1:] if word not in _NOISE)]
