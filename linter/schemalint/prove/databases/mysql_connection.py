"""How a MySQL or MariaDB server is reached: from a URL to a connection of PyMySQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from schemalint.prove.database import NotProvable

if TYPE_CHECKING:
    from pymysql.connections import Connection

_CONNECT = 10  # seconds
_PORT = 3306
_OPTIONS = {"unix_socket": "unix_socket", "socket": "unix_socket", "ssl_ca": "ssl_ca"}
# What Prisma and others add to URLs, and what means nothing to one connection.
_WITHOUT_EFFECT = frozenset(
    (
        "charset",
        "connect_timeout",
        "connection_limit",
        "pool_timeout",
        "schema",
        "socket_timeout",
        "sslaccept",
        "statement_cache_size",
        "timezone",
    )
)


def arguments(url: str) -> dict[str, str | int]:
    """The arguments of PyMySQL's `connect` that a URL stands for; a database's name in it is not
    among them.

    Raises:
        NotProvable: it is no such URL, or has an option that is not known.
    """
    try:
        parts = urlsplit(url)
        found: dict[str, str | int] = {
            "host": parts.hostname or "127.0.0.1",
            "port": parts.port or _PORT,
            "user": unquote(parts.username or "root"),
            "password": unquote(parts.password or ""),
        }
    except ValueError as error:
        raise NotProvable(f"this is no address of a MySQL server: {error}") from error
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in _OPTIONS:
            found[_OPTIONS[name]] = value
        elif name not in _WITHOUT_EFFECT:
            raise NotProvable(
                f"`{name}` is no option of a MySQL server's address that is known here",
                f"known are {', '.join(sorted(_OPTIONS))}",
            )
    return found


def connected(given: dict[str, str | int], **more: Any) -> Connection[Any]:
    """A connection in autocommit, over which one statement is sent at a time and no file.

    Raises:
        pymysql.Error: there is no such server, or it does not let one in.
    """
    import pymysql

    options: dict[str, Any] = {
        "connect_timeout": _CONNECT,
        "charset": "utf8mb4",
        "autocommit": True,
        "local_infile": False,
        **given,
        **more,
    }
    try:
        return pymysql.connect(**options)
    except RuntimeError:
        # Without the package `cryptography`, MySQL 8's way to log in needs TLS.
        if "ssl_ca" in options:
            raise
        return pymysql.connect(**options, ssl={"verify_mode": False, "check_hostname": False})
