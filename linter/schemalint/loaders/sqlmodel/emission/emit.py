"""The DDL that SQLAlchemy would emit for the declared tables on one database, as statements.

In the order of `MetaData.create_all`, but that foreign keys come last (except on SQLite, which
takes them before their parents exist), so that the order of the tables does not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schemalint.loaders.sql.clauses import (
    CheckClause,
    CollateClause,
    Column,
    ColumnClause,
    Constraint,
    DefaultClause,
    ExclusionClause,
    ForeignKeyClause,
    GeneratedClause,
    IdentityClause,
    Name,
    NullClause,
    OnUpdateNow,
    PrimaryKeyClause,
    Sql,
    TableName,
    TypeName,
    UniqueClause,
)
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.loaders.sql.statements import (
    AddConstraint,
    AlterTable,
    CreateEnum,
    CreateIndex,
    CreateTable,
    Statement,
)
from schemalint.loaders.sqlmodel.drafts import (
    ColumnDraft,
    ForeignKeyDraft,
    IndexDraft,
    KeyMember,
    ServerDefault,
    TableDraft,
    TypeDraft,
)
from schemalint.loaders.sqlmodel.emission.ddl_types import (
    VARIANTS,
    ddl_type,
    for_dialect,
    gets,
    is_native_enum,
)
from schemalint.loaders.sqlmodel.emission.enum_checks import allowed_values
from schemalint.loaders.sqlmodel.emission.key_texts import index_parts
from schemalint.loaders.sqlmodel.emission.naming import MadeName
from schemalint.loaders.sqlmodel.emission.table_options import parents, table_options
from schemalint.model import Dialect, KeyPart
from schemalint.source import Span

# The longest name of a constraint or an index, as SQLAlchemy's dialects have it.
_LONGEST = {
    Dialect.POSTGRESQL: 63,
    Dialect.COCKROACHDB: 63,
    Dialect.MYSQL: 64,
    Dialect.MARIADB: 64,
    Dialect.SQLSERVER: 128,
}
# What MySQL's column definitions have behind a default, and SQLAlchemy has no words for.
_RENEWED = re.compile(
    r"\s+ON\s+UPDATE\s+(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)\s*(\(\s*\d*\s*\))?\s*$",
    re.IGNORECASE,
)
_SERIAL = {"INTEGER": "SERIAL", "BIGINT": "BIGSERIAL", "SMALLINT": "SMALLSERIAL"}


def emit(tables: Sequence[TableDraft], dialect: Dialect | None) -> list[Statement]:
    """Every statement that `create_all` would run on an empty database of this dialect."""
    statements: list[Statement] = list(_enums(tables, dialect))
    later: list[Statement] = []
    untold = _of_untold_schemas(tables)
    for table in tables:
        inline = dialect is Dialect.SQLITE
        keys = list(_foreign_keys(table, dialect, untold))
        statements.append(_create_table(table, keys if inline else [], dialect))
        if not inline:
            later += [
                AlterTable(
                    table=_name(table),
                    actions=(AddConstraint(constraint=key, span=key.span),),
                    span=key.span,
                )
                for key in keys
            ]
        later += [
            _create_index(table, index, dialect)
            for index in table.indexes
            if gets(index.only_on, dialect)
        ]
    return statements + later


def _enums(tables: Sequence[TableDraft], dialect: Dialect | None) -> Iterator[CreateEnum]:
    """PostgreSQL's enum types, each once, before the first table that uses it."""
    if not is_postgres(dialect):
        return
    seen: set[tuple[object, object]] = set()
    for table in tables:
        for column in table.columns:
            for kind in _enum_types(column.type, dialect):
                name = kind.arguments.get("name"), kind.arguments.get("schema")
                if name in seen or not isinstance(name[0], str):
                    continue
                seen.add(name)
                schema = name[1] if isinstance(name[1], str) else None
                span = kind.enum_span or kind.span
                values = tuple(Name(text=stored, span=at) for stored, _, at in kind.values)
                type_name = TableName(name=name[0], schema=schema, span=span)
                yield CreateEnum(type=type_name, values=values, span=span)


def _enum_types(kind: TypeDraft, dialect: Dialect | None) -> Iterator[TypeDraft]:
    kind = for_dialect(kind, dialect)
    if is_native_enum(kind, dialect):
        yield kind
    if kind.item is not None:
        yield from _enum_types(kind.item, dialect)


# -- tables ----------------------------------------------------------------------------------


def _create_table(
    table: TableDraft, keys: Sequence[ForeignKeyClause], dialect: Dialect | None
) -> CreateTable:
    columns = [_column(table, column, dialect) for column in table.columns]
    return CreateTable(
        table=_name(table),
        elements=(*columns, *_constraints(table, dialect), *keys),
        options=table_options(table, dialect),
        inherits=parents(table, dialect),
        span=table.span,
    )


