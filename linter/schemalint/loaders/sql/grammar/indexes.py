"""CREATE INDEX, in all its forms."""

from __future__ import annotations

from typing import Literal

from schemalint.loaders.sql.clauses import Sql
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.constraint_attributes import skip_index_options
from schemalint.loaders.sql.grammar.constraints import read_nulls
from schemalint.loaders.sql.grammar.key_parts import read_key_parts
from schemalint.loaders.sql.statements import CreateIndex, Ignored
from schemalint.model import Dialect

_KINDS = ("FULLTEXT", "SPATIAL", "VECTOR", "INVERTED")


def read_create_index(cursor: Cursor) -> CreateIndex | Ignored | None:
    """CREATE ... INDEX; None where the words behind CREATE are others.

    Raises:
        SyntaxFaultError: it is one, and cannot be read.
    """
    start = cursor.mark()
    begin = cursor.at_token
    cursor.expect("CREATE")
    cursor.accept("OR", "REPLACE")
    if cursor.at_any("ONLINE", "OFFLINE"):
        cursor.next()
    unique = cursor.accept("UNIQUE")
    kind = None
    special = False
    while cursor.at_any(*_KINDS, "CLUSTERED", "NONCLUSTERED", "COLUMNSTORE", "XML", "PRIMARY"):
        word = cursor.next().text
        kind = word.lower() if word in _KINDS else kind
        special = special or not word.endswith("CLUSTERED")
    if not cursor.accept("INDEX"):
        cursor.at_token = begin
        return None
    if cursor.dialect is Dialect.SQLSERVER and special:
        cursor.until()
        return Ignored(word="CREATE INDEX", span=cursor.since(start))
    cursor.accept("CONCURRENTLY")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = None if cursor.at("ON") else cursor.table_name().name
    using = None if cursor.at("ON") else skip_index_options(cursor)
    cursor.expect("ON")
    cursor.accept("ONLY")
    table = cursor.table_name()
    cursor.accept("*")
    using = skip_index_options(cursor) or using
    parts = read_key_parts(cursor)
    nulls: Literal["distinct", "equal"] = (
        "equal" if cursor.dialect is Dialect.SQLSERVER else "distinct"
    )
    where = None
    while not cursor.done:
        at = cursor.at_token
        using = skip_index_options(cursor) or using
        if read_nulls(cursor):
            nulls = "equal"
        if cursor.accept("WHERE"):
            where = _where(cursor)
        if cursor.at_token == at:
            raise cursor.unexpected("the end of the statement")
    return CreateIndex(
        name=name,
        table=table,
        parts=parts,
        unique=unique,
        where=where,
        nulls=nulls,
        type=kind or using or "btree",
        if_not_exists=if_not_exists,
        span=cursor.since(start),
    )


def _where(cursor: Cursor) -> Sql:
    """The condition, which only SQL Server lets anything follow."""
    if cursor.dialect is Dialect.SQLSERVER:
        where = cursor.until("WITH", "ON", ")")
    else:
        where = cursor.until(")")
    if not where.text:
        raise cursor.unexpected("a condition")
    return where
