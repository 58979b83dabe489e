"""What PostgreSQL's own catalog says of a database, as facts; and our SQL texts as it writes them.

Expressions are compared as PostgreSQL prints them: each of ours is put into a throwaway constraint,
index or default of the same table, and read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect
from tests.loaders.sql.schema_facts import Facts

NATIVES = {
    "integer": "INTEGER",
    "smallint": "SMALLINT",
    "bigint": "BIGINT",
    "character varying": "VARCHAR",
    "character": "CHAR",
    "numeric": "DECIMAL",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
    "time without time zone": "TIME",
    "time with time zone": "TIMETZ",
    "bit varying": "VARBIT",
}
# Types of PostgreSQL's own that no other language has: the loader has them in small letters.
BUILT_IN = (
    "INTERVAL", "POINT", "CIRCLE", "MACADDR", "INT4RANGE", "TSTZRANGE", "DATERANGE", "TSVECTOR",
)  # fmt: skip
OWN = {"citext": "CITEXT"}
SERIALS = {"SERIAL": "INTEGER", "BIGSERIAL": "BIGINT", "SMALLSERIAL": "SMALLINT"}
ACTIONS = {
    "a": "no action",
    "r": "restrict",
    "c": "cascade",
    "n": "set null",
    "d": "set default",
}
NOW = re.compile(
    r"\(?(?:now\(\)|CURRENT_\w+(?:\(\d\))?|LOCALTIMESTAMP(?:\(\d\))?|(?:clock|statement|transaction)"
    r"_timestamp\(\)|timezone\('\w+'::text, (?:now\(\)|CURRENT_TIMESTAMP)\)"
    r"|\(?(?:now\(\)|CURRENT_TIMESTAMP) AT TIME ZONE '\w+'::text\)?)\)?(?:::[\w ()]+)?"
)

SYSTEM = "('pg_catalog', 'information_schema', 'pg_toast')"


def quoted(name: str) -> str:
    """`name` in double quotes where it needs them; a dot parts schema and name."""
    return quoted_name(name, Dialect.POSTGRESQL)


class PostgresCatalog:
    """Introspects the database of a psycopg `connection` (in autocommit mode)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def _rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(query, arguments).fetchall()
        return rows

    # -- what is there

    def facts(self) -> Facts:
        """Everything that `schema_facts` says too."""
        facts: Facts = {}
        self._enums(facts)
        tables = self._rows(
            "SELECT c.oid, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END "
            "|| c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            f"WHERE relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN {SYSTEM}"
        )
        for oid, table, kind in tables:
            if kind in "vm":
                columns = self._rows(
                    "SELECT attname::text FROM pg_attribute "
                    "WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                    oid,
                )
                facts[f"view {table}"] = [name for (name,) in columns]
                continue
            parents = self._rows(
                "SELECT p.relname FROM pg_inherits JOIN pg_class p ON p.oid = inhparent "
                "WHERE inhrelid = %s AND p.relkind = 'r' ORDER BY inhseqno",
                oid,
            )
            facts[table] = {"inherits": [name for (name,) in parents]}
            self._columns(oid, table, facts)
            self._indexes(oid, table, facts)
            self._constraints(oid, table, facts)
            self._triggers(oid, table, facts)
        return facts

    def _enums(self, facts: Facts) -> None:
        for name, values in self._rows(
            "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || typname, "
            "array(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid "
            "ORDER BY enumsortorder) FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace "
            "WHERE typtype = 'e'"
        ):
            facts[f"enum {name}"] = values

    def _columns(self, oid: int, table: str, facts: Facts) -> None:
        for name, kind, required, default, identity, generated, own, domain in self._rows(
            """
            WITH RECURSIVE base AS (
                SELECT attnum, atttypid AS typ, atttypmod AS typmod, attnotnull AS required, 0 AS n
                FROM pg_attribute WHERE attrelid = %s
              UNION ALL
                SELECT attnum, typbasetype, typtypmod, required, n + 1
                FROM base JOIN pg_type t ON t.oid = base.typ WHERE typtype = 'd'
            )
            SELECT attname::text, format_type(b.typ, b.typmod), b.required,
                pg_get_expr(adbin, adrelid), attidentity::text, attgenerated::text,
                (SELECT typnamespace <> 'pg_catalog'::regnamespace FROM pg_type
                    WHERE oid = b.typ),
                CASE WHEN b.n > 0 THEN (SELECT typdefault FROM pg_type WHERE oid = atttypid) END
            FROM pg_attribute a
            JOIN LATERAL (SELECT * FROM base WHERE base.attnum = a.attnum ORDER BY n DESC LIMIT 1) b
                ON true
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = a.attnum
            WHERE attrelid = %s AND a.attnum > 0 AND NOT attisdropped ORDER BY a.attnum
            """,
            oid,
            oid,
        ):
            is_list = kind.endswith("[]")
            facts[f"{table}.{name}"] = {
                "native": OWN.get(kind, kind.replace('"', "")) if own else _native(kind),
                "nullable": not required,
                "list": is_list,
                "default": _default(default or domain, identity) if not generated else None,
                "generated": (default, True) if generated else None,
            }

    def _indexes(self, oid: int, table: str, facts: Facts) -> None:
        for (
            index,
            name,
            primary,
            unique,
            exclusion,
            constraint,
            deferrable,
            deferred,
            distinct,
            where,
            method,
        ) in self._rows(
            "SELECT indexrelid, c.relname::text, indisprimary, indisunique, indisexclusion, "
            "k.oid, condeferrable, condeferred, NOT indnullsnotdistinct, "
            "pg_get_expr(indpred, indrelid), amname::text FROM pg_index "
            "JOIN pg_class c ON c.oid = indexrelid JOIN pg_am m ON m.oid = relam "
            "LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND k.contype IN ('p', 'u', 'x') "
            "WHERE indrelid = %s",
            oid,
        ):
            parts = self.parts(index)
            when = ("deferred" if deferred else "immediate") if deferrable else None
            if primary:
                facts[f"{table} primary key"] = (name, [part[0] for part in parts], when)
            elif exclusion:
                (operators,) = self._rows(
                    "SELECT array(SELECT oprname::text FROM unnest(conexclop) WITH ORDINALITY "
                    "o(oid, n) JOIN pg_operator p ON p.oid = o.oid ORDER BY n) "
                    "FROM pg_constraint WHERE oid = %s",
                    constraint,
                )[0]
                facts[f"{table} exclusion {name}"] = (parts, operators, where)
            elif unique:
                facts[f"{table} unique {name}"] = {
                    "parts": parts,
                    "where": where,
                    "nulls": "distinct" if distinct else "equal",
                    "index": constraint is None,
                    "deferrable": when,
                }
            else:
                facts[f"{table} index {name}"] = (parts, where, method)

    def parts(self, index: int) -> list[tuple[Any, ...]]:
        """The members of an index: column or expression, whether it descends, and its collation
        where that is not the column's."""
        return [
            (column, None if column else expression, descending, None, collation)
            for column, expression, descending, collation in self._rows(
                "SELECT attname::text, pg_get_indexdef(indexrelid, n::int, true), "
                "(indoption[n - 1] & 1) = 1, (SELECT collname::text FROM pg_collation c "
                "WHERE c.oid = indcollation[n - 1] AND c.oid <> attcollation) "
                "FROM pg_index, generate_series(1, indnkeyatts) n "
                "LEFT JOIN pg_attribute ON attnum <> 0 "
                "AND attnum = (SELECT indkey[n - 1] FROM pg_index WHERE indexrelid = %s) "
                "AND attrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = %s) "
                "WHERE indexrelid = %s ORDER BY n",
                index,
                index,
                index,
            )
        ]

    def _constraints(self, oid: int, table: str, facts: Facts) -> None:
        names = "array(SELECT attname::text FROM unnest({}) WITH ORDINALITY u(n, o) JOIN " + (
            "pg_attribute ON attrelid = {} AND attnum = n ORDER BY o)"
        )
        for name, columns, parent, references, delete, update, match, can, late, some in self._rows(
            f"SELECT conname::text, {names.format('conkey', 'conrelid')}, "
            "(SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || relname "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = confrelid), "
            f"{names.format('confkey', 'confrelid')}, confdeltype::text, confupdtype::text, "
            f"confmatchtype::text, condeferrable, condeferred, "
            f"{names.format('confdelsetcols', 'conrelid')} "
            "FROM pg_constraint k WHERE conrelid = %s AND contype = 'f' AND NOT EXISTS "
            # one more for each partition that is referred to
            "(SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)",
            oid,
        ):
            facts[f"{table} foreign key {name}"] = {
                "columns": columns,
                "table": parent,
                "references": references,
                "on delete": ACTIONS[delete],
                "on update": ACTIONS[update],
                "match": "full" if match == "f" else "simple",
                "deferrable": ("deferred" if late else "immediate") if can else None,
                "set columns": some,
            }
        for name, text in self._rows(
            "SELECT conname::text, pg_get_expr(conbin, conrelid) FROM pg_constraint "
            # what is not inherited says nothing of all rows of a table with heirs
            "WHERE conrelid = %s AND contype = 'c' AND NOT (connoinherit AND EXISTS "
            "(SELECT FROM pg_inherits WHERE inhparent = conrelid))",
            oid,
        ):
            facts[f"{table} check {name}"] = (text, True)
        for name, column, text in self._rows(
            "SELECT conname::text, attname::text, pg_get_constraintdef(k.oid) "
            "FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid "
            "JOIN pg_constraint k ON k.contypid = t.oid WHERE attrelid = %s AND attnum > 0 "
            "AND NOT attisdropped AND contype = 'c'",
            oid,
        ):
            inside = re.sub(r"\bVALUE\b", quoted(column), text[len("CHECK (") : -1])
            facts[f"{table} check {name}"] = (self._check(table, inside), True)

    def _triggers(self, oid: int, table: str, facts: Facts) -> None:
        for name, kind, enabled, columns, body in self._rows(
            "SELECT tgname::text, tgtype::int, tgenabled::text, "
            "array(SELECT attname::text FROM unnest(tgattr::int2[]) n JOIN pg_attribute "
            "ON attrelid = tgrelid AND attnum = n), prosrc "
            "FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
            "WHERE tgrelid = %s AND NOT tgisinternal",
            oid,
        ):
            events = {4: "insert", 8: "delete", 16: "update", 32: "truncate"}
            facts[f"{table} trigger {name}"] = {
                "timing": "instead of" if kind & 64 else "before" if kind & 2 else "after",
                "events": sorted(word for bit, word in events.items() if kind & bit),
                "for each": "row" if kind & 1 else "statement",
                "columns": sorted(columns),
                "enabled": enabled != "D",
                "body": body,
            }

    # -- our texts as PostgreSQL prints them

    def normalised(self, facts: Facts) -> Facts:
        """The facts of a loaded schema, every SQL text as PostgreSQL would print it, and what it
        has no word for (serial types) in its own words."""
        found: Facts = {}
        for path, fact in facts.items():
            words = path.split(" ")
            if isinstance(fact, dict) and "native" in fact:
                found[path] = self._normalised_column(path, fact)
            elif " check " in path:
                table = path.split(" check ")[0]
                found[path] = (self._check(table, fact[0]), fact[1])
            elif " unique " in path:
                table = path.split(" unique ")[0]
                parts, where = self._index(table, fact["parts"], fact["where"])
                found[path] = {**fact, "parts": parts, "where": where}
            elif " index " in path:
                table = path.split(" index ")[0]
                parts, where = self._index(table, fact[0], fact[1], fact[2])
                found[path] = (parts, where, fact[2])
            elif " exclusion " in path:
                table = path.split(" exclusion ")[0]
                parts, where = self._index(table, fact[0], fact[2], "gist")
                found[path] = (parts, fact[1], where)
            else:
                assert words
                found[path] = fact
        return found

    @contextmanager
    def _undone(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def _normalised_column(self, path: str, fact: Facts) -> Facts:
        table, _, column = path.rpartition(".")
        native: str = fact["native"]
        native = SERIALS.get(native, native)
        if fact["type"] == "unsupported" and not native.startswith('"'):
            native = native.upper() if native.upper() in BUILT_IN else native
        native = {"CHAR": "CHAR(1)"}.get(native, native)
        default = fact["default"]
        if default is not None and default[0] not in ("now", "sequence"):
            with self._undone():
                alter = f"ALTER TABLE {_table(table)} ALTER COLUMN {quoted(column)}"
                self._connection.execute(f"{alter} SET DEFAULT {default[1]}")
                ((default,),) = self._rows(
                    "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute a "
                    "ON attrelid = adrelid AND attnum = adnum "
                    "WHERE adrelid = %s::regclass AND attname = %s",
                    _table(table),
                    column,
                )
            default = _without_cast(default)
        elif default is not None:
            default = default[1]
        generated = fact["generated"]
        if generated is not None:
            with self._undone():
                self._connection.execute(
                    f"ALTER TABLE {_table(table)} ADD COLUMN schemalint_probe {fact['native']} "
                    f"GENERATED ALWAYS AS ({generated[0]}) STORED"
                )
                ((text,),) = self._rows(
                    "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute a "
                    "ON attrelid = adrelid AND attnum = adnum WHERE adrelid = %s::regclass "
                    "AND attname = 'schemalint_probe'",
                    _table(table),
                )
                generated = (text, generated[1])
        return {**fact, "native": native, "default": default, "generated": generated}

    def _check(self, table: str, expression: str) -> str:
        with self._undone():
            self._connection.execute(
                f"ALTER TABLE {_table(table)} ADD CONSTRAINT schemalint_probe "
                f"CHECK ({expression}) NOT VALID"
            )
            ((text,),) = self._rows(
                "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint "
                "WHERE conname = 'schemalint_probe' AND conrelid = %s::regclass",
                _table(table),
            )
        assert isinstance(text, str)
        return text

    def _index(
        self, table: str, parts: list[tuple[Any, ...]], where: str | None, method: str = "btree"
    ) -> tuple[list[tuple[Any, ...]], str | None]:
        if where is None and all(column is not None for column, *_ in parts):
            return parts, None
        members = ", ".join(
            (quoted(column) if column else f"({expression})")
            + (f" COLLATE {quoted(collation)}" if collation else "")
            + (" DESC" if descending else "")
            for column, expression, descending, _, collation in parts
        )
        predicate = f" WHERE {where}" if where else ""
        with self._undone():
            self._connection.execute(
                f"CREATE INDEX schemalint_probe ON {_table(table)} USING {method} "
                f"({members}){predicate}"
            )
            ((oid, text),) = self._rows(
                "SELECT indexrelid, pg_get_expr(indpred, indrelid) FROM pg_index "
                "WHERE indexrelid = (SELECT oid FROM pg_class WHERE relname = 'schemalint_probe')"
            )
            return self.parts(oid), text


def _table(path: str) -> str:
    return ".".join(quoted(part) for part in path.split("."))


def _native(kind: str) -> str:
    """`character varying(20)[]` as `VARCHAR(20)[]`, `timestamp(3) without time zone` likewise."""
    match = re.fullmatch(r"([^(\[]+?)(\([\d,-]+\))?( with(?:out)? time zone)?((?:\[\])*)", kind)
    if match is None:
        return kind
    base = match[1] + (match[3] or "")
    size = "" if base.startswith("bit") and match[2] == "(1)" else match[2] or ""
    name = NATIVES.get(base, base if base.startswith('"') else base.upper())
    return name + size + match[4][:2]


def _default(text: str | None, identity: str) -> str | None:
    if identity:
        return "autoincrement()"
    if text is None or re.fullmatch(r"NULL(::.*)?", text):
        return None
    if text.startswith("nextval("):
        return "autoincrement()"
    return "now()" if NOW.fullmatch(text) else _without_cast(text)


def _without_cast(text: str | None) -> str | None:
    """A literal without its type, which stays behind where the column's type was changed; a number
    without its quotes."""
    text = text and re.sub(r"^('(?:[^']|'')*')::[\w ().\"]+$", r"\1", text)
    return text and re.sub(r"^'(-?\d+(?:\.\d+)?)'$", r"\1", text)
