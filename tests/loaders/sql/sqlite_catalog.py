"""What SQLite's pragmas say of a database, as facts."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from tests.loaders.sql.schema_facts import Facts


class SqliteCatalog:
    """Introspects the database of a `connection`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, arguments).fetchall()

    # -- what is there

    def facts(self) -> Facts:
        """Columns, keys, indexes, foreign keys, triggers and views."""
        facts: Facts = {}
        for kind, name in self._rows(
            "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite_%'"
        ):
            if kind == "view":
                columns = self._rows("SELECT name FROM pragma_table_info(?)", name)
                facts[f"view {name}"] = [column for (column,) in columns]
            else:
                self._table(name, facts)
        return facts

    def _table(self, table: str, facts: Facts) -> None:
        ((without_rowid, strict),) = self._rows(
            "SELECT wr, strict FROM pragma_table_list(?) WHERE schema = 'main'", table
        )
        facts[table] = {"strict": bool(strict)}
        columns = self._rows("SELECT * FROM pragma_table_xinfo(?)", table)
        key = [column[1] for column in sorted(columns, key=lambda one: one[5]) if column[5]]
        for _, name, kind, required, default, in_key, hidden in columns:
            row_id = key == [name] and kind.upper() == "INTEGER" and self._has_no_index(table)
            always = required or (in_key and (without_rowid or strict)) or row_id
            facts[f"{table}.{name}"] = {
                "native": re.sub(r"\s*([(),])\s*", r"\1", kind.upper())
                .removesuffix(" GENERATED ALWAYS")
                .strip(),
                "nullable": not always,
                "default": "autoincrement()" if row_id else self._value(default, kind),
                "generated": None if hidden < 2 else hidden == 3,
            }
        if key:
            facts[f"{table} primary key"] = (None, key, None)
        self._indexes(table, facts)
        self._foreign_keys(table, facts)
        for (name,) in self._rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", table
        ):
            facts[f"{table} trigger {name}"] = {}

    def _has_no_index(self, table: str) -> bool:
        return not any(origin == "pk" for *_, origin, _ in self._index_list(table))

    def _index_list(self, table: str) -> list[tuple[Any, ...]]:
        return self._rows("SELECT * FROM pragma_index_list(?) ORDER BY seq DESC", table)

    def _indexes(self, table: str, facts: Facts) -> None:
        constraints = []
        for _, name, unique, origin, partial in self._index_list(table):
            parts = [
                (text, None if column >= 0 else True, bool(descending), collation)
                for _, column, text, descending, collation, in_key in self._rows(
                    "SELECT * FROM pragma_index_xinfo(?)", name
                )
                if in_key
            ]
            if origin == "u":
                constraints.append(parts)
            elif origin == "c":
                kind = "unique" if unique else "index"
                facts[f"{table} {kind} {name}"] = {"parts": parts, "partial": bool(partial)}
        facts[f"{table} unique constraints"] = sorted(constraints, key=repr)

    def _foreign_keys(self, table: str, facts: Facts) -> None:
        keys: dict[int, Facts] = {}
        for number, _, parent, column, reference, update, delete, _ in self._rows(
            "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", table
        ):
            key = keys.setdefault(
                number,
                {
                    "columns": [],
                    "table": parent,
                    "references": [],
                    "on delete": delete.lower(),
                    "on update": update.lower(),
                },
            )
            key["columns"].append(column)
            key["references"].append(reference)
        for key in keys.values():
            if key["references"] == [None]:  # the parent's primary key is meant
                parent_columns = self._rows("SELECT * FROM pragma_table_info(?)", key["table"])
                key["references"] = [column[1] for column in parent_columns if column[5]]
        facts[f"{table} foreign keys"] = sorted((_plain(key) for key in keys.values()), key=repr)

    def _value(self, default: str | None, kind: str) -> Any:
        """What the default's text amounts to in a column of this type."""
        if default is None:
            return None
        if "random" in default:
            return "random"
        try:
            ((value,),) = self._rows(f"SELECT {default}")
        except sqlite3.Error:
            return default.strip("\"'")
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            ((value,),) = self._rows(f"SELECT CAST(? AS {kind or 'BLOB'})", value)
            return value.decode() if isinstance(value, bytes) else value
        return value if "now" not in default.lower() and "CURRENT" not in default.upper() else "now"

    # -- a loaded schema in these words

    def normalised(self, facts: Facts) -> Facts:
        """The facts of a loaded schema in the words of the pragmas, which tell no check."""
        found: Facts = {}
        for path, fact in facts.items():
            if isinstance(fact, dict) and "strict" in fact:
                found[path] = fact
                self._constraints(path, facts, found)
            elif isinstance(fact, dict) and "native" in fact:
                found[path] = self._column(fact)
            elif path.endswith(" primary key"):
                found[path] = (None, *fact[1:])
            elif path.startswith("view ") or " trigger " in path:
                found[path] = fact
        return found

    def _constraints(self, table: str, facts: Facts, found: Facts) -> None:
        uniques, keys = [], []
        for path, fact in facts.items():
            kind, _, _ = path.removeprefix(f"{table} ").partition(" ")
            if not path.startswith(f"{table} "):
                continue
            for one in fact if " unnamed " in path else [fact]:
                if " foreign key" in path:
                    keys.append(_plain(one))
                elif path.endswith(" unnamed unique") or kind == "unique":
                    parts = [self._part(table, part, facts) for part in one["parts"]]
                    if one["index"]:
                        found[path] = {"parts": parts, "partial": one["where"] is not None}
                    else:
                        uniques.append(parts)
                elif kind == "index":
                    parts = [self._part(table, part, facts) for part in one[0]]
                    found[path] = {"parts": parts, "partial": one[1] is not None}
        found[f"{table} unique constraints"] = sorted(uniques, key=repr)
        found[f"{table} foreign keys"] = sorted(keys, key=repr)

    def _part(self, table: str, part: tuple[Any, ...], facts: Facts) -> tuple[Any, ...]:
        column, _, descending, _, collation = part
        if collation is None and column is not None:
            collation = facts[f"{table}.{column}"]["collation"]
        collation = (collation or "BINARY").upper()
        return (column, None if column is not None else True, descending, collation)

    def _column(self, fact: Facts) -> Facts:
        default = fact["default"]
        value: Any = None
        if default is not None:
            kind, expression = default
            value = "now" if kind == "now" else expression
            if kind not in ("now", "sequence"):
                value = self._value(expression, fact["native"])
        generated = None if fact["generated"] is None else fact["generated"][1]
        return {**fact, "default": value, "generated": generated}


def _plain(key: Facts) -> Facts:
    words = ("columns", "table", "on delete", "on update")
    plain = {word: key[word] for word in words}
    plain["references"] = [name.lower() for name in key["references"]]  # as it is written there
    return plain
