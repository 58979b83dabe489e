"""A PostgreSQL database for the tests of rows, where transactions really end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from schemalint.prove.database import Accepted, NotProvable, RefusalKind, Refused
from tests.oracle.verdicts import databases

_KINDS: dict[str, RefusalKind] = {
    "23505": "unique",
    "23502": "not null",
    "23503": "foreign key",
    "23514": "check",
    "23P01": "exclusion",
    "P0001": "raised",
    "22P02": "type",
    "22001": "type",
    "42804": "type",
    "22003": "type",
}


class PostgresqlRows:
    """See `Attempt`."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        connection.prepare_threshold = None  # tables of one name follow each other

    def build(self, statements: Sequence[str]) -> None:
        """Make a schema out of statements, in a database that is emptied before."""
        names = self.rows(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN"
            " ('information_schema', 'public')"
        )
        for (name,) in names:
            self.connection.execute(f'DROP SCHEMA "{name}" CASCADE')
        self.connection.execute("CREATE SCHEMA own")
        for statement in statements:
            self.connection.execute(statement)

    def run(self, *statements: str) -> Accepted | Refused:
        import psycopg

        number = 0
        try:
            with self.connection.transaction():
                for number, statement in enumerate(statements):  # noqa: B007 -- read below
                    cursor = self.connection.execute(statement)
        except psycopg.Error as error:
            kind = _KINDS.get(error.sqlstate or "", "other")
            named = error.diag.constraint_name or error.diag.column_name
            return Refused(" ".join(str(error).split()), kind, named, number)
        return Accepted(cursor.rowcount)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        import psycopg

        try:
            return list(self.connection.execute(query).fetchall())
        except psycopg.Error as error:
            raise NotProvable(str(error)) from error


@contextmanager
def postgresql_rows() -> Iterator[PostgresqlRows]:
    """Skips the test where there is no server."""
    with databases.opened("postgresql") as database:
        yield PostgresqlRows(database._connection)  # type: ignore[attr-defined]  # of this server alone
