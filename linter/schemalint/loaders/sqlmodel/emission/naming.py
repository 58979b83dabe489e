"""Names of constraints and indexes: as they are written, or as a naming convention makes them.

What `sqlalchemy.sql.naming` does at run time. A convention is a template with tokens
(`uq_%(table_name)s_%(column_0_name)s`); one whose tokens are the project's own functions gives no
name that could be told from the source.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Kind = Literal["ix", "uq", "ck", "fk", "pk"]

DEFAULT_INDEX_NAME = "ix_%(column_0_label)s"
_TOKEN = re.compile(r"%\((\w+)\)s|%%")
_COLUMN_TOKEN = re.compile(r"column_(\d+)(_?N)?_(name|key|label)$")
_REFERRED_TOKEN = re.compile(r"referred_column_(\d+)(_?N)?_name$")


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What a convention's tokens are filled from. `columns` are physical names, in order."""

    kind: Kind
    table: str
    schema: str | None = None
    columns: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    referred_table: str | None = None
    referred_columns: tuple[str, ...] = ()


class MadeName(str):
    """A name that a convention made, or `conv()` marks as such: one too long is shortened."""

    __slots__ = ()


class UnknownTokenError(ValueError):
    """A template asks for something that cannot be told."""


def constraint_name(
    subject: Named, conventions: dict[str, str], given: str | None, *, final: bool = False
) -> str | None:
    """The name in the database, None if it has none or none that can be told.

    `given` is the written name; `final` tells that no convention applies to it (`conv("name")`).
    """
    if final:
        return MadeName(given) if given is not None else None
    template = conventions.get(subject.kind)
    if template is None and subject.kind == "ix" and not conventions:
        template = DEFAULT_INDEX_NAME  # a convention of one's own replaces it, whatever it says
    if template is None or (given is not None and "constraint_name" not in template):
        return given
    try:
        return MadeName(_TOKEN.sub(lambda match: _token(match.group(1), subject, given), template))
    except UnknownTokenError:
        return None


def _token(token: str | None, subject: Named, given: str | None) -> str:
    if token is None:
        return "%"
    if token == "table_name":
        return subject.table
    if token == "constraint_name" and given is not None:
        return given
    if token == "referred_table_name" and subject.referred_table is not None:
        return subject.referred_table
    referred = _REFERRED_TOKEN.match(token)
    if referred:
        return _members(subject.referred_columns, referred.group(1), referred.group(2))
    column = _COLUMN_TOKEN.match(token)
    if column:
        return _members(_columns(subject, column.group(3)), column.group(1), column.group(2))
    raise UnknownTokenError(token)


def _columns(subject: Named, what: str) -> tuple[str, ...]:
    if what == "key":
        return subject.keys or subject.columns
    if what == "name":
        return subject.columns
    prefix = subject.table + "_"
    if subject.schema:
        prefix = subject.schema.replace(".", "_") + "_" + prefix
    return tuple(prefix + column for column in subject.columns)


def _members(names: tuple[str, ...], index: str, multiple: str | None) -> str:
    """One name, or with `N` all of them, joined by "_" with `_N`."""
    if multiple:
        return ("_" if multiple.startswith("_") else "").join(names)
    return names[int(index)] if int(index) < len(names) else ""
