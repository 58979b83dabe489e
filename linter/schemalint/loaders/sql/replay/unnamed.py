"""Constraints and indexes without a name, where no database is named that would give them one.

Statements call them by names that the database has made up. Those of PostgreSQL tell what they are
of, and are found; of the others nothing can be told, and nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemalint.loaders.sql.entries import Table
from schemalint.loaders.sql.identifiers import columns_in
from schemalint.loaders.sql.replay.checks import known_columns
from schemalint.loaders.sql.replay.constraint_names import Named, constraints_of
from schemalint.loaders.sql.replay.index_names import index_words
from schemalint.loaders.sql.replay.state import Replay
from schemalint.model import Check, Exclusion, ForeignKey, Index, PrimaryKey, Unique
from schemalint.source import Span

_MADE_UP = re.compile(
    r".+_(?:pkey|key|fkey|check|idx|excl)\d*|.+_(?:ibfk|chk)_\d+|CONSTRAINT_\d+"
    r"|(?:PK|UQ|FK|CK|DF)__.+__[0-9A-F]+|sqlite_autoindex_.+",
    re.IGNORECASE,
)
_LONGEST = 63  # bytes: what PostgreSQL keeps of a name


def unnamed(replay: Replay, table: Table, name: str) -> Named | Index | None:
    """What of `table` a database may call so that the statements did not name; None if there is
    nothing, or if a database is named, whose names are known then."""
    if replay.dialect is not None:
        return None
    wanted = name.lower()
    return next((one for one in _all(table) if _fits(replay, table, one, wanted)), None)


def unnamed_index(replay: Replay, name: str) -> tuple[Table, PrimaryKey | Unique | Index] | None:
    """The same among all tables, for statements that name no table."""
    if replay.dialect is not None:
        return None
    for own in (True, False):  # the table may have had another name then
        for table in replay.catalog.tables.values():
            found = None
            if own is name.lower().startswith(table.name.lower()):
                found = unnamed(replay, table, name)
            if isinstance(found, PrimaryKey | Unique | Index):
                return table, found
    return None


def left_open(replay: Replay, name: str | None, tables: Iterable[Table], span: Span) -> bool:
    """Whether a name that is not known may be one that a database gave to something of `tables`.
    Then what the statement does to it is left open."""
    if replay.dialect is not None:
        return False
    having = [table for table in tables if _may_have(table, name or "")]
    if not having:
        return False
    reason = "which name the database gives to a constraint or index depends on the database"
    replay.opaque("statement", reason, span, [table.name for table in having], removes=True)
    return True


def _may_have(table: Table, name: str) -> bool:
    """Whether it looks like a name that databases make up, or is a column's, as MySQL's indexes
    are called, and something of the table has none."""
    unnamed = [one for one in _all(table) if one.name is None]
    if _MADE_UP.fullmatch(name):
        return bool(unnamed)
    keys = [one for one in unnamed if not isinstance(one, Check | Exclusion)]
    first = [one.columns[0] for one in keys if one.columns]
    return re.sub(r"_\d+$", "", name).lower() in [column.lower() for column in first]


def _all(table: Table) -> Iterator[Named | Index]:
    yield from constraints_of(table)
    yield from [one for one in table.uniques if one.index]
    yield from table.indexes


def _fits(replay: Replay, table: Table, one: Named | Index, name: str) -> bool:
    if one.name is not None:
        long = one.name.encode()
        cut = long[:_LONGEST].decode("utf-8", "ignore").lower()
        return len(long) > _LONGEST and cut == name
    label, middle = _words(replay, table, one)
    last = "_".join([re.escape(word.lower()) for word in (*middle, label)])
    return re.fullmatch(rf".+_{last}\d*", name) is not None


def _words(replay: Replay, table: Table, one: Named | Index) -> tuple[str, list[str]]:
    """What stands in PostgreSQL's name behind the table's."""
    if isinstance(one, PrimaryKey):
        return "pkey", []
    if isinstance(one, ForeignKey):
        return "fkey", list(one.columns)
    if isinstance(one, Check):
        columns = columns_in(one.expression, known_columns(replay, table), replay.dialect)
        return "check", columns if len(columns) == 1 else []
    if isinstance(one, Exclusion):
        return "excl", list(index_words(one.parts, one.span, replay.dialect))
    label = "key" if isinstance(one, Unique) and not one.index else "idx"
    return label, index_words(one.parts, one.span, replay.dialect)
