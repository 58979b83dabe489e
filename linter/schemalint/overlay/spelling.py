"""Writes the names of the migrations as the schema writes them, where the database has no eye for
the difference: letter case on SQLite and MySQL, the end of a long name on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from schemalint.model import ForeignKey, Index, KeyPart, Model, PrimaryKey, Schema, Unique
from schemalint.overlay.names import Names

_Spell = Callable[[str], str]
_Key = TypeVar("_Key", PrimaryKey, Unique, Index)


def respelled(migrated: Schema, declared: Schema, names: Names) -> Schema:
    """The schema of the migrations with every table and column spelled as `declared` has it."""
    known = {names.table(model): model for model in declared.models if model.kind != "type"}
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for model in migrated.models:
        own = known.get(names.table(model))
        if own is None:
            continue
        if own.table != model.table:
            tables[names.fold(model.table)] = own.table
        fields = names.columns(own)
        other = {
            names.fold(field.column): fields[names.fold(field.column)].column
            for field in model.fields
            if names.fold(field.column) in fields
            and fields[names.fold(field.column)].column != field.column
        }
        if other:
            columns[names.fold(model.table)] = other
    if not tables and not columns:
        return migrated
    speller = _Speller(names, tables, columns)
    return msgspec.structs.replace(
        migrated, models=tuple([speller.model(model) for model in migrated.models])
    )


class _Speller:
    def __init__(
        self, names: Names, tables: dict[str, str], columns: dict[str, dict[str, str]]
    ) -> None:
        self._names = names
        self._tables = tables
        self._columns = columns

    def model(self, model: Model) -> Model:
        column = self._column_of(model.table)
        return msgspec.structs.replace(
            model,
            table=self._table(model.table),
            fields=tuple(
                [
                    msgspec.structs.replace(field, column=column(field.column))
                    for field in model.fields
                ]
            ),
            primary_key=None
            if model.primary_key is None
            else _respelled_key(model.primary_key, column),
            uniques=tuple([_respelled_key(one, column) for one in model.uniques]),
            indexes=tuple([_respelled_key(one, column) for one in model.indexes]),
            foreign_keys=tuple([self._foreign_key(one, column) for one in model.foreign_keys]),
            exclusions=tuple(
                [
                    msgspec.structs.replace(one, parts=_respelled_parts(one.parts, column))
                    for one in model.exclusions
                ]
            ),
            triggers=tuple(
                [
                    msgspec.structs.replace(
                        one,
                        columns=tuple(map(column, one.columns)),
                        assigns=tuple([(column(name), value) for name, value in one.assigns]),
                        writes=tuple(map(self._table, one.writes)),
                    )
                    for one in model.triggers
                ]
            ),
            grants=tuple(
                [
                    msgspec.structs.replace(one, columns=tuple(map(column, one.columns)))
                    for one in model.grants
                ]
            ),
            inherits=tuple(map(self._table, model.inherits)),
            partition_of=None if model.partition_of is None else self._table(model.partition_of),
        )

    def _foreign_key(self, key: ForeignKey, column: _Spell) -> ForeignKey:
        theirs = self._column_of(key.table)
        return msgspec.structs.replace(
            key,
            columns=tuple(map(column, key.columns)),
            table=self._table(key.table),
            references=tuple(map(theirs, key.references)),
            set_columns=tuple(map(column, key.set_columns)),
        )

    def _table(self, name: str) -> str:
        return self._tables.get(self._names.fold(name), name)

    def _column_of(self, table: str) -> _Spell:
        columns = self._columns.get(self._names.fold(table), {})
        return lambda name: columns.get(self._names.fold(name), name)


def _respelled_key(key: _Key, column: _Spell) -> _Key:
    return msgspec.structs.replace(key, parts=_respelled_parts(key.parts, column))


def _respelled_parts(parts: tuple[KeyPart, ...], column: _Spell) -> tuple[KeyPart, ...]:
    return tuple(
        [
            part
            if part.column is None
            else msgspec.structs.replace(part, column=column(part.column))
            for part in parts
        ]
    )
