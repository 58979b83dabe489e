"""SQL in, rows out: what the tests of rows build on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from schemalint.loaders.sql.loader import SqlLoader
from schemalint.loaders.sqlite_foreign_keys import switched_on
from schemalint.model import Dialect
from schemalint.prove.database import Attempt
from schemalint.prove.databases.sqlite import Sqlite
from schemalint.prove.rows.given import Given
from schemalint.prove.rows.row_maker import RowMaker
from schemalint.prove.rows.stored import NoRow, Stored
from schemalint.source import SourceFile


class Filling:
    """Tables on SQLite, and their maker of rows."""

    def __init__(self, sql: str, attempt: Attempt, *, foreign_keys: bool = True) -> None:
        loaded = SqlLoader().load([SourceFile("t.sql", sql)], dialect=Dialect.SQLITE)
        self.schema = switched_on(loaded.schema) if foreign_keys else loaded.schema
        self.attempt = attempt
        self.maker = RowMaker(self.schema, attempt)

    def try_(self, table: str, given: Mapping[str, Given] | None = None) -> Stored | NoRow:
        model = self.schema.model(table)
        assert model is not None
        return self.maker.insert(model, given)

    def insert(self, table: str, given: Mapping[str, Given] | None = None) -> Stored:
        found = self.try_(table, given)
        assert isinstance(found, Stored), found.reason
        return found

    def statements(self, table: str, given: Mapping[str, Given] | None = None) -> list[str]:
        return list(self.insert(table, given).statements)


def statements_of(sql: str) -> Iterator[str]:
    """The statements of a script."""
    text = ""
    for part in sql.split(";"):
        text += f"{part};"
        if sqlite3.complete_statement(text):
            if text.strip(" ;\n"):
                yield text.strip()
            text = ""


@contextmanager
def filling(sql: str, *, foreign_keys: bool = True) -> Iterator[Filling]:
    """A throwaway database with the tables that `sql` makes."""
    database = Sqlite()
    database.build([*statements_of(sql)])
    with database.attempt(foreign_keys=foreign_keys) as attempt:
        yield Filling(sql, attempt, foreign_keys=foreign_keys)
    database.close()
