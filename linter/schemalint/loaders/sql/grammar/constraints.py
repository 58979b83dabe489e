"""Constraints of tables and columns, and the keys that MySQL lets stand among them."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import (
    CheckClause,
    Constraint,
    ExclusionClause,
    IndexClause,
    PrimaryKeyClause,
    UniqueClause,
)
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.constraint_attributes import (
    read_attributes,
    skip_index_options,
)
from schemalint.loaders.sql.grammar.foreign_keys import read_foreign_key
from schemalint.loaders.sql.grammar.key_parts import read_key_part, read_key_parts
from schemalint.loaders.sql.lexer import is_mysql, is_postgres, words
from schemalint.model import Dialect, KeyPart

_KINDS = ("FULLTEXT", "SPATIAL", "VECTOR", "INVERTED")
_STARTING = words(
    "CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK EXCLUDE KEY INDEX FULLTEXT SPATIAL VECTOR INVERTED"
)


def at_constraint(cursor: Cursor) -> bool:
    """Whether a constraint of a table (or MySQL's key) comes next, and no column."""
    token = cursor.peek()
    if token.kind != "word" or token.text not in _STARTING:
        return False
    following = cursor.peek(1)
    if token.text == "EXCLUDE":
        return is_postgres(cursor.dialect) and following.text in ("USING", "(")
    if token.text in ("VECTOR", "INVERTED"):
        return cursor.dialect is not Dialect.SQLITE and following.text in ("KEY", "INDEX")
    if token.text not in ("KEY", "INDEX", "FULLTEXT", "SPATIAL"):
        return True
    if is_mysql(cursor.dialect):
        return True
    if cursor.dialect in (Dialect.SQLSERVER, Dialect.COCKROACHDB):
        return token.text == "INDEX"
    if cursor.dialect is not None:
        return False
    # `KEY (a)`, `KEY i (a)`, but `key varchar(20)` is a column.
    at = 1 if following.text == "(" and following.kind == "sign" else 2
    return cursor.peek(at).text == "(" and cursor.peek(at + 1).kind in ("word", "name")


def read_constraint(cursor: Cursor) -> Constraint:
    """A table's constraint, from CONSTRAINT or its own word to its end.

    Raises:
        SyntaxFaultError: it is none that is known.
    """
    start = cursor.mark()
    name = None
    if cursor.accept("CONSTRAINT"):
        cursor.accept("IF", "NOT", "EXISTS")
        if not cursor.at_any("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") or is_named(cursor):
            name = cursor.own_name().text
    if cursor.accept("PRIMARY", "KEY"):
        return _primary_key(cursor, start, name)
    if cursor.accept("UNIQUE"):
        return _unique(cursor, start, name)
    if cursor.accept("FOREIGN", "KEY"):
        return read_foreign_key(cursor, start, name)
    if cursor.accept("CHECK"):
        return read_check(cursor, start, name)
    if cursor.accept("EXCLUDE"):
        return _exclusion(cursor, start, name)
    if cursor.at_any("KEY", "INDEX", *_KINDS):
        return _index(cursor, start)
    raise cursor.unexpected("a constraint")


def skip_empty_constraint(cursor: Cursor) -> bool:
    """Take a CONSTRAINT that names nothing, which SQLite lets stand; whether there is one."""
    if cursor.dialect is not Dialect.SQLITE or not cursor.at("CONSTRAINT"):
        return False
    following = cursor.peek(2)
    if not (following.kind == "end" or following.text in (",", ")", "CONSTRAINT")):
        return False
    cursor.at_token += 2
    return True


def is_named(cursor: Cursor) -> bool:
    """Whether the word that comes next, which could begin a constraint, is the name of one."""
    following = cursor.peek(1)
    return following.kind == "word" and following.text in _STARTING and following.text != "KEY"


def _key_name(cursor: Cursor) -> str | None:
    """The name that may stand before a key's members."""
    cursor.accept("IF", "NOT", "EXISTS")
    if cursor.at("(") or cursor.at("USING") or cursor.at_any("CLUSTERED", "NONCLUSTERED"):
        return None
    return cursor.name().text


def _members(cursor: Cursor) -> tuple[KeyPart, ...]:
    """The members of PRIMARY KEY or UNIQUE, which are columns but for MySQL's."""
    parts = read_key_parts(cursor)
    if not is_mysql(cursor.dialect) and cursor.dialect is not None:
        for part in parts:
            if part.column is None or part.operator_class is not None:
                raise SyntaxFaultError("a constraint has only columns for members", part.span)
    return parts


def _primary_key(cursor: Cursor, start: int, name: str | None) -> PrimaryKeyClause:
    index = _existing_index(cursor)
    parts: tuple[KeyPart, ...] = ()
    if index is None:
        if is_mysql(cursor.dialect):
            _key_name(cursor)
        skip_index_options(cursor)
        parts = _members(cursor)
        skip_index_options(cursor)
    attributes = read_attributes(cursor)
    skip_index_options(cursor)
    return PrimaryKeyClause(
        parts=parts,
        name=name,
        deferrable=attributes.deferrable,
        on_conflict=attributes.on_conflict,
        index=index,
        span=cursor.since(start),
    )


def _unique(cursor: Cursor, start: int, name: str | None) -> UniqueClause:
    index = _existing_index(cursor)
    parts: tuple[KeyPart, ...] = ()
    equal = False
    if index is None:
        if is_mysql(cursor.dialect) or cursor.dialect in (None, Dialect.COCKROACHDB):
            if cursor.at_any("KEY", "INDEX"):
                cursor.next()
            equal = read_nulls(cursor)
            name = _key_name(cursor) or name
        equal = equal or read_nulls(cursor)
        skip_index_options(cursor)
        parts = _members(cursor)
        skip_index_options(cursor)
    attributes = read_attributes(cursor)
    skip_index_options(cursor)
    return UniqueClause(
        parts=parts,
        name=name,
        nulls="equal" if equal else "distinct",
        deferrable=attributes.deferrable,
        on_conflict=attributes.on_conflict,
        index=index,
        span=cursor.since(start),
    )


def _existing_index(cursor: Cursor) -> str | None:
    """The index of USING INDEX, which becomes the constraint."""
    if cursor.at("USING", "INDEX", "TABLESPACE") or not cursor.accept("USING", "INDEX"):
        return None
    return cursor.name().text


def read_nulls(cursor: Cursor) -> bool:
    """Take NULLS [NOT] DISTINCT; whether two NULLs are equal, as they always are to SQL Server."""
    if cursor.accept("NULLS", "NOT", "DISTINCT"):
        return True
    cursor.accept("NULLS", "DISTINCT")
    return cursor.dialect is Dialect.SQLSERVER


def read_check(cursor: Cursor, start: int, name: str | None) -> CheckClause:
    """What follows CHECK.

    Raises:
        SyntaxFaultError: it is no expression in brackets.
    """
    cursor.accept("NOT", "FOR", "REPLICATION")
    expression = cursor.parenthesised()
    if not expression.text:
        raise SyntaxFaultError("a CHECK needs a condition", expression.span)
    attributes = read_attributes(cursor)
    return CheckClause(
        expression=expression,
        name=name,
        enforced=attributes.enforced,
        validated=attributes.validated,
        inherited=attributes.inherited,
        span=cursor.since(start),
    )


def _exclusion(cursor: Cursor, start: int, name: str | None) -> ExclusionClause:
    method = skip_index_options(cursor)
    cursor.expect("(")
    parts = []
    operators = []
    while True:
        parts.append(read_key_part(cursor))
        cursor.expect("WITH")
        if cursor.accept("OPERATOR"):
            operators.append(cursor.parenthesised().text)
        else:
            operators.append(cursor.next().text)
        if not cursor.accept(","):
            break
    cursor.expect(")")
    skip_index_options(cursor)
    where = cursor.parenthesised() if cursor.accept("WHERE") else None
    attributes = read_attributes(cursor)
    return ExclusionClause(
        parts=tuple(parts),
        operators=tuple(operators),
        name=name,
        where=where,
        deferrable=attributes.deferrable,
        type=method or "btree",
        span=cursor.since(start),
    )


def _index(cursor: Cursor, start: int) -> IndexClause | UniqueClause:
    """MySQL's KEY, INDEX, FULLTEXT and SPATIAL, and SQL Server's INDEX, which can be UNIQUE."""
    kind = "btree"
    if cursor.at_any(*_KINDS):
        kind = cursor.next().text.lower()
    if cursor.at_any("KEY", "INDEX"):
        cursor.next()
    name = _key_name(cursor)
    if cursor.dialect is Dialect.SQLSERVER and cursor.at("UNIQUE"):
        cursor.next()
        return _unique(cursor, start, name)
    using = skip_index_options(cursor)
    parts = read_key_parts(cursor)
    using = skip_index_options(cursor) or using
    where = cursor.until(",", ")", "WITH", "ON") if cursor.accept("WHERE") else None
    skip_index_options(cursor)
    return IndexClause(
        name=name,
        parts=parts,
        where=where,
        type=using if using and kind == "btree" else kind,
        span=cursor.since(start),
    )
