"""What a build left in a PostgreSQL database, as far as an attempt has to restore it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_OWN = "NOT starts_with(nspname, 'pg_') AND nspname <> 'information_schema'"
# Of each constraint that can be deferred: its schema, its name, whether it begins deferred.
_DEFERRABLE = f"""
SELECT DISTINCT nspname, conname, condeferred FROM pg_constraint
JOIN pg_namespace ON pg_namespace.oid = connamespace WHERE condeferrable AND {_OWN}
"""
# Each table, and what COPY is to read of it: what stands in its parent's or partition's own stays
# there, and what is generated is generated again.
_TABLES = f"""
SELECT format('%I.%I', nspname, relname),
    CASE relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', nspname, relname),
    (SELECT coalesce(string_agg(quote_ident(attname), ', ' ORDER BY attnum), '')
     FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     AND attgenerated = '')
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND {_OWN} ORDER BY 1
"""
_SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename)::regclass::oid,
    coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences ORDER BY 1
"""
# TRUNCATE would ask a trigger, a trigger can be meant for the mode in which rows are restored,
# and what a view has stored is not restored at all.
_IN_THE_WAY = f"""
SELECT EXISTS (SELECT FROM pg_trigger WHERE tgtype & 32 <> 0),
    EXISTS (SELECT FROM pg_trigger WHERE tgenabled IN ('A', 'R')) OR EXISTS (
    SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'm' AND {_OWN}),
    EXISTS (SELECT FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE {_OWN})
"""
_PRECISION = """
SELECT min(datetime_precision) FROM information_schema.columns
WHERE data_type LIKE 'time%' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


_Table = tuple[str, str, str]


class Contents:
    """What there is once a schema is built.

    Attributes:
        mixed_constraints: whether constraints of one name differ in whether they begin deferred,
            so that `SET CONSTRAINTS` cannot tell them apart.
        checks: the commands that make the checks of a COMMIT, with their semicolons.
        has_functions: whether the schema has any of its own.
        counting: the query for where its sequences stand, behind a semicolon; "" if it has none.
        tick: the seconds in which each column for a time shows another one.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        from psycopg import sql

        found = connection.execute(_DEFERRABLE).fetchall()
        names = {True: set(), False: set()}  # type: dict[bool, set[tuple[str, str]]]
        for schema, name, is_deferred in found:
            names[is_deferred].add((schema, name))
        self.mixed_constraints = bool(names[True] & names[False])
        deferred = ", ".join(
            sql.Identifier(*name).as_string(connection) for name in sorted(names[True])
        )
        # A writer may have deferred any of them.
        self.checks = "SET CONSTRAINTS ALL IMMEDIATE; " if found else ""
        self.checks += f"SET CONSTRAINTS {deferred} DEFERRED; " if deferred else ""
        self._tables = connection.execute(_TABLES).fetchall()
        self._sequences = connection.execute(_SEQUENCES).fetchall()
        # What the view says, much quicker.
        each = ", ".join(f"pg_sequence_last_value({oid})" for oid, _, _ in self._sequences)
        self.counting = f"; SELECT ARRAY[{each}]" if each else ""
        self._saved = {table: _copied(connection, table) for table in self._filled(connection)}
        asked = connection.execute(_IN_THE_WAY).fetchone()
        self._truncation_is_seen, self._restoring_is_seen, self.has_functions = (
            (bool(asked[0]), bool(asked[1]), bool(asked[2])) if asked else (True, True, True)
        )
        row = connection.execute(_PRECISION).fetchone()
        precision = 6 if row is None or row[0] is None else row[0]
        self.tick = 10.0**-precision

    def _filled(self, connection: psycopg.Connection[Any]) -> list[_Table]:
        """The tables that have rows."""
        if not self._tables:
            return []
        query = " UNION ALL ".join(
            f"SELECT {number} WHERE EXISTS (SELECT FROM {table})"
            for number, (table, _, _) in enumerate(self._tables)
        )
        return [self._tables[number] for (number,) in connection.execute(query).fetchall()]

    def reset_sequences(self, connection: psycopg.Connection[Any]) -> None:
        """Let sequences, which no ROLLBACK takes back, give the same numbers again."""
        calls = [f"setval({oid}, {value}, {called})" for oid, value, called in self._sequences]
        if calls:
            connection.execute(f"SELECT {', '.join(calls)}")

    def set_back(self, passed: Iterable[str], then: str) -> str:
        """The commands, behind a semicolon, that set sequences back.

        Args:
            passed: where they have stood since, as `counting` tells it.
            then: where they stood; "" for what the build left.
        """
        if not self._sequences:
            return ""
        built = [str(value) if called else "NULL" for _, value, called in self._sequences]
        stood = then.strip("{}").split(",") if then else built
        since = [*zip(*[one.strip("{}").split(",") for one in passed], strict=True)]
        calls = [
            f"setval({oid}, {start if before == 'NULL' else before}, {before != 'NULL'})"
            for (oid, start, _), before, stands in zip(self._sequences, stood, since, strict=False)
            if {*stands} != {before}
        ]
        return f"; SELECT {', '.join(calls)}" if calls else ""

    def can_be_restored(self, *, unseen: bool) -> bool:
        """Whether `restore` brings back exactly what the build left; `unseen`: over a connection
        whose triggers and foreign keys are off."""
        if self._restoring_is_seen:
            return False
        return unseen or not (self._saved or self._truncation_is_seen)

    def restore(self, connection: psycopg.Connection[Any]) -> None:
        """Take away every row, and put back those that the build stored; only where
        `can_be_restored`."""
        filled = self._filled(connection)
        truncated = ", ".join(table for table, _, _ in {*filled, *self._saved})
        with connection.transaction():
            if truncated:
                # CASCADE reaches tables that refer to these.
                connection.execute(f"TRUNCATE {truncated} CASCADE")
            for (table, _, columns), data in self._saved.items():
                with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(data)
        self.reset_sequences(connection)


def _copied(connection: psycopg.Connection[Any], table: _Table) -> bytes:
    _, read, columns = table
    query = f"COPY (SELECT {columns} FROM {read}) TO STDOUT"
    with connection.cursor().copy(query) as copy:
        return b"".join(bytes(data) for data in copy)
