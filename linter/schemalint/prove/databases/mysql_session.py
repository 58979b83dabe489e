"""One session of a throwaway account: one statement at a time, and what the server says to it."""

from __future__ import annotations

from typing import Any, NamedTuple

from schemalint.model import Dialect
from schemalint.prove.database import NotProvable, shown
from schemalint.prove.databases.mysql_answers import is_lost
from schemalint.prove.databases.mysql_server import MysqlServer

_LOCK_SECONDS = 2
# What a trigger could have left switched off.
_CHECKS = "foreign_key_checks = 1, unique_checks = 1, sql_mode = @@GLOBAL.sql_mode"


class Error(NamedTuple):
    """An error that the server gave: its number, and its message on one line."""

    number: int
    message: str


class MysqlSession:
    """A session, over a connection in autocommit.

    Args:
        seconds: what a statement may take.

    Raises:
        NotProvable: the server does not let the account in.
    """

    def __init__(self, server: MysqlServer, seconds: float) -> None:
        import pymysql

        self._server = server
        self._errors = (pymysql.MySQLError, OSError)
        self._connection = server.connect(seconds)
        self.is_alive = True
        limits = f"lock_wait_timeout = {_LOCK_SECONDS}, innodb_lock_wait_timeout = {_LOCK_SECONDS}"
        if server.dialect is Dialect.MARIADB:
            self.settings = f"SET {_CHECKS}, check_constraint_checks = 1, max_statement_time ="
            self.settings += f" {seconds}, {limits}"
        else:
            self.settings = f"SET {_CHECKS}, max_execution_time = {int(seconds * 1000)}, {limits}"
        self._number = 0
        self._number = self.value("SELECT CONNECTION_ID()")
        self.require(self.settings)

    def execute(self, statement: str) -> int | Error:
        """Send one statement: the number of rows, or the error.

        Raises:
            NotProvable: the connection is gone, or the text cannot be sent.
        """
        if not self.is_alive:
            raise NotProvable("the connection to the server is gone")
        try:
            with self._connection.cursor() as cursor:
                rows: int = cursor.execute(statement)
                while cursor.nextset():  # of a procedure
                    pass
        except self._errors as error:
            return self._error(error)
        except (UnicodeEncodeError, RuntimeError, ValueError) as error:
            # A file that LOAD DATA LOCAL would send, text that is no Unicode.
            raise NotProvable(f"not sent, since {error}: `{shown(statement)}`") from error
        return rows

    def require(self, command: str) -> None:
        """Send a command of the proof's own.

        Raises:
            NotProvable: it fails, as when the connection is gone.
        """
        outcome = self.execute(command)
        if isinstance(outcome, Error):
            raise NotProvable(f"the server refused `{command}`: {outcome.message}")

    def fetch(self, query: str) -> list[tuple[Any, ...]] | Error:
        """The rows of a query, or the error.

        Raises:
            NotProvable: the connection is gone.
        """
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query)
                return [tuple(row) for row in cursor.fetchall()]
        except self._errors as error:
            return self._error(error)

    def value(self, query: str) -> Any:
        """The one value that a query of the proof's own gives.

        Raises:
            NotProvable: it gives none.
        """
        rows = self.fetch(query)
        if isinstance(rows, Error) or not rows:
            raise NotProvable(f"the server does not answer `{shown(query)}`")
        return rows[0][0]

    def _error(self, error: BaseException) -> Error:
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        message = str(error.args[-1]) if error.args else str(error)
        if isinstance(error, OSError) or is_lost(number):
            # It may still be at the statement that took too long.
            self.is_alive = False
            self._server.end(self._number)
            raise NotProvable(f"the connection to the server is gone: {message}") from error
        own = self._server.name
        for named in (f"`{own}`.", f"'{own}.", f"{own}."):
            message = message.replace(named, "'" if named[0] == "'" else "")
        return Error(number, " ".join(message.split()))

    def close(self) -> None:
        """End the session."""
        self.is_alive = False
        if self._connection.open:
            self._connection.close()
