"""The CHECK that SQLAlchemy writes for an enum or a boolean that the database has no type for.

Only with `create_constraint=True`, which is not the default since SQLAlchemy 1.4.
"""

from __future__ import annotations

from schemalint.condition.quoting import quoted_name, quoted_string
from schemalint.loaders.sql.clauses import CheckClause, Sql
from schemalint.loaders.sqlmodel.drafts import ColumnDraft, TableDraft
from schemalint.loaders.sqlmodel.emission.ddl_types import for_dialect, is_native_enum
from schemalint.loaders.sqlmodel.emission.naming import Named, constraint_name
from schemalint.model import Dialect

_HAS_BOOLEAN = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)


def allowed_values(
    table: TableDraft, column: ColumnDraft, dialect: Dialect | None
) -> CheckClause | None:
    """`CHECK (column IN (...))`, or None where none is written."""
    kind = for_dialect(column.type, dialect)
    if kind.arguments.get("create_constraint") is not True:
        return None
    if kind.values and not is_native_enum(kind, dialect):
        values = [quoted_string(stored, dialect) for stored, _, _ in kind.values]
    elif kind.path == "sqlalchemy.Boolean" and dialect not in _HAS_BOOLEAN:
        values = ["0", "1"]
    else:
        return None
    text = f"{quoted_name(column.column, dialect)} IN ({', '.join(values)})"
    name = kind.arguments.get("name")
    subject = Named(kind="ck", table=table.table, schema=table.schema, columns=(column.column,))
    given = name if isinstance(name, str) else None
    return CheckClause(
        expression=Sql(text=text, span=kind.span),
        name=constraint_name(subject, table.conventions, given),
        span=kind.span,
    )
