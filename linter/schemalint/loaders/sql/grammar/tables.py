"""CREATE TABLE, in all its forms."""

from __future__ import annotations

import msgspec

from schemalint.loaders.sql.clauses import (
    Bound,
    Column,
    Element,
    LikeClause,
    Sql,
    TableName,
    TableOptions,
    UnknownClause,
)
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.column_clauses import read_unknown
from schemalint.loaders.sql.grammar.columns import needs_type, read_column
from schemalint.loaders.sql.grammar.constraints import (
    at_constraint,
    read_constraint,
    skip_empty_constraint,
)
from schemalint.loaders.sql.grammar.outcomes import is_temporary
from schemalint.loaders.sql.grammar.partitions import read_bound, read_partition_key
from schemalint.loaders.sql.grammar.table_options import read_option, read_partitions
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.loaders.sql.statements import CreateTable, NotUnderstood
from schemalint.model import Dialect
from schemalint.source import Span


def read_create_table(cursor: Cursor) -> CreateTable | NotUnderstood | None:
    """CREATE ... TABLE; None where the words behind CREATE are others.

    Raises:
        SyntaxFaultError: it is one, and cannot be read.
    """
    start = cursor.mark()
    begin = cursor.at_token
    cursor.expect("CREATE")
    replace = cursor.accept("OR", "REPLACE")
    if not cursor.accept("GLOBAL"):
        cursor.accept("LOCAL")
    temporary = cursor.accept("TEMPORARY") or cursor.accept("TEMP")
    cursor.accept("UNLOGGED")
    not_modelled = _not_modelled(cursor)
    if not cursor.accept("TABLE"):
        cursor.at_token = begin
        return None
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    table = cursor.table_name()
    if not_modelled is not None:
        cursor.until()
        return NotUnderstood(
            reason=not_modelled, tables=(table,), known=True, span=cursor.since(start)
        )
    draft = _Draft()
    _body(cursor, draft)
    while not cursor.done:
        _tail(cursor, draft)
    if draft.query is None and draft.partition_of is None and not draft.of_type:
        draft.elements = [_typed(element, cursor) for element in draft.elements]
    return CreateTable(
        table=table,
        elements=tuple(draft.elements),
        options=draft.options,
        if_not_exists=if_not_exists,
        replace=replace,
        temporary=temporary or table.name.startswith("#") or is_temporary(table, cursor.dialect),
        inherits=draft.inherits,
        partition_of=draft.partition_of,
        bound=draft.bound,
        query=draft.query,
        span=cursor.since(start),
    )


class _Draft:
    """What was read of a table so far."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.options = TableOptions()
        self.inherits: tuple[TableName, ...] = ()
        self.partition_of: TableName | None = None
        self.bound: Bound | None = None
        self.query: Sql | None = None
        self.of_type = False


def _not_modelled(cursor: Cursor) -> str | None:
    """Why a table that begins with this word is not modelled."""
    if cursor.accept("VIRTUAL"):
        return "what a virtual table holds is its module's to say"
    if cursor.accept("FOREIGN"):
        return "what a foreign table holds is another server's to say"
    if cursor.accept("EXTERNAL"):
        return "what an external table holds stands in files"
    return None


def _body(cursor: Cursor, draft: _Draft) -> None:
    """What follows the table's name, up to the closing bracket of its elements."""
    start = cursor.mark()
    if cursor.accept("PARTITION", "OF"):
        draft.partition_of = cursor.table_name()
    elif cursor.accept("OF"):
        cursor.table_name()
        draft.of_type = True
        reason = "the columns of a typed table are those of its type, which is not modelled"
        draft.elements.append(UnknownClause(reason=reason, span=cursor.since(start)))
    elif cursor.at("LIKE"):
        draft.elements.append(_like(cursor))
        return
    if cursor.at("(") and not _is_query(cursor, 1):
        _elements(cursor, draft.elements)


def _elements(cursor: Cursor, elements: list[Element]) -> None:
    opening = cursor.expect("(")
    if is_postgres(cursor.dialect) and cursor.accept(")"):
        return
    while True:
        if cursor.at(")") and elements and cursor.dialect is Dialect.SQLSERVER:
            break
        element = _element(cursor)
        if element is not None:
            elements.append(element)
        if cursor.done:
            raise SyntaxFaultError(
                "nothing closes this `(`", Span(cursor.file, opening.start, opening.end)
            )
        if cursor.at(")"):
            break
        cursor.accept(",")
    cursor.expect(")")


def _typed(element: Element, cursor: Cursor) -> Element:
    """The element, unless it is a column that lacks its type."""
    if isinstance(element, Column) and needs_type(element, cursor):
        reason = f"the column {element.name.text} has no type"
        return UnknownClause(reason=reason, span=element.span)
    return element


def _element(cursor: Cursor) -> Element | None:
    """A column or a constraint; what cannot be read of it is an `UnknownClause`.

    Raises:
        SyntaxFaultError: nothing is there, or a bracket is not closed.
    """
    if cursor.done or cursor.at_any(",", ")"):
        raise cursor.unexpected("a column or a constraint")
    start = cursor.mark()
    try:
        if skip_empty_constraint(cursor) or _skip_family(cursor):
            return None
        if at_constraint(cursor):
            element: Element = read_constraint(cursor)
        elif cursor.at("LIKE") and cursor.dialect is not Dialect.SQLITE:
            element = _like(cursor)
        else:
            element = read_column(cursor)
        # SQLite lets constraints follow each other without a comma.
        constraints = cursor.dialect is Dialect.SQLITE and at_constraint(cursor)
        if not (cursor.done or cursor.at_any(",", ")") or constraints):
            # What stands there could take back what was read.
            raise cursor.unexpected("`,` or `)`")
        return element
    except SyntaxFaultError as fault:
        return read_unknown(cursor, start, fault.message)