def _name(table: TableDraft) -> TableName:
    return TableName(name=table.table, schema=table.schema, span=table.name_span)


def _column(table: TableDraft, column: ColumnDraft, dialect: Dialect | None) -> Column:
    kind = ddl_type(column.type, dialect)
    counts = counted(table, dialect) is column
    clauses: list[ColumnClause] = []
    if counts and kind is not None and is_postgres(dialect) and column.identity is None:
        kind = _serial(kind)
    at = column.nullable_span or column.span
    clauses.append(NullClause(nullable=column.nullable, span=at))
    sqlite = dialect is Dialect.SQLITE
    # SQLAlchemy passes IDENTITY over where a database has none.
    numbered = column.identity is not None and not sqlite and not is_mysql(dialect)
    autoincrement = sqlite and table.options.get("sqlite_autoincrement") is True
    if numbered or (counts and (is_mysql(dialect) or autoincrement)):
        always = numbered and column.identity == "always"
        clauses.append(IdentityClause(always=always, span=column.key_span or column.span))
    text = _default(column.server_default, dialect)
    if column.server_default is not None and text is not None:
        at = column.server_default.span
        renewed = _RENEWED.search(text) if is_mysql(dialect) else None
        if renewed is not None:  # text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
            text = text[: renewed.start()]
            clauses.append(OnUpdateNow(span=at))
        clauses.append(DefaultClause(expression=_sql(text, at), span=at))
    if column.computed is not None:
        computed = _sql(column.computed, column.span)
        clauses.append(
            GeneratedClause(expression=computed, stored=column.computed_stored, span=column.span)
        )
    collation = for_dialect(column.type, dialect).arguments.get("collation")
    if isinstance(collation, str):
        clauses.append(CollateClause(collation=collation, span=column.type.span))
    name = Name(text=column.column, span=column.name_span)
    return Column(name=name, type=kind, clauses=tuple(clauses), span=column.span)


def _default(default: ServerDefault | None, dialect: Dialect | None) -> str | None:
    """`func.now()` has another name on SQLite (`SQLiteCompiler.visit_now_func`)."""
    if default is None:
        return None
    for name in VARIANTS.get(dialect, ()) if dialect else ():
        if name in default.variants:
            return default.variants[name]
    if default.sql == "now()" and not default.raw and dialect is Dialect.SQLITE:
        return "CURRENT_TIMESTAMP"
    return default.sql


def counted(table: TableDraft, dialect: Dialect | None) -> ColumnDraft | None:
    """The column that SQLAlchemy lets the database number (`Table.autoincrement_column`): the only
    member of the primary key, if it is an integer that nothing else gives a value to; or the one
    that says `autoincrement=True`."""
    members = [column for column in table.columns if column.primary_key]
    for column in members:
        if column.autoincrement is True:
            return column
    if len(members) != 1 or _filled(table, members[0]):
        return None
    kind = ddl_type(members[0].type, dialect)
    return members[0] if kind is not None and kind.name in _SERIAL else None


def _filled(table: TableDraft, column: ColumnDraft) -> bool:
    """Whether something else gives the column its value, or a foreign key has it."""
    return (
        column.autoincrement is False
        or column.default is not None
        or column.server_default is not None
        or bool(column.foreign_keys)
        or any(column.column in key.columns for key in table.foreign_keys)
        or column.computed is not None
    )


def _serial(kind: TypeName) -> TypeName:
    name = _SERIAL.get(kind.name, kind.name)
    return TypeName(name=name, text=name, span=kind.span)


# -- constraints -----------------------------------------------------------------------------


def _constraints(table: TableDraft, dialect: Dialect | None) -> Iterator[Constraint]:
    members = table.primary_key or tuple(one.column for one in table.columns if one.primary_key)
    if members:
        spans = [one.key_span or one.span for one in table.columns if one.primary_key]
        span = table.primary_key_span or (spans[0] if spans else table.name_span)
        parts = tuple(KeyPart(span, column=member) for member in members)
        inline = dialect is Dialect.SQLITE and counted(table, dialect) is not None
        unnamed = inline and table.options.get("sqlite_autoincrement") is True
        name = None if unnamed else shortened(table.primary_key_name, dialect)
        yield PrimaryKeyClause(parts=parts, name=name, span=span)
    for unique in table.uniques:
        if not gets(unique.only_on, dialect):
            continue
        yield UniqueClause(
            parts=_parts(unique.members, dialect),
            name=shortened(unique.name, dialect),
            nulls=unique.nulls if is_postgres(dialect) else "distinct",
            deferrable=unique.deferrable,
            span=unique.span,
        )
    for check in table.checks:
        if gets(check.only_on, dialect):
            sql = _sql(check.sql, check.span)
            name = shortened(check.name, dialect)
            yield CheckClause(expression=sql, name=name, span=check.span)
    for column in table.columns:
        allowed = allowed_values(table, column, dialect)
        if allowed is not None:
            yield allowed
    if is_postgres(dialect):
        for exclusion in table.exclusions:
            where = exclusion.where
            yield ExclusionClause(
                parts=_parts(exclusion.members, dialect),
                operators=exclusion.operators,
                name=shortened(exclusion.name, dialect),
                where=None if where is None else _sql(where, exclusion.span),
                type=exclusion.type,
                deferrable=exclusion.deferrable,
                span=exclusion.span,
            )


