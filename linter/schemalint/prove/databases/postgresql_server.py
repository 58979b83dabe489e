"""A throwaway database on a PostgreSQL server, and the throwaway role that owns it.

Everything here is done as the role that the user gave, on databases and roles of a random name
only. The schema's statements run as the throwaway role, which has no power beyond its database,
so the server itself refuses `COPY ... PROGRAM`, `pg_read_file` and the like.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schemalint.prove.database import NotProvable
from schemalint.prove.databases.janitor import Janitor, JanitorError
from schemalint.prove.databases.leftovers import PostgresqlLeftover
from schemalint.prove.databases.postgresql_leftovers import drop, drop_database

if TYPE_CHECKING:
    import psycopg

_CONNECT = 10  # seconds
_PUBLIC_IS_THE_OWNERS_SINCE = 150_000
# What the role may do, and what other roles it could become.
_POWERS = """
SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, array(
    SELECT other.rolname::text FROM pg_roles other
    WHERE other.rolname <> current_user AND pg_has_role(other.oid, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""
_SCHEMAS = """
SELECT nspname FROM pg_namespace
WHERE NOT starts_with(nspname, 'pg_') AND nspname <> 'information_schema'
"""
_CATALOGS = (
    "pg_cast pg_class pg_collation pg_default_acl pg_event_trigger pg_extension"
    " pg_foreign_data_wrapper pg_language pg_largeobject_metadata pg_operator pg_proc"
    " pg_publication pg_type"
)
# Whether anything is left that initdb did not make (whose numbers are below 16384), or a setting.
_REMAINING = "SELECT {} OR {}".format(
    " OR ".join(
        f"EXISTS (SELECT FROM {catalog} WHERE oid >= 16384)" for catalog in _CATALOGS.split()
    ),
    """EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) AS setting
    WHERE (setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        OR setrole = (SELECT oid FROM pg_roles WHERE rolname = current_user))
    AND NOT starts_with(setting, 'temp_file_limit='))""",
)
_NEEDED = (
    "give a role that may create databases and roles (CREATE ROLE ... LOGIN CREATEDB CREATEROLE),"
    " or use the embedded server: postgresql"
)


class PostgresqlServer:
    """A server, a database on it that is this object's own, and its owner.

    Args:
        conninfo: how to reach the server, in libpq's words or as its URL.
        watched: whether a janitor is needed; not where the whole server is thrown away.

    Raises:
        NotProvable: there is no psycopg, no such server, or no right to create a database there.

    Attributes:
        name: what the database is called, and the role.
        version: of the server: `15.20`.
        is_confined: whether the statements run as a role that has nothing else.
        is_super: whether the user's role is a superuser.
        is_removed: whether `close` removed everything.
    """

    def __init__(self, conninfo: str, *, watched: bool = True) -> None:
        errors = _psycopg().Error
        self.name = f"schemalint_{secrets.token_hex(8)}"
        self._psycopg = _psycopg()
        self._parts = {**_parts(conninfo), "application_name": self.name}
        self._janitor: Janitor | None = None
        self.is_removed = False
        self._inside: psycopg.Connection[Any] | None = None
        self._restoring: psycopg.Connection[Any] | None = None
        self._admin = self._reached()
        try:
            self.version = self._known_version()
            self._powers()
            self._password = secrets.token_urlsafe(24)
            if watched:
                self._janitor = Janitor()
                told = self._psycopg.conninfo.make_conninfo(
                    **{**self._parts, "application_name": None}
                )
                self._janitor.expect(PostgresqlLeftover(told, self.name))
            self._make()
        except JanitorError as error:
            self.close()
            raise NotProvable(str(error)) from error
        except errors as error:
            self.close()
            raise NotProvable(
                f"no database can be created on this server: {_line(error)}", _NEEDED
            ) from error
        except BaseException:
            self.close()
            raise

    def _reached(self) -> psycopg.Connection[Any]:
        psycopg = self._psycopg
        try:
            try:
                return self._connected({})
            except psycopg.OperationalError as error:
                # A URL without a database means one that is called as the role is.
                if self._parts.get("dbname") or "does not exist" not in str(error):
                    raise
                return self._connected({"dbname": "postgres"})
        except psycopg.Error as error:
            raise NotProvable(f"no connection to PostgreSQL: {_line(error)}") from error

    def _connected(self, changes: dict[str, Any]) -> psycopg.Connection[Any]:
        made: psycopg.Connection[Any] = self._psycopg.connect(
            **{"connect_timeout": _CONNECT, **self._parts, "client_encoding": "UTF8", **changes},
            autocommit=True,
            # DISCARD ALL would take what psycopg has prepared, unknown to it.
            prepare_threshold=None,
        )
        return made

    def _known_version(self) -> str:
        row = self._admin.execute("SELECT version(), current_setting('server_version')").fetchone()
        assert row is not None
        if not row[0].startswith("PostgreSQL "):
            raise NotProvable(f"this server is no PostgreSQL, but {row[0]}")
        return str(row[1]).split(" ", maxsplit=1)[0]

    def _powers(self) -> None:
        row = self._admin.execute(_POWERS).fetchone()
        assert row is not None
        role, is_super, may_create_roles, may_create_databases, may_replicate, others = row
        if not (is_super or may_create_databases):
            raise NotProvable(f"the role `{role}` may not create a database", _NEEDED)
        self.is_confined = is_super or may_create_roles
        self.is_super = is_super
        if self.is_confined:
            return
        reach = [*others, *(["REPLICATION"] if may_replicate else [])]
        if reach:
            raise NotProvable(
                f"the role `{role}` has the rights of {', '.join(reach)} as well, and may create no"
                " role without them, under which a schema could be tried",
                _NEEDED,
            )

    def _make(self) -> None:
        admin = self._admin
        if self.is_confined:
            secret = admin.pgconn.encrypt_password(self._password.encode(), self.name.encode())
            admin.execute(
                f"""CREATE ROLE "{self.name}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
                NOREPLICATION NOBYPASSRLS PASSWORD '{secret.decode()}'"""
            )
            if self.is_super:
                admin.execute(f"ALTER ROLE \"{self.name}\" SET temp_file_limit = '1GB'")
            else:
                admin.execute(f'GRANT "{self.name}" TO CURRENT_USER')
        self.make_database(self.name)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Make what the server says against the proof's own commands a NotProvable."""
        try:
            yield
        except self._psycopg.Error as error:
            raise NotProvable(f"the server lets the proof not go on: {_line(error)}") from error

    def make_database(self, name: str, template: str = "template0") -> None:
        """Create a database; `template0` has nothing that somebody added.

        Raises:
            psycopg.Error: the server does not let it.
        """
        owner = f'OWNER "{self.name}"' if self.is_confined else ""
        self._admin.execute(f'CREATE DATABASE "{name}" {owner} TEMPLATE "{template}"')
        self._admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        if self.is_super and self._admin.info.server_version < _PUBLIC_IS_THE_OWNERS_SINCE:
            with self._connected({"dbname": name}) as connection:
                connection.execute(f'ALTER SCHEMA public OWNER TO "{self.name}"')

    def renew(self, owner: psycopg.Connection[Any] | None) -> bool:
        """Make the first throwaway database as new: whether `owner`, a connection to it, still
        stands.

        To drop and to create a database takes long on a server that cares for its disk (observed:
        0.4 s and more), so what is in it is dropped, if that leaves nothing.

        Raises:
            psycopg.Error: the server does not let it.
        """
        if owner is not None and self.is_confined and self._emptied(owner):
            return True
        if owner is not None:
            owner.close()
        self.drop_database(self.name)
        self.make_database(self.name)
        return False

    def _emptied(self, owner: psycopg.Connection[Any]) -> bool:
        sql = self._psycopg.sql
        try:
            owner.execute("ROLLBACK")
            owner.execute("DISCARD ALL")
            for (schema,) in owner.execute(_SCHEMAS).fetchall():
                owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            owner.execute("DROP OWNED BY CURRENT_USER CASCADE")
            self._admin.execute(f'GRANT ALL ON DATABASE "{self.name}" TO "{self.name}"')
            row = owner.execute(_REMAINING).fetchone()
            if row is None or row[0]:
                return False
            owner.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
        except self._psycopg.Error:
            return False
        return True

    def drop_database(self, name: str) -> None:
        """Drop one of the databases that `make_database` made.

        Raises:
            psycopg.Error: the server does not let it.
        """
        self.leave()
        drop_database(self._admin, name)

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A connection to one of the databases as the role that owns it.

        Raises:
            NotProvable: the server does not let the role in.
        """
        changes: dict[str, Any] = {"dbname": database}
        if self.is_confined:
            changes |= {"user": self.name, "password": self._password}
        try:
            return self._connected(changes)
        except self._psycopg.Error as error:
            raise NotProvable(
                f"the server does not let its throwaway role in: {_line(error)}",
                "pg_hba.conf has to let roles log in with a password at this address",
            ) from error

    def extend(self, name: str, schema: str, owner: psycopg.Connection[Any]) -> str | None:
        """Create an extension in the throwaway database: what the server says against it.

        As the user's role if that is a superuser, as `owner` if not.
        """
        command = self._psycopg.sql.SQL(
            "CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE"
        ).format(self._psycopg.sql.Identifier(name), self._psycopg.sql.Identifier(schema))
        try:
            (self._superuser() if self.is_super else owner).execute(command)
        except self._psycopg.Error as error:
            return _line(error)
        return None

    def run_as_superuser(self, statements: Sequence[str]) -> None:
        """Run statements of the proof's own in the throwaway database; only if `is_super`.

        Raises:
            psycopg.Error: the server does not let them.
        """
        for statement in statements:
            self._superuser().execute(statement)

    def _superuser(self) -> psycopg.Connection[Any]:
        if self._inside is None:
            self._inside = self._connected({"dbname": self.name})
        return self._inside

    def restorer(self) -> psycopg.Connection[Any]:
        """The throwaway role in its first database, with triggers and foreign keys off; only if
        `is_super`.

        Not the superuser itself: what is restored passes through functions of the schema's own,
        such as those of a CHECK.

        Raises:
            NotProvable: the server does not let the role in.
            psycopg.Error: the server does not let it be.
        """
        if self._restoring is None:
            setting = f'ALTER ROLE "{self.name}" {{}} session_replication_role'
            self._admin.execute(setting.format("SET") + " = replica")
            try:
                self._restoring = self.connect(self.name)
            finally:
                self._admin.execute(setting.format("RESET"))
        return self._restoring

    def leave(self) -> None:
        """End this object's own connections to its first database."""
        for connection in (self._inside, self._restoring):
            if connection is not None:
                connection.close()
        self._inside = self._restoring = None

    def close(self) -> None:
        """Drop what this object made. What cannot be dropped now, the janitor tries to."""
        self.leave()
        try:
            if not self._admin.closed:
                drop(self._admin, self.name)
                self.is_removed = True
                if self._janitor is not None:
                    self._janitor.forget()
        except (self._psycopg.Error, JanitorError):
            pass
        finally:
            self._admin.close()
            if self._janitor is not None:
                self._janitor.close()
                self._janitor = None


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise NotProvable(
            f"PostgreSQL is reached with psycopg, which cannot be imported: {error}",
            "pip install 'schemalint[postgres]'",
        ) from error
    return psycopg


def _parts(conninfo: str) -> dict[str, Any]:
    psycopg = _psycopg()
    try:
        return dict(psycopg.conninfo.conninfo_to_dict(conninfo))
    except psycopg.Error as error:
        raise NotProvable(f"this is no address of a PostgreSQL server: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