def _skip_family(cursor: Cursor) -> bool:
    """Take CockroachDB's FAMILY name (columns), which says how rows are stored."""
    if cursor.dialect is not Dialect.COCKROACHDB or not cursor.at("FAMILY"):
        return False
    brackets = 1 if cursor.peek(1).text == "(" else 2
    if cursor.peek(brackets).text != "(" or cursor.peek(brackets + 2).text not in (",", ")"):
        return False
    cursor.at_token += brackets
    cursor.skip_brackets()
    return True


def _like(cursor: Cursor) -> LikeClause:
    start = cursor.mark()
    cursor.expect("LIKE")
    table = cursor.table_name()
    including: list[str] = []
    while cursor.at_any("INCLUDING", "EXCLUDING"):
        adds = cursor.next().text == "INCLUDING"
        what = cursor.next().text.lower()
        if adds:
            including.append(what)
        else:
            including = [] if what == "all" else _without(including, what)
    return LikeClause(table=table, including=tuple(including), span=cursor.since(start))


_INCLUDED = ("comments", "constraints", "defaults", "generated", "identity", "indexes")


def _without(including: list[str], what: str) -> list[str]:
    every = [*_INCLUDED] if "all" in including else including
    return [word for word in every if word != what]


def _is_query(cursor: Cursor, ahead: int) -> bool:
    """Whether a query begins at the token `ahead`, perhaps in brackets."""
    while cursor.peek(ahead).text == "(" and cursor.peek(ahead).kind == "sign":
        ahead += 1
    token = cursor.peek(ahead)
    return token.kind == "word" and token.text in ("SELECT", "WITH", "VALUES", "TABLE")


def _is_option(cursor: Cursor) -> bool:
    """Whether the WITH that comes next is no query's."""
    following = cursor.peek(1)
    return cursor.at("WITH") and following.text in ("(", "SYSTEM", "OIDS")


def _tail(cursor: Cursor, draft: _Draft) -> None:
    """One of the things that may stand behind the elements.

    Raises:
        SyntaxFaultError: a closing bracket too many stands there.
    """
    start = cursor.mark()
    if cursor.accept(","):
        return
    if cursor.at(")"):
        raise cursor.unexpected("the end of the statement")
    if cursor.at_any("IGNORE", "REPLACE") and is_mysql(cursor.dialect):
        cursor.next()
    if cursor.accept("AS") or (_is_query(cursor, 0) and not _is_option(cursor)):
        if cursor.done:
            raise cursor.unexpected("a query")
        draft.query = _query(cursor)
        return
    try:
        if not _known_tail(cursor, draft):
            raise cursor.unexpected("an option of the table")
    except SyntaxFaultError as fault:
        cursor.until(")")
        span = cursor.since(start)
        draft.elements.append(UnknownClause(reason=fault.message, span=span))


def _query(cursor: Cursor) -> Sql:
    """The rest of the statement, without WITH [NO] DATA."""
    start = cursor.mark()
    cursor.until()
    last = cursor.at_token
    words = [token.text for token in cursor.tokens[max(0, last - 3) : last]]
    for ending in (["WITH", "NO", "DATA"], ["WITH", "DATA"]):
        if words[-len(ending) :] == ending:
            last -= len(ending)
            break
    span = Span(cursor.file, start, cursor.tokens[last - 1].end)
    return Sql(text=span.text, span=span)


def _known_tail(cursor: Cursor, draft: _Draft) -> bool:
    """Take one thing that may stand behind the elements; False if nothing known comes next."""
    if cursor.dialect is Dialect.SQLITE or cursor.dialect is None:
        if cursor.accept("STRICT"):
            draft.options = msgspec.structs.replace(draft.options, strict=True)
            return True
        if cursor.accept("WITHOUT", "ROWID"):
            draft.options = msgspec.structs.replace(draft.options, without_rowid=True)
            return True
    if is_mysql(cursor.dialect) or cursor.dialect is None:
        options = read_option(cursor, draft.options)
        if options is not None:
            draft.options = options
            return True
    if cursor.accept("INHERITS"):
        draft.inherits = _tables(cursor)
        return True
    if draft.partition_of is not None and (cursor.at("FOR", "VALUES") or cursor.at("DEFAULT")):
        draft.bound = read_bound(cursor)
        return True
    key = read_partition_key(cursor)
    parts = read_partitions(cursor)
    if parts is not None:
        if is_postgres(cursor.dialect):  # elsewhere nobody writes to a part by itself
            draft.options = msgspec.structs.replace(
                draft.options, partition_by=parts.text, partition_key=key
            )
        return True
    if cursor.at_any("ON", "TEXTIMAGE_ON", "FILESTREAM_ON", "TABLESPACE", "USING"):
        if cursor.accept("ON", "COMMIT"):
            cursor.next()  # PRESERVE ROWS, DELETE ROWS, DROP
            cursor.accept("ROWS")
            return True
        cursor.next()
        cursor.name()
        if cursor.at("("):
            cursor.skip_brackets()
        return True
    if cursor.accept("WITHOUT", "OIDS") or cursor.accept("WITH", "OIDS"):
        return True
    if cursor.at("WITH", "("):
        cursor.next()
        cursor.skip_brackets()
        return True
    return False


def _tables(cursor: Cursor) -> tuple[TableName, ...]:
    cursor.expect("(")
    tables = [cursor.table_name()]
    while cursor.accept(","):
        tables.append(cursor.table_name())
    cursor.expect(")")
    return tuple(tables)
