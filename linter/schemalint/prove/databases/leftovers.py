"""What a run makes on a server, as it is told to the janitor before it is made."""

from __future__ import annotations

import msgspec


class PostgresqlLeftover(msgspec.Struct, frozen=True, tag="postgresql"):
    """The databases called `name` or `name_...`, and the role called `name`.

    `conninfo` is how the run reached the server, password included. Its sessions that make
    something say `name` as their application's name.
    """

    conninfo: str
    name: str


class MysqlLeftover(msgspec.Struct, frozen=True, tag="mysql"):
    """The database called `name`, and the account `name`@`host`.

    `connection` are the arguments of PyMySQL's `connect`, password included. The session that
    makes something holds the server's lock (GET_LOCK) called `name`.
    """

    connection: dict[str, str | int]
    name: str
    host: str


Leftover = PostgresqlLeftover | MysqlLeftover
