"""Throwaway MySQL and MariaDB databases.

An attempt is one transaction that is rolled back, and each of its transactions a savepoint in it:
neither database defers a check to the end. What no ROLLBACK takes back (tables of an engine without
transactions, TRUNCATE) makes the schema be built anew after the attempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from schemalint.loaders.sql.lexer import tokens
from schemalint.prove.database import BuildError, NotProvable, Skipped, shown
from schemalint.prove.databases.mysql_answers import is_of_the_place
from schemalint.prove.databases.mysql_attempt import MysqlAttempt
from schemalint.prove.databases.mysql_server import MysqlServer
from schemalint.prove.databases.mysql_session import Error, MysqlSession
from schemalint.prove.databases.mysql_statements import database_of, unqualified, vetted

_BUILD_SECONDS = 60.0
_WITHOUT_TRANSACTIONS = """
SELECT COUNT(*) FROM information_schema.tables JOIN information_schema.engines USING (engine)
WHERE table_schema = DATABASE() AND COALESCE(transactions, 'NO') <> 'YES'
"""


class Mysql:
    """A throwaway database on a MySQL or MariaDB server; see `Database`.

    Args:
        url: `mysql://user:password@host:3306`.
        seconds: what a statement of an attempt may take. On MySQL, which ends only queries in
            time, any other statement that takes longer ends the attempt.

    Raises:
        NotProvable: see `MysqlServer`.
    """

    def __init__(self, url: str, seconds: float = 5.0) -> None:
        self.skipped: Sequence[Skipped] = ()
        self._url = url
        self._seconds = seconds
        self._server = MysqlServer(url)
        self.dialect = self._server.dialect
        self.name = f"{self.dialect} {self._server.version}"
        self._is_new = True
        self._built: tuple[str, ...] | None = None
        self._keeps_all = True
        self._reads_clock = False
        self._named: str | None = None  # what the schema calls its database
        self._session: MysqlSession | None = None

    def build(self, statements: Sequence[str]) -> None:
        """See `Database.build`."""
        self._built = None
        self._leave()
        if not self._is_new:
            with self._telling():
                self._server.drop_database()
                self._server.make_database()
        self._is_new = False
        skipped: list[Skipped] = []
        self.skipped = skipped
        session = MysqlSession(self._server, _BUILD_SECONDS)
        self._named = database_of(statements, self.dialect)
        try:
            for statement in statements:
                todo = vetted(unqualified(statement, self._named, self.dialect), self.dialect)
                if todo.text is None:
                    skipped.append(Skipped(statement, todo.reason or ""))
                else:
                    _require(statement, session.execute(todo.text))
            _require("COMMIT", session.execute("COMMIT"))
            self._keeps_all = session.value(_WITHOUT_TRANSACTIONS) == 0
        finally:
            session.close()
        self._reads_clock = any(
            token.text.upper() == "SYSDATE"
            for statement in statements
            for token in tokens(statement, self.dialect)
        )
        self._built = tuple(statements)

    @contextmanager
    def attempt(self, *, foreign_keys: bool = True, clock: bool = False) -> Iterator[MysqlAttempt]:
        """See `Database.attempt`. Foreign keys are checked always."""
        built = self._built
        if built is None:
            raise NotProvable("no schema is built")
        if self._session is None:
            self._session = MysqlSession(self._server, self._seconds)
        session = self._session
        session.require("START TRANSACTION")
        attempt = MysqlAttempt(
            session, self.dialect, clock=clock, waits=self._reads_clock, named=self._named
        )
        try:
            yield attempt
        finally:
            if not session.is_alive:
                self._leave()
            else:
                session.require("ROLLBACK")
                session.require("SET timestamp = DEFAULT")
            if attempt.is_dirty or not self._keeps_all:
                self.build(built)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        from pymysql import Error as ServerError

        try:
            yield
        except ServerError as error:
            raise NotProvable(f"the server lets the proof not go on: {error.args[-1]}") from error

    def _leave(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def another(self) -> Mysql:
        """See `Database.another`."""
        return Mysql(self._url, self._seconds)

    def close(self) -> None:
        """See `Database.close`."""
        self._leave()
        self._server.close()


def _require(statement: str, outcome: int | Error) -> Any:
    """Raise what an error of the server means for a statement of the schema."""
    if isinstance(outcome, Error):
        if is_of_the_place(outcome.number):
            raise NotProvable(
                "the throwaway account, or the server that it is on, cannot run"
                f" `{shown(statement)}`: {outcome.message}"
            )
        raise BuildError(statement, outcome.message)
