"""One session of a throwaway role: one statement at a time, and what the server says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemalint.prove.database import NotProvable, shown
from schemalint.prove.databases.postgresql_answers import Answer
from schemalint.prove.databases.postgresql_extensions import lacking

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGresult

_LOCK_SECONDS = 2.0
_IDLE_SECONDS = 900.0


class PostgresqlSession:
    """A session, over a connection in autocommit.

    Attributes:
        lacking: extensions that the schema creates and that were left out. What is not defined
            may be theirs, and then says nothing of the schema.
    """

    def __init__(self, connection: psycopg.Connection[Any], lacking: tuple[str, ...] = ()) -> None:
        import psycopg
        from psycopg.adapt import Transformer

        self.connection = connection
        self.lacking = lacking
        self._low = connection.pgconn
        self._psycopg = psycopg
        self._pq = psycopg.pq
        self._transformer = Transformer(connection)

    @property
    def is_alive(self) -> bool:
        """Whether the server still listens."""
        return bool(self._low.status == self._pq.ConnStatus.OK)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, or failed and not ended."""
        return bool(self._low.transaction_status != self._pq.TransactionStatus.IDLE)

    def limit(self, seconds: float) -> None:
        """Set the time-outs: of statements, in seconds, and of locks and idleness."""
        self.require(
            f"{time_out('SESSION', seconds)}; SET idle_in_transaction_session_timeout ="
            f" {int(_IDLE_SECONDS * 1000)}; SET synchronous_commit = off;"
            " SET client_min_messages = error"
        )

    def execute(self, statement: str) -> int | Answer:
        """Send one statement of the schema's or a writer's: the number of rows, or the error.

        The protocol for statements with parameters takes no two statements at once.

        Raises:
            NotProvable: the connection is gone, or the text cannot be sent.
        """
        return self._outcome(self._low.exec_params(_encoded(statement), None))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query.

        Raises:
            NotProvable: the server does not answer it.
        """
        result = self._low.exec_(_encoded(query))
        outcome = self._outcome(result)
        if isinstance(outcome, Answer):
            raise NotProvable(f"the server does not answer `{shown(query)}`: {outcome.message}")
        try:
            self._transformer.set_pgresult(result)
            return self._transformer.load_rows(0, result.ntuples, tuple)
        except self._psycopg.Error as error:
            raise NotProvable(f"the answer to `{shown(query)}` is not read: {error}") from error

    def require(self, commands: str) -> None:
        """Send commands of the proof's own.

        Raises:
            NotProvable: they fail, as when the connection is gone.
        """
        outcome = self.attempt(commands)
        if isinstance(outcome, Answer):
            raise NotProvable(f"the server refused `{commands}`: {outcome.message}")

    def attempt(self, commands: str) -> int | Answer:
        """Send commands of the proof's own, which may fail for what was done before.

        Raises:
            NotProvable: the connection is gone.
        """
        return self._outcome(self._low.exec_(commands.encode()))

    def told(self, commands: str) -> str | Answer:
        """Send commands as `attempt` does: the one value that the last of them gives, or ""."""
        result = self._low.exec_(commands.encode())
        outcome = self._outcome(result)
        if isinstance(outcome, Answer):
            return outcome
        return (_text(result.get_value(0, 0)) or "") if result.ntuples else ""

    def value(self, query: str) -> Any:
        """The one value that a query of the proof's own gives."""
        row = self.connection.execute(query).fetchone()
        return row[0] if row is not None else None

    def _outcome(self, result: PGresult) -> int | Answer:
        status = self._pq.ExecStatus
        if result.status in (status.COMMAND_OK, status.TUPLES_OK, status.EMPTY_QUERY):
            affected = result.command_tuples
            return affected if affected is not None else -1
        if result.status in (status.COPY_IN, status.COPY_OUT, status.COPY_BOTH):
            # Never sent; and a connection in this state takes no other command.
            self.connection.close()
            raise NotProvable("COPY is not sent to a server")
        field = self._pq.DiagnosticField
        state = _text(result.error_field(field.SQLSTATE)) or ""
        primary = _text(result.error_field(field.MESSAGE_PRIMARY))
        if not self.is_alive or primary is None:
            raise NotProvable(
                f"the connection to the server is gone: {_line(_text(result.error_message) or '')}"
            )
        named = result.error_field(field.CONSTRAINT_NAME) or result.error_field(field.COLUMN_NAME)
        source = _text(result.error_field(field.SOURCE_FUNCTION))
        position = _text(result.error_field(field.STATEMENT_POSITION))
        place = int(position) - 1 if position is not None else None
        answer = Answer(state, _line(primary), _text(named), source, place)
        if self.lacking and answer.is_undefined:
            raise NotProvable(
                f"this may need {lacking(self.lacking)}: {answer.message}",
                "give a server that has it: postgresql://...",
            )
        return answer


def time_out(scope: str, seconds: float) -> str:
    """The commands that limit each statement from now on, in SESSION or LOCAL scope."""
    return (
        f"SET {scope} statement_timeout = {int(seconds * 1000)};"
        f" SET {scope} lock_timeout = {int(_LOCK_SECONDS * 1000)}"
    )


def _encoded(statement: str) -> bytes:
    if "\0" in statement:
        raise NotProvable(f"no text with a NUL can be sent: `{shown(statement)}`")
    try:
        return statement.encode()
    except UnicodeEncodeError as error:
        raise NotProvable(f"not sent, since {error}: `{shown(statement)}`") from error


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace")


def _line(text: str) -> str:
    return " ".join(text.split())
