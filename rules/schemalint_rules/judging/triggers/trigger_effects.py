"""What one trigger does to a row beside refusing it, and which of two triggers looks first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from schemalint.model import Dialect, Model, Trigger

Event = Literal["insert", "update", "delete"]

MYSQL = (Dialect.MYSQL, Dialect.MARIADB)
POSTGRES = (Dialect.POSTGRESQL, Dialect.COCKROACHDB)

_COLUMN = r"(\w+|\"[^\"]+\"|`[^`]+`)"
_ASSIGNED = re.compile(rf"\bNEW\s*\.\s*{_COLUMN}\s*:?=", re.IGNORECASE)
_ROW_ASSIGNED = re.compile(r"\bNEW\s*:?=|\bINTO\b[^;]*\bNEW\b|\bCALL\b|#=", re.IGNORECASE)
_RETURNED = re.compile(r"\bRETURN\s+(\w+)", re.IGNORECASE)
_OLD = re.compile(r"\bOLD\s*\.", re.IGNORECASE)
_RESTORED = re.compile(rf"\(*\s*OLD\s*\.\s*{_COLUMN}\s*\)*", re.IGNORECASE)
_CONSTANT = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|-?\d+(?:\.\d+)?|TRUE|FALSE|NULL", re.IGNORECASE)
_FAIL = re.compile(r"\bRAISE\s*\(\s*FAIL\b", re.IGNORECASE)
_ENDS_ALL = re.compile(r"\bRAISE\s*\(\s*(?:FAIL|IGNORE)\b", re.IGNORECASE)
_ORDER_WRITTEN = re.compile(r"\b(?:FOLLOWS|PRECEDES)\b", re.IGNORECASE)
_NO_TRANSACTIONS = re.compile(
    r"\bENGINE\s*=?\s*(?:MyISAM|Aria|MEMORY|CSV|ARCHIVE)\b", re.IGNORECASE
)


def on(model: Model, event: Event) -> Iterator[Trigger]:
    """The enabled triggers of a table that look at an event, in the order of the schema."""
    for trigger in model.triggers:
        if trigger.enabled and event in trigger.events and trigger.timing != "instead of":
            yield trigger


def may_refuse(model: Model, *events: Event) -> Trigger | None:
    """A trigger that could refuse what is written on one of the events, for a reason that a
    condition over one row does not tell."""
    for event in events:
        for trigger in on(model, event):
            if trigger.effect in ("opaque", "raises", "raises-if", "skips", "skips-if"):
                return trigger
    return None


def refuses(trigger: Trigger, model: Model, dialect: Dialect) -> bool:
    """Whether an error of the trigger undoes what it looks at.

    SQLite's RAISE(FAIL) leaves what was changed so far (I18), and so does any error on a MySQL
    engine without transactions (I18b): both come too late in an AFTER trigger.
    """
    if trigger.effect not in ("raises", "raises-if"):
        return False
    if trigger.timing == "before":
        return True
    if dialect is Dialect.SQLITE:
        return not fails_only(trigger)
    return dialect not in MYSQL or _NO_TRANSACTIONS.search(model.span.text) is None


def fails_only(trigger: Trigger) -> bool:
    """Whether SQLite's trigger ends a statement and leaves what it has done so far (I18)."""
    return _FAIL.search(trigger.body) is not None


def ends_all(trigger: Trigger) -> bool:
    """Whether SQLite's trigger can end its statement, with all other triggers, and let stand what
    was done so far: by RAISE(FAIL) or RAISE(IGNORE)."""
    return _ENDS_ALL.search(trigger.body) is not None


def assigned(trigger: Trigger, dialect: Dialect) -> frozenset[str] | None:
    """The columns of the new row, in lower case, to which the trigger may give other values; None
    for any.

    Only BEFORE triggers can, and none of SQLite's (its grammar has no assignment).
    """
    if trigger.timing != "before" or trigger.for_each != "row" or dialect is Dialect.SQLITE:
        return frozenset()
    if trigger.effect == "sets":
        return frozenset(name.lower() for name, _ in trigger.assigns)
    if trigger.effect != "opaque":
        return frozenset()
    returned = {match.upper() for match in _RETURNED.findall(trigger.body)}
    if not trigger.body or _ROW_ASSIGNED.search(trigger.body) or returned - {"NEW", "NULL"}:
        return None
    return frozenset(match.strip('"`').lower() for match in _ASSIGNED.findall(trigger.body))


def restores(trigger: Trigger, column: str) -> bool:
    """Whether the trigger silently puts back what `column` was (I24)."""
    for name, value in trigger.assigns:
        match = _RESTORED.fullmatch(value.strip())
        if name == column and match is not None:
            return match[1].strip('"`').lower() == column.lower()
    return False


def putting_back(model: Model, columns: Iterable[str]) -> Trigger | None:
    """A trigger on UPDATE that gives one of the columns a value which may be the old one."""
    names = {column.lower() for column in columns}
    for trigger in on(model, "update"):
        for column, value in trigger.assigns:
            if column.lower() in names and _OLD.search(value):
                return trigger
    return None


def overwrites(trigger: Trigger, column: str) -> bool:
    """Whether the trigger certainly gives `column` a value of its own."""
    if trigger.effect != "sets" or trigger.when is not None:
        return False
    return any(
        name == column and _CONSTANT.fullmatch(value.strip()) for name, value in trigger.assigns
    )


def fires_after(one: Trigger, other: Trigger, model: Model, dialect: Dialect) -> bool | None:
    """Whether `one` of two BEFORE triggers of a table acts after the `other`; None: not known.

    Several facts can be of one trigger, which act in their order. Beside that PostgreSQL goes by
    the triggers' names (I12c, I12d), MySQL by when they were made, unless one says otherwise.
    """
    triggers = list(model.triggers)
    if one.span == other.span and one in triggers and other in triggers:
        return triggers.index(one) > triggers.index(other)
    if dialect in POSTGRES:
        return one.name.encode() > other.name.encode()
    if dialect not in MYSQL or any(_ORDER_WRITTEN.search(each.span.text) for each in triggers):
        return None
    return triggers.index(one) > triggers.index(other)
