"""What a build left in a PostgreSQL database, as far as an attempt has to restore it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_OWN = "NOT starts_with(nspname, 'pg_') AND nspname <> 'information_schema'"
# Of each constraint that can be deferred: its schema, its name, whether it begins deferred.
_DEFERRABLE = f"""
SELECT DISTINCT nspname, conname, condeferred FROM pg_constraint
JOIN pg_namespace ON pg_namespace.oid = connamespace WHERE condeferrable AND {_OWN}
"""
_TABLES = f"""
SELECT format('%I.%I', nspname, relname) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND {_OWN} ORDER BY 1
"""
_SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value),
    last_value IS NOT NULL FROM pg_sequences ORDER BY 1
"""
# TRUNCATE would ask a trigger, and leave what a view has stored.
_IN_THE_WAY = f"""
SELECT EXISTS (SELECT FROM pg_trigger WHERE tgtype & 32 <> 0) OR EXISTS (
    SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'm' AND {_OWN})
"""
_PRECISION = """
SELECT min(datetime_precision) FROM information_schema.columns
WHERE data_type LIKE 'time%' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


class Contents:
    """What there is once a schema is built.

    Attributes:
        mixed_constraints: whether constraints of one name differ in whether they begin deferred,
            so that `SET CONSTRAINTS` cannot tell them apart.
        deferrable: whether any constraint can be deferred.
        deferred: the names of those that begin deferred, as `SET CONSTRAINTS` takes them.
        can_be_emptied: whether nothing is stored and nothing is in the way of TRUNCATE.
        tick: the seconds in which each column for a time shows another one.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        from psycopg import sql

        found = connection.execute(_DEFERRABLE).fetchall()
        names = {True: set(), False: set()}  # type: dict[bool, set[tuple[str, str]]]
        for schema, name, is_deferred in found:
            names[is_deferred].add((schema, name))
        self.mixed_constraints = bool(names[True] & names[False])
        self.deferrable = bool(found)
        self.deferred = ", ".join(
            sql.Identifier(*name).as_string(connection) for name in sorted(names[True])
        )
        self._tables = [table for (table,) in connection.execute(_TABLES).fetchall()]
        self._reset = self._resetting(connection)
        in_the_way = connection.execute(_IN_THE_WAY).fetchone()
        is_stored = any(self._filled(connection))
        self.can_be_emptied = not is_stored and not (in_the_way and in_the_way[0])
        row = connection.execute(_PRECISION).fetchone()
        precision = 6 if row is None or row[0] is None else row[0]
        self.tick = 10.0**-precision

    def _resetting(self, connection: psycopg.Connection[Any]) -> str:
        from psycopg import sql

        calls = [
            f"setval({sql.quote(name, connection)}, {value}, {str(is_called).lower()})"
            for name, value, is_called in connection.execute(_SEQUENCES).fetchall()
        ]
        return f"SELECT {', '.join(calls)}" if calls else ""

    def _filled(self, connection: psycopg.Connection[Any]) -> list[str]:
        """The tables that have rows."""
        if not self._tables:
            return []
        query = " UNION ALL ".join(
            f"SELECT {number} WHERE EXISTS (SELECT FROM {table})"
            for number, table in enumerate(self._tables)
        )
        rows = connection.execute(query).fetchall()
        return [self._tables[number] for (number,) in rows]

    def reset_sequences(self, connection: psycopg.Connection[Any]) -> None:
        """Let sequences, which no ROLLBACK takes back, give the same numbers again."""
        if self._reset:
            connection.execute(self._reset)

    def empty(self, connection: psycopg.Connection[Any]) -> None:
        """Take away every row; only where `can_be_emptied`."""
        filled = self._filled(connection)
        if filled:
            # CASCADE reaches tables that refer to these.
            connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
        self.reset_sequences(connection)
