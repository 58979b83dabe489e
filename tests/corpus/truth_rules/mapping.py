"""What a case of the observed outcomes becomes here: a business rule, and what else is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

_Value = TypeVar("_Value")

SQLITE = ("sqlite", "sqlite-strict")
PLAIN = ("sqlite",)
STRICT = ("sqlite-strict",)
POSTGRESQL = ("postgresql",)
MARIADB = ("mariadb",)
SERVERS = (*POSTGRESQL, *MARIADB)
EVERY = (*SQLITE, *SERVERS)


class Same(msgspec.Struct, frozen=True):
    """The case `id` is of the same schema, and what it tries is accepted: the rule is broken."""

    id: str


class Tried(msgspec.Struct, frozen=True):
    """Statements that the schema accepts, after which the rule is broken.

    `shows` is a query that gives a row if, and only if, they did what they are here for.
    """

    statements: tuple[str, ...]
    shows: str


def tried(*statements: str, shows: str) -> Tried:
    """`Tried`, with less to write."""
    return Tried(statements, shows)


Witness = Same | Tried


class Mapped(msgspec.Struct, frozen=True):
    """The rule that a case's attempt would break, or that allows it where it is legitimate.

    Attributes:
        rule: the entry of a rulebook, without `id` and `says`.
        instead: the rule on databases whose schema has other types.
        broken: where the attempt is refused, or is legitimate, and the rule is broken all the
            same: what breaks it.
        harmless: where the attempt is accepted and leaves nothing that the rule forbids, as the
            rows after it show, or the transaction that never ends.
        left_out: where the outcome says nothing about the rule, and why.
        foreign_keys: whether SQLite checks foreign keys; off is what it does unasked.
    """

    rule: str
    instead: Mapping[tuple[str, ...], str] = {}
    broken: Mapping[tuple[str, ...], Witness] = {}
    harmless: tuple[str, ...] = ()
    left_out: Mapping[tuple[str, ...], str] = {}
    foreign_keys: bool = True

    def rule_for(self, database: str) -> str:
        """The rule on `database`."""
        return _found(self.instead, database) or self.rule

    def witness(self, database: str) -> Witness | None:
        """What breaks the rule on `database`, beside the attempt."""
        return _found(self.broken, database)

    def reason_out(self, database: str) -> str | None:
        """Why the case is not compared on `database`."""
        return _found(self.left_out, database)


def _found(table: Mapping[tuple[str, ...], _Value], database: str) -> _Value | None:
    return next((value for names, value in table.items() if database in names), None)


Rules = Mapping[str, Mapped | str]
"""Rules by the ids of cases; a text alone is a rule on every database."""
