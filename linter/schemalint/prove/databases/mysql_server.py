"""A throwaway database on a MySQL or MariaDB server, and the throwaway account that uses it.

Everything here is done as the account that the user gave, on a database and an account of a random
name only. The schema's statements run as the throwaway account, which has rights to its database
and to nothing else, so the server itself refuses files and settings of the whole server.
"""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from schemalint.model import Dialect
from schemalint.prove.database import NotProvable
from schemalint.prove.databases.janitor import Janitor, JanitorError
from schemalint.prove.databases.leftovers import MysqlLeftover
from schemalint.prove.databases.mysql_connection import arguments, connected
from schemalint.prove.databases.mysql_leftovers import drop, drop_database

if TYPE_CHECKING:
    from pymysql.connections import Connection

_LOCK_WAIT = 20  # seconds for which the proof's own DROP waits
_NO_RIGHT = (1044, 1045, 1142, 1227, 1410)
_OTHERS = re.compile(r"tidb|vitess|oceanbase|planetscale|singlestore|clickhouse", re.IGNORECASE)
_NEEDED = (
    "give an account that may create databases and accounts (GRANT ALL ON *.* ... WITH GRANT"
    " OPTION), or one that has no rights but `GRANT ALL ON `schemalint\\_%`.* TO ...`"
)
# What SHOW GRANTS says of an account that cannot reach anybody's data.
_HARMLESS = re.compile(r"GRANT (?:USAGE ON \*\.\*|[^`]* ON `schemalint\\_[^`]*`\.\*) TO ")
_WHERE = re.compile(r"\bON \S+ TO \S+")


class MysqlServer:
    """A server, a database on it that is this object's own, and the account that uses it.

    Args:
        url: `mysql://user:password@host:3306`; a database in it is not used.

    Raises:
        NotProvable: there is no PyMySQL, no such server, or no right to create what is needed.

    Attributes:
        name: what the database is called, and the account.
        dialect: MySQL or MariaDB.
        version: of the server: `10.11.19`.
    """

    def __init__(self, url: str) -> None:
        self._pymysql = _pymysql()
        self.name = f"schemalint_{secrets.token_hex(8)}"
        self._given = arguments(url)
        self._janitor: Janitor | None = None
        self._account = self._given
        self._host = ""
        self._grants: list[str] = []
        try:
            self._admin = connected(self._given)
        except (self._pymysql.Error, RuntimeError, OSError) as error:
            raise NotProvable(f"no connection to MySQL: {_line(error)}") from error
        try:
            self._look()
            self._janitor = Janitor()
            self._janitor.expect(MysqlLeftover(self._given, self.name, self._host))
            self._make()
        except JanitorError as error:
            self.close()
            raise NotProvable(str(error)) from error
        except self._pymysql.Error as error:
            self.close()
            raise NotProvable(
                f"no database of its own can be created on this server: {_line(error)}",
                _NEEDED + self._told_of_more(),
            ) from error
        except BaseException:
            self.close()
            raise

    def _look(self) -> None:
        version, comment, user = self._row("SELECT VERSION(), @@version_comment, USER()")
        self._host = str(user).rpartition("@")[2]
        if _OTHERS.search(f"{version} {comment}"):
            raise NotProvable(f"this server is no MySQL, but {version} ({comment})")
        is_mariadb = "mariadb" in f"{version} {comment}".lower()
        self.dialect = Dialect.MARIADB if is_mariadb else Dialect.MYSQL
        found = re.match(r"\d+(?:\.\d+)*", str(version))
        self.version = found[0] if found else str(version)
        with self._admin.cursor() as cursor:
            cursor.execute("SHOW GRANTS")
            self._grants = [str(grant) for (grant,) in cursor.fetchall()]
            cursor.execute("SET SESSION lock_wait_timeout = %s", (_LOCK_WAIT,))
            # By this the janitor finds the session, and knows when it is gone.
            cursor.execute("SELECT GET_LOCK(%s, 0)", (self.name,))

    @property
    def _more(self) -> list[str]:
        """What the account is granted beside what cannot reach anybody's data."""
        return [grant for grant in self._grants if not _HARMLESS.match(grant)]

    def _told_of_more(self) -> str:
        """What stands in the way of an account that has the rights which are enough. MariaDB's
        installer gives all accounts some to databases called `test` (observed, 10.11)."""
        enough = any("`schemalint" in grant for grant in self._grants)
        found = [_WHERE.search(grant) for grant in self._more] if enough else []
        where = " and ".join(one[0] for one in found if one is not None)
        return f"; this one also has rights {where}" if where else ""

    def _row(self, query: str) -> tuple[Any, ...]:
        with self._admin.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
        assert row is not None
        return tuple(row)

    def _make(self) -> None:
        self.make_database()
        if not self._more:
            return
        password = secrets.token_urlsafe(18) + "aA1-"  # what policies ask for
        with self._admin.cursor() as cursor:
            cursor.execute("CREATE USER %s@%s IDENTIFIED BY %s", (self.name, self._host, password))
            pattern = self.name.replace("_", "\\_")
            cursor.execute(f"GRANT ALL ON `{pattern}`.* TO %s@%s", (self.name, self._host))
        self._account = {**self._given, "user": self.name, "password": password}

    def make_database(self) -> None:
        """Create the throwaway database.

        Raises:
            pymysql.Error: the server does not let it.
        """
        with self._admin.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{self.name}`")

    def drop_database(self) -> None:
        """Drop it.

        Raises:
            pymysql.Error: the server does not let it.
        """
        with self._admin.cursor() as cursor:
            drop_database(cursor, self.name)

    def connect(self, seconds: float) -> Connection[Any]:
        """A connection to the throwaway database as the account that uses it; a statement that
        takes longer than `seconds` ends the connection.

        Raises:
            NotProvable: the server does not let the account in.
        """
        try:
            return connected(self._account, database=self.name, read_timeout=int(seconds) + 1)
        except (self._pymysql.Error, RuntimeError, OSError) as error:
            raise NotProvable(
                f"the server does not let its throwaway account in: {_line(error)}"
            ) from error

    def end(self, session: int) -> None:
        """End a session of the throwaway account's, with what it is doing."""
        with suppress(self._pymysql.Error), self._admin.cursor() as cursor:
            cursor.execute("KILL %s", (session,))

    def close(self) -> None:
        """Drop what this object made. What cannot be dropped now, the janitor tries to."""
        try:
            if self._admin.open and self._janitor is not None:
                with self._admin.cursor() as cursor:
                    drop(cursor, self.name, self._host)
                self._janitor.forget()
        except (self._pymysql.Error, JanitorError):
            pass
        finally:
            if self._admin.open:
                self._admin.close()
            if self._janitor is not None:
                self._janitor.close()
                self._janitor = None


def _pymysql() -> Any:
    try:
        import pymysql
    except ImportError as error:
        raise NotProvable(
            f"MySQL is reached with PyMySQL, which cannot be imported: {error}",
            "pip install 'schemalint[mysql]'",
        ) from error
    return pymysql


def _line(error: Exception) -> str:
    said = error.args[1] if len(error.args) > 1 else error
    return " ".join(str(said).split())
