"""The clauses behind a column's type, in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from schemalint.loaders.sql.clauses import (
    CheckClause,
    ColumnClause,
    CommentClause,
    DefaultClause,
    ForeignKeyClause,
    GeneratedClause,
    IdentityClause,
    Name,
    NullClause,
    OnUpdateNow,
    PrimaryKeyClause,
    Sql,
    UniqueClause,
    UnknownClause,
)
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.collations import read_character_set, read_collation
from schemalint.loaders.sql.grammar.constraint_attributes import (
    read_attributes,
    read_on_conflict,
    skip_index_options,
)
from schemalint.loaders.sql.grammar.constraints import read_check, read_nulls
from schemalint.loaders.sql.grammar.expressions import read_value
from schemalint.loaders.sql.grammar.foreign_keys import read_references
from schemalint.loaders.sql.grammar.key_parts import read_key_parts
from schemalint.loaders.sql.lexer import is_mysql, is_postgres, words
from schemalint.model import Dialect, KeyPart
from schemalint.source import Span

Clauses = tuple[ColumnClause, ...]


def read_column_clauses(cursor: Cursor, column: Name) -> Clauses:
    """The clauses behind the type; what cannot be read is the last, as an `UnknownClause`.

    A constraint right before it is a part of it: the unknown words could take it back.

    Raises:
        SyntaxFaultError: a bracket is not closed.
    """
    clauses: list[ColumnClause] = []
    while not cursor.done and not cursor.at_any(",", ")", "FIRST", "AFTER"):
        reader = _Clause(cursor, column)
        try:
            if not _defer(cursor, clauses):
                clauses += reader.read()
        except SyntaxFaultError as fault:
            start = reader.start
            if clauses and isinstance(clauses[-1], _WEAKENED):
                start = clauses.pop().span.start
            clauses.append(read_unknown(cursor, start, fault.message))
            break
    return tuple(clauses)


def _defer(cursor: Cursor, clauses: list[ColumnClause]) -> bool:
    """Take a DEFERRABLE that stands away from its REFERENCES, as it may in SQLite."""
    if cursor.dialect is not Dialect.SQLITE:
        return False
    if not cursor.at("DEFERRABLE") and not cursor.at("NOT", "DEFERRABLE"):
        return False
    deferrable = read_attributes(cursor, of_key=True).deferrable
    for number in range(len(clauses) - 1, -1, -1):
        clause = clauses[number]
        if isinstance(clause, ForeignKeyClause):
            clauses[number] = msgspec.structs.replace(clause, deferrable=deferrable)
            break
    return True


def read_unknown(cursor: Cursor, start: int, reason: str) -> UnknownClause:
    """Everything from the offset `start` up to the next comma or bracket outside brackets.

    Raises:
        SyntaxFaultError: a bracket on the way is not closed.
    """
    while cursor.at_token and cursor.peek().start > start:
        cursor.at_token -= 1
    cursor.until(",", ")")
    return UnknownClause(reason=reason, span=cursor.since(start))


class _Clause:
    """One clause that is being read. `name` is what CONSTRAINT calls it."""

    def __init__(self, cursor: Cursor, column: Name) -> None:
        self.cursor = cursor
        self.column = column
        self.start = cursor.mark()
        self.name: str | None = None

    def read(self) -> Clauses:
        """The clause; () where it says nothing about rows.

        Raises:
            SyntaxFaultError: it is none that is known, or not complete.
        """
        token = self.cursor.peek()
        reader = _READERS.get(token.text) if token.kind == "word" else None
        if reader is not None:
            return reader(self)
        if not self._skip_neutral():
            raise self.cursor.unexpected(_ANOTHER)
        return ()

    def _skip_neutral(self) -> bool:
        """Step over words that say nothing about rows; whether there are any."""
        cursor = self.cursor
        if cursor.at_any(*_NEUTRAL):
            cursor.next()
        elif cursor.at_any(*_NEUTRAL_WITH_VALUE):
            cursor.next()
            cursor.accept("=")
            cursor.next()
        elif cursor.at_any(*_NEUTRAL_WITH_BRACKETS):
            cursor.next()
            cursor.accept("WITH")
            if not cursor.at("("):
                raise cursor.unexpected("`(`")
            cursor.skip_brackets()
        else:
            return cursor.accept("WITH", "SYSTEM", "VERSIONING") or cursor.accept(
                "WITHOUT", "SYSTEM", "VERSIONING"
            )
        return True

    def span(self) -> Span:
        """From the clause's first word to the last that was taken."""
        return self.cursor.since(self.start)

    def constraint(self) -> Clauses:
        """CONSTRAINT `name`, and what it names."""
        self.cursor.next()
        self.name = self.cursor.own_name().text
        nothing_follows = self.cursor.done or self.cursor.at_any(",", ")", "CONSTRAINT")
        if nothing_follows and self.cursor.dialect is Dialect.SQLITE:
            return ()
        token = self.cursor.peek()
        reader = _READERS.get(token.text) if token.kind == "word" else None
        if reader is None or token.text not in _NAMED:
            raise self.cursor.unexpected("a constraint")
        return reader(self)

    def not_null(self) -> Clauses:
        """NOT NULL, and the words with NOT that say nothing."""
        if self.cursor.accept("NOT", "FOR", "REPLICATION"):
            return ()
        self.cursor.expect("NOT")
        self.cursor.expect("NULL")
        on_conflict = read_attributes(self.cursor).on_conflict
        return (NullClause(nullable=False, on_conflict=on_conflict, span=self.span()),)

    def null(self) -> Clauses:
        """NULL."""
        self.cursor.next()
        read_on_conflict(self.cursor)
        return (NullClause(nullable=True, span=self.span()),)

    def default(self) -> Clauses:
        """DEFAULT, and SQL Server's WITH VALUES."""
        self.cursor.next()
        expression = read_value(self.cursor)
        self.cursor.accept("WITH", "VALUES")
        return (DefaultClause(expression=expression, span=self.span()),)

    def serial(self) -> Clauses:
        """MySQL's SERIAL DEFAULT VALUE: NOT NULL AUTO_INCREMENT UNIQUE."""
        self.cursor.expect("SERIAL", "DEFAULT", "VALUE")
        span = self.span()
        part = KeyPart(column=self.column.text, span=span)
        return (
            NullClause(nullable=False, span=span),
            IdentityClause(span=span),
            UniqueClause(parts=(part,), span=span),
        )

    def generated(self) -> Clauses:
        """GENERATED ALWAYS or BY DEFAULT, AS IDENTITY or AS (expression)."""
        self.cursor.next()
        always = self.cursor.accept("ALWAYS")
        if not always:
            self.cursor.expect("BY", "DEFAULT")
            self.cursor.accept("ON", "NULL")
        if self.cursor.accept("AS", "IDENTITY"):
            if self.cursor.at("("):
                self.cursor.skip_brackets()
            return (IdentityClause(always=always, span=self.span()),)
        return self.computed()

    def computed(self) -> Clauses:
        """AS (expression), and whether it is stored."""
        self.cursor.expect("AS")
        if self.cursor.at("ROW"):
            raise SyntaxFaultError("columns of system versioning are not modelled", self.span())
        expression = self._computation()
        stored = self.cursor.at_any("STORED", "PERSISTENT", "PERSISTED")
        if stored or self.cursor.at("VIRTUAL"):
            self.cursor.next()
        return (GeneratedClause(expression=expression, stored=stored, span=self.span()),)

    def _computation(self) -> Sql:
        """What is computed, in brackets, which SQL Server does not need."""
        cursor = self.cursor
        start = cursor.at_token
        if cursor.at("(") or cursor.dialect is not Dialect.SQLSERVER:
            expression = cursor.parenthesised()
            following = cursor.peek()
            if following.kind != "sign" or following.text in (",", ")"):
                return expression
        cursor.at_token = start
        return read_value(cursor)

    def identity(self) -> Clauses:
        """AUTO_INCREMENT, AUTOINCREMENT, TiDB's AUTO_RANDOM, SQL Server's IDENTITY(1, 1)."""
        always = self.cursor.next().text == "IDENTITY"
        if self.cursor.at("("):
            self.cursor.skip_brackets()
        return (IdentityClause(always=always, span=self.span()),)

    def on(self) -> Clauses:
        """MySQL's ON UPDATE CURRENT_TIMESTAMP."""
        self.cursor.expect("ON", "UPDATE")
        read_value(self.cursor)
        return (OnUpdateNow(span=self.span()),)

    def collation(self) -> Clauses:
        """COLLATE."""
        return (read_collation(self.cursor),)

    def character_set(self) -> Clauses:
        """MySQL's CHARACTER SET and its short forms."""
        return (read_character_set(self.cursor),)

    def comment(self) -> Clauses:
        """MySQL's COMMENT."""
        self.cursor.next()
        self.cursor.accept("=")
        text = self.cursor.string().text
        return (CommentClause(text=text, span=self.span()),)

    def primary_key(self) -> Clauses:
        """PRIMARY KEY, and MySQL's KEY, which is the same behind a column."""
        cursor = self.cursor
        if not cursor.accept("PRIMARY") and is_postgres(cursor.dialect):
            raise cursor.unexpected(_ANOTHER)
        cursor.expect("KEY")
        skip_index_options(cursor)
        listed = self._listed()
        descending = cursor.accept("DESC")
        if not descending:
            cursor.accept("ASC")
        attributes = read_attributes(cursor)
        skip_index_options(cursor)
        span = self.span()
        part = KeyPart(column=self.column.text, descending=descending, span=span)
        clause = PrimaryKeyClause(
            parts=listed or (part,),
            name=self.name,
            deferrable=attributes.deferrable,
            on_conflict=attributes.on_conflict,
            descending_rowid=descending and cursor.dialect is Dialect.SQLITE,
            span=span,
        )
        return (clause,)

    def unique(self) -> Clauses:
        """UNIQUE, and MySQL's UNIQUE KEY."""
        cursor = self.cursor
        cursor.next()
        if is_mysql(cursor.dialect) or cursor.dialect is None:
            cursor.accept("KEY")
        nulls: Literal["equal", "distinct"] = "equal" if read_nulls(cursor) else "distinct"
        skip_index_options(cursor)
        listed = self._listed()
        attributes = read_attributes(cursor)
        skip_index_options(cursor)
        span = self.span()
        clause = UniqueClause(
            parts=listed or (KeyPart(column=self.column.text, span=span),),
            name=self.name,
            nulls=nulls,
            deferrable=attributes.deferrable,
            on_conflict=attributes.on_conflict,
            span=span,
        )
        return (clause,)

    def index(self) -> Clauses:
        """SQL Server's INDEX, which can be UNIQUE."""
        cursor = self.cursor
        cursor.next()
        self.name = cursor.name().text
        if cursor.at("UNIQUE"):
            return self.unique()
        skip_index_options(cursor)
        self._listed()
        skip_index_options(cursor)
        return ()

    def _listed(self) -> tuple[KeyPart, ...]:
        """The columns that SQL Server lets stand behind a column's key; () where none do."""
        if self.cursor.dialect is not Dialect.SQLSERVER or not self.cursor.at("("):
            return ()
        parts = read_key_parts(self.cursor)
        skip_index_options(self.cursor)
        return parts

    def references(self) -> Clauses:
        """REFERENCES."""
        if self.cursor.at("FOREIGN"):  # SQL Server's, optional
            self.cursor.expect("FOREIGN", "KEY")
        return (read_references(self.cursor, self.start, self.name, (self.column,), inline=True),)

    def check(self) -> Clauses:
        """CHECK."""
        self.cursor.next()
        return (read_check(self.cursor, self.start, self.name),)


