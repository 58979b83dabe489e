"""Random sequences of DDL, most of it valid; what is not, the database refuses.

Written for one dialect at a time. The names of what is there come from the database itself, so
that constraints and indexes are dropped by the names that it gave them.
"""

from __future__ import annotations

from random import Random

from schemalint.condition.quoting import quoted_name
from schemalint.model import Dialect
from tests.loaders.sql.schema_facts import Facts

TABLES = ("t", "u", "Orders", "user", "x y", "ab", "v")
COLUMNS = ("a", "b", "c", "Camel", "order", "d e", "id", "f")
TYPES = {
    Dialect.POSTGRESQL: ("INTEGER", "TEXT", "VARCHAR(20)", "BOOLEAN", "NUMERIC(8,2)", "timestamptz",
                         "int[]", "jsonb", "BIGINT", "uuid", "citext_like"),
    Dialect.SQLITE: ("INTEGER", "TEXT", "VARCHAR(20)", "BOOLEAN", "DECIMAL", "DATETIME", "BLOB",
                     "int", "TEXT COLLATE NOCASE"),
    Dialect.MARIADB: ("INT", "INTEGER UNSIGNED", "VARCHAR(20)", "BOOLEAN", "DECIMAL(8,2)",
                      "DATETIME(3)", "ENUM('x', 'y')", "VARCHAR(9) COLLATE utf8mb4_bin"),
}  # fmt: skip
ACTIONS = ("", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " ON DELETE RESTRICT")


