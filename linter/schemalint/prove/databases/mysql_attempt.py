"""Statements of a writer on a throwaway MySQL or MariaDB database."""

from __future__ import annotations

import time
from typing import Any

from schemalint.model import Dialect
from schemalint.prove.database import Accepted, NotProvable, Refused, shown
from schemalint.prove.databases.mysql_answers import is_of_the_place, kind_of, named
from schemalint.prove.databases.mysql_session import Error, MysqlSession
from schemalint.prove.databases.mysql_statements import refuse_unless_written, unqualified

_TICK = 1.01  # seconds: CURRENT_TIMESTAMP counts whole ones unless it is told otherwise


class MysqlAttempt:
    """See `Attempt`. It is in a transaction, which whoever made this attempt rolls back.

    Args:
        clock: whether time goes on between two transactions. The session's own clock is set for
            that (its variable `timestamp`), and a statement's NOW() is the statement's.
        waits: whether it has to be waited for, since SYSDATE() does not follow that variable.
        named: what the schema calls its database, in lower case.

    Attributes:
        is_dirty: whether something was stored that no ROLLBACK takes back.
    """

    def __init__(
        self,
        session: MysqlSession,
        dialect: Dialect,
        *,
        clock: bool,
        waits: bool,
        named: str | None = None,
    ) -> None:
        self._session = session
        self._dialect = dialect
        self._clock = clock
        self._waits = waits
        self._named = named
        self._now: float | None = None
        self.is_dirty = False

    def run(self, *statements: str) -> Accepted | Refused:
        """See `Attempt.run`.

        Raises:
            NotProvable: also for a TRUNCATE in a group, which ends the transaction before it.
        """
        truncates = [refuse_unless_written(each, self._dialect) for each in statements]
        if any(truncates) and len(truncates) > 1:
            raise NotProvable(f"TRUNCATE is a transaction of its own: `{shown(statements[-1])}`")
        if self._clock:
            self._go_on()
        session = self._session
        session.require(session.settings)
        session.require("SAVEPOINT run")
        rows = -1
        for number, statement in enumerate(statements):
            try:
                outcome = session.execute(unqualified(statement, self._named, self._dialect))
            except NotProvable:
                if session.is_alive:
                    session.require("ROLLBACK TO SAVEPOINT run")
                raise
            if any(truncates):
                # It ended the transaction, accepted or not.
                self.is_dirty = True
                session.require("START TRANSACTION")
            elif isinstance(outcome, Error):
                self._undo(outcome)
            if isinstance(outcome, Error):
                return _refused(outcome, number)
            rows = outcome
        if not any(truncates):
            session.require("RELEASE SAVEPOINT run")
        return Accepted(rows)

    def begin(self) -> None:
        """See `Attempt.begin`. Nothing is deferred here."""
        self._session.require("SAVEPOINT whole")

    def commit(self) -> Refused | None:
        """See `Attempt.commit`."""
        self._session.require("RELEASE SAVEPOINT whole")
        return None

    def rollback(self) -> None:
        """See `Attempt.rollback`."""
        if self._session.is_alive:
            self._session.require("ROLLBACK TO SAVEPOINT whole")

    def _undo(self, error: Error) -> None:
        undone = self._session.execute("ROLLBACK TO SAVEPOINT run")
        if isinstance(undone, Error):
            # A deadlock, say, ends the transaction, and with it what was stored before.
            raise NotProvable(f"the server ended the transaction: {error.message}")

    def _go_on(self) -> None:
        if self._now is None:
            self._now = time.time()
        elif self._waits:
            time.sleep(_TICK)
            return
        else:
            self._now += _TICK
        self._session.require(f"SET timestamp = {self._now:.6f}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """See `Attempt.rows`."""
        refuse_unless_written(query, self._dialect)
        found = self._session.fetch(unqualified(query, self._named, self._dialect))
        if isinstance(found, Error):
            raise NotProvable(f"the server does not answer `{shown(query)}`: {found.message}")
        return found


def _refused(error: Error, number: int) -> Refused:
    if is_of_the_place(error.number):
        raise NotProvable(f"the throwaway account or its server is not up to this: {error.message}")
    return Refused(error.message, kind_of(error.number), named(error.message), number)
