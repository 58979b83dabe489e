"""What MariaDB's information_schema says of a database, as facts."""

from __future__ import annotations

import re
from typing import Any

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect
from tests.loaders.sql.schema_facts import Facts

# `int(11)`: the width says nothing.
WIDTH = re.compile(r"\b((?:tiny|small|medium|big)?int|year)\(\d+\)")
NATIVES = {"BOOLEAN": "TINYINT", "JSON": "LONGTEXT", "CHAR": "CHAR(1)"}
# InnoDB knows no SET DEFAULT (cases F08, F08c) and tells RESTRICT of what nothing was written for.
RULES = {"restrict": "no action", "set default": "no action"}
NOW = re.compile(r"(?:current_timestamp|current_date|curdate|now)\(\d?\)")


class MariadbCatalog:
    """Introspects the database `name` through a pymysql `cursor`."""

    def __init__(self, cursor: Any, name: str) -> None:
        self._cursor = cursor
        self._name = name

    def _rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        self._cursor.execute(query, arguments)
        return list(self._cursor.fetchall())

    # -- what is there

    def facts(self) -> Facts:
        """Columns, keys, indexes, foreign keys, checks, triggers and views."""
        facts: Facts = {}
        for table, kind in self._rows(
            "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s",
            self._name,
        ):
            if kind == "VIEW":
                columns = self._rows(
                    "SELECT column_name FROM information_schema.columns "
                    "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
                    self._name,
                    table,
                )
                facts[f"view {table}"] = [name for (name,) in columns]
                continue
            facts[table] = {}
            self._columns(table, facts)
            self._indexes(table, facts)
            self._foreign_keys(table, facts)
            _without_implied(table, facts)
            self._checks(table, facts)
            for name, timing, event in self._rows(
                "SELECT trigger_name, action_timing, event_manipulation FROM "
                "information_schema.triggers WHERE trigger_schema = %s "
                "AND event_object_table = %s",
                self._name,
                table,
            ):
                facts[f"{table} trigger {name}"] = {
                    "timing": timing.lower(),
                    "events": [event.lower()],
                }
        return facts

    def _columns(self, table: str, facts: Facts) -> None:
        for name, kind, nullable, default, extra, generated, collation in self._rows(
            "SELECT column_name, column_type, is_nullable, column_default, extra, "
            "generation_expression, collation_name FROM information_schema.columns "
            "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
            self._name,
            table,
        ):
            renews = "on update" in extra.lower()
            fact = {
                "native": _native(kind),
                "nullable": nullable == "YES",
                "default": "autoincrement()" if "auto_increment" in extra else _default(default),
                "generated": None if generated is None else (generated, "STORED" in extra),
                "renewed": renews,
            }
            if kind.startswith(("varchar", "char", "text")):
                fact["ignore case"] = not collation.endswith("_bin")
            facts[f"{table}.{name}"] = fact

    def _indexes(self, table: str, facts: Facts) -> None:
        found: dict[str, tuple[bool, str, list[tuple[Any, ...]]]] = {}
        for name, repeats, kind, column, direction, length in self._rows(
            "SELECT index_name, non_unique, index_type, column_name, collation, sub_part "
            "FROM information_schema.statistics WHERE table_schema = %s AND table_name = %s "
            "ORDER BY index_name, seq_in_index",
            self._name,
            table,
        ):
            parts = found.setdefault(name, (bool(repeats), kind.lower(), []))[2]
            parts.append((column, None, direction == "D", length, None))
        for name, (repeats, kind, parts) in found.items():
            if name == "PRIMARY":
                facts[f"{table} primary key"] = (None, [part[0] for part in parts], None)
            elif repeats:
                facts[f"{table} index {name}"] = (parts, None, kind)
            else:
                facts[f"{table} unique {name}"] = {"parts": parts, "index": True}

    def _foreign_keys(self, table: str, facts: Facts) -> None:
        for name, parent, update, delete in self._rows(
            "SELECT constraint_name, referenced_table_name, update_rule, delete_rule "
            "FROM information_schema.referential_constraints "
            "WHERE constraint_schema = %s AND table_name = %s",
            self._name,
            table,
        ):
            columns = self._rows(
                "SELECT column_name, referenced_column_name FROM "
                "information_schema.key_column_usage WHERE constraint_schema = %s "
                "AND table_name = %s AND constraint_name = %s ORDER BY ordinal_position",
                self._name,
                table,
                name,
            )
            facts[f"{table} foreign key {name}"] = {
                "columns": [column for column, _ in columns],
                "table": parent,
                "references": [reference for _, reference in columns],
                "on delete": RULES.get(delete.lower(), delete.lower()),
                "on update": RULES.get(update.lower(), update.lower()),
                "enforced": True,
            }

    def _checks(self, table: str, facts: Facts) -> None:
        for name, text in self._check_rows(table):
            facts[f"{table} check {name}"] = (text, True)

    def _check_rows(self, table: str) -> list[tuple[Any, ...]]:
        return self._rows(
            "SELECT constraint_name, check_clause FROM information_schema.check_constraints "
            "WHERE constraint_schema = %s AND table_name = %s",
            self._name,
            table,
        )

    # -- a loaded schema in these words

    def normalised(self, facts: Facts) -> Facts:
        """The facts of a loaded schema in the words of information_schema; foreign keys that
        nobody checks, which MariaDB does not keep, are left out."""
        found: Facts = {}
        for path, fact in facts.items():
            if path.startswith("enum "):
                continue
            if isinstance(fact, dict) and "native" in fact:
                table, _, column = path.rpartition(".")
                found[path] = self._column(table, column, fact)
                if fact["native"] == "JSON":
                    found[f"{table} check {column}"] = (f"json_valid(`{column}`)", True)
            elif " check " in path:
                table = path.split(" check ")[0]
                found[path] = (self._check(table, fact[0]), fact[1])
            elif " index " in path:  # InnoDB makes no hash index
                found[path] = (*fact[:2], fact[2].replace("hash", "btree"))
            elif " foreign key " in path:
                if fact["enforced"]:
                    words = {
                        word: RULES.get(fact[word], fact[word])
                        for word in ("on delete", "on update")
                    }
                    found[path] = {**fact, **words}
            else:
                found[path] = fact
        for (table,) in self._rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", self._name
        ):
            _without_implied(table, found)
        return found

    def _column(self, table: str, column: str, fact: Facts) -> Facts:
        native: str = fact["native"]
        native = NATIVES.get(native, native)
        native = re.sub(r"^DECIMAL\((\d+)\)", r"DECIMAL(\1, 0)", native)
        default = fact["default"]
        if default is not None:
            if default[0] in ("now", "sequence"):
                default = default[1]
            else:
                default = self._probed(
                    table,
                    f"ALTER COLUMN {_quoted(column)} SET DEFAULT ({default[1]})"
                    if default[0] == "expression"
                    else f"ALTER COLUMN {_quoted(column)} SET DEFAULT {default[1]}",
                    "SELECT column_default FROM information_schema.columns WHERE "
                    f"table_schema = %s AND table_name = %s AND column_name = '{column}'",
                )
        generated = fact["generated"]
        if generated is not None:
            text = self._probed(
                table,
                f"ADD COLUMN schemalint_generated {fact['native']} AS ({generated[0]}) VIRTUAL",
                "SELECT generation_expression FROM information_schema.columns WHERE "
                "table_schema = %s AND table_name = %s AND column_name = 'schemalint_generated'",
            )
            generated = (text, generated[1])
        return {**fact, "native": native, "default": default, "generated": generated}

    def _check(self, table: str, expression: str) -> Any:
        return self._probed(
            table,
            f"ADD CONSTRAINT schemalint_probe CHECK ({expression})",
            "SELECT check_clause FROM information_schema.check_constraints WHERE "
            "constraint_schema = %s AND table_name = %s AND constraint_name = 'schemalint_probe'",
        )

    def _probed(self, table: str, action: str, query: str) -> Any:
        """What a copy of the table says once it was altered."""
        self._cursor.execute(f"CREATE TABLE schemalint_probe LIKE {_quoted(table)}")
        try:
            self._cursor.execute(f"ALTER TABLE schemalint_probe {action}")
            ((value,),) = self._rows(query, self._name, "schemalint_probe")
            return value
        finally:
            self._cursor.execute("DROP TABLE schemalint_probe")


def _without_implied(table: str, facts: Facts) -> None:
    """Leave out the plain indexes that InnoDB makes for foreign keys, or would make."""
    keys = [
        fact["columns"] for path, fact in facts.items() if path.startswith(f"{table} foreign key ")
    ]
    prefix = f"{table} index "
    for path in [path for path in facts if path.startswith(prefix)]:
        if [part[0] for part in facts[path][0]] in keys:
            del facts[path]


def _quoted(name: str) -> str:
    return quoted_name(name, Dialect.MARIADB)


def _native(kind: str) -> str:
    kind = WIDTH.sub(r"\1", kind).removesuffix(" zerofill")
    base, bracket, rest = kind.partition("(")
    if base in ("enum", "set"):
        return base.upper() + bracket + rest.replace("','", "', '")
    words = base.split(" ")
    words[0] = "integer" if words[0] == "int" else words[0]
    return (
        " ".join(words).upper() + bracket + rest.replace(",", ", ").replace("unsigned", "UNSIGNED")
    )


def _default(text: str | None) -> str | None:
    if text is None or text == "NULL":
        return None
    return "now()" if NOW.fullmatch(text) else text
