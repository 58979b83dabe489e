"""What proofs ask of a database: to hold one schema, take statements, and forget them again.

A `Database` holds the tables of one schema and nothing else of anybody's. An `Attempt` is a series
of statements on it, each of which the database accepts or refuses as it would for any writer, and
all of which are undone at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

import msgspec

from schemalint.model import Dialect

RefusalKind = Literal[
    "unique", "not null", "foreign key", "check", "exclusion", "raised", "type", "time-out", "other"
]


class Accepted(msgspec.Struct, frozen=True):
    """The statements were accepted; `rows` were inserted, changed or deleted by the last one
    (-1 where the database does not say)."""

    rows: int = -1


class Refused(msgspec.Struct, frozen=True):
    """The database refused a statement, and nothing of the group it belongs to was stored.

    `message` is the database's own, on one line; `kind` what refused it: a unique or primary key,
    NOT NULL, a foreign key, a CHECK, an exclusion constraint, an error that a trigger raised, a
    value that is none of the column's type (or too long for it), the time-out; `constraint` the
    name or the column that the database gives; `statement` which of the group, from 0; `place` the
    character in it, from 0, that the database points at.
    """

    message: str
    kind: RefusalKind = "other"
    constraint: str | None = None
    statement: int = 0
    place: int | None = None


class BuildError(Exception):
    """The database does not take the schema.

    Attributes:
        statement: the one that was refused.
        message: the database's own, on one line.
    """

    def __init__(self, statement: str, message: str) -> None:
        super().__init__(message)
        self.statement = statement
        self.message = message


class NotProvable(Exception):  # noqa: N818 -- an answer to give, not a fault of the program
    """Nothing can be proven here: no such database, a missing extension, a role that may not
    create a database, a statement that is not sent anywhere. `help` says what would make it
    possible."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Skipped(msgspec.Struct, frozen=True):
    """A statement of the schema that a build left out, because what it says means nothing to a
    writer who owns the tables, such as a GRANT to a role of some other server; and why."""

    statement: str
    reason: str


class Attempt(Protocol):
    """Statements on the rows of one schema, undone when the attempt ends."""

    def run(self, *statements: str) -> Accepted | Refused:
        """Run statements as one transaction, as a writer does: committed, or refused as a whole.

        Each is one statement, without parameters. Checks that are deferred to the end of a
        transaction are made. Never raises for what the database answers.

        Raises:
            NotProvable: the connection is gone; a statement is not sent to a database (it, or a
                trigger that it fires, asks for more than rows); the schema needs what only its
                application has, such as a function.
        """

    def begin(self) -> None:
        """Begin a transaction of several `run`s: until it ends, each is refused or accepted by
        itself, and what is deferred is not checked."""

    def commit(self) -> Refused | None:
        """End what `begin` began, with the checks that were deferred to the end; where these
        refuse, nothing of it was stored."""

    def rollback(self) -> None:
        """Take back what was done since `begin`."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query: None, bool, int, float, Decimal, str, bytes, dates and times of
        `datetime`, UUID, lists and what JSON holds, as far as the database has such types.

        Raises:
            NotProvable: the database does not answer the query.
        """


class Database(Protocol):
    """A throwaway database with one schema in it."""

    dialect: Dialect
    name: str
    """What it is, with its version, as findings show it: `sqlite 3.40.1`."""
    skipped: Sequence[Skipped]
    """What the last `build` left out."""

    def build(self, statements: Sequence[str]) -> None:
        """Replace what is there by the schema that `statements` make; rows that they store stay.

        Raises:
            BuildError: a statement is refused.
            NotProvable: a statement is not sent to a database, or needs what is not there.
        """

    def attempt(
        self, *, foreign_keys: bool = True, clock: bool = False
    ) -> AbstractContextManager[Attempt]:
        """A new attempt, from the rows that `build` left.

        Args:
            foreign_keys: whether the writer's connection checks foreign keys, where that is the
                connection's own choice (SQLite).
            clock: whether time has to go on between two transactions, so that each has another
                current time, in the columns of the schema too. Costs more: on SQLite, whose clock
                counts seconds, up to a second for each `run` but the first where it cannot be set.

        Raises:
            NotProvable: no schema is built, or the last build failed.
        """

    def another(self) -> Database:
        """A second one beside this, to be closed before it.

        Raises:
            NotProvable: there can be none.
        """

    def close(self) -> None:
        """Remove everything from wherever it is."""


_SHOWN = 160


def shown(statement: str) -> str:
    """A statement for a message: on one line, and not the whole of a long one."""
    line = " ".join(statement.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} ..."
