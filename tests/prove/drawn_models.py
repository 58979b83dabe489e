"""Random SQLModel files: the tables of random schemas, in many of the ways that people have."""

from __future__ import annotations

import re
from random import Random

from tests.oracle.verdicts.conditions import random_check
from tests.oracle.verdicts.schemas import (
    ENUM,
    Column,
    Key,
    Model,
    Pointer,
    Schema,
    for_mysql,
    random_schema,
    unchecked,
)

_HEAD = """\
from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlmodel import Field, SQLModel


class Status(str, Enum):
"""
_TYPES = {
    "Int": "int",
    "String": "str",
    "Boolean": "bool",
    "DateTime": "datetime",
    "Status": "Status",
}
_CLIENT = {"true": "True", "false": "False"}
_STORED = dict(ENUM)


def random_models(random: Random, provider: str) -> tuple[Schema, str]:
    """A schema for `sqlite`, `postgresql` or `mysql` as plain data, and the file that makes it. An
    enum's values are stored by their names, which are here what other languages store."""
    schema = random_schema(random, "sqlite" if provider == "mysql" else provider)
    schema.provider = provider
    schema.links = []
    if provider == "mysql":
        for_mysql(schema)
    for model in schema.models:
        if not model.id:  # SQLAlchemy has no table without a primary key
            model.id = model.uniques.pop(0).columns
            for name in model.id:
                model.column(name).optional = False
        for column in model.columns:
            _plain(column)
        if provider == "mysql":
            model.uniques[:] = [key for key in model.uniques if key.where is None]
        for pointer in model.pointers:
            pointer.name = pointer.columns[0]
    lines = [_HEAD + "\n".join(f'    {stored} = "{stored}"' for _, stored in ENUM)]
    for model in schema.models:
        lines += ["", "", *_Class(random, schema, model).lines()]
    return schema, "\n".join(lines) + "\n"


def _plain(column: Column) -> None:
    column.column = column.name
    column.list = column.updated_at = False
    if column.native in ("Citext", "Uuid"):
        column.native = None
    if column.default in ("uuid()", "cuid()", "autoincrement()"):
        column.default = None


