"""Random schemas as SQL: the tables of random Prisma schemas, with what only SQL can say."""

from __future__ import annotations

import re
from random import Random

import msgspec

from tests.oracle.verdicts.conditions import random_check
from tests.oracle.verdicts.schemas import (
    ENUM,
    Column,
    Key,
    Model,
    Schema,
    for_mysql,
    random_schema,
    unchecked,
)
from tests.oracle.verdicts.sql_triggers import random_triggers

_ENUM_VALUES = ", ".join(f"'{stored}'" for _, stored in ENUM)
_STORED = {name: f"'{stored}'" for name, stored in ENUM}
_COLLATIONS = ("", "", " COLLATE utf8mb4_bin", " COLLATE utf8mb4_nopad_bin")


class SqlSchema(msgspec.Struct):
    """Tables and columns as plain data, and the DDL that makes them."""

    schema: Schema
    ddl: str


def random_sql_schema(random: Random, provider: str) -> SqlSchema:
    """A schema for `sqlite`, `postgresql` or `mysql`."""
    schema = random_schema(random, "sqlite" if provider == "mysql" else provider)
    schema.provider = provider
    schema.links = []
    if provider == "mysql":
        for_mysql(schema)
    _name_physically(schema)
    statements = []
    if provider == "postgresql":
        statements.append(f'CREATE TYPE "Status" AS ENUM ({_ENUM_VALUES})')
    collations: dict[tuple[str, str], str] = {}
    for model in schema.models:
        statements += _Table(random, schema, model, collations).statements()
    for model in schema.models:
        if random.random() < 0.6:
            statements += random_triggers(random, model, provider)
    ddl = "".join(f"{one};\n" for one in statements)
    if provider == "mysql":
        ddl = ddl.replace('"', "`")  # there text in double quotes is text
    return SqlSchema(schema, ddl)


def _name_physically(schema: Schema) -> None:
    """SQL has one name for each thing, and none for relations."""
    called = {model.name: model.table for model in schema.models}
    for model in schema.models:
        model.name = model.table
        for column in model.columns:
            column.column = column.name
            column.updated_at = False
            if column.default in ("uuid()", "cuid()"):
                column.default = None
        for pointer in model.pointers:
            pointer.name = pointer.columns[0]
            pointer.target = called[pointer.target]


