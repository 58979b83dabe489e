"""Which part of a table a refusal is about, from the name or the column that the database gives."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Protocol

from schemalint.model import PrimaryKey, Unique
from schemalint.prove.database import Refused
from schemalint.prove.rows.given import Sql, Value
from schemalint.prove.rows.literals import literal
from schemalint.prove.rows.row_conditions import RowCondition
from schemalint.prove.rows.shape import Shape

_QUOTED = re.compile(r"[\"'`]([^\"'`]+)[\"'`]")


def unique_key(shape: Shape, refused: Refused) -> PrimaryKey | Unique | None:
    """The key that a row like this is already there for; None where that is not told."""
    named = refused.constraint or ""
    keys = list(shape.model.keys)
    for key in keys:
        if key.name is not None and key.name.lower() == named.rpartition(".")[2].lower():
            return key
    columns = tuple([part.rpartition(".")[2].strip() for part in named.split(",")])
    for key in keys:
        if not key.expressions and key.columns == columns:
            return key
    if shape.model.primary_key is not None and named.lower().endswith(("primary", "_pkey")):
        return shape.model.primary_key
    for key in keys:  # named by the database: users_email_key
        if key.name is None and named.lower() == _default_name(shape, key):
            return key
    return None


def _default_name(shape: Shape, key: PrimaryKey | Unique) -> str:
    return "_".join((shape.model.table, *key.columns, "key")).lower()


def unique_columns(shape: Shape, refused: Refused) -> tuple[str, ...]:
    """The columns in which the row may not agree with another; of all keys, where that is not
    told."""
    key = unique_key(shape, refused)
    found: dict[str, None] = {}
    for one in [key] if key is not None else shape.model.keys:
        found.update(dict.fromkeys(shape.told_apart_by(one)))
    return tuple(found)


def named_column(shape: Shape, refused: Refused) -> str | None:
    """The column that may not be NULL."""
    named = (refused.constraint or "").rpartition(".")[2]
    if named in shape.fields:
        return named
    quoted = [one for one in _QUOTED.findall(refused.message) if one in shape.fields]
    return quoted[0] if quoted else None


class Sent(Protocol):
    """A row that was sent."""

    shape: Shape
    values: dict[str, Value | Sql]

    def statement(self) -> str:
        """The INSERT."""

    def is_variable(self, column: str) -> bool:
        """Whether the column may get another value."""


def is_of_given(row: Sent, refused: Refused) -> bool:
    """Whether what is refused is a value that has to be the row's, whatever else the row has.

    PostgreSQL points at a text that is none of the type of its column, such as a label that an enum
    does not have, when it reads the statement: before any trigger could change it.
    """
    if refused.kind != "type" or refused.place is None:
        return False
    end = len(row.statement()) - len(")")
    for column, value in reversed(row.values.items()):
        begin = end - len(literal(value, row.shape.fields[column], row.shape.dialect))
        if begin <= refused.place < end:
            return not row.is_variable(column)
        end = begin - len(", ")
    return False


def left_out_column(shape: Shape, refused: Refused) -> str | None:
    """The column that nobody may name, since the database alone gives it values.

    PostgreSQL says `cannot insert a non-DEFAULT value into column "id"`; all databases speak of a
    generated column.
    """
    if "DEFAULT" not in refused.message and "generated" not in refused.message.lower():
        return None
    for name in _QUOTED.findall(refused.message):
        if name in shape.fields and (shape.has_default(name) or shape.fields[name].generated):
            return str(name)
    return None


def refused_conditions(shape: Shape, refused: Refused) -> list[RowCondition]:
    """The conditions that the row does not satisfy: the one that is named, else all that it may
    have been."""
    source = "trigger" if refused.kind == "raised" else "check"
    found = [one for one in shape.conditions if one.source == source]
    named = (refused.constraint or "").rpartition(".")[2].lower()
    if named:
        for one in found:
            if (one.name or "").lower() == named or _plain(one.text) == _plain(named):
                return [one]
        begun = [one for one in found if one.text.lstrip().lower().startswith(f'"{named}"')]
        if begun:  # SQLite names a CHECK by its text, and of `"a" > 0` only `a` is left
            return begun
        table = shape.model.table.lower()
        likely = [
            one
            for one in found
            if one.name is None
            and any(named.startswith(f"{table}_{c.lower()}_") for c in one.columns)
        ]
        if likely:
            return likely
    return found or list(shape.conditions)


def is_for(shape: Shape, refused: Refused, columns: Set[str]) -> bool:
    """Whether a row was refused for what it has in these columns, as far as the database tells:
    not where it is no row of the table, or one like it is there."""
    if refused.kind == "not null":
        return named_column(shape, refused) in columns
    if refused.kind in ("check", "raised"):
        return any(
            not columns.isdisjoint(one.columns) for one in refused_conditions(shape, refused)
        )
    return refused.kind in ("type", "other")


def _plain(sql: str) -> str:
    return re.sub(r"[\s\"`()]", "", sql).lower()
