"""What a real database has after a script: everything that it tells of tables, keys and types, in
its own words, so that two scripts can be held against each other."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from tests.rules.databases import POSTGRESQL

Facts = dict[str, Any]

_OTHERS = "('pg_catalog', 'information_schema', 'pg_toast')"


class RefusedError(Exception):
    """The database refused a statement; the message says which, and why."""


def sqlite_facts(statements: Sequence[str], refused: dict[str, str] | None = None) -> Facts:
    """What a SQLite database has once it ran the statements (or scripts).

    Raises:
        RefusedError: it did not take one, and `refused`, in which such are noted with the
            database's reason, is not given.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in statements:
            try:
                connection.executescript(statement)
            except sqlite3.Error as error:
                if refused is None:
                    raise RefusedError(f"{error}: {statement}") from error
                refused[statement] = str(error)
        return dict(_sqlite(connection))
    finally:
        connection.close()


def _sqlite(connection: sqlite3.Connection) -> Iterator[tuple[str, Any]]:
    def rows(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return connection.execute(query, arguments).fetchall()

    for kind, name, table, sql in rows("SELECT type, name, tbl_name, sql FROM sqlite_master"):
        if kind == "index" and sql is not None:
            where = re.split(r"\bWHERE\b", sql, maxsplit=1)[1:]
            yield f"{table} index {name} where", [_squeezed(one) for one in where]
            members = sql[sql.index("(") :].partition("WHERE")[0]
            yield f"{table} index {name} expressions", "(" in _squeezed(members)
        if kind != "table" or name.startswith("sqlite_"):
            continue
        yield name, rows("SELECT wr, strict FROM pragma_table_list(?) WHERE schema = 'main'", name)
        yield f"{name} autoincrement", "AUTOINCREMENT" in sql.upper()
        columns = rows("SELECT * FROM pragma_table_xinfo(?)", name)
        ((without_rowid, strict),) = rows(
            "SELECT wr, strict FROM pragma_table_list(?) WHERE schema = 'main'", name
        )
        in_key = [column for column in columns if column[5]]
        origins = [origin for *_, origin, _ in rows("SELECT * FROM pragma_index_list(?)", name)]
        row_id = len(in_key) == 1 and "pk" not in origins
        for _, column, native, said, default, key, hidden in columns:
            # Of these keys NOT NULL is no news, and a row id takes NULL for a number to come.
            required = int(said or (key and (without_rowid or strict or row_id)) or False)
            value = _value(connection, default)
            yield f"{name}.{column}", (_squeezed(native.upper()), required, value, key, hidden)
        constraints = []
        for _, index, unique, origin, partial in rows("SELECT * FROM pragma_index_list(?)", name):
            parts = [row[1:] for row in rows("SELECT * FROM pragma_index_xinfo(?)", index)]
            if origin == "c":
                yield f"{name} index {index}", (unique, partial, parts)
            else:
                constraints.append((origin, parts))
        yield f"{name} constraints", sorted(constraints, key=repr)
        keys: dict[int, list[tuple[Any, ...]]] = {}
        for number, *key in rows("SELECT * FROM pragma_foreign_key_list(?) ORDER BY seq", name):
            keys.setdefault(number, []).append(tuple(key))
        yield f"{name} foreign keys", sorted(keys.values(), key=repr)


def _value(connection: sqlite3.Connection, default: str | None) -> Any:
    """A default as the value that it is, where it is always the same one."""
    if default is None or re.search(r"\(|CURRENT", default):
        return default and _squeezed(default)
    return connection.execute(f"SELECT {default}").fetchone()[0]


def _squeezed(sql: str) -> str:
    """Without blanks, quotes around names and brackets around all of it."""
    text = re.sub(r'[\s"]+', "", sql)
    while text.startswith("(") and text.endswith(")") and _encloses(text):
        text = text[1:-1]
    return text


def _encloses(text: str) -> bool:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


class Postgresql:
    """One PostgreSQL database, in which scripts are tried and undone."""

    def __init__(self, connection: Any, error: type[Exception]) -> None:
        self._connection = connection
        self._error = error

    def facts(
        self,
        statements: Sequence[str],
        extensions: Sequence[str] = (),
        refused: dict[str, str] | None = None,
    ) -> Facts:
        """What there is once the statements (or scripts) ran.

        Raises:
            RefusedError: as `sqlite_facts`.
        """
        self._connection.execute("BEGIN")
        try:
            for name in extensions:
                self._run(f'CREATE EXTENSION IF NOT EXISTS "{name}"', None)
            for statement in statements:
                self._run(statement, refused)
            return dict(self._facts())
        finally:
            self._connection.execute("ROLLBACK")

    def available(self) -> frozenset[str]:
        """The extensions that this server has."""
        return frozenset(name for (name,) in self._rows("SELECT name FROM pg_available_extensions"))

    def _run(self, statement: str, refused: dict[str, str] | None) -> None:
        self._connection.execute("SAVEPOINT one")
        try:
            self._connection.execute(statement)
        except self._error as error:
            if refused is None:
                raise RefusedError(f"{error}: {statement}") from error
            self._connection.execute("ROLLBACK TO one")
            refused[statement] = str(error)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return rows

    def _facts(self) -> Iterator[tuple[str, Any]]:
        for name, values in self._rows(
            "SELECT t.oid::regtype::text, array_agg(enumlabel::text ORDER BY enumsortorder) "
            "FROM pg_type t JOIN pg_enum e ON enumtypid = t.oid GROUP BY t.oid"
        ):
            yield f"enum {name}", values
        own = (
            "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname NOT IN "
            f"{_OTHERS} AND NOT EXISTS "
            "(SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')"
        )
        for table, *column in self._rows(
            "SELECT attrelid::regclass::text || '.' || attname, format_type(atttypid, atttypmod), "
            "attnotnull, pg_get_expr(adbin, adrelid), attidentity::text, attgenerated::text, "
            "attcollation::regcollation::text, attnum::int FROM pg_attribute "
            "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
            f"WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (SELECT c.oid {own} "
            "AND relkind IN ('r', 'p'))"
        ):
            yield table, column
        for table, name, sql in self._rows(
            "SELECT indrelid::regclass::text, indexrelid::regclass::text, "
            "pg_get_indexdef(indexrelid) FROM pg_index "
            f"WHERE indrelid IN (SELECT c.oid {own})"
        ):
            yield f"{table} index {name}", sql
        for name, table, sql in self._rows(
            "SELECT conname::text, conrelid::regclass::text, pg_get_constraintdef(oid) "
            f"FROM pg_constraint WHERE contype <> 't' AND conrelid IN (SELECT c.oid {own})"
        ):
            yield f"{table} constraint {name}", sql
        for (name,) in self._rows(f"SELECT c.oid::regclass::text {own} AND relkind IN ('r', 'p')"):
            yield f"table {name}", True


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL database; skips the test where there is no server."""
    psycopg = pytest.importorskip("psycopg")
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    own = f"schemalint_ddl_{id(server):x}"
    with server:
        server.execute(f"CREATE DATABASE {own}")
        try:
            with psycopg.connect(POSTGRESQL, autocommit=True, dbname=own) as connection:
                connection.execute("SET client_min_messages TO error")
                yield Postgresql(connection, psycopg.Error)
        finally:
            server.execute(f"DROP DATABASE {own} WITH (FORCE)")


def differences(ours: Facts, theirs: Facts) -> list[str]:
    """One line for each fact that differs."""
    paths = [*theirs, *(path for path in ours if path not in theirs)]
    return [
        f"{path}: ours {ours.get(path)!r}, theirs {theirs.get(path)!r}"
        for path in paths
        if ours.get(path) != theirs.get(path)
    ]
