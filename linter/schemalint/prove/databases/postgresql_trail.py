"""Attempts on a throwaway PostgreSQL database that share one transaction.

Attempts on one schema begin alike: the parents of a row are stored before the row itself, and what
prepares one attack is often the whole of another. So what an attempt stored stays in the open
transaction, with a savepoint behind each step, for as long as the next attempt runs the same
statements: their answers are known. Where it runs others, the transaction goes back to there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from schemalint.prove.database import Accepted, NotProvable, Refused
from schemalint.prove.databases.postgresql_answers import Answer, refused
from schemalint.prove.databases.postgresql_contents import Contents
from schemalint.prove.databases.postgresql_session import PostgresqlSession, time_out

# Seconds in which a transaction is shared: its now() stands still, and the machine's clock, which
# a schema may compare with that, does not.
_LONGEST = 1.0

# Savepoints: each row is asked of each of them whether it was stored there. What comes behind is of
# one attempt alone.
_DEEPEST = 100

_Rows = list[tuple[Any, ...]]


class _Step(msgspec.Struct, frozen=True):
    """What was run as one transaction of a writer's, and what came of it.

    `statements` is None for what no statements repeat; `depth` is how many steps up to this one
    were accepted, and `counted` where the sequences stand behind it.
    """

    statements: tuple[str, ...] | None
    answer: Accepted | Refused | None
    depth: int
    counted: str


class Trail:
    """One attempt after the other; see `Attempt`.

    Args:
        vet: raises NotProvable for a statement that is not sent.
        seconds: what a statement may take.
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
        self._seconds = seconds
        self._contents = contents
        self._limits = time_out("LOCAL", seconds)
        self._until = 0.0
        self._forget()

    def _forget(self) -> None:
        self._steps: list[_Step] = []
        self._read: list[dict[str, _Rows]] = [{}]  # at each depth
        self._place = 0  # how many of the steps the attempt that goes on has made
        self._is_off = False  # something may have been done since the last savepoint
        self._is_open = False

    def start(self) -> None:
        """Begin the next attempt, from the rows that the build left."""
        self._place = 0
        is_over = self._is_open or time.monotonic() > self._until
        if is_over or not self._session.in_transaction:
            self.end()
            self._session.require(f"BEGIN; {self._limits}; SAVEPOINT run0")
            self._until = time.monotonic() + _LONGEST

    def end(self) -> None:
        """Undo everything."""
        self._forget()
        if self._session.is_alive and self._session.in_transaction:
            self._session.require("ROLLBACK")
            self._session.limit(self._seconds)
            self._contents.reset_sequences(self._session.connection)

    def run(self, *statements: str) -> Accepted | Refused:
        """See `Attempt.run`."""
        if self._is_open:
            return self._run_within(statements)
        known = self._steps[self._place] if self._place < len(self._steps) else None
        if known is not None and known.answer is not None and known.statements == statements:
            self._place += 1
            return known.answer
        for statement in statements:
            self._vet(statement)
        self._go_back()
        with self._undoing():
            number, outcome = self._sent(statements)
            if isinstance(outcome, Accepted):
                outcome = self._stored(statements, outcome)
            return self._told(statements, outcome, number)

    def begin(self) -> None:
        """See `Attempt.begin`."""
        self._go_back()
        self._is_open = True

    def commit(self) -> Refused | None:
        """See `Attempt.commit`."""
        self._is_open = False
        with self._undoing():
            answer = self._told(None, self._stored(None, Accepted()), 0)
            return answer if isinstance(answer, Refused) else None

    def rollback(self) -> None:
        """See `Attempt.rollback`."""
        self._is_open = False
        if self._session.is_alive:
            self._take_back(None, None)

    def rows(self, query: str) -> _Rows:
        """See `Attempt.rows`."""
        if self._is_open:
            return self._rows_within(query)
        read = self._read[self._depth(self._place)]
        if query not in read:
            self._vet(query)
            self._go_back()
            self._is_off = True
            read[query] = self._session.rows(query)
            # Without functions of the schema's own, a query changes nothing.
            self._is_off = self._contents.has_functions
        return [*read[query]]

    # -- steps -----------------------------------------------------------------------------------

    def _depth(self, place: int) -> int:
        return self._steps[place - 1].depth if place else 0

    def _go_back(self) -> None:
        """To where the attempt is, past what the one before did there."""
        past = self._steps[self._place :]
        if past:
            del self._steps[self._place :]
            del self._read[self._depth(self._place) + 1 :]
        if past or self._is_off:
            commands = f"ROLLBACK TO run{self._depth(self._place)}"
            then = self._steps[-1].counted if self._steps else ""
            commands += self._contents.set_back({step.counted for step in past}, then)
            self._session.require(commands)
            self._is_off = False

    def _sent(self, statements: Sequence[str]) -> tuple[int, Accepted | Answer]:
        """The number of the last statement that was sent, and what became of it."""
        rows = -1
        for number, statement in enumerate(statements):
            outcome = self._session.execute(statement)
            if isinstance(outcome, Answer):
                return number, outcome
            rows = outcome
        return len(statements) - 1, Accepted(rows)

    def _stored(self, statements: tuple[str, ...] | None, accepted: Accepted) -> Accepted | Answer:
        """Keep what was done, with the checks that a COMMIT makes, behind a savepoint."""
        before = self._depth(self._place)
        depth = min(before, _DEEPEST) + 1
        if depth > _DEEPEST:
            statements = None
        release = f"RELEASE run{depth}; " if depth == before else ""
        commands = f"{self._contents.checks}{release}{self._limits}; SAVEPOINT run{depth}"
        counted = self._session.told(commands + self._contents.counting)
        if isinstance(counted, Answer):
            return counted
        self._read[depth:] = [{}]
        self._note(_Step(statements, accepted, depth, counted))
        return accepted

    def _take_back(self, statements: tuple[str, ...] | None, answer: Refused | None) -> None:
        depth = self._depth(self._place)
        counted = self._session.told(f"ROLLBACK TO run{depth}{self._contents.counting}")
        if isinstance(counted, Answer):
            raise NotProvable(f"the server does not undo what it refused: {counted.message}")
        self._note(_Step(statements, answer, depth, counted))

    def _note(self, step: _Step) -> None:
        self._steps.append(step)
        self._place = len(self._steps)

    def _told(
        self, statements: tuple[str, ...] | None, outcome: Accepted | Answer, number: int
    ) -> Accepted | Refused:
        if isinstance(outcome, Accepted):
            return outcome
        answer = refused(outcome, number)
        self._take_back(statements, answer)
        return answer

    @contextmanager
    def _undoing(self) -> Iterator[None]:
        """Where nothing comes of a step, go on as before it."""
        try:
            yield
        except BaseException:
            if self._session.is_alive:
                self._take_back(None, None)
            raise

    # -- within a transaction of several runs ----------------------------------------------------

    def _run_within(self, statements: Sequence[str]) -> Accepted | Refused:
        for statement in statements:
            self._vet(statement)
        self._session.require("SAVEPOINT step")
        try:
            number, outcome = self._sent(statements)
        except NotProvable:
            self._undo_within()
            raise
        if isinstance(outcome, Answer):
            self._undo_within()
            return refused(outcome, number)
        self._session.require("RELEASE step")
        return outcome

    def _rows_within(self, query: str) -> _Rows:
        self._vet(query)
        self._session.require("SAVEPOINT step")
        try:
            return self._session.rows(query)
        finally:
            self._undo_within()

    def _undo_within(self) -> None:
        if self._session.is_alive:
            self._session.require("ROLLBACK TO step; RELEASE step")
