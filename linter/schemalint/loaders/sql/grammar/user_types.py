"""CREATE and ALTER of TYPE and DOMAIN."""

from __future__ import annotations

from schemalint.loaders.sql.clauses import (
    CheckClause,
    CollateClause,
    DefaultClause,
    Name,
    NullClause,
    Sql,
    TableName,
    UnknownClause,
)
from schemalint.loaders.sql.cursor import Cursor
from schemalint.loaders.sql.grammar.new_names import read_new_name
from schemalint.loaders.sql.grammar.outcomes import finish, ignored, not_modelled, whole
from schemalint.loaders.sql.grammar.types import read_type
from schemalint.loaders.sql.statements import (
    AddEnumValue,
    AlterDomain,
    CreateDomain,
    CreateEnum,
    CreateType,
    Ignored,
    NotUnderstood,
    RenameEnumValue,
    RenameType,
)

DomainClause = NullClause | DefaultClause | CollateClause | CheckClause | UnknownClause

_CLAUSE_STARTS = ("CONSTRAINT", "NOT", "NULL", "CHECK", "DEFAULT", "COLLATE")


# -- types -------------------------------------------------------------------------------------


def read_create_type(cursor: Cursor) -> CreateEnum | CreateType | CreateDomain:
    """`TYPE name ...`, behind CREATE: an enum, a composite, a range, a base or an alias type."""
    cursor.expect("TYPE")
    cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table_name()
    if cursor.accept("AS", "ENUM"):
        return CreateEnum(type=name, values=_values(cursor), span=finish(cursor))
    if cursor.accept("FROM"):  # T-SQL: another name for a built-in type
        return CreateDomain(
            domain=name,
            type=read_type(cursor),
            clauses=_clauses(cursor),
            span=finish(cursor),
        )
    return CreateType(type=name, span=whole(cursor))


def _values(cursor: Cursor) -> tuple[Name, ...]:
    """`('a', 'b')`, which may be empty."""
    cursor.expect("(")
    values: list[Name] = []
    while not cursor.accept(")"):
        if values:
            cursor.expect(",")
        values.append(cursor.string())
    return tuple(values)


def read_alter_type(
    cursor: Cursor,
) -> AddEnumValue | RenameEnumValue | RenameType | Ignored | NotUnderstood:
    """`TYPE name ...`, behind ALTER. The attributes of a composite type are not modelled."""
    cursor.expect("TYPE")
    name = cursor.table_name()
    if cursor.accept("ADD", "VALUE"):
        if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
        value = cursor.string()
        before = cursor.string().text if cursor.accept("BEFORE") else None
        after = cursor.string().text if cursor.accept("AFTER") else None
        return AddEnumValue(
            type=name,
            value=value,
            if_not_exists=if_not_exists,
            before=before,
            after=after,
            span=finish(cursor),
        )
    if cursor.accept("RENAME", "VALUE"):
        old = cursor.string().text
        cursor.expect("TO")
        return RenameEnumValue(type=name, value=old, name=cursor.string(), span=finish(cursor))
    renamed = _renamed(cursor, name)
    if renamed is not None:
        return renamed
    if cursor.at("DROP", "VALUE"):
        return not_modelled(cursor, f"a value is taken away from the type {name.name}")
    return ignored(cursor, "ALTER TYPE")


def _renamed(cursor: Cursor, name: TableName) -> RenameType | None:
    """RENAME TO and SET SCHEMA, of a type or a domain."""
    target = read_new_name(cursor, name)
    if target is None:
        return None
    return RenameType(type=name, name=target, span=finish(cursor))


# -- domains -----------------------------------------------------------------------------------


def read_create_domain(cursor: Cursor) -> CreateDomain:
    """`DOMAIN name AS type ...`, behind CREATE."""
    cursor.expect("DOMAIN")
    name = cursor.table_name()
    cursor.accept("AS")
    return CreateDomain(
        domain=name,
        type=read_type(cursor),
        clauses=_clauses(cursor),
        span=finish(cursor),
    )


def read_alter_domain(cursor: Cursor) -> AlterDomain | RenameType | Ignored | NotUnderstood:
    """`DOMAIN name ...`, behind ALTER."""
    cursor.expect("DOMAIN")
    name = cursor.table_name()
    renamed = _renamed(cursor, name)
    if renamed is not None:
        return renamed
    start = cursor.mark()
    if cursor.accept("SET", "DEFAULT"):
        default = _default(cursor, start)
        return AlterDomain(domain=name, default=default, span=finish(cursor))
    if cursor.accept("DROP", "DEFAULT"):
        return AlterDomain(domain=name, drop_default=True, span=finish(cursor))
    if cursor.accept("SET", "NOT", "NULL"):
        null = NullClause(nullable=False, span=cursor.since(start))
        return AlterDomain(domain=name, null=null, span=finish(cursor))
    if cursor.accept("DROP", "NOT", "NULL"):
        null = NullClause(nullable=True, span=cursor.since(start))
        return AlterDomain(domain=name, null=null, span=finish(cursor))
    if cursor.accept("DROP", "CONSTRAINT"):
        cursor.accept("IF", "EXISTS")
        constraint = cursor.name().text
        if cursor.at_any("RESTRICT", "CASCADE"):
            cursor.next()
        return AlterDomain(domain=name, drop=constraint, span=finish(cursor))
    if cursor.accept("ADD"):
        clause = _clause(cursor)
        cursor.accept("NOT", "VALID")
        if isinstance(clause, CheckClause):
            return AlterDomain(domain=name, check=clause, span=finish(cursor))
        if isinstance(clause, NullClause):
            return AlterDomain(domain=name, null=clause, span=finish(cursor))
        raise cursor.unexpected("a constraint")
    if cursor.at("RENAME", "CONSTRAINT"):
        return not_modelled(cursor, f"a constraint of the domain {name.name} gets another name")
    return ignored(cursor, "ALTER DOMAIN")


def _clauses(cursor: Cursor) -> tuple[DomainClause, ...]:
    clauses = []
    while not cursor.done:
        clauses.append(_clause(cursor))
    return tuple(clauses)


def _clause(cursor: Cursor) -> DomainClause:
    """One clause of a domain; words that are none are kept as unknown."""
    start = cursor.mark()
    name = cursor.name().text if cursor.accept("CONSTRAINT") else None
    if cursor.accept("NOT", "NULL"):
        return NullClause(nullable=False, span=cursor.since(start))
    if cursor.accept("NULL"):
        return NullClause(nullable=True, span=cursor.since(start))
    if cursor.accept("DEFAULT"):
        return _default(cursor, start)
    if cursor.accept("COLLATE"):
        collation = cursor.table_name().name
        return CollateClause(collation=collation, span=cursor.since(start))
    if cursor.accept("CHECK"):
        expression = cursor.parenthesised()
        return CheckClause(expression=expression, name=name, span=cursor.since(start))
    cursor.next()
    cursor.until(*_CLAUSE_STARTS)
    span = cursor.since(start)
    return UnknownClause(reason=f"`{span.text}` is not known here", span=span)


def _default(cursor: Cursor, start: int) -> DefaultClause:
    expression = _expression(cursor)
    return DefaultClause(expression=expression, span=cursor.since(start))


def _expression(cursor: Cursor) -> Sql:
    """A default's expression: at least one token (NULL may be it), up to the next clause."""
    first = cursor.mark()
    if cursor.at_any("(", "["):
        cursor.skip_brackets()
    else:
        cursor.next()
    cursor.until(*_CLAUSE_STARTS)
    span = cursor.since(first)
    return Sql(text=span.text, span=span)
