"""What an error of MySQL or MariaDB means."""

from __future__ import annotations

import re

from schemalint.prove.database import RefusalKind

# https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
# https://mariadb.com/kb/en/mariadb-error-code-reference/
_KINDS: dict[int, RefusalKind] = {
    1022: "unique",
    1062: "unique",
    1169: "unique",
    1586: "unique",
    1048: "not null",
    1263: "not null",  # NULL to a NOT NULL column of a statement for many rows
    1364: "not null",  # no value, and the column has no default
    1216: "foreign key",
    1217: "foreign key",
    1451: "foreign key",
    1452: "foreign key",
    1761: "foreign key",
    1762: "foreign key",
    3819: "check",  # MySQL
    4025: "check",  # MariaDB
    1644: "raised",  # SIGNAL
    1264: "type",  # out of range
    1265: "type",  # truncated, such as a value that an ENUM does not have
    1292: "type",  # no date, no number
    1366: "type",
    1367: "type",
    1406: "type",  # too long
    3140: "type",  # no JSON
    1205: "time-out",  # of a lock
    1317: "time-out",
    1969: "time-out",  # MariaDB's max_statement_time
    3024: "time-out",  # MySQL's max_execution_time
}
# What an account with more rights, or a server with other settings, might not have met.
_OF_THE_PLACE = frozenset(
    (
        1021,  # the disk is full
        1044,  # no right to this database
        1045,
        1049,  # another database, which there is not
        1114,  # a table is full
        1142,  # no right to this table, of another database
        1143,
        1227,  # a privilege of the whole server
        1286,  # an engine that this server does not have
        1290,  # an option of the server forbids it
        1370,
        1410,
        1419,  # no trigger without SUPER, while the binary log is on
        1449,  # no such definer
    )
)
_LOST = frozenset((0, 2006, 2013, 2014, 2055))

_NAMED = re.compile(
    r"for key '([^']+)'"
    r"|CONSTRAINT [`'](?:[^`']+`\.`)?([^`']+)[`'] F"
    r"|CONSTRAINT `([^`]+)` failed"
    r"|[Cc]heck constraint '([^']+)'"
    r"|[Cc]olumn '([^']+)'"
    r"|Field '([^']+)'"
)


def kind_of(number: int) -> RefusalKind:
    """What refused a statement with this error."""
    return _KINDS.get(number, "other")


def is_of_the_place(number: int) -> bool:
    """Whether the error says less about the schema than about the server or the account."""
    return number in _OF_THE_PLACE


def is_lost(number: int) -> bool:
    """Whether the connection is gone."""
    return number in _LOST


def named(message: str) -> str | None:
    """The constraint or the column that a message names."""
    found = _NAMED.search(message)
    if found is None:
        return None
    return next(name for name in found.groups() if name is not None)
