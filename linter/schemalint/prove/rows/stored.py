"""What became of a row that was to be stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import msgspec

from schemalint.model import Dialect, Field, Model, ScalarType
from schemalint.prove.database import RefusalKind
from schemalint.prove.rows.given import Sql, Value
from schemalint.prove.rows.literals import equals, literal, text_of

Verb: TypeAlias = Literal["insert", "replace", "ignore"]
"""How a row is inserted: plainly, in the place of rows with a key of it (SQLite's and MySQL's
REPLACE), or as INSERT IGNORE (MySQL's)."""

Row: TypeAlias = Mapping[str, Value]
"""A row as the database has it, by physical column name."""


class Stored(msgspec.Struct, frozen=True):
    """A row that the database took.

    Attributes:
        model: whose row it is.
        statements: what was accepted for it, in order: its parents' INSERTs, its own last. Each is
            one transaction, unless `together`.
        values: the whole row as the database has it: defaults, generated columns, what triggers
            set.
        where: the condition that names the row, by its primary key, else a unique key, else all
            columns that can be compared: `id = 1`.
        together: the statements from this index on are run as one transaction, since rows among
            them point at each other; None where each is its own.
    """

    model: Model
    statements: tuple[str, ...]
    values: Row
    where: str
    together: int | None = None


class NoRow(msgspec.Struct, frozen=True):
    """No valid row was found. Nothing follows from that but that it is not known.

    Attributes:
        model: for which table; a parent's, where that was the one that could not be made.
        message: the database's own answer to the last statement, or what is missing.
        kind: what refused it; None where no statement was sent.
        statement: the last one that was tried.
        tries: how many rows were tried.
        accepted: the statements that were accepted for it all the same: rows of other tables.
        constraint: the name or the column that the database gave with the last refusal.
    """

    model: Model
    message: str
    kind: RefusalKind | None = None
    statement: str | None = None
    tries: int = 0
    accepted: tuple[str, ...] = ()
    constraint: str | None = None

    @property
    def reason(self) -> str:
        """One sentence for people."""
        tried = f" ({self.tries} rows were tried)" if self.tries > 1 else ""
        return f"no valid row of {self.model.name} was found{tried}: {self.message}"


def same(value: object) -> object:
    """What two values share that some database takes for the same: to be on the safe side, letter
    case and blanks at the end do not count, and neither does a value's own type."""
    if isinstance(value, (bool, int, float, bytes)) or value is None:
        return value
    if isinstance(value, str):
        return value.casefold().rstrip()
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, (memoryview, bytearray)):
        return bytes(value)
    if type(value).__name__ == "Decimal":
        return value
    return text_of(value, None).casefold()


def new_row(
    before: Sequence[Row], after: Sequence[Row], named: Mapping[str, Value | Sql]
) -> Row | None:
    """The row that `after` has and `before` has not; of several, the one most like `named`."""
    known = Counter(_print(row) for row in before)
    fresh: list[Row] = []
    for row in after:
        text = _print(row)
        if known[text] > 0:
            known[text] -= 1
        else:
            fresh.append(row)

    def likeness(row: Row) -> int:
        return sum(same(row.get(name)) == same(value) for name, value in named.items())

    return max(fresh, key=likeness) if fresh else None


def _print(row: Row) -> str:
    return repr(sorted(row.items()))


_NOT_COMPARED = frozenset({ScalarType.JSON, ScalarType.FLOAT, ScalarType.UNSUPPORTED})


def address(model: Model, row: Row, settled: Sequence[str], dialect: Dialect | None) -> str:
    """The condition that names a row.

    Args:
        model: the row's.
        row: its values.
        settled: the columns that have the same value whenever the same statements are run.
        dialect: how it is written.
    """
    keys = [key for key in model.keys if _is_plain(key, row)]
    steady = [key for key in keys if set(key.columns) <= set(settled)]
    for key in [*steady, *keys]:
        return _all_equal(model, [*dict.fromkeys(key.columns)], row, dialect)
    columns = [field.column for field in model.fields if field.column in row and _comparable(field)]
    return _all_equal(model, columns, row, dialect) or "1 = 1"


def _is_plain(key: Any, row: Row) -> bool:
    if getattr(key, "where", None) is not None or key.expressions or not key.columns:
        return False
    return all(row.get(column) is not None for column in key.columns)


def _comparable(field: Field) -> bool:
    return field.type not in _NOT_COMPARED and field.generated is None


def _all_equal(model: Model, columns: Sequence[str], row: Row, dialect: Dialect | None) -> str:
    fields = [(field, row[column]) for column in columns if (field := model.column(column))]
    return " AND ".join([equals(field, value, dialect) for field, value in fields])


def insert_statement(
    table: str,
    columns: Mapping[str, tuple[Field, Value | Sql]],
    dialect: Dialect | None,
    *,
    how: Verb = "insert",
) -> str:
    """The INSERT of one row; `columns` by their names as SQL has them."""
    mysql = dialect in (Dialect.MYSQL, Dialect.MARIADB)
    if not columns:
        return (
            f"INSERT INTO {table} () VALUES ()" if mysql else f"INSERT INTO {table} DEFAULT VALUES"
        )
    values = [literal(value, field, dialect) for field, value in columns.values()]
    verb = {"insert": "INSERT", "replace": "REPLACE", "ignore": "INSERT IGNORE"}[how]
    if not mysql and how != "insert":
        verb = f"INSERT OR {how.upper()}"
    always = any(_is_always_counted(field) for field, _ in columns.values())
    # PostgreSQL: whoever may INSERT may say so.
    overriding = " OVERRIDING SYSTEM VALUE" if always and dialect is Dialect.POSTGRESQL else ""
    named = ", ".join(columns)
    return f"{verb} INTO {table} ({named}){overriding} VALUES ({', '.join(values)})"


def _is_always_counted(field: Field) -> bool:
    """Whether a plain INSERT may not name the column (GENERATED ALWAYS AS IDENTITY)."""
    default = field.default
    return default is not None and default.kind == "sequence" and default.always