class _Class:
    """A class with `table=True`."""

    def __init__(self, random: Random, schema: Schema, model: Model) -> None:
        self.random = random
        self.schema = schema
        self.model = model
        self.apart: list[str] = []  # what stands in __table_args__
        self.unique = {
            key.columns[0]
            for key in model.uniques
            if len(key.columns) == 1 and key.where is None and random.random() < 0.6
        }
        self.foreign: dict[str, str] = {}

    def lines(self) -> list[str]:
        model = self.model
        for pointer in model.pointers:
            self._point(pointer)
        for number, key in enumerate(model.uniques):
            if not (len(key.columns) == 1 and key.where is None and key.columns[0] in self.unique):
                self._key(f"u_{model.table}_{number}", key)
        for number, columns in enumerate(model.indexes):
            self.apart.append(f'Index("i_{model.table}_{number}", {_names(columns)})')
        for number in range(self.random.choice((0, 0, 1, 1, 2))):
            condition = random_check(self.random, model, self._unchecked())
            if condition is None:
                continue
            name = f', name="c_{model.table}_{number}"' if self.random.random() < 0.5 else ""
            self.apart.append(f"CheckConstraint({self._sql(condition.sql)}{name})")
        lines = [f"class {model.name}(SQLModel, table=True):"]
        lines.append(f'    __tablename__ = "{model.table}"')
        if self.apart:
            lines.append(f"    __table_args__ = ({', '.join(self.apart)},)")
        return [*lines, *(f"    {self._field(column)}" for column in model.columns)]

    def _unchecked(self) -> set[str]:
        """The columns that no CHECK may name: on MySQL and MariaDB those that a foreign key's
        action rewrites, and the numbers that SQLAlchemy has counted (F17d)."""
        if self.schema.provider != "mysql":
            return set()
        found = unchecked(self.model)
        if len(self.model.id) == 1:
            key = self.model.column(self.model.id[0])
            points = any(key.name in pointer.columns for pointer in self.model.pointers)
            if key.type == "Int" and key.default is None and not points:
                found.add(key.name)
        return found

    def _sql(self, written: object) -> str:
        text = written(self.model, self.schema.provider)  # type: ignore[operator]  # Condition.sql
        return repr(text.replace('"', "`") if self.schema.provider == "mysql" else text)

    def _field(self, column: Column) -> str:
        random = self.random
        key = column.name in self.model.id
        kind = _TYPES[column.type] + (" | None" if column.optional else "")
        arguments = []
        server = None
        if column.default is not None:
            server = self._default(column)
            if random.random() < 0.3:
                arguments.append(f"default={self._client(column)}")
                column.default = server = None
        if column.optional and not any(one.startswith("default=") for one in arguments):
            arguments.append("default=None")
        if key:
            arguments.append("primary_key=True")
        if column.name in self.unique:
            arguments.append("unique=True")
        if column.name in self.foreign:
            arguments.append(self.foreign[column.name])
        if column.native is not None:
            arguments.append("max_length=3")
        elif column.type == "String" and self.schema.provider == "mysql":
            arguments.append("max_length=20")
        if not column.optional and not key and random.random() < 0.1:
            arguments.append("nullable=False")
        if server is not None:
            arguments.append(f'sa_column_kwargs={{"server_default": {server}}}')
        if not arguments:
            return f"{column.name}: {kind}"
        return f"{column.name}: {kind} = Field({', '.join(arguments)})"

    def _default(self, column: Column) -> str:
        """What the database is to give, as an argument of `server_default`."""
        default = column.default or ""
        if default == "now()":
            return self.random.choice(("func.now()", 'text("CURRENT_TIMESTAMP")'))
        if column.type == "Status":
            return f'"{_STORED[default]}"'
        if column.type == "Boolean":
            truth = default == "true"
            return f'text("{default}")' if self.schema.provider != "sqlite" else f'"{int(truth)}"'
        text = default.strip('"')
        return (
            f'"{text}"'
            if self.random.random() < 0.5 or column.type == "String"
            else (f'text("{text}")')
        )

    def _client(self, column: Column) -> str:
        default = column.default or ""
        if default == "now()":
            return "datetime(2024, 1, 1)"
        if column.type == "Status":
            return f"Status.{_STORED[default]}"
        return _CLIENT.get(default, default)

    def _point(self, pointer: Pointer) -> None:
        target = self.schema.model(pointer.target)
        single = len(pointer.columns) == 1
        taken = single and pointer.columns[0] in self.foreign
        simple = pointer.on_update is None and pointer.on_delete in (
            None,
            "Cascade",
            "Restrict",
            "SetNull",
        )
        loose = all(self.model.column(name).optional for name in pointer.columns)
        if single and not taken and simple and (pointer.on_delete != "SetNull" or loose):
            text = f'foreign_key="{target.table}.{pointer.references[0]}"'
            if pointer.on_delete is not None:
                text += f', ondelete="{_words(pointer.on_delete)}"'
            self.foreign[pointer.columns[0]] = text
            return
        ends = list(zip(pointer.columns, pointer.references, strict=True))
        if self.schema.provider == "mysql" and {*pointer.references} == {*target.id}:
            # MySQL wants them in the order of the key, and SQLAlchemy's key is in that of columns.
            order = [column.name for column in target.columns]
            ends.sort(key=lambda end: order.index(end[1]))
        own = tuple(column for column, _ in ends)
        there = ", ".join(f'"{target.table}.{name}"' for _, name in ends)
        text = f"ForeignKeyConstraint([{_names(own)}], [{there}]"
        for event, action in (("ondelete", pointer.on_delete), ("onupdate", pointer.on_update)):
            if action is not None:
                text += f', {event}="{_words(action)}"'
        self.apart.append(text + ")")

    def _key(self, name: str, key: Key) -> None:
        random = self.random
        pointed = {
            pointer.references
            for model in self.schema.models
            for pointer in model.pointers
            if pointer.target == self.model.name
        }
        if key.where is None and (key.columns in pointed or random.random() < 0.6):
            named = f', name="{name}"' if random.random() < 0.5 else ""
            self.apart.append(f"UniqueConstraint({_names(key.columns)}{named})")
            return
        parts = []
        for column in key.columns:
            lowered = (
                self.model.column(column).type == "String"
                and self.schema.provider != "mysql"
                and random.random() < 0.2
            )
            parts.append(f"text('lower(\"{column}\")')" if lowered else f'"{column}"')
        tail = ""
        if key.where is not None:
            tail = f", {self.schema.provider}_where=text({self._sql(key.where.sql)})"
        self.apart.append(f'Index("{name}", {", ".join(parts)}, unique=True{tail})')


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _words(action: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", action).upper()
