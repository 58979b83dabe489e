"""Throwaway SQLite databases, in memory, through the standard library.

`build` makes a template; each attempt works on a copy of it (`Connection.backup`: 0.2 ms for
15 tables), with real transactions. Nothing reaches a file: see `sqlite_authorizer.py`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from schemalint.model import Dialect
from schemalint.prove.database import (
    Accepted,
    BuildError,
    NotProvable,
    RefusalKind,
    Refused,
    Skipped,
    shown,
)
from schemalint.prove.databases.sqlite_authorizer import Authorizer
from schemalint.prove.databases.sqlite_clock import Clock, MachineClock, SetClock, is_settable

_CONSTRAINT_DATATYPE = 3091  # of STRICT tables; Python 3.11's module has no name for it
_KINDS: dict[int, RefusalKind] = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: "unique",
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: "unique",
    sqlite3.SQLITE_CONSTRAINT_ROWID: "unique",
    sqlite3.SQLITE_CONSTRAINT_NOTNULL: "not null",
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: "foreign key",
    sqlite3.SQLITE_CONSTRAINT_CHECK: "check",
    sqlite3.SQLITE_CONSTRAINT_TRIGGER: "raised",
    _CONSTRAINT_DATATYPE: "type",
    sqlite3.SQLITE_MISMATCH: "type",
    sqlite3.SQLITE_INTERRUPT: "time-out",
}
_FOREIGN_KEY = "FOREIGN KEY constraint failed"
# What the database says of functions and the like that an application adds to its connections, or
# that a later SQLite has: the schema may be right, and nothing can be said about it here.
_MISSING = (
    "no such function:",
    "no such module:",
    "no such collation sequence:",
    "unable to use function",
    "unknown database",
)
_OVER = "the database has ended the transaction"
_INSTRUCTIONS_BETWEEN_LOOKS = 20_000  # of SQLite's virtual machine: about a millisecond
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16_000_000,  # bytes of a value or a row
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 1,  # VACUUM attaches one
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PAGES = 65_536  # of 4 KiB


class Sqlite:
    """A throwaway database in memory; see `Database`.

    Args:
        seconds: what a statement may take.
    """

    dialect = Dialect.SQLITE
    name = f"sqlite {sqlite3.sqlite_version}"

    def __init__(self, seconds: float = 5.0) -> None:
        self.skipped: Sequence[Skipped] = ()
        self._seconds = seconds
        self._template: _Connection | None = None
        self._settable: bool | None = None  # the clock of what is built; not known yet

    def build(self, statements: Sequence[str]) -> None:
        """See `Database.build`. Foreign keys are not checked, SQLite's own default, unless a
        statement switches that on."""
        self.close()
        self._settable = None
        template = self._template = _Connection(self._seconds, builds=True)
        statement = ""
        try:
            for statement in statements:
                template.execute(statement)
            statement = "COMMIT"
            if template.connection.in_transaction:
                template.control(statement)
        except sqlite3.Error as error:
            self.close()
            raise BuildError(statement, _message(error)) from error
        except NotProvable:
            self.close()
            raise

    @contextmanager
    def attempt(self, *, foreign_keys: bool = True, clock: bool = False) -> Iterator[SqliteAttempt]:
        """See `Database.attempt`."""
        if self._template is None:
            raise NotProvable("no schema is built")
        source = self._template.connection
        copy = _Connection(self._seconds, builds=False)
        try:
            # A copy in memory takes pages of its own size only.
            copy.connection.execute(f"PRAGMA page_size = {_page_size(source)}")
            source.backup(copy.connection)
            copy.arm(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
            yield SqliteAttempt(copy, self._clock_for(copy) if clock else None)
        finally:
            copy.connection.close()

    def _clock_for(self, copy: _Connection) -> Clock:
        if self._settable is None:
            found = copy.fetch(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
            )
            self._settable = is_settable(text for (text,) in found)
        return SetClock(copy.connection) if self._settable else MachineClock()

    def another(self) -> Sqlite:
        """See `Database.another`."""
        return Sqlite(self._seconds)

    def close(self) -> None:
        """See `Database.close`."""
        if self._template is not None:
            self._template.connection.close()
            self._template = None


class SqliteAttempt:
    """Statements on a copy of the rows; see `Attempt`."""

    def __init__(self, copy: _Connection, clock: Clock | None) -> None:
        self._copy = copy
        self._clock = clock
        self._is_open = False

    def run(self, *statements: str) -> Accepted | Refused:
        """See `Attempt.run`."""
        if self._clock is not None:
            self._clock.go_on()
        copy = self._copy
        if self._is_open:
            return self._step(statements)
        number = 0
        rows = -1
        copy.control("BEGIN")
        try:
            for number, statement in enumerate(statements):  # noqa: B007 -- read in the handler
                rows = copy.execute(statement)
            copy.control("COMMIT")
        except sqlite3.Error as error:
            return _refusal(error, number)
        finally:
            self._end()
        return Accepted(rows)

    def begin(self) -> None:
        """See `Attempt.begin`."""
        self._copy.control("BEGIN")
        self._is_open = True

    def commit(self) -> Refused | None:
        """See `Attempt.commit`."""
        self._is_open = False
        if not self._copy.connection.in_transaction:
            return Refused(_OVER)
        try:
            self._copy.control("COMMIT")
        except sqlite3.Error as error:
            return _refusal(error, 0)
        finally:
            self._end()
        return None

    def rollback(self) -> None:
        """See `Attempt.rollback`."""
        self._is_open = False
        self._end()

    def _end(self) -> None:
        # RAISE(ROLLBACK) and ON CONFLICT ROLLBACK have ended it themselves.
        if self._copy.connection.in_transaction:
            self._copy.control("ROLLBACK")

    def _step(self, statements: Sequence[str]) -> Accepted | Refused:
        """Run statements within a transaction that goes on."""
        copy = self._copy
        if not copy.connection.in_transaction:
            return Refused(_OVER)
        number = 0
        rows = -1
        copy.control("SAVEPOINT step")
        try:
            for number, statement in enumerate(statements):  # noqa: B007 -- read in the handler
                rows = copy.execute(statement)
        except sqlite3.Error as error:
            if copy.connection.in_transaction:
                copy.control("ROLLBACK TO step")
            return _refusal(error, number)
        finally:
            if copy.connection.in_transaction:
                copy.control("RELEASE step")
        return Accepted(rows)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """See `Attempt.rows`."""
        try:
            return self._copy.fetch(query)
        except sqlite3.Error as error:
            raise NotProvable(
                f"SQLite does not answer `{shown(query)}`: {_message(error)}"
            ) from error


class _Connection:
    """A connection on which a statement ends in time and touches nothing else."""

    def __init__(self, seconds: float, *, builds: bool) -> None:
        self._seconds = seconds
        self._deadline = 0.0
        self._authorizer = Authorizer(builds=builds)
        connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        self.connection = connection
        connection.text_factory = _text
        for limit, value in _LIMITS.items():
            connection.setlimit(limit, value)
        if builds:
            self.arm("PRAGMA foreign_keys = OFF")

    def arm(self, *pragmas: str) -> None:
        """Set what only this module may set, then let nothing else through."""
        connection = self.connection
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA max_page_count = {_PAGES}")
        for pragma in pragmas:
            connection.execute(pragma)
        connection.set_progress_handler(self._is_late, _INSTRUCTIONS_BETWEEN_LOOKS)
        connection.set_authorizer(self._authorizer)

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def control(self, statement: str) -> None:
        """BEGIN, COMMIT or ROLLBACK of this module's own."""
        self._authorizer.controls = True
        self._deadline = time.monotonic() + self._seconds
        try:
            self.connection.execute(statement)
        finally:
            self._authorizer.controls = False

    def execute(self, statement: str) -> int:
        """Run one statement to its end: how many rows it changed, or -1.

        Raises:
            NotProvable: it is not let through, or needs what is not there.
            sqlite3.Error: the database refuses it.
        """
        cursor = self._start(statement)
        for _ in cursor:
            pass  # rows of RETURNING or of a query: it ends behind the last
        return cursor.rowcount

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises as `execute`."""
        return self._start(query).fetchall()

    def _start(self, statement: str) -> sqlite3.Cursor:
        self._authorizer.denied = None
        self._deadline = time.monotonic() + self._seconds
        try:
            return self.connection.execute(statement)
        except (sqlite3.ProgrammingError, sqlite3.Warning, UnicodeEncodeError, ValueError) as error:
            # What Python's module refuses itself: two statements, parameters, a NUL.
            raise NotProvable(f"not sent to a database: {error}: `{shown(statement)}`") from error
        except sqlite3.Error as error:
            if self._authorizer.denied is not None:
                raise NotProvable(
                    f"not sent to a database, since it {self._authorizer.denied}:"
                    f" `{shown(statement)}`"
                ) from error
            message = str(error)
            if message.startswith(_MISSING):
                raise NotProvable(
                    f"this {Sqlite.name} cannot run `{shown(statement)}`: {message}",
                    "an application adds it to its own connections, or a later SQLite has it",
                ) from error
            raise


def _page_size(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_size").fetchone()[0])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _message(error: sqlite3.Error) -> str:
    return " ".join(str(error).split())


def _refusal(error: sqlite3.Error, statement: int) -> Refused:
    message = _message(error)
    kind = _KINDS.get(getattr(error, "sqlite_errorcode", 0), "other")
    if message == _FOREIGN_KEY:  # RESTRICT has the number of an error that a trigger raised
        kind = "foreign key"
    return Refused(message, kind, _constraint(message, kind), statement)


def _constraint(message: str, kind: RefusalKind) -> str | None:
    """What `UNIQUE constraint failed: t.a, t.b` names; an index with expressions is named as
    `index 'u'`, a CHECK by its name or its text."""
    _, found, behind = message.partition(" constraint failed: ")
    if not found or kind not in ("unique", "not null", "check"):
        return None
    if behind.startswith("index '") and behind.endswith("'"):
        return behind[len("index '") : -1].replace("''", "'")
    return behind
