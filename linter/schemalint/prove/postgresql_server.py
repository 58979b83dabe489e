"""A throwaway database on a PostgreSQL server, and the throwaway role that owns it.

Everything here is done as the role that the user gave, on databases and roles of a random name
only. The schema's statements run as the throwaway role, which has no power beyond its database,
so the server itself refuses `COPY ... PROGRAM`, `pg_read_file` and the like.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from schemalint.prove.database import NotProvable
from schemalint.prove.janitor import Janitor, JanitorError
from schemalint.prove.leftovers import PostgresqlLeftover
from schemalint.prove.postgresql_leftovers import drop, drop_database

if TYPE_CHECKING:
    import psycopg

_CONNECT = 10  # seconds
_PUBLIC_IS_THE_OWNERS_SINCE = 150_000
_POWERS = """
SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, array(
    SELECT power.rolname::text FROM pg_roles power
    WHERE power.rolname IN ('pg_execute_server_program', 'pg_read_server_files',
                            'pg_write_server_files', 'pg_signal_backend')
    AND pg_has_role(power.oid, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""
_NEEDED = (
    "give a role that may create databases and roles (CREATE ROLE ... LOGIN CREATEDB CREATEROLE),"
    " or use the embedded server: --prove=postgresql"
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
    """

    def __init__(self, conninfo: str, *, watched: bool = True) -> None:
        errors = _psycopg().Error
        self.name = f"schemalint_{secrets.token_hex(8)}"
        self._psycopg = _psycopg()
        self._parts = {**_parts(conninfo), "application_name": self.name}
        self._janitor: Janitor | None = None
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
        role, is_super, may_create_roles, may_create_databases, powers = row
        if not (is_super or may_create_databases):
            raise NotProvable(f"the role `{role}` may not create a database", _NEEDED)
        self.is_confined = is_super or may_create_roles
        self._is_super = is_super
        if powers and not self.is_confined:
            raise NotProvable(
                f"the role `{role}` is a member of {', '.join(powers)}, and may create no role"
                " without that, under which a schema could be tried",
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
            if self._is_super:
                admin.execute(f"ALTER ROLE \"{self.name}\" SET temp_file_limit = '1GB'")
            else:
                admin.execute(f'GRANT "{self.name}" TO CURRENT_USER')
        self.make_database(self.name)

    def make_database(self, name: str, template: str = "template0") -> None:
        """Create a database; `template0` has nothing that somebody added.

        Raises:
            psycopg.Error: the server does not let it.
        """
        owner = f'OWNER "{self.name}"' if self.is_confined else ""
        self._admin.execute(f'CREATE DATABASE "{name}" {owner} TEMPLATE "{template}"')
        self._admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        if self._is_super and self._admin.info.server_version < _PUBLIC_IS_THE_OWNERS_SINCE:
            with self._connected({"dbname": name}) as connection:
                connection.execute(f'ALTER SCHEMA public OWNER TO "{self.name}"')

    def drop_database(self, name: str) -> None:
        """Drop one of the databases that `make_database` made.

        Raises:
            psycopg.Error: the server does not let it.
        """
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
            if self._is_super:
                with self._connected({"dbname": owner.info.dbname}) as connection:
                    connection.execute(command)
            else:
                owner.execute(command)
        except self._psycopg.Error as error:
            return _line(error)
        return None

    def close(self) -> None:
        """Drop what this object made. What cannot be dropped now, the janitor tries to."""
        try:
            if not self._admin.closed:
                drop(self._admin, self.name)
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
