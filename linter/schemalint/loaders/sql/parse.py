"""A file of SQL to the structs of its statements. Never raises."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import Column, Element, TableName, UnknownClause
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.alter import read_alter_table
from schemalint.loaders.sql.grammar.indexes import read_create_index
from schemalint.loaders.sql.grammar.others import read_other
from schemalint.loaders.sql.grammar.programs import Procedures, followed
from schemalint.loaders.sql.grammar.tables import read_create_table
from schemalint.loaders.sql.lexer import is_mysql, words
from schemalint.loaders.sql.splitter import Piece, split, swallowing
from schemalint.loaders.sql.statements import (
    AddColumn,
    AlterAction,
    AlterTable,
    CreateTable,
    ModifyColumn,
    NotUnderstood,
    Statement,
)
from schemalint.model import Dialect
from schemalint.source import SourceFile, Span


def read_statements(
    file: SourceFile, dialect: Dialect | None, procedures: Procedures | None = None
) -> list[Statement]:
    """The statements of `file`, in order, in the words of `dialect` (None for none in particular).

    What cannot be read is there as `NotUnderstood`, what has nothing to say as `Ignored`.

    Args:
        procedures: MySQL's, of the files before; those of this file are added.
    """
    distrusted: set[str] = set()
    while True:
        pieces = split(file.text, dialect, distrusted)
        statements = [_read_piece(file, piece, dialect) for piece in pieces]
        marks = set().union(
            *[
                swallowing(file.text, piece)
                for piece, statement in zip(pieces, statements, strict=True)
                if _is_at_fault(statement)
            ]
        )
        if marks <= distrusted:
            if dialect is None or not is_mysql(dialect):
                return statements
            found = [piece.tokens for piece in pieces]
            return followed(
                file, found, statements, dialect, {} if procedures is None else procedures
            )
        distrusted |= marks


def _is_at_fault(statement: Statement) -> bool:
    """Whether something of the statement could not be read."""
    if isinstance(statement, NotUnderstood):
        return not statement.known
    if isinstance(statement, CreateTable):
        return any(map(_is_unknown, statement.elements))
    if isinstance(statement, AlterTable):
        return any(map(_is_unknown, statement.actions))
    return False


def _is_unknown(part: Element | AlterAction) -> bool:
    column = part
    if isinstance(part, AddColumn):
        column = part.column
    elif isinstance(part, ModifyColumn):
        column = part.definition
    if isinstance(column, Column):
        return any(isinstance(clause, UnknownClause) for clause in column.clauses)
    return isinstance(part, UnknownClause)


def read_statement(cursor: Cursor) -> Statement:
    """The one statement that the tokens of `cursor` are."""
    first = cursor.peek()
    statement: Statement | None = None
    try:
        if cursor.at("CREATE"):
            statement = read_create_table(cursor) or read_create_index(cursor)
        elif cursor.at("ALTER"):
            statement = read_alter_table(cursor)
        if statement is None:
            while cursor.accept("("):  # of a query
                pass
            statement = read_other(cursor)
        if statement is not None:
            return statement
        if first.kind == "parameter":
            reason = f"what `{first.text}` stands for is not to be seen here"
            return NotUnderstood(reason=reason, known=True, span=_whole(cursor))
        reason = f"no statement that is known begins with `{_beginning(cursor)}`"
        at = Span(cursor.file, first.start, first.end)
    except SyntaxFaultError as fault:
        reason = fault.message
        at = fault.span
    return NotUnderstood(reason=reason, tables=_table(cursor), at=at, span=_whole(cursor))


def _read_piece(file: SourceFile, piece: Piece, dialect: Dialect | None) -> Statement:
    cursor = Cursor(file, piece.tokens, dialect)
    if piece.fault is None:
        return read_statement(cursor)
    at = Span(file, piece.fault.start, piece.fault.end)
    return NotUnderstood(
        reason=piece.fault.message, tables=_table(cursor), at=at, span=_whole(cursor)
    )


def _whole(cursor: Cursor) -> Span:
    """The span of all of the statement's tokens."""
    return Span(cursor.file, cursor.tokens[0].start, cursor.tokens[-1].end)


def _beginning(cursor: Cursor) -> str:
    """The statement's first word, and the second where the first says little."""
    first, second = cursor.tokens[0], cursor.tokens[min(1, len(cursor.tokens) - 1)]
    if first.text in ("CREATE", "ALTER", "DROP") and second.kind == "word":
        return f"{first.text} {second.text}"
    return cursor.file.text[first.start : first.end]


_BEFORE_TABLE = words(
    "CREATE ALTER OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED TABLE IF NOT EXISTS ONLY UNIQUE "
    "INDEX CONCURRENTLY"
)


def _table(cursor: Cursor) -> tuple[TableName, ...]:
    """The table that the statement is certain to be about; () where that cannot be told."""
    cursor.at_token = 0
    if not cursor.at_any("CREATE", "ALTER"):
        return ()
    table = False
    index = False
    while cursor.at_any(*_BEFORE_TABLE):
        word = cursor.next().text
        table = table or word == "TABLE"
        index = index or word == "INDEX"
    try:
        if table:
            return (cursor.table_name(),)
        if index:
            cursor.until("ON")
            cursor.expect("ON")
            cursor.accept("ONLY")
            return (cursor.table_name(),)
    except SyntaxFaultError:
        pass
    return ()
