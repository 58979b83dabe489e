"""The statements that change one row, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemalint.attack import OtherCase, Same, Unnamed, Update, Value
from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect, Model
from schemalint.prove.rows.literals import named_table
from schemalint.prove.rows.making import Maker
from schemalint.prove.rows.stored import Stored


class Changing:
    """Writes statements for one database; the values are the maker's to write.

    Args:
        maker: of the rows that are changed.
        dialect: of the database.
    """

    def __init__(self, maker: Maker, dialect: Dialect) -> None:
        self._maker = maker
        self._dialect = dialect

    def update(self, model: Model, values: Mapping[str, Value], where: str, move: Update) -> str:
        """The update that a move asks for, with these values."""
        table = named_table(move.through or model, self._dialect)
        how = " OR REPLACE" if move.replacing else " IGNORE" if move.ignoring else ""
        return f"UPDATE{how} {table} SET {self._settings(model, values)} WHERE {where}"

    def plain_update(self, model: Model, values: Mapping[str, Value], where: str) -> str:
        """An UPDATE to these values."""
        table = named_table(model, self._dialect)
        return f"UPDATE {table} SET {self._settings(model, values)} WHERE {where}"

    def delete(self, model: Model, where: str) -> str:
        """A DELETE."""
        return f"DELETE FROM {named_table(model, self._dialect)} WHERE {where}"

    def upsert(
        self,
        model: Model,
        row: Mapping[str, Any],
        key: tuple[str, ...],
        values: Mapping[str, Value],
    ) -> str:
        """An INSERT of a row that is there, by its `key`, which changes that one instead."""
        given = {field.column for field in model.fields if field.generated is None}
        columns = [field.column for field in model.fields if field.column in given]
        columns = [column for column in columns if row[column] is not None or column in key]
        if self._dialect is Dialect.SQLITE and "rowid" not in key and len(columns) > 1:
            columns = [column for column in columns if column != "rowid"]
        table = named_table(model, self._dialect)
        names = ", ".join(quoted_name(column, self._dialect) for column in columns)
        literals = ", ".join(self._maker.literal(model, one, row[one]) for one in columns)
        settings = self._settings(model, values)
        if self._dialect in (Dialect.MYSQL, Dialect.MARIADB):
            tail = f"ON DUPLICATE KEY UPDATE {settings}"
        else:
            target = ", ".join(quoted_name(column, self._dialect) for column in key)
            tail = f"ON CONFLICT ({target}) DO UPDATE SET {settings}"
        return f"INSERT INTO {table} ({names}) VALUES ({literals}) {tail}"

    def address(
        self, model: Model, row: Mapping[str, Any], rows: Sequence[tuple[Any, ...]]
    ) -> str | None:
        """A condition that is true of this row alone: of its key, else of all that it holds; None
        where another is the same in everything.

        Args:
            rows: all of the table's, their values in the order of the fields.
        """
        keys = [key.columns for key in model.keys if not key.expressions]
        everything = tuple(field.column for field in model.fields)
        for columns in (*keys, everything):
            if columns != everything and any(row[column] is None for column in columns):
                continue
            at = [everything.index(column) for column in columns]
            wanted = tuple(row[column] for column in columns)
            if sum(tuple(other[one] for one in at) == wanted for other in rows) == 1:
                return " AND ".join(self._equals(model, column, row[column]) for column in columns)
        return None

    def _settings(self, model: Model, values: Mapping[str, Value]) -> str:
        return ", ".join(
            f"{quoted_name(column, self._dialect)} = "
            + (
                "DEFAULT"
                if isinstance(value, Unnamed)
                else self._maker.literal(model, column, value)
            )
            for column, value in values.items()
        )

    def _equals(self, model: Model, column: str, value: Value) -> str:
        name = quoted_name(column, self._dialect)
        return (
            f"{name} IS NULL"
            if value is None
            else f"{name} = {self._maker.literal(model, column, value)}"
        )


def written(model: Model, values: Mapping[str, Value]) -> Iterable[tuple[str, Value]]:
    """What a statement can name of what is to be like another row: what the database works out
    follows from the rest, unless nothing is left."""
    computed = {field.column for field in model.fields if field.generated is not None}
    named = {
        column: value
        for column, value in values.items()
        if column not in computed or not isinstance(value, (Same, OtherCase))
    }
    return (named or values).items()


def as_sent(made: Stored, *, within: bool) -> list[str]:
    """The statements of a row, with what begins and ends a transaction of several, unless they are
    sent within one."""
    if made.together is None or within:
        return list(made.statements)
    alone, together = made.statements[: made.together], made.statements[made.together :]
    return [*alone, "BEGIN", *together, "COMMIT"]


def in_other_case(held: Value, keeping: int) -> Value:
    """The same text, or list of texts, with capitals for small letters and the reverse."""
    if isinstance(held, list):
        return [in_other_case(one, keeping) for one in held]
    if isinstance(held, bytes):
        held = held.decode("utf-8", "replace")
    return held[:keeping] + held[keeping:].swapcase() if isinstance(held, str) else held
