"""What `__table_args__` says of a table to one database: `sqlite_strict=True`, `mysql_engine=...`.

Those that change what rows the table takes; the others (tablespaces, fill factors) are passed over.
"""

from __future__ import annotations

from schemalint.loaders.sql.clauses import TableName, TableOptions
from schemalint.loaders.sql.lexer import is_mysql, is_postgres
from schemalint.loaders.sqlmodel.drafts import TableDraft
from schemalint.model import Dialect

OPTIONS = frozenset(
    (
        "sqlite_autoincrement",
        "sqlite_strict",
        "sqlite_with_rowid",
        "mysql_engine",
        "mysql_collate",
        "mariadb_engine",
        "mariadb_collate",
        "postgresql_inherits",
        "postgresql_partition_by",
    )
)


def table_options(table: TableDraft, dialect: Dialect | None) -> TableOptions:
    """The options behind the table's elements, in the DDL of this database."""
    options = table.options
    if dialect is Dialect.SQLITE:
        return TableOptions(
            comment=table.comment,
            strict=options.get("sqlite_strict") is True,
            without_rowid=options.get("sqlite_with_rowid") is False,
        )
    if not is_mysql(dialect):
        parts = options.get("postgresql_partition_by") if is_postgres(dialect) else None
        return TableOptions(
            comment=table.comment, partition_by=parts if isinstance(parts, str) else None
        )
    return TableOptions(
        comment=table.comment,
        engine=_of_mysql(table, "engine", dialect),
        collation=_of_mysql(table, "collate", dialect),
    )


def _of_mysql(table: TableDraft, name: str, dialect: Dialect | None) -> str | None:
    found = table.options.get(f"mysql_{name}")
    if dialect is Dialect.MARIADB:
        found = table.options.get(f"mariadb_{name}", found)
    return found if isinstance(found, str) else None


def parents(table: TableDraft, dialect: Dialect | None) -> tuple[TableName, ...]:
    """The tables whose rows include this one's (PostgreSQL's INHERITS, case U23)."""
    named = table.options.get("postgresql_inherits")
    if not is_postgres(dialect) or not isinstance(named, str):
        return ()
    schema, _, name = named.rpartition(".")
    return (TableName(name=name, schema=schema or None, span=table.name_span),)
