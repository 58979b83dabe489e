"""Statements of a writer on a throwaway PostgreSQL database, in real transactions."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from schemalint.prove.database import Accepted, NotProvable, Refused
from schemalint.prove.databases.postgresql_answers import Answer, refused
from schemalint.prove.databases.postgresql_contents import Contents
from schemalint.prove.databases.postgresql_session import PostgresqlSession, time_out


class PostgresqlAttempt:
    """See `Attempt`. What it stores, whoever made it takes away again.

    Args:
        vet: raises NotProvable for a statement that is not sent.
    """

    def __init__(
        self,
        session: PostgresqlSession,
        vet: Callable[[str], None],
        seconds: float,
        contents: Contents,
    ) -> None:
        self._session = session
        self._vet = vet
        self._contents = contents
        self._limits = time_out("LOCAL", seconds)
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
            return refused(outcome, number)
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
            return refused(outcome, 0)
        return None

    def rollback(self) -> None:
        """See `Attempt.rollback`."""
        self._is_open = False
        self._undo_if_alive()

    def _begin(self) -> None:
        if self._is_open:
            self._session.require("SAVEPOINT step")
            return
        if not self._is_first:
            time.sleep(self._contents.tick)
        self._is_first = False
        self._session.require(f"BEGIN; {self._limits}")

    def _end(self) -> int | Answer:
        """Store what was done, with the checks that a COMMIT makes."""
        return self._session.attempt("RELEASE step" if self._is_open else "COMMIT")

    def _undo(self) -> None:
        if self._is_open:
            self._session.require("ROLLBACK TO step; RELEASE step")
        elif self._session.in_transaction:
            self._session.require("ROLLBACK")

    def _undo_if_alive(self) -> None:
        if self._session.is_alive:
            self._undo()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """See `Attempt.rows`."""
        self._vet(query)
        self._begin()
        try:
            return self._session.rows(query)
        finally:
            self._undo_if_alive()
