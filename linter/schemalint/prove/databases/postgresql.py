"""Throwaway PostgreSQL databases.

An attempt is one transaction that is rolled back. Each of its transactions ends with a savepoint in
it, before which deferred checks are made as at a COMMIT. Attempts share that transaction as far as
they run the same (`postgresql_trail.py`). Where time has to go on, and where that would
not do, the transactions are real, and what they stored is taken away again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from schemalint.model import Dialect
from schemalint.prove.database import (
    BuildError,
    NotProvable,
    Skipped,
    shown,
)
from schemalint.prove.databases.postgresql_answers import Answer
from schemalint.prove.databases.postgresql_attempt import PostgresqlAttempt
from schemalint.prove.databases.postgresql_contents import Contents
from schemalint.prove.databases.postgresql_extensions import (
    in_its_place,
    is_index_without_it,
    lacking,
)
from schemalint.prove.databases.postgresql_server import PostgresqlServer
from schemalint.prove.databases.postgresql_session import PostgresqlSession
from schemalint.prove.databases.postgresql_statements import (
    EXTENSIONS,
    Extension,
    lasting,
    refuse_reaching_out,
    refuse_unless_written,
    vetted,
)
from schemalint.prove.databases.postgresql_trail import Trail

_BUILD_SECONDS = 60.0


class Postgresql:
    """A throwaway database on a PostgreSQL server; see `Database`.

    Args:
        conninfo: how to reach the server, in libpq's words or as its URL.
        seconds: what a statement of an attempt may take.
        watched: whether what is made has to be removed if the run is killed; not where the whole
            server is thrown away.

    Raises:
        NotProvable: see `PostgresqlServer`.
    """

    dialect = Dialect.POSTGRESQL

    def __init__(self, conninfo: str, seconds: float = 5.0, *, watched: bool = True) -> None:
        self.skipped: Sequence[Skipped] = ()
        self._conninfo = conninfo
        self._seconds = seconds
        self._watched = watched
        self._server = PostgresqlServer(conninfo, watched=watched)
        self.name = f"postgresql {self._server.version}"
        self._is_new = True
        self._lacking: list[str] = []  # extensions that were left out
        self._clones = 0
        self._contents: Contents | None = None
        self._session: PostgresqlSession | None = None
        self._trail: Trail | None = None

    def build(self, statements: Sequence[str]) -> None:
        """See `Database.build`."""
        self._contents = None
        self._end_trail()
        self._renew()
        self._lacking = []
        session = self._opened()
        session.lacking = ()
        skipped: list[Skipped] = []
        self.skipped = skipped
        for statement in statements:
            todo = vetted(statement)
            if not self._server.is_confined:
                refuse_reaching_out(statement)
            if todo is None:
                session.limit(_BUILD_SECONDS)
                sent = statement if session.in_transaction else lasting(statement)
                self._send(session, sent, skipped)
            elif isinstance(todo, Extension):
                self._extend(session, todo, statement, statements, skipped)
            else:
                skipped.append(Skipped(statement, todo.reason))
        if session.in_transaction:
            _require("COMMIT", session.execute("COMMIT"))
        with self._server.telling():
            skipped += _lifted(session)
        # What the schema set for its own session, no writer's session has.
        session.execute("DISCARD ALL")
        session.limit(self._seconds)
        session.lacking = tuple(self._lacking)
        with self._server.telling():
            self._contents = Contents(session.connection)

    def _send(self, session: PostgresqlSession, statement: str, skipped: list[Skipped]) -> None:
        outcome = session.execute(statement)
        if self._lacking and isinstance(outcome, Answer) and outcome.is_undefined:
            named = lacking(self._lacking)
            if not is_index_without_it(statement, outcome.message):
                raise _without(named, f"`{shown(statement)}`: {outcome.message}")
            skipped.append(Skipped(statement, f"an index that is no key, and needs {named}"))
            return
        _require(statement, outcome)

    def _renew(self) -> None:
        if not self._is_new:
            stands = False
            with self._server.telling():
                session = self._session
                stands = self._server.renew(session.connection if session is not None else None)
            if not stands:
                self._session = None
        self._is_new = False

    def _extend(
        self,
        session: PostgresqlSession,
        extension: Extension,
        statement: str,
        statements: Sequence[str],
        skipped: list[Skipped],
    ) -> None:
        schema = extension.schema or session.value("SELECT current_schema()") or "public"
        name = extension.name
        objection = "it is none of those that are known to reach neither files nor the network"
        if name in EXTENSIONS:
            refused = self._server.extend(name, schema, session.connection)
            if refused is None:
                return
            objection = refused
        instead = in_its_place(name, schema, statements)
        if instead is None or (instead.of_superuser and not self._server.is_super):
            raise _without(f"the extension `{name}`", objection)
        for one in instead.statements:
            _require(statement, session.execute(one))
        with self._server.telling():
            self._server.run_as_superuser(instead.of_superuser)
        self._lacking.append(name)
        skipped.append(Skipped(statement, f"{self.name} does not have it, and {instead.reason}"))

    def _opened(self, database: str | None = None) -> PostgresqlSession:
        if self._session is None:
            connection = self._server.connect(database or self._server.name)
            self._session = PostgresqlSession(connection, tuple(self._lacking))
            self._session.limit(self._seconds)
        return self._session

    def _leave(self) -> None:
        self._trail = None
        if self._session is not None:
            self._session.connection.close()
            self._session = None

    def _end_trail(self) -> None:
        """Have no transaction open, which holds locks."""
        if self._trail is not None:
            self._trail.end()
            self._trail = None

    @contextmanager
    def attempt(
        self, *, foreign_keys: bool = True, clock: bool = False
    ) -> Iterator[PostgresqlAttempt | Trail]:
        """See `Database.attempt`. Foreign keys are checked always."""
        contents = self._contents
        if contents is None:
            raise NotProvable("no schema is built")
        if clock or contents.mixed_constraints:
            with self._committing(contents) as attempt:
                yield attempt
            return
        session = self._opened()
        if self._trail is None:
            self._trail = Trail(session, self._vet, self._seconds, contents)
        try:
            with self._server.telling():
                self._trail.start()
            yield self._trail
        finally:
            if not session.is_alive:
                self._leave()

    @contextmanager
    def _committing(self, contents: Contents) -> Iterator[PostgresqlAttempt]:
        self._end_trail()
        if not contents.can_be_restored(unseen=self._server.is_super):
            with self._cloned() as session:
                yield PostgresqlAttempt(session, self._vet, self._seconds, contents)
            return
        try:
            session = self._opened()
            yield PostgresqlAttempt(session, self._vet, self._seconds, contents)
        finally:
            self._restore(contents)

    def _restore(self, contents: Contents) -> None:
        # If that fails, nobody knows what is stored.
        self._contents = None
        if self._session is not None and not self._session.is_alive:
            self._leave()
        session = self._opened()
        session.limit(self._seconds)
        with self._server.telling():
            is_super = self._server.is_super
            contents.restore(self._server.restorer() if is_super else session.connection)
        self._contents = contents

    @contextmanager
    def _cloned(self) -> Iterator[PostgresqlSession]:
        """A session in a copy of the database, during which nobody may be connected to that."""
        self._leave()
        self._server.leave()
        self._clones += 1
        name = f"{self._server.name}_{self._clones}"
        with self._server.telling():
            self._server.make_database(name, self._server.name)
        try:
            yield self._opened(name)
        finally:
            self._leave()
            with self._server.telling():
                self._server.drop_database(name)

    def _vet(self, statement: str) -> None:
        refuse_unless_written(statement)
        if not self._server.is_confined:
            refuse_reaching_out(statement)

    def another(self) -> Postgresql:
        """See `Database.another`."""
        return Postgresql(self._conninfo, self._seconds, watched=self._watched)

    def close(self) -> None:
        """See `Database.close`."""
        self._leave()
        self._server.close()

    @property
    def is_removed(self) -> bool:
        """Whether `close` removed everything."""
        return self._server.is_removed


def _without(extensions: str, message: str) -> NotProvable:
    return NotProvable(
        f"this cannot be tried without {extensions}: {message}",
        "give a server that has it: postgresql://...",
    )


def _lifted(session: PostgresqlSession) -> Iterator[Skipped]:
    """Row security binds an owner of tables only where it is forced. It says who may see and write
    which rows, as GRANT does, and no writer that it lets nothing write could be tried."""
    query = "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity"
    for (table,) in session.connection.execute(query).fetchall():
        session.connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield Skipped(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", "it binds no owner here")


def _require(statement: str, outcome: int | Answer) -> None:
    """Raise what an error of the server means for a statement of the schema."""
    if isinstance(outcome, Answer):
        if outcome.is_of_the_place:
            raise NotProvable(
                f"the throwaway role, or the server that it is on, cannot run"
                f" `{shown(statement)}`: {outcome.message}"
            )
        raise BuildError(statement, outcome.message)