def _parts(members: Sequence[KeyMember], dialect: Dialect | None) -> tuple[KeyPart, ...]:
    return tuple(
        KeyPart(
            one.span,
            column=one.column,
            expression=one.expression,
            descending=one.descending,
            operator_class=one.operator_class if is_postgres(dialect) else None,
        )
        for one in members
    )


def _of_untold_schemas(tables: Sequence[TableDraft]) -> frozenset[str]:
    """The tables of which it could not be told in which database schema they are: what is not
    known of a base, a MetaData or `__table_args__` may name it. Their names alone are known."""
    named = Counter(table.table for table in tables)
    return frozenset(
        table.table
        for table in tables
        if (table.gaps or table.schema_untold) and table.schema is None and named[table.table] == 1
    )


def _foreign_keys(
    table: TableDraft, dialect: Dialect | None, untold: frozenset[str]
) -> Iterator[ForeignKeyClause]:
    for column in table.columns:
        for key in column.foreign_keys:
            yield _foreign_key(table, key, dialect, untold)
    for key in table.foreign_keys:
        if gets(key.only_on, dialect):
            yield _foreign_key(table, key, dialect, untold)


def _foreign_key(
    table: TableDraft, key: ForeignKeyDraft, dialect: Dialect | None, untold: frozenset[str]
) -> ForeignKeyClause:
    targets = [target.split(".") for target in key.targets]
    last = targets[0]
    name = last[-2] if len(last) > 1 else last[-1]
    schema = ".".join(last[:-2]) or None
    if name in untold:
        schema = None
    parent = TableName(name=name, schema=schema, span=key.span)
    # SQLAlchemy leaves a key to another database of SQLite's out (`visit_foreign_key_constraint`).
    elsewhere = schema != table.schema and not {name, table.table} & untold
    spans = {column.column: column.name_span for column in table.columns}
    names = tuple(Name(text=one, span=spans.get(one, key.span)) for one in key.columns)
    return ForeignKeyClause(
        columns=names,
        table=parent,
        references=tuple(Name(text=one[-1], span=key.span) for one in targets if len(one) > 1),
        name=shortened(key.name, dialect),
        on_delete=key.on_delete,
        on_update=key.on_update,
        on_delete_span=key.on_delete_span,
        on_update_span=key.on_update_span,
        match=key.match,
        deferrable=key.deferrable,
        enforced=not (elsewhere and dialect is Dialect.SQLITE),
        span=key.span,
    )


def _create_index(table: TableDraft, index: IndexDraft, dialect: Dialect | None) -> CreateIndex:
    where = index.where.get(str(dialect)) if dialect else None
    columns = {column.column for column in table.columns}
    return CreateIndex(
        name=shortened(index.name, dialect),
        table=_name(table),
        parts=index_parts(index.members, columns, dialect),
        unique=index.unique,
        where=None if where is None else _sql(where, index.span),
        nulls=index.nulls if is_postgres(dialect) else "distinct",
        type=_index_type(index, dialect),
        span=index.span,
    )


def _index_type(index: IndexDraft, dialect: Dialect | None) -> str:
    """`postgresql_using` is for PostgreSQL alone, `mysql_prefix` for MySQL."""
    if is_mysql(dialect):
        return index.mysql_type or "btree"
    return index.type if is_postgres(dialect) else "btree"


def shortened(name: str | None, dialect: Dialect | None) -> str | None:
    """A name that is too long, as SQLAlchemy shortens those that it makes itself (it refuses
    written ones): `sqlalchemy.sql.compiler.IdentifierPreparer._truncate_and_render`."""
    if not isinstance(name, MadeName):
        return name
    longest = _LONGEST.get(dialect) if dialect is not None else None
    if longest is None or len(name) <= longest:
        return str(name)  # `MadeName` is of no use to others, and no text of JSON
    import hashlib  # rarely needed, and not free

    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - 8]}_{digest[-4:]}"


def _sql(text: str, span: Span) -> Sql:
    return Sql(text=text, span=span)
