"""Members of indexes that models write as SQL: what a database takes of `text("email COLLATE C")`.

SQLAlchemy puts the text into the DDL as it stands, so that it is read as the DDL is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from schemalint.condition.quoting import quoted_string
from schemalint.loaders.sql.cursor import Cursor, SyntaxFaultError
from schemalint.loaders.sql.grammar.key_parts import read_key_parts
from schemalint.loaders.sql.lexer import tokens
from schemalint.loaders.sqlmodel.drafts import KeyMember
from schemalint.loaders.sqlmodel.emission.ddl_types import VARIANTS
from schemalint.model import Dialect, KeyPart
from schemalint.source import SourceFile


def index_parts(
    members: Sequence[KeyMember], columns: Collection[str], dialect: Dialect | None
) -> tuple[KeyPart, ...]:
    """The members of an index of a table with these columns, as the database has them."""
    return tuple([part for one in members for part in _parts(one, columns, dialect)])


def _parts(
    member: KeyMember, columns: Collection[str], dialect: Dialect | None
) -> Iterator[KeyPart]:
    plain = KeyPart(
        member.span,
        column=member.column,
        expression=member.expression,
        descending=member.descending,
        operator_class=member.operator_class,
        length=_length(member, dialect),
    )
    read = () if member.expression is None else _read(member.expression, dialect)
    for part in read or (plain,):
        # A name in double quotes that is no column's is a string there (case U51).
        quoted = part.span is not member.span and part.span.text.startswith('"')
        if quoted and dialect is Dialect.SQLITE and part.column not in columns:
            text = quoted_string(part.column or "", dialect)
            yield msgspec.structs.replace(part, span=member.span, column=None, expression=text)
            continue
        yield msgspec.structs.replace(
            part,
            span=member.span,
            descending=part.descending or member.descending,
            operator_class=part.operator_class or member.operator_class,
        )


def _length(member: KeyMember, dialect: Dialect | None) -> int | None:
    for name in VARIANTS.get(dialect, ()) if dialect else ():
        if name in member.length:
            return member.length[name]
    return None


def _read(text: str, dialect: Dialect | None) -> tuple[KeyPart, ...]:
    """The parts that the text is in an index; none where it is no member that the grammar reads."""
    written = f"({text})"
    file = SourceFile("", written)
    try:
        cursor = Cursor(file, tokens(written, dialect), dialect)
        parts = read_key_parts(cursor)
    except SyntaxFaultError:
        return ()
    return parts if cursor.done else ()