class RandomDdl:
    """Makes one statement after the other, for what is in the database at that time."""

    def __init__(self, dialect: Dialect, seed: int) -> None:
        self._dialect = dialect
        self._random = Random(seed)
        self._number = 0
        self._renamed = False
        self._makers = [
            self._create_table,
            self._create_table,
            self._add_column,
            self._add_column,
            self._drop_column,
            self._rename_column,
            self._rename_table,
            self._create_index,
            self._create_index,
            self._drop_index,
            self._drop_table,
        ]
        if dialect is not Dialect.SQLITE:
            self._makers += [
                self._add_constraint,
                self._add_constraint,
                self._drop_constraint,
                self._alter_column,
                self._alter_column,
            ]
        if dialect is Dialect.POSTGRESQL:
            self._makers += [self._rename_constraint, self._types, self._copy]
        if dialect is Dialect.MARIADB:
            self._makers += [self._modify, self._copy]

    def statement(self, facts: Facts) -> str:
        """The next statement, for a database of which `facts` hold."""
        self._facts = facts
        self._tables = [
            path
            for path, fact in facts.items()
            if isinstance(fact, dict)
            and "native" not in fact
            and " " not in path.replace("x y", "")
        ]
        return self._random.choice(self._makers)()

    # -- names

    def _quoted(self, name: str) -> str:
        return quoted_name(name, self._dialect)

    def _any_table(self) -> str:
        return self._random.choice(self._tables or ["t"])

    def _columns(self, table: str) -> list[str]:
        prefix = f"{table}."
        return [path[len(prefix) :] for path in self._facts if path.startswith(prefix)] or ["a"]

    def _column(self, table: str) -> str:
        return self._random.choice(self._columns(table))

    def _named(self, table: str, kinds: tuple[str, ...]) -> str:
        """The name of a constraint or index of the table."""
        names = [
            path.split(f" {kind} ", 1)[1]
            for path in self._facts
            for kind in kinds
            if path.startswith(f"{table} {kind} ")
        ]
        key = self._facts.get(f"{table} primary key")
        if key and key[0] and "primary key" in kinds:
            names.append(key[0])
        return self._random.choice(names or ["nothing"])

    def _new(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}{self._number}"

    def _maybe(self, text: str, chance: float = 0.4) -> str:
        return text if self._random.random() < chance else ""

    # -- pieces

    def _type(self) -> str:
        kind = self._random.choice(TYPES[self._dialect])
        if kind == "citext_like":
            names = [path[5:] for path in self._facts if path.startswith("enum ")]
            return self._quoted(self._random.choice(names)) if names else "TEXT"
        return kind

    def _definition(self, name: str) -> str:
        kind = self._type()
        words = [self._quoted(name), kind]
        words.append(self._maybe("NOT NULL", 0.3))
        numeric = kind.startswith(("INT", "BIGINT", "NUMERIC", "DECIMAL"))
        if numeric:
            words.append(self._maybe("DEFAULT 7", 0.3))
            words.append(self._maybe(f"CHECK ({self._quoted(name)} > 0)", 0.2))
        elif kind.startswith(("TEXT", "VARCHAR")):
            words.append(self._maybe("DEFAULT 'it''s'", 0.3))
            words.append(self._maybe(f"CHECK ({self._quoted(name)} <> '')", 0.2))
        if not kind.startswith("TEXT") or self._dialect is not Dialect.MARIADB:
            words.append(self._maybe("UNIQUE", 0.15))
        if self._tables and numeric:
            words.append(self._maybe(self._references(), 0.15))
        return " ".join(word for word in words if word)

    def _references(self) -> str:
        table = self._any_table()
        key = self._facts.get(f"{table} primary key")
        column = key[1][0] if key else self._column(table)
        written = self._maybe(f" ({self._quoted(column)})", 0.7)
        return f"REFERENCES {self._quoted(table)}{written}{self._random.choice(ACTIONS)}"

    def _check(self, columns: list[str]) -> str:
        one, other = (self._quoted(self._random.choice(columns)) for _ in range(2))
        return self._random.choice(
            (
                f"{one} IS NOT NULL",
                f"{one} IS NOT NULL OR {other} IS NULL",
                f"coalesce({one}, {other}) IS NOT NULL",
                f"({one} = {other})",
            )
        )

    def _constraint(self, columns: list[str]) -> str:
        some = self._random.sample(columns, min(len(columns), self._random.choice((1, 1, 2))))
        listed = ", ".join(self._quoted(column) for column in some)
        name = self._maybe(f"CONSTRAINT {self._new('con')} ")
        kind = self._random.choice(("UNIQUE", "CHECK", "FOREIGN KEY", "PRIMARY KEY"))
        if kind == "CHECK":
            return f"{name}CHECK ({self._check(columns)})"
        if kind == "FOREIGN KEY":
            first = self._quoted(some[0])
            return f"{name}FOREIGN KEY ({first}) {self._references()}"
        return f"{name}{kind} ({listed})"

    # -- statements

    def _create_table(self) -> str:
        table = self._random.choice(TABLES)
        columns = self._random.sample(COLUMNS, self._random.randint(1, 4))
        items = [self._definition(column) for column in columns]
        if self._random.random() < 0.6:
            items[0] += " PRIMARY KEY"
        for _ in range(self._random.choice((0, 0, 1, 2))):
            items.append(self._constraint(columns))
        guard = self._maybe("IF NOT EXISTS ", 0.2)
        return f"CREATE TABLE {guard}{self._quoted(table)} ({', '.join(items)})"

    def _alter(self, table: str, action: str) -> str:
        return f"ALTER TABLE {self._quoted(table)} {action}"

    def _add_column(self) -> str:
        table = self._any_table()
        return self._alter(table, f"ADD COLUMN {self._definition(self._random.choice(COLUMNS))}")

    def _drop_column(self) -> str:
        table = self._any_table()
        end = self._maybe(" CASCADE", 0.5) if self._dialect is Dialect.POSTGRESQL else ""
        return self._alter(table, f"DROP COLUMN {self._quoted(self._column(table))}{end}")

    def _rename_column(self) -> str:
        table = self._any_table()
        old, new = self._column(table), self._random.choice(COLUMNS)
        self._renamed = True
        return self._alter(table, f"RENAME COLUMN {self._quoted(old)} TO {self._quoted(new)}")

    def _rename_table(self) -> str:
        return self._alter(
            self._any_table(), f"RENAME TO {self._quoted(self._random.choice(TABLES))}"
        )

    def _create_index(self) -> str:
        table = self._any_table()
        columns = self._columns(table)
        some = self._random.sample(columns, min(len(columns), self._random.choice((1, 1, 2))))
        parts = [self._quoted(column) + self._maybe(" DESC", 0.2) for column in some]
        where = ""
        if self._dialect is not Dialect.MARIADB:
            first = self._quoted(columns[0])
            if self._random.random() < 0.2:
                parts[0] = f"(coalesce({parts[0].removesuffix(' DESC')}))"
                if self._dialect is Dialect.POSTGRESQL:
                    parts[0] = f"({first} IS NULL)"
            where = self._maybe(f" WHERE {first} IS NOT NULL", 0.3)
        name = self._quoted(self._new("ix"))
        if self._dialect is Dialect.POSTGRESQL:
            name = self._maybe(name, 0.6)
        unique = self._maybe("UNIQUE ", 0.5)
        return f"CREATE {unique}INDEX {name} ON {self._quoted(table)} ({', '.join(parts)}){where}"

    def _drop_index(self) -> str:
        table = self._any_table()
        name = self._quoted(self._named(table, ("unique", "index")))
        on = f" ON {self._quoted(table)}" if self._dialect is Dialect.MARIADB else ""
        return f"DROP INDEX {name}{on}"

    def _drop_table(self) -> str:
        end = self._maybe(" CASCADE", 0.5) if self._dialect is Dialect.POSTGRESQL else ""
        return f"DROP TABLE {self._quoted(self._any_table())}{end}"

    def _add_constraint(self) -> str:
        table = self._any_table()
        return self._alter(table, f"ADD {self._constraint(self._columns(table))}")

    def _drop_constraint(self) -> str:
        table = self._any_table()
        name = self._named(table, ("unique", "check", "foreign key", "primary key"))
        end = self._maybe(" CASCADE", 0.4) if self._dialect is Dialect.POSTGRESQL else ""
        return self._alter(table, f"DROP CONSTRAINT {self._quoted(name)}{end}")

    def _rename_constraint(self) -> str:
        table = self._any_table()
        name = self._named(table, ("unique", "check", "foreign key", "primary key"))
        return self._alter(
            table, f"RENAME CONSTRAINT {self._quoted(name)} TO {self._new('renamed')}"
        )

    def _alter_column(self) -> str:
        table = self._any_table()
        actions = ["SET DEFAULT NULL", "DROP DEFAULT"]
        if self._dialect is Dialect.POSTGRESQL:
            actions += ["SET NOT NULL", "DROP NOT NULL", "TYPE TEXT", "TYPE VARCHAR(50)"]
        action = self._random.choice(actions)
        return self._alter(table, f"ALTER COLUMN {self._quoted(self._column(table))} {action}")

    def _modify(self) -> str:
        table = self._any_table()
        old = self._column(table)
        if self._random.random() < 0.5:
            return self._alter(table, f"MODIFY {self._definition(old)}")
        new = self._random.choice(COLUMNS)
        return self._alter(table, f"CHANGE {self._quoted(old)} {self._definition(new)}")

    def _types(self) -> str:
        names = [path[5:] for path in self._facts if path.startswith("enum ")]
        if not names or self._random.random() < 0.3:
            return f"CREATE TYPE {self._new('kind')} AS ENUM ('one', 'two', 'it''s')"
        name = self._quoted(self._random.choice(names))
        return self._random.choice(
            (
                f"ALTER TYPE {name} ADD VALUE '{self._new('v')}' BEFORE 'two'",
                f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS 'one'",
                f"ALTER TYPE {name} RENAME VALUE 'one' TO '{self._new('w')}'",
                f"ALTER TYPE {name} RENAME TO {self._new('kind')}",
                f"DROP TYPE {name}{self._maybe(' CASCADE')}",
            )
        )

    def _copy(self) -> str:
        old, new = self._quoted(self._any_table()), self._quoted(self._random.choice(TABLES))
        if self._dialect is Dialect.MARIADB:
            return f"CREATE TABLE {new} LIKE {old}"
        # The names of copied indexes are made of what their columns were once called.
        including = "" if self._renamed else " INCLUDING ALL"
        return self._random.choice(
            (
                f"CREATE TABLE {new} (LIKE {old})",
                f"CREATE TABLE {new} (LIKE {old}{including})",
                f"CREATE TABLE {new} (LIKE {old} INCLUDING CONSTRAINTS INCLUDING DEFAULTS)",
                f"CREATE TABLE {new} AS SELECT * FROM {old}",
            )
        )