_READERS: dict[str, Callable[[_Clause], Clauses]] = {
    "CONSTRAINT": _Clause.constraint,
    "NOT": _Clause.not_null,
    "NULL": _Clause.null,
    "DEFAULT": _Clause.default,
    "SERIAL": _Clause.serial,
    "GENERATED": _Clause.generated,
    "AS": _Clause.computed,
    "IDENTITY": _Clause.identity,
    "AUTO_INCREMENT": _Clause.identity,
    "AUTOINCREMENT": _Clause.identity,
    "AUTO_RANDOM": _Clause.identity,
    "ON": _Clause.on,
    "COLLATE": _Clause.collation,
    "CHARACTER": _Clause.character_set,
    "CHARSET": _Clause.character_set,
    "CHAR": _Clause.character_set,
    "BINARY": _Clause.character_set,
    "ASCII": _Clause.character_set,
    "UNICODE": _Clause.character_set,
    "COMMENT": _Clause.comment,
    "PRIMARY": _Clause.primary_key,
    "KEY": _Clause.primary_key,
    "UNIQUE": _Clause.unique,
    "REFERENCES": _Clause.references,
    "FOREIGN": _Clause.references,
    "CHECK": _Clause.check,
    "INDEX": _Clause.index,
}
_WEAKENED = (NullClause, PrimaryKeyClause, UniqueClause, ForeignKeyClause, CheckClause)
_ANOTHER = "another clause of the column, `,` or `)`"
# What CONSTRAINT can give a name to.
_NAMED = words("NOT NULL DEFAULT COLLATE GENERATED AS PRIMARY UNIQUE REFERENCES FOREIGN CHECK")
_NEUTRAL = words("INVISIBLE VISIBLE SPARSE ROWGUIDCOL HIDDEN FILESTREAM")
_NEUTRAL_WITH_VALUE = words(
    "STORAGE COMPRESSION COLUMN_FORMAT SRID REF_SYSTEM_ID ENGINE_ATTRIBUTE "
    "SECONDARY_ENGINE_ATTRIBUTE FAMILY"
)
_NEUTRAL_WITH_BRACKETS = words("MASKED ENCRYPTED OPTIONS")
