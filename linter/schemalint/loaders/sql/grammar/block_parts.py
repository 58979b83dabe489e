"""Statements of a block: what they amount to together, and what touches which tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemalint.loaders.sql.clauses import TableName
from schemalint.loaders.sql.lexer import Token, words
from schemalint.loaders.sql.listed_by_catalog import CatalogLoop
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterAction,
    AlterTable,
    Block,
    Comment,
    CreateEnum,
    CreateIndex,
    CreateTable,
    CreateTrigger,
    CreateType,
    CreateView,
    Drop,
    DropColumn,
    DropConstraint,
    GrantStatement,
    Ignored,
    NotUnderstood,
    Statement,
    ValidateConstraint,
)
from schemalint.source import Span

_TOUCHES_NONE = (Ignored, Comment, CreateEnum, CreateType, CreateView, GrantStatement)
"""Statements that leave every rule over tables as it is."""

_GOES_ELSEWHERE = words("IF CASE LOOP FOR FOREACH WHILE BEGIN RETURN EXIT CONTINUE")
_GOES_ON = words("DEBUG LOG INFO NOTICE WARNING")
"""Levels of RAISE that are no errors."""

_STEPS = (CreateTable, CreateIndex, Drop, AddColumn, DropColumn, AddConstraint, DropConstraint)


def assignment_at(taken: Sequence[Token]) -> int:
    """Where `a := `, `a = ` or `r.a[1] := ` has its sign; 0 for another statement."""
    if not taken or taken[0].kind not in ("word", "name"):
        return 0
    at, depth = 1, 0
    while at < len(taken):
        text = taken[at].text
        depth += (text == "[") - (text == "]")
        if not depth and text in (":=", "="):
            return at
        if not depth and text not in (".", "]") and taken[at - 1].text != ".":
            return 0
        at += 1
    return 0


def says_nothing(found: Sequence[Statement]) -> bool:
    """Whether none of the statements says what rows a table can hold."""
    return all(isinstance(statement, Ignored) for statement in found)


def raises(handler: Sequence[Token]) -> bool:
    """Whether the statements of a handler end in an error, whatever they are given."""
    if any(token.kind == "word" and token.text in _GOES_ELSEWHERE for token in handler):
        return False
    ends = [at for at, token in enumerate(handler) if token.kind == "sign" and token.text == ";"]
    if not ends:
        return False
    last = handler[ends[-2] + 1 if len(ends) > 1 else 0 : ends[-1]]
    if not last or last[0].text != "RAISE":
        return False
    return len(last) == 1 or last[1].kind != "word" or last[1].text not in _GOES_ON


def only_validates(found: Sequence[Statement]) -> bool:
    """Whether all that the statements do is to hold stored rows against constraints: whatever comes
    of it, what a table can hold stays the same."""
    return all(
        isinstance(one, Ignored)
        or (
            isinstance(one, AlterTable)
            and all(isinstance(action, ValidateConstraint) for action in one.actions)
        )
        for one in found
    )


def steps_of(statement: Statement) -> Iterator[Statement]:
    """The statements of a block, and of blocks in it; of others the statement itself."""
    if not isinstance(statement, Block):
        yield statement
        return
    for one in (*statement.statements, *statement.otherwise):
        yield from steps_of(one)


def is_loop(statement: Statement) -> bool:
    """Whether it is a loop that is read when it is run."""
    return isinstance(statement, CatalogLoop)


def is_one_step(found: Sequence[Statement]) -> bool:
    """Whether the statements make or drop one thing, refused where that was done already."""
    said = [statement for statement in found if not isinstance(statement, Ignored)]
    if len(said) != 1:
        return False
    steps = said[0].actions if isinstance(said[0], AlterTable) else said
    return len(steps) == 1 and isinstance(steps[0], _STEPS) and not _lets_pass(steps[0])


def _lets_pass(step: Statement | AlterAction) -> bool:
    return any(getattr(step, flag, False) for flag in ("if_exists", "if_not_exists", "replace"))


def unclear(reason: str, found: Sequence[Statement], span: Span) -> NotUnderstood:
    """What could be run or not: it touches the tables of its statements, if all are known."""
    names: list[TableName] = []
    for statement in found:
        tables = _tables_of(statement)
        if not tables and not isinstance(statement, _TOUCHES_NONE):
            names = []
            break
        names += tables
    return NotUnderstood(reason=reason, tables=tuple(names), known=True, span=span)


def _tables_of(statement: Statement) -> list[TableName]:
    """The tables that a statement is about, where it is about these only."""
    if isinstance(statement, (AlterTable, CreateTable, CreateIndex)):
        return [statement.table]
    if isinstance(statement, CreateTrigger):
        return [statement.table]
    if isinstance(statement, Drop) and not statement.cascade:
        if statement.kind in ("trigger", "index") and statement.table is not None:
            return [statement.table]
        return list(statement.names) if statement.kind in ("table", "index") else []
    if isinstance(statement, NotUnderstood):
        return list(statement.tables)
    if isinstance(statement, Block):
        within = (*statement.statements, *statement.otherwise)
        found = [_tables_of(one) for one in within if not isinstance(one, _TOUCHES_NONE)]
        return [table for tables in found for table in tables] if all(found) else []
    return []
