"""MySQL's DECLARE ... HANDLER: what errors a procedure lets pass."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schemalint.loaders.sql.clauses import DefaultClause, IndexClause, NullClause
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.block_parts import says_nothing, unclear
from schemalint.loaders.sql.statements import (
    AddColumn,
    AddConstraint,
    AlterTable,
    Block,
    CreateIndex,
    CreateTable,
    Drop,
    DropColumn,
    DropConstraint,
    Ignored,
    Statement,
)

# That something is there already, or is not there any more.
_REPETITIONS = frozenset(
    ("1050", "1051", "1054", "1060", "1061", "1068", "1091", "1146", "1176", "1359", "1360", "1826")
) | {"42S01", "42S02", "42S21", "42S22"}
_NO_ERRORS = ("NOT FOUND", "SQLWARNING", "02000", "01000")


class Handler(msgspec.Struct, frozen=True):
    """A handler: whether it is for errors, whether the procedure goes on behind one, and whether it
    lets pass nothing but that statements were run before."""

    errors: bool
    goes_on: bool
    repetitions: bool


def read_handler(cursor: Cursor) -> Handler | None:
    """`DECLARE CONTINUE HANDLER FOR ...` up to its statement; None for another DECLARE."""
    kind = cursor.peek(1).text
    if not (cursor.at("DECLARE", kind, "HANDLER") and kind in ("CONTINUE", "EXIT")):
        return None
    cursor.at_token += 3
    cursor.expect("FOR")
    conditions = [_condition(cursor)]
    while cursor.accept(","):
        conditions.append(_condition(cursor))
    errors = [one for one in conditions if one not in _NO_ERRORS]
    return Handler(bool(errors), kind == "CONTINUE", all(one in _REPETITIONS for one in errors))


def _condition(cursor: Cursor) -> str:
    if cursor.accept("NOT", "FOUND"):
        return "NOT FOUND"
    if cursor.accept("SQLSTATE"):
        cursor.accept("VALUE")
    return cursor.next().text


def handled(found: Sequence[Statement], handlers: Sequence[Handler]) -> list[Statement]:
    """The statements of a procedure, with what its handlers make of their errors."""
    if not handlers or says_nothing(found):
        return list(found)
    said = [statement for statement in found if not isinstance(statement, Ignored)]
    every = all(handler.repetitions for handler in handlers)
    on = all(handler.goes_on for handler in handlers) or len(said) == 1
    return [
        Block(statements=(statement,), guarded=True, span=statement.span)
        if on and (every or _fails_by_repetition_only(statement))
        else unclear("a handler could let pass that this fails", [statement], statement.span)
        for statement in said
    ]


def _fails_by_repetition_only(statement: Statement) -> bool:
    """Whether no row that is stored can make the statement fail."""
    if isinstance(statement, AlterTable):
        return all(
            isinstance(action, (DropColumn, DropConstraint))
            or (isinstance(action, AddConstraint) and isinstance(action.constraint, IndexClause))
            or (
                isinstance(action, AddColumn)
                and all(
                    isinstance(clause, (DefaultClause, NullClause))
                    for clause in action.column.clauses
                )
            )
            for action in statement.actions
        )
    if isinstance(statement, CreateIndex):
        return not statement.unique
    return isinstance(statement, (CreateTable, Drop))
