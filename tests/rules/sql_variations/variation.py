"""A schema in SQL, a rule, and statements that show what the database makes of it."""

from __future__ import annotations

import msgspec

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
MARIADB = "mysql"
"""As `tests.rules.databases` calls them."""

_TEXT = {SQLITE: "TEXT", POSTGRESQL: "TEXT", MARIADB: "VARCHAR(50)"}


class Variation(msgspec.Struct, frozen=True):
    """One schema and one rule, on some databases.

    Attributes:
        name: unique; says what is special.
        databases: where it runs.
        ddl: with `{text}` for a type of text.
        rule: the entry of a rulebook, without `id` and `says`.
        breaks: statements that are accepted and break the rule; () where the rule is kept.
        shows: a query that gives a row if `breaks` did what they are here for.
        holds: attacks on a rule that is kept: the last statement of each is refused, or, with
            `stays`, leaves nothing behind that is forbidden.
        stays: a query that gives a row if an attack was in vain, though it was accepted.
    """

    name: str
    databases: tuple[str, ...]
    ddl: str
    rule: str
    breaks: tuple[str, ...] = ()
    shows: str = ""
    holds: tuple[tuple[str, ...], ...] = ()
    stays: str = ""

    def script(self, database: str) -> str:
        """The DDL for `database`."""
        return self.ddl.replace("{text}", _TEXT[database])


def broken(name: str, databases: str, ddl: str, rule: str, *breaks: str, shows: str) -> Variation:
    """A rule that `breaks` breaks on `databases`, given by their first letters (S, P, M)."""
    return Variation(name, _named(databases), ddl, rule, breaks=breaks, shows=shows)


def kept(name: str, databases: str, ddl: str, rule: str, *holds: str, stays: str = "") -> Variation:
    """A rule that is kept in spite of the attacks `holds`; statements are parted by `;;`."""
    attacks = tuple(tuple(one.strip() for one in attack.split(";;")) for attack in holds)
    return Variation(name, _named(databases), ddl, rule, holds=attacks, stays=stays)


def _named(letters: str) -> tuple[str, ...]:
    names = {"S": SQLITE, "P": POSTGRESQL, "M": MARIADB}
    return tuple(names[letter] for letter in letters)
