"""Types of columns, as every dialect spells them."""

from __future__ import annotations

import re

from schemalint.loaders.sql.clauses import Name, TypeName
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.type_names import built_in
from schemalint.loaders.sql.lexer import is_mysql, words
from schemalint.model import Dialect

_ARGUMENT_KINDS = frozenset(("number", "word", "name", "string"))
_BLANKS = re.compile(r"\s+")

# What may stand behind the first word, longest first.
_CONTINUED: dict[str, tuple[tuple[str, ...], ...]] = {
    "CHARACTER": (("VARYING",),),
    "CHAR": (("VARYING",), ("BYTE",)),
    "NCHAR": (("VARYING",), ("VARCHAR",)),
    "BIT": (("VARYING",),),
    "BINARY": (("VARYING",),),
    "DOUBLE": (("PRECISION",),),
    "NATIONAL": (
        ("CHARACTER", "VARYING"),
        ("CHAR", "VARYING"),
        ("CHARACTER",),
        ("CHAR",),
        ("VARCHAR",),
        ("VARCHARACTER",),
        ("TEXT",),
    ),
    "LONG": (("CHAR", "VARYING"), ("CHARACTER", "VARYING"), ("VARCHAR",), ("VARBINARY",)),
}
_BEHIND = ("[", "UNSIGNED", "SIGNED", "ZEROFILL", "ARRAY")
_INTERVAL = frozenset(("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"))
# The words that end a type in SQLite, where any words make one.
_SQLITE_END = words(
    "CONSTRAINT NOT NULL PRIMARY UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS ON "
    "AUTOINCREMENT DEFERRABLE FOREIGN"
)


def read_type(cursor: Cursor) -> TypeName:
    """The type at `cursor`, with its arguments, dimensions and sign.

    Raises:
        SyntaxFaultError: there is none.
    """
    if cursor.dialect is Dialect.SQLITE:
        return _any_words(cursor)
    start = cursor.mark()
    schema = None
    token = cursor.peek()
    quoted = token.kind != "word"
    if quoted:
        name = cursor.name().text
    else:
        cursor.next()
        name = token.text
    while cursor.accept("."):
        schema = name if quoted else _folded(cursor, -2)
        token = cursor.peek()
        quoted = token.kind != "word"
        name = cursor.name().text
    if schema is not None or quoted:
        return _of_schema(cursor, start, name, schema, quoted)
    if not is_mysql(cursor.dialect) and name not in built_in(cursor.dialect):
        name = _folded(cursor, -1)
        return _finished(cursor, start, name, arguments=_arguments(cursor))
    if name in ("TIMESTAMP", "TIME"):
        arguments = _arguments(cursor)
        return _finished(cursor, start, name + _zone(cursor), arguments=arguments)
    if name == "INTERVAL":
        name += _fields(cursor)
    for following in _CONTINUED.get(name, ()):
        if cursor.accept(*following):
            name = " ".join((name, *following))
            break
    if name in ("ENUM", "SET") and cursor.at("("):
        return _finished(cursor, start, name, values=_values(cursor))
    arguments = _arguments(cursor)
    if name in ("CHAR", "CHARACTER") and cursor.accept("VARYING"):
        name += " VARYING"
    return _finished(cursor, start, name, arguments=arguments)


def _folded(cursor: Cursor, back: int) -> str:
    """The unquoted name that was taken `back` tokens ago, as the dialect folds it."""
    at = cursor.at_token
    cursor.at_token += back
    name = cursor.name().text
    cursor.at_token = at
    return name


def _of_schema(cursor: Cursor, start: int, name: str, schema: str | None, quoted: bool) -> TypeName:
    """A quoted or qualified type: one of the catalog's own, or one of the schema's."""
    own = schema is None or schema.lower() in ("pg_catalog", "sys")
    folds = not quoted or cursor.dialect is Dialect.SQLSERVER or name == name.lower()
    known = name.upper() if folds and name.upper() in built_in(cursor.dialect) else ""
    if own and known and name != "char":
        arguments = _arguments(cursor)
        zone = _zone(cursor) if known in ("TIMESTAMP", "TIME") else ""
        return _finished(cursor, start, known + zone, arguments=arguments)
    user = not (own and name == "char")
    arguments = _arguments(cursor)
    return _finished(cursor, start, name, schema=schema, user=user, arguments=arguments)


def _finished(
    cursor: Cursor,
    start: int,
    name: str,
    *,
    schema: str | None = None,
    user: bool = False,
    arguments: tuple[str, ...] = (),
    values: tuple[Name, ...] = (),
) -> TypeName:
    """The type, with the sign and the brackets that follow."""
    unsigned = False
    dimensions = 0
    while cursor.at_any(*_BEHIND):
        if cursor.at_any("UNSIGNED", "ZEROFILL"):
            unsigned = True
            cursor.next()
        elif cursor.at("SIGNED"):
            cursor.next()
        elif cursor.at("["):
            cursor.skip_brackets()
            dimensions += 1
        elif cursor.accept("ARRAY"):
            dimensions += 1
            if cursor.at("["):
                cursor.skip_brackets()
    span = cursor.since(start)
    return TypeName(
        name=name,
        text=_BLANKS.sub(" ", span.text),
        schema=schema,
        user=user,
        arguments=arguments,
        values=values,
        dimensions=dimensions,
        unsigned=unsigned,
        span=span,
    )


def _arguments(cursor: Cursor) -> tuple[str, ...]:
    """`(10, 2)`, each as it is written; () where no bracket follows."""
    if not cursor.accept("("):
        return ()
    arguments = []
    while True:
        start = cursor.mark()
        while cursor.peek().kind in _ARGUMENT_KINDS or cursor.at_any("-", "+", "."):
            cursor.next()
        argument = cursor.since(start).text
        if not argument:
            raise cursor.unexpected("a type's argument")
        arguments.append(argument)
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return tuple(arguments)


def _values(cursor: Cursor) -> tuple[Name, ...]:
    cursor.expect("(")
    values = [cursor.string()]
    while cursor.accept(","):
        values.append(cursor.string())
    cursor.expect(")")
    return tuple(values)


def _zone(cursor: Cursor) -> str:
    for zone in (
        ("WITH", "TIME", "ZONE"),
        ("WITHOUT", "TIME", "ZONE"),
        ("WITH", "LOCAL", "TIME", "ZONE"),
    ):
        if cursor.accept(*zone):
            return " " + " ".join(zone)
    return ""


def _fields(cursor: Cursor) -> str:
    """The fields of an INTERVAL: ` DAY TO SECOND`."""
    if not cursor.at_any(*_INTERVAL):
        return ""
    fields = " " + cursor.next().text
    if cursor.accept("TO"):
        if not cursor.at_any(*_INTERVAL):
            raise cursor.unexpected("a field of an interval")
        fields += " TO " + cursor.next().text
    return fields


def _any_words(cursor: Cursor) -> TypeName:
    """SQLite's types: one name or more, then perhaps one or two numbers in brackets."""
    start = cursor.mark()
    words = []
    while True:
        token = cursor.peek()
        if token.kind not in ("word", "name", "string"):
            break
        if (
            token.kind == "word"
            and token.text in _SQLITE_END
            and (token.text != "GENERATED" or cursor.peek(1).text == "ALWAYS")
        ):
            break
        words.append(token.text.upper())
        cursor.next()
    if not words:
        raise cursor.unexpected("a type")
    arguments = _arguments(cursor)
    span = cursor.since(start)
    text = _BLANKS.sub(" ", span.text)
    return TypeName(name=" ".join(words), text=text, arguments=arguments, span=span)
