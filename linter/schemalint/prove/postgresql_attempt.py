"""Statements of a writer on a throwaway PostgreSQL database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from schemalint.prove.database import Accepted, NotProvable, Refused, shown
from schemalint.prove.postgresql_answers import Answer
from schemalint.prove.postgresql_contents import Contents
from schemalint.prove.postgresql_session import PostgresqlSession, time_out


class PostgresqlAttempt:
    """See `Attempt`.

    Args:
        vet: raises NotProvable for a statement that is not sent.
        commits: whether the transactions are real ones; if not, they are savepoints in one
            transaction that whoever made this attempt rolls back.
    """

    def __init__(
        self,
        session: PostgresqlSession,
        vet: Callable[[str], None],
        seconds: float,
        contents: Contents,
        *,
        commits: bool = False,
    ) -> None:
        self._session = session
        self._vet = vet
        self._contents = contents
        self._limits = time_out("LOCAL", seconds)
        self._commits = commits
        self._is_first = True
        self._is_open = False

    def run(self, *statements: str) -> Accepted | Refused:
        """See `Attempt.run`."""
        for statement in statements:
            self._vet(statement)
        self._begin()
        number = 0
        rows = -1
        try:
            for number, statement in enumerate(statements):  # noqa: B007 -- read below
                outcome = self._session.execute(statement)
                if isinstance(outcome, Answer):
                    break
                rows = outcome
            else:
                outcome = self._end()
        except NotProvable:
            self._undo_if_alive()
            raise
        if isinstance(outcome, Answer):
            self._undo()
            return _refused(outcome, number)
        return Accepted(rows)

    def begin(self) -> None:
        """See `Attempt.begin`."""
        self._begin()
        self._is_open = True

    def commit(self) -> Refused | None:
        """See `Attempt.commit`."""
        self._is_open = False
        outcome = self._end()
        if isinstance(outcome, Answer):
            self._undo()
            return _refused(outcome, 0)
        return None

    def rollback(self) -> None:
        """See `Attempt.rollback`."""
        self._is_open = False
        self._undo_if_alive()

    def _begin(self) -> None:
        if self._is_open:
            self._session.require("SAVEPOINT step")
            return
        if not self._commits:
            self._session.require(f"SAVEPOINT run; {self._limits}")
            return
        if not self._is_first:
            time.sleep(self._contents.tick)
        self._is_first = False
        self._session.require(f"BEGIN; {self._limits}")

    def _end(self) -> int | Answer:
        """Store what was done, with the checks that a COMMIT makes."""
        if self._is_open:
            return self._session.attempt("RELEASE step")
        if self._commits:
            return self._session.attempt("COMMIT")
        if self._contents.deferrable:
            # A writer may have deferred any of them.
            checked = self._session.attempt("SET CONSTRAINTS ALL IMMEDIATE")
            if isinstance(checked, Answer):
                return checked
        deferred = self._contents.deferred
        again = f"; SET CONSTRAINTS {deferred} DEFERRED" if deferred else ""
        return self._session.attempt(f"RELEASE run{again}")

    def _undo(self) -> None:
        if self._is_open:
            self._session.require("ROLLBACK TO step; RELEASE step")
        elif not self._commits:
            self._session.require("ROLLBACK TO run; RELEASE run")
        elif self._session.in_transaction:
            self._session.require("ROLLBACK")

    def _undo_if_alive(self) -> None:
        if self._session.is_alive:
            self._undo()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """See `Attempt.rows`."""
        from psycopg import Error

        self._vet(query)
        self._begin()
        try:
            answered = self._session.connection.execute(query)
            return list(answered.fetchall())
        except Error as error:
            message = " ".join(str(error).split())
            raise NotProvable(f"the server does not answer `{shown(query)}`: {message}") from error
        finally:
            self._undo_if_alive()


def _refused(answer: Answer, number: int) -> Refused:
    if answer.is_of_the_place:
        raise NotProvable(f"the throwaway role or its server is not up to this: {answer.message}")
    return Refused(answer.message, answer.kind, answer.constraint, number)