class _Table:
    def __init__(
        self,
        random: Random,
        schema: Schema,
        model: Model,
        collations: dict[tuple[str, str], str],
    ) -> None:
        self.random = random
        self.schema = schema
        self.model = model
        self.provider = schema.provider
        self.collations = collations  # of texts, by table and column

    def statements(self) -> list[str]:
        random, model = self.random, self.model
        after: list[str] = []
        parts = [self._column(column) for column in model.columns]
        counts = any("AUTO_INCREMENT" in part or "PRIMARY KEY" in part for part in parts)
        if model.id and not (counts and self.provider == "sqlite"):
            parts.append(f"PRIMARY KEY ({_names(model.id)})")
        for pointer in model.pointers:
            part = (
                f"FOREIGN KEY ({_names(pointer.columns)}) "
                f'REFERENCES "{pointer.target}" ({_names(pointer.references)})'
            )
            if len(pointer.columns) > 1 and random.random() < 0.2:
                part += " MATCH FULL"
            for event, action in (("DELETE", pointer.on_delete), ("UPDATE", pointer.on_update)):
                if action is not None:
                    part += f" ON {event} {_words(action)}"
            own = pointer.target == model.name and pointer.references != model.id
            if own and self.provider != "sqlite":  # its key is an index that comes later
                after.append(f'ALTER TABLE "{model.name}" ADD {part}')
            else:
                parts.append(part)
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            condition = self._condition()
            parts += [f"CHECK ({condition})"] if condition else []
        text = ",\n  ".join(parts)
        return [f'CREATE TABLE "{model.name}" (\n  {text}\n)', *self._keys(), *after]

    def _condition(self) -> str | None:
        random = self.random
        rewritten = unchecked(self.model) if self.provider == "mysql" else ()
        condition = random_check(random, self.model, rewritten)
        if condition is None:
            return None
        text = condition.sql(self.model, self.provider)
        return random.choice((text, text, text, f"NOT ({text})", f"({text}) IS TRUE"))

    # -- columns

    def _column(self, column: Column) -> str:
        random = self.random
        text = f'"{column.name}" {self._type(column)}'
        key = column.name in self.model.id
        rowid = (
            self.provider == "sqlite"
            and self.model.id == (column.name,)
            and column.type == "Int"
            and random.random() < 0.7
        )
        if rowid:
            return f"{text} PRIMARY KEY"
        if not column.optional and not (key and random.random() < 0.4):
            text += " NOT NULL"
        if column.default == "autoincrement()":
            column.default = None
            if self.provider == "postgresql":
                text += " GENERATED BY DEFAULT AS IDENTITY"
        elif column.default is not None:
            text += f" DEFAULT {self._default(column)}"
        if column.type == "Status" and self.provider == "sqlite" and random.random() < 0.7:
            text += f' CHECK ("{column.name}" IN ({_ENUM_VALUES}))'
        return text

    def _type(self, column: Column) -> str:
        mysql = self.provider == "mysql"
        kinds = {
            "Int": "INTEGER",
            "String": "VARCHAR(20)" if mysql else "TEXT",
            "Boolean": "BOOLEAN",
            "DateTime": "DATETIME" if mysql else "TIMESTAMP",
            "Status": f"ENUM ({_ENUM_VALUES})" if mysql else '"Status"',
        }
        kind = column.native or kinds[column.type]
        if column.type == "Status" and self.provider == "sqlite":
            kind = "TEXT"
        if mysql and column.type == "String":
            collation = self._pointed_at(column)  # MySQL wants the same on both ends
            if column.name.startswith("f"):
                collation = self.random.choice(_COLLATIONS)
            self.collations[self.model.name, column.name] = collation
            kind += collation
        return kind + ("[]" if column.list else "")

    def _pointed_at(self, column: Column) -> str:
        """The collation of what a column points at."""
        for pointer in self.model.pointers:
            if column.name in pointer.columns:
                there = pointer.references[pointer.columns.index(column.name)]
                return self.collations.get((pointer.target, there), "")
        return ""

    def _default(self, column: Column) -> str:
        default = column.default or ""
        if default == "now()":
            return "CURRENT_TIMESTAMP"
        if column.type == "Status":
            return _STORED[default]
        if column.type == "Boolean":
            return {"true": "TRUE", "false": "FALSE"}[default]
        return default.replace('"', "'")

    # -- keys

    def _keys(self) -> list[str]:
        pointed = {
            pointer.references
            for model in self.schema.models
            for pointer in model.pointers
            if pointer.target == self.model.name
        }
        found = []
        kept = []
        for number, key in enumerate(self.model.uniques):
            if key.where is not None and self.provider == "mysql":
                continue
            kept.append(key)
            plain = key.where is None and key.columns in pointed
            found.append(self._key(f"u_{self.model.name}_{number}", key, plain))
        self.model.uniques[:] = kept
        return found

    def _key(self, name: str, key: Key, plain: bool) -> str:
        random = self.random
        parts = [f'"{column}"' for column in key.columns]
        tail = ""
        if not plain and self.provider != "mysql":
            for at, column in enumerate(key.columns):
                field = self.model.column(column)
                if field.type == "String" and field.native is None and random.random() < 0.15:
                    parts[at] = f"lower({parts[at]})"
            if self.provider == "postgresql" and random.random() < 0.15:
                tail = " NULLS NOT DISTINCT"
        if key.where is not None:
            tail += f" WHERE {key.where.sql(self.model, self.provider)}"
        return f'CREATE UNIQUE INDEX "{name}" ON "{self.model.name}" ({", ".join(parts)}){tail}'


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _words(action: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", action).upper()
