"""Enums: the values that the database's types have, under the schema's names for them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from schemalint.finding import Related
from schemalint.model import Dialect, Enum, Layer, Schema
from schemalint.overlay.drift import TO_AGREE, TO_DECLARE, TO_MIGRATE, Drift
from schemalint.overlay.names import Names, free_name
from schemalint.source import Span

_OF_COLUMNS = (Dialect.MYSQL, Dialect.MARIADB)


class Enums(msgspec.Struct, frozen=True):
    """The enums of both sides as one list; `renamed` gives for the name of an enum of the
    migrations the name of the one that stands for it here."""

    enums: tuple[Enum, ...]
    renamed: dict[str, str]


def overlaid_enums(declared: Schema, migrated: Schema, names: Names, drift: Drift) -> Enums:
    """The enums of both sides, matched by their types; on MySQL, where each column has a type of
    its own, by the columns. An enum of the client alone (SQLite) stays as it is."""
    if declared.dialect in _OF_COLUMNS:
        return _of_columns(declared, migrated, names, drift)
    types = {names.type(one): one for one in migrated.enums}
    found: list[Enum] = []
    renamed: dict[str, str] = {}
    for enum in declared.enums:
        other = types.pop(names.type(enum), None)
        if other is not None:
            renamed[other.name] = enum.name
            found.append(_merged(enum, other))
            _tell_values(enum, other, drift)
        else:
            found.append(enum)
            if enum.layer is Layer.DATABASE:
                _tell_missing(enum, drift)
    used = {field.enum for model in migrated.models for field in model.fields}
    for other in types.values():
        name = free_name(other.name, [enum.name for enum in found])
        renamed[other.name] = name
        found.append(msgspec.structs.replace(other, name=name))
        if other.name not in used:
            _tell_undeclared(other, drift)
    return Enums(tuple(found), renamed)


def _of_columns(declared: Schema, migrated: Schema, names: Names, drift: Drift) -> Enums:
    by_name = {enum.name: enum for enum in migrated.enums}
    found = {enum.name: enum for enum in declared.enums}
    renamed: dict[str, str] = {}
    for enum, other in _pairs(declared, migrated, names):
        if _stored(enum) == _stored(by_name[other]):
            renamed[other] = enum.name
            continue
        name = renamed[other] = free_name(other, found)
        found[name] = msgspec.structs.replace(_merged(enum, by_name[other]), name=name)
        _tell_values(enum, by_name[other], drift)
    for enum in migrated.enums:
        if enum.name not in renamed:
            name = renamed[enum.name] = free_name(enum.name, found)
            found[name] = msgspec.structs.replace(enum, name=name)
    return Enums(tuple(found.values()), renamed)


def _pairs(declared: Schema, migrated: Schema, names: Names) -> Iterator[tuple[Enum, str]]:
    """Each field's enum, and the name of the one that its column has by the migrations."""
    tables = {names.table(model): model for model in migrated.models}
    for model in declared.models:
        table = tables.get(names.table(model))
        if table is None:
            continue
        columns = names.columns(table)
        for field in model.fields:
            column = columns.get(names.fold(field.column))
            enum = declared.enum(field.enum) if field.enum is not None else None
            if enum is not None and column is not None and column.enum is not None:
                yield enum, column.enum


def _stored(enum: Enum) -> set[str]:
    return {value.stored for value in enum.values}


def _merged(enum: Enum, other: Enum) -> Enum:
    """The enum with the values that the database's type has."""
    if _stored(enum) == _stored(other):
        return enum
    has, knows = _stored(other), _stored(enum)
    values = [value for value in enum.values if value.stored in has]
    values += [value for value in other.values if value.stored not in knows]
    return msgspec.structs.replace(enum, values=tuple(values))


# -- what differs


def _tell_values(enum: Enum, other: Enum, drift: Drift) -> None:
    has, knows = _stored(other), _stored(enum)
    for value in enum.values:
        if value.stored not in has:
            drift.tell(
                f"{enum.name}.{value.name}",
                f"no migration gives the type `{other.type}` the value `{value.stored}`: the "
                "database refuses it",
                value.name_span,
                Related("the type is made here", other.name_span),
                help=TO_MIGRATE,
                name=enum.type,
            )
    for value in other.values:
        if value.stored not in knows:
            drift.tell(
                enum.name,
                f"the migrations give the type `{other.type}` the value `{value.stored}`, which "
                f"the enum `{enum.name}` does not know: the client fails at rows that have it",
                enum.name_span,
                Related("the value is added here", value.span),
                help=TO_AGREE,
                name=enum.type,
            )


def _tell_missing(enum: Enum, drift: Drift) -> None:
    drift.tell(
        enum.name,
        f"no migration makes the type `{enum.type}`: the database does not have it",
        enum.name_span,
        help=TO_MIGRATE,
        name=enum.type,
    )


def _tell_undeclared(other: Enum, drift: Drift) -> None:
    span: Span = other.name_span
    drift.tell(
        other.type,
        f"the migrations make a type `{other.type}`, which the schema does not know and no column "
        "has",
        span,
        help=TO_DECLARE,
        name=other.type,
    )
